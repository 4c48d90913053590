"""The export formats: one file each, found by discovery of its ``EXPORTER``."""
