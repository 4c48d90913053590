"""Test files for record linkage (名寄せ): two lists of people, errors at exact counts, the key apart."""

from simulator.linkage.kinds import KINDS, Kind
from simulator.linkage.lists import LinkageSpec, Lists, make_lists
from simulator.linkage.people import People
from simulator.linkage.scoring import Found, score_links
from simulator.linkage.writing import parse_counts, write_lists

__all__ = ["KINDS", "Found", "Kind", "LinkageSpec", "Lists", "People", "make_lists", "parse_counts", "score_links",
           "write_lists"]  # fmt: skip
