"""The log joined with what an auditor has beside it: one row per event, with what staff list, roster and cases say.

Residents of lists and searches are in ``shown``; here an event concerns its ``resident``, or the only one it showed.
Nothing depends on the numbers of events, the order of rows or the bytes of pseudonyms.
"""

import polars as pl

from simulator.detect.view import AuditorView

ASSUMED_ROSTER_SLACK = pl.duration(minutes=30)
TOUCHES = ("view", "unmask", "print")
"""Actions that show one record."""
RESULTS = ("issue", "update")
"""Actions that a lawful look usually ends in."""
_EVENT = ("event_id", "at", "session_id", "actor", "role", "section", "terminal", "action", "purpose", "case_no",
          "resident", "household", "protected_alert", "decision", "match", "hits")  # fmt: skip


def enrich(view: AuditorView) -> pl.DataFrame:
    """One row per event with its evidence.

    Adds to the event: ``day``, ``own_*`` (the actor's own resident, household, surname, district), ``surname``,
    ``district``, ``protected`` of the resident, ``on_duty``, ``account_valid``, ``terminal_section``, ``counter``,
    ``case_section``, ``case_opened``, ``case_closed`` (of the stated case) and ``case_known``, ``case_fits``,
    ``case_fits_household``, ``case_fits_surname``.
    """
    events = _concerned(view)
    events = _with_staff(events, view.table("staff"))
    events = events.join(view.table("attribute").drop("household"), on="resident", how="left")
    events = _with_duty(events, view.table("roster"))
    events = _with_account(events, view.table("account"))
    events = _with_terminal(events, view.table("terminal"))
    return _with_case(events, view.table("case"), view.table("attribute"))


def _concerned(view: AuditorView) -> pl.DataFrame:
    only = (
        view.table("shown")
        .group_by("event_id")
        .agg(pl.len(), pl.col("resident", "household").first().name.prefix("only_"))
        .filter(pl.col("len") == 1)
        .drop("len")
    )
    text = pl.col("role", "action", "purpose", "decision", "match").cast(pl.String)
    return (
        view.table("event")
        .select(_EVENT)
        .with_columns(text, day=pl.col("at").dt.date())
        .join(only, on="event_id", how="left")
        .with_columns(
            resident=pl.coalesce("resident", "only_resident"), household=pl.coalesce("household", "only_household")
        )
        .drop("only_resident", "only_household")
    )


def _with_staff(events: pl.DataFrame, staff: pl.DataFrame) -> pl.DataFrame:
    own = staff.select("actor", pl.col("resident", "household", "surname", "district").name.prefix("own_"))
    return events.join(own, on="actor", how="left")


def _with_duty(events: pl.DataFrame, roster: pl.DataFrame) -> pl.DataFrame:
    duty = roster.select("actor", "day", "starts", "ends")
    within = pl.col("at").is_between(
        pl.col("starts") - ASSUMED_ROSTER_SLACK, pl.col("ends") + ASSUMED_ROSTER_SLACK, closed="both"
    )
    return (
        events.join(duty, on=["actor", "day"], how="left")
        .with_columns(on_duty=within.fill_null(value=False))
        .drop("starts", "ends")
    )


def _with_account(events: pl.DataFrame, account: pl.DataFrame) -> pl.DataFrame:
    days = events.select("actor", "day").unique()
    open_on = (pl.col("valid_from") <= pl.col("day")) & (
        pl.col("valid_to").is_null() | (pl.col("day") < pl.col("valid_to"))
    )
    valid = (
        days.join(account.select("actor", "valid_from", "valid_to"), on="actor")
        .filter(open_on)
        .select("actor", "day")
        .unique()
        .with_columns(account_valid=True)
    )
    return events.join(valid, on=["actor", "day"], how="left").with_columns(
        pl.col("account_valid").fill_null(value=False)
    )


def _with_terminal(events: pl.DataFrame, terminal: pl.DataFrame) -> pl.DataFrame:
    places = terminal.select("terminal", "counter", terminal_section="section").unique("terminal", keep="none")
    return events.join(places, on="terminal", how="left")


def _with_case(events: pl.DataFrame, cases: pl.DataFrame, attribute: pl.DataFrame) -> pl.DataFrame:
    """A case has a row for each pseudonym of its resident; two cases of one number are no evidence at all."""
    facts = cases.select("case_no", pl.col("section", "opened", "closed").name.prefix("case_")).unique()
    facts = facts.unique("case_no", keep="none").with_columns(case_known=True)
    stated = cases.join(facts, on="case_no", how="semi")
    fits = stated.select("case_no", "resident", case_fits=True).unique()
    home = stated.select("case_no", "household", case_fits_household=True).unique()
    names = stated.join(attribute.select("resident", "surname").unique("resident"), on="resident")
    named = names.select("case_no", "surname", case_fits_surname=True).unique()
    return (
        events.join(facts, on="case_no", how="left")
        .join(fits, on=["case_no", "resident"], how="left")
        .join(home, on=["case_no", "household"], how="left")
        .join(named, on=["case_no", "surname"], how="left")
        .with_columns(
            pl.col("case_known", "case_fits", "case_fits_household", "case_fits_surname").fill_null(value=False)
        )
    )
