"""From the pack of a drill to the frames of the console."""

import polars as pl

from simulator import drill
from simulator.console.frames import Frames, build
from simulator.drill.evidence import Evidence


def from_pack(pack: drill.Pack) -> Frames:
    """The evidence of `pack`, shaped for looking."""
    return from_evidence(pack.evidence)


def from_evidence(evidence: Evidence) -> Frames:
    """Evidence, shaped for looking."""
    staff = evidence.staff.rename({"staff_name": "name"})
    frames = build(
        evidence.events, staff, evidence.people, evidence.cases, evidence.roster,
        titles=_titles(evidence.places), shown=evidence.shown,
    )  # fmt: skip
    frames.warm()
    return frames


def _titles(places: pl.DataFrame) -> dict[str, str]:
    titled = places.select("section", "section_title").drop_nulls().unique()
    return dict(titled.iter_rows())
