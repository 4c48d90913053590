"""A raw run, municipality by municipality: each simulated on its own streams, its files written into a folder."""

from simulator.simulate.municipality import STAGES, MadeHere, Site, Stretch, Worked, make, work

__all__ = ["STAGES", "MadeHere", "Site", "Stretch", "Worked", "make", "work"]
