"""The log joined with what an auditor has beside it: one row per event, with what staff list, roster and cases say.

Residents of lists and searches are in ``shown``; here an event concerns its ``resident``, or the only one it showed.
Nothing depends on the numbers of events, the order of rows or the bytes of pseudonyms.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from simulator.detect.view import Auditor, AuditorView

_KNOWN_AS = "evidence"
_KEY = "_key"
ASSUMED_ROSTER_SLACK = pl.duration(minutes=30)
TOUCHES = ("view", "unmask", "print")
"""Actions that show one record."""
RESULTS = ("issue", "update")
"""Actions that a lawful look usually ends in."""
COLUMNS = ("event_id", "at", "session_id", "actor", "role", "section", "terminal", "action", "purpose", "case_no",
          "resident", "household", "protected_alert", "decision", "match", "hits")  # fmt: skip
"""What is read of an event."""


def enrich(view: AuditorView) -> pl.DataFrame:
    """One row per event with its evidence.

    Adds to the event: ``day``, ``own_*`` (the actor's own resident, household, surname, district), ``surname``,
    ``district``, ``protected`` of the resident, ``on_duty``, ``account_valid``, ``terminal_section``, ``counter``,
    ``case_section``, ``case_opened``, ``case_closed`` (of the stated case) and ``case_known``, ``case_fits``,
    ``case_fits_household``, ``case_fits_surname``. An `Auditor` makes it once.
    """
    known = view.known if isinstance(view, Auditor) else {}
    if _KNOWN_AS not in known:
        known[_KNOWN_AS] = _enriched(view)
    return known[_KNOWN_AS]


def _enriched(view: AuditorView) -> pl.DataFrame:
    events = _concerned(view)
    events = _with_staff(events, view.table("staff"))
    events = beside(events, view.table("attribute").drop("household"), ["resident"])
    events = _with_duty(events, view.table("roster"))
    events = _with_account(events, view.table("account"))
    events = _with_terminal(events, view.table("terminal"))
    return _with_case(events, view.table("case"), view.table("attribute"))


def beside(events: pl.DataFrame, facts: pl.DataFrame, on: Sequence[str]) -> pl.DataFrame:
    """`events` with the other columns of `facts`, of which no two rows have the same `on`; null where there is none.

    Only the keys are joined: the many columns of a log are not copied.

    Raises:
        TypeError: columns of the key are not of the same types in both.
    """
    if events.select(on).schema != facts.select(on).schema:
        msg = f"keys of other types: {events.select(on).schema} and {facts.select(on).schema}"
        raise TypeError(msg)
    keyed = facts.select(key(on), pl.exclude(on))
    found = events.select(key(on)).join(keyed, on=_KEY, how="left", maintain_order="left")
    return events.with_columns(found.drop(_KEY).get_columns())


def key(on: Sequence[str]) -> pl.Expr:
    """What stands for the columns `on` when they are joined: of several one number, which is looked up much faster.

    That two of a million different keys share their number has a chance below 10^-7. A key of which one part is null is
    null, and meets no other.
    """
    first, *others = (pl.col(name) for name in on)
    if not others:
        return first.alias(_KEY)
    mixed = first.hash()
    for seed, other in enumerate(others, 1):
        mixed ^= other.hash(seed)
    return pl.when(pl.all_horizontal(pl.col(on).is_not_null())).then(mixed).alias(_KEY)


def marked(events: pl.DataFrame, name: str, rows: pl.Series) -> pl.DataFrame:
    """`events` with column `name`: true in `rows`."""
    mask = np.zeros(events.height, dtype=np.bool_)
    mask[rows.to_numpy()] = True
    return events.with_columns(pl.Series(name, mask))


def _concerned(view: AuditorView) -> pl.DataFrame:
    only = alone(view.table("shown")).select("event_id", pl.col("resident", "household").name.prefix("only_"))
    events = view.table("event").select(COLUMNS).with_columns(day=pl.col("at").dt.date())
    return (
        beside(events, only, ["event_id"])
        .with_columns(
            resident=pl.coalesce("resident", "only_resident"), household=pl.coalesce("household", "only_household")
        )
        .drop("only_resident", "only_household")
    )


def alone(shown: pl.DataFrame) -> pl.DataFrame:
    """The rows of `shown` whose event showed nobody else."""
    ordered = shown if shown["event_id"].is_sorted() else shown.sort("event_id")
    ids = ordered["event_id"].to_numpy()
    edge = np.concatenate(([True], ids[1:] != ids[:-1], [True]))
    return ordered.filter(pl.Series(edge[:-1] & edge[1:]))


def _with_staff(events: pl.DataFrame, staff: pl.DataFrame) -> pl.DataFrame:
    own = staff.select("actor", pl.col("resident", "household", "surname", "district").name.prefix("own_"))
    return beside(events, own, ["actor"])


def _with_duty(events: pl.DataFrame, roster: pl.DataFrame) -> pl.DataFrame:
    duty = roster.select("actor", "day", "starts", "ends")
    within = pl.col("at").is_between(
        pl.col("starts") - ASSUMED_ROSTER_SLACK, pl.col("ends") + ASSUMED_ROSTER_SLACK, closed="both"
    )
    return (
        beside(events, duty, ["actor", "day"])
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
    return beside(events, valid, ["actor", "day"]).with_columns(pl.col("account_valid").fill_null(value=False))


def _with_terminal(events: pl.DataFrame, terminal: pl.DataFrame) -> pl.DataFrame:
    places = terminal.select("terminal", "counter", terminal_section="section").unique("terminal", keep="none")
    return beside(events, places, ["terminal"])


def _with_case(events: pl.DataFrame, cases: pl.DataFrame, attribute: pl.DataFrame) -> pl.DataFrame:
    """A case has a row for each pseudonym of its resident; two cases of one number are no evidence at all."""
    facts = cases.select("case_no", pl.col("section", "opened", "closed").name.prefix("case_")).unique()
    facts = facts.unique("case_no", keep="none").with_columns(case_known=True)
    number = facts.select("case_no").with_row_index("case")
    stated = cases.join(number, on="case_no")
    names = stated.join(attribute.select("resident", "surname").unique("resident"), on="resident")
    proofs = {
        "case_fits": stated.select("case", "resident"),
        "case_fits_household": stated.select("case", "household"),
        "case_fits_surname": names.select("case", "surname"),
    }
    events = beside(beside(events, number, ["case_no"]), facts.drop("case_no").with_row_index("case"), ["case"])
    for name, pairs in proofs.items():
        events = beside(events, pairs.unique().with_columns(pl.lit(value=True).alias(name)), pairs.columns)
    return events.drop("case").with_columns(pl.col("case_known", *proofs).fill_null(value=False))
