"""Lawful work: one file a procedure, found by discovery."""
