"""The screens, one file each. Only these import NiceGUI; what they show is computed elsewhere."""
