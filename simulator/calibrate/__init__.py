"""One's own town: a scenario fitted to public margins, never to records."""

from simulator.calibrate.examples import write_example
from simulator.calibrate.making import Calibrated, calibrate
from simulator.calibrate.margins import ASSUMED_LEAST_CELL, Margins, read

__all__ = ["ASSUMED_LEAST_CELL", "Calibrated", "Margins", "calibrate", "read", "write_example"]
