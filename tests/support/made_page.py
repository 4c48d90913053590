"""The made-up town as a run with a register, and the page of it."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import made_town
import polars as pl

from simulator import detect, report, scoring
from simulator.dataset import FORMAT, Manifest

NOTES = ("Synthetic.",)


@dataclass(frozen=True)
class Run:
    """The made-up town with a register, as far as the page reads it."""

    town: made_town.Town
    manifest: Manifest

    @property
    def root(self) -> str:
        """The root of the town."""
        return self.town.root

    def table(self, name: str) -> pl.DataFrame:
        """A table of the town, or what little the page reads of the register."""
        if name == "household":
            return pl.DataFrame({"size": [1, 2, 2, 4, 9], "kind": ["single", "couple", "couple", "other", "other"]})
        if name == "resident":
            since = [date(1950, 3, 1), date(2001, 7, 9)]
            names = {"family_name": ["佐藤", "髙橋"], "nationality": ["JP", "JP"], "resident_since": since}
            return pl.DataFrame({"birth_date": since, "sex": ["male", "female"], **names})
        if name == "change":
            return pl.DataFrame({"reason": ["死亡", "転入"]})
        return self.town.table(name)


def run() -> Run:
    """The town with a manifest; its scenario has a name that must be escaped."""
    manifest = Manifest(
        format=FORMAT,
        version="0",
        scenario="<made>",
        seed_commitment="",
        pseudonym_key="insecure-default",
        check_digits="invalid",
        rows={"event": 1800},
        logs=(),
        files=(),
        notes=NOTES,
    )
    return Run(made_town.town(), manifest)


def write(made: Run, path: Path) -> Path:
    """Write the page of the town with the truth and every baseline to `path`."""
    key = made_town.key(made.town)
    cards = [scoring.score(made, key, detect.run(made.town, name), name) for name in ("has_reason", "rules")]
    report.write_run_page(made, path, key, cards)
    return path
