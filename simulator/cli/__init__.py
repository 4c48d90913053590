"""The command line: parse, call one library function, show what came back."""

from simulator.cli.app import app, main

__all__ = ["app", "main"]
