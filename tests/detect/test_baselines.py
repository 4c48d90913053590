"""The baselines on a made-up town, where two looks have no case."""

import made_town
import polars as pl
import pytest

from simulator import detect
from simulator.errors import CheckError, UnknownNameError, UsageError


@pytest.fixture(scope="module")
def town():
    return made_town.town()


def why(town, name, **wanted):
    scores = detect.run(town, name).join(town.table("event"), on="event_id")
    return scores.filter(**wanted)["why"].to_list()


def test_has_reason_puts_the_unexplained_first(town):
    """The two looks without any case are the only unexplained ones, and score highest."""
    scores = detect.run(town, "has_reason")
    bare = town.table("event").filter(pl.col("case_no").is_null())["event_id"]
    assert scores.filter(~pl.col("explained"))["event_id"].to_list() == bare.to_list()
    assert scores.top_k(2, by="score")["event_id"].sort().to_list() == bare.to_list()


def test_rules_name_the_own_record(town):
    """Every look at the actor's own record is named as such."""
    staff = town.table("staff").select("actor", own="resident")
    own = (
        town.table("event")
        .join(staff, on="actor")
        .filter(pl.col("own") == pl.col("resident"), pl.col("action") == "view")
    )
    scores = detect.run(town, "rules").join(own.select("event_id"), on="event_id")
    assert scores.height == own.height > 0
    assert all("own_record" in given for given in scores["why"])


def test_unknown_detector_names_the_valid_ones(town):
    """An unknown name lists the baselines and the form of a foreign class."""
    with pytest.raises(UnknownNameError, match=r"has_reason, .*module:Class, .*rules"):
        detect.run(town, "rulez")


@pytest.mark.parametrize("name", ["no.such.module:Thing", "decimal:Nothing", "decimal:Decimal"])
def test_foreign_class_that_is_no_detector_is_refused(town, name):
    """A missing module, a missing class and a class without score are usage errors."""
    with pytest.raises(UsageError, match="detector"):
        detect.run(town, name)


def test_detector_cannot_open_the_register(town):
    """The view that a detector gets has no register."""
    with pytest.raises(UnknownNameError, match="what an auditor has"):
        detect.Auditor(town).table("resident")


class ByNumber:
    def score(self, view):
        return view.table("event").select("event_id", score=pl.col("event_id").cast(pl.Float64))


class NotFinite:
    def score(self, view):
        return view.table("event").select("event_id", score=pl.lit(float("nan")))


@pytest.mark.parametrize(("make", "what"), [(ByNumber, "numbers of events"), (NotFinite, "not finite")])
def test_check_finds_a_broken_promise(town, make, what):
    """The public check names what a detector gets wrong."""
    with pytest.raises(CheckError, match=what):
        detect.check_detector(make, town)
