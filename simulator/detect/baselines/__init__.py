"""The detectors that ship with the package: one file each, found by discovery of its ``DETECTOR``."""
