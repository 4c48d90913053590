"""How answers follow from acts: each rule turns the looks that matter, and the evidence around them, into an answer.

The same rules serve the answer key, with the acts that truly were misuse, and a solver, with those it found.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import polars as pl

from simulator.drill.evidence import Evidence
from simulator.errors import UnknownNameError

NONE = "なし"
"""What is answered where there is nothing: none."""
OPENS = ("view", "unmask", "print", "issue", "export")
"""Actions by which somebody's record was seen or taken."""


class Form(StrEnum):
    """What an answer is, and so how it is typed and compared."""

    STAFF = "staff"
    PERSON = "person"
    CASE = "case"
    EVENT = "event"
    DATE = "date"
    NUMBER = "number"
    TERMINAL = "terminal"
    HOUSEHOLD = "household"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule looks at.

    Attributes:
        acts: rows of the log for people that are the matter, in order of time.
        evidence: all that a team has.
    """

    acts: pl.DataFrame
    evidence: Evidence

    @property
    def opens(self) -> pl.DataFrame:
        """The acts by which a record was opened or taken."""
        return self.acts.filter(pl.col("action").is_in(OPENS))

    @property
    def chief(self) -> str | None:
        """The member of staff with most of them; the lower number of two."""
        return _most(self.opens, "staff_code")

    @property
    def victim(self) -> str | None:
        """The resident with most of them; the lower number of two."""
        return _most(self.opens, "person_no")


Answers = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what its answers are, how they follow, and whether there may be several."""

    form: Form
    answer: Callable[[Facts], Answers]
    several: bool = False


def answer(rule: str, facts: Facts) -> Answers:
    """The answer of the rule called `rule`, sorted; `NONE` alone where there is nothing.

    Raises:
        UnknownNameError: there is no such rule.
    """
    return tuple(sorted(set(of(rule).answer(facts)))) or (NONE,)


def of(name: str) -> Rule:
    """The rule called `name`.

    Raises:
        UnknownNameError: there is none.
    """
    if name not in RULES:
        raise UnknownNameError("rule", name, RULES)
    return RULES[name]


def _most(rows: pl.DataFrame, column: str) -> str | None:
    counted = rows.drop_nulls(column).group_by(column).len().sort(["len", column], descending=[True, False])
    return str(counted[column][0]) if counted.height else None


def _texts(rows: pl.DataFrame, column: str) -> Answers:
    return tuple(str(value) for value in rows[column].drop_nulls().unique().sort())


def _one(value: object) -> Answers:
    return () if value is None else (str(value),)


def _number(count: int) -> Answers:
    return (str(count),)


def _staff(facts: Facts) -> Answers:
    return _texts(facts.opens, "staff_code")


def _residents(facts: Facts) -> Answers:
    return _texts(facts.opens, "person_no")


def _looks(facts: Facts) -> Answers:
    return _number(facts.opens.height)


def _resident_count(facts: Facts) -> Answers:
    return _number(facts.opens["person_no"].drop_nulls().n_unique())


def _staff_count(facts: Facts) -> Answers:
    return _number(facts.opens["staff_code"].n_unique())


def _household_count(facts: Facts) -> Answers:
    return _number(facts.opens["household_no"].drop_nulls().n_unique())


def _days(rows: pl.DataFrame) -> list[date]:
    return rows["at"].dt.date().unique().sort().to_list()


def _day_count(facts: Facts) -> Answers:
    return _number(len(_days(facts.opens)))


def _first_event(facts: Facts) -> Answers:
    return _texts(facts.opens.head(1), "event_id")


def _victim_household(facts: Facts) -> Answers:
    rows = facts.opens.filter(pl.col("person_no") == (facts.victim or "")) if facts.victim else facts.opens.head(0)
    return _texts(rows.head(1), "household_no")


def _victim(facts: Facts) -> Answers:
    return _one(facts.victim)


def _chief(facts: Facts) -> Answers:
    return _one(facts.chief)


def _true_owners(facts: Facts) -> Answers:
    """Whom the stated case numbers concern by the case list."""
    stated = facts.evidence.cases.filter(pl.col("case_no").is_in(facts.opens["case_no"].drop_nulls().implode()))
    return _texts(stated, "person_no")


def _chief_open(facts: Facts) -> pl.DataFrame:
    """Everything that the one with most acts opened."""
    events = facts.evidence.events
    return events.filter((pl.col("staff_code") == (facts.chief or "")) & pl.col("action").is_in(OPENS))


def _before(facts: Facts) -> Answers:
    """Whose record the chief actor had opened, not as one of the acts, last before the first of them."""
    first = facts.opens.filter(pl.col("staff_code") == (facts.chief or "")).head(1)
    if not first.height:
        return ()
    others = _chief_open(facts).join(facts.acts.select("event_id"), on="event_id", how="anti").drop_nulls("person_no")
    return _one(next(iter(others.filter(pl.col("at") < first["at"][0]).tail(1)["person_no"]), None))


def _after(facts: Facts) -> Answers:
    """Whose record the chief actor opened next, not as one of the acts, after the last of them."""
    last = facts.opens.filter(pl.col("staff_code") == (facts.chief or "")).tail(1)
    if not last.height:
        return ()
    others = _chief_open(facts).join(facts.acts.select("event_id"), on="event_id", how="anti").drop_nulls("person_no")
    return _one(next(iter(others.filter(pl.col("at") > last["at"][0]).head(1)["person_no"]), None))


def _home_members(facts: Facts) -> Answers:
    """Who lives in the household of the victim beside the victim."""
    people = facts.evidence.people
    home = people.filter(pl.col("person_no") == (facts.victim or ""))["household_no"]
    if not len(home):
        return ()
    return _texts(
        people.filter((pl.col("household_no") == home[0]) & (pl.col("person_no") != facts.victim)), "person_no"
    )


def _at_lunch(facts: Facts) -> Answers:
    """How many of the acts fall into the actor's own lunch break."""
    duty = facts.evidence.roster.select("staff_code", "day", "lunch_starts")
    rows = facts.opens.with_columns(day=pl.col("at").dt.date()).join(duty, on=["staff_code", "day"], how="left")
    start = pl.col("lunch_starts")
    return _number(rows.filter(pl.col("at").is_between(start, start + pl.duration(hours=1), closed="left")).height)


def _colleagues_seen(facts: Facts) -> Answers:
    """Which members of staff are themselves among those looked up."""
    staff = facts.evidence.staff
    return _texts(staff.filter(pl.col("person_no").is_in(_implode(facts.opens["person_no"]))), "staff_code")


def _own_home(facts: Facts) -> Answers:
    """Which actors looked up somebody of their own household."""
    own = facts.evidence.staff.select("staff_code", own_household="household_no")
    rows = facts.opens.join(own, on="staff_code").filter(pl.col("household_no") == pl.col("own_household"))
    return _texts(rows, "staff_code")


def _own_record(facts: Facts) -> Answers:
    """Which actors looked up themselves."""
    own = facts.evidence.staff.select("staff_code", own_person="person_no")
    return _texts(
        facts.opens.join(own, on="staff_code").filter(pl.col("person_no") == pl.col("own_person")), "staff_code"
    )


def _repeated(facts: Facts) -> Answers:
    """Which residents were opened on more than one day."""
    rows = facts.opens.drop_nulls("person_no").with_columns(day=pl.col("at").dt.date())
    days = rows.group_by("person_no").agg(pl.col("day").n_unique()).filter(pl.col("day") > 1)
    return _texts(days, "person_no")


def _sections(facts: Facts) -> Answers:
    return _number(facts.opens["section"].n_unique())


def _chief_share(facts: Facts) -> Answers:
    """Of all whom the chief actor opened in the period, how many per cent without business, rounded."""
    everybody = _chief_open(facts)["person_no"].drop_nulls().n_unique()
    without = facts.opens.filter(pl.col("staff_code") == (facts.chief or ""))["person_no"].drop_nulls().n_unique()
    return _number(round(100 * without / everybody)) if everybody else ()


def _first_extraction(facts: Facts) -> Answers:
    """The lawful extraction after which the first act came: the same approval, drawn before."""
    first = facts.opens.head(1)
    exports = facts.evidence.events.filter(pl.col("action") == "export")
    mine = exports.join(facts.acts.select("event_id"), on="event_id", how="anti")
    same = mine.filter(pl.col("approval_id").is_in(_implode(first["approval_id"])))
    return _texts(same, "event_id")


def _all_first_extractions(facts: Facts) -> Answers:
    """The lawful extractions under the approvals that were used again."""
    exports = facts.evidence.events.filter(pl.col("action") == "export")
    lawful = exports.join(facts.acts.select("event_id"), on="event_id", how="anti")
    return _texts(lawful.filter(pl.col("approval_id").is_in(_implode(facts.opens["approval_id"]))), "event_id")


def _events(facts: Facts) -> Answers:
    return _texts(facts.opens, "event_id")


def _rows_taken(facts: Facts) -> Answers:
    return _number(int(facts.opens["rows_returned"].sum()))


def _minutes_after(facts: Facts) -> Answers:
    """Whole minutes between the lawful extraction and the first act."""
    first, lawful = facts.opens.head(1), _first_extraction(facts)
    if not first.height or not lawful:
        return ()
    at = facts.evidence.events.filter(pl.col("event_id") == int(lawful[0]))["at"][0]
    return _number(int((first["at"][0] - at).total_seconds() // 60))


def _kin_seen(facts: Facts) -> Answers:
    """Those looked up who are not protected themselves but share a household or surname with one who is."""
    people = facts.evidence.people
    seen = people.filter(pl.col("person_no").is_in(_implode(facts.opens["person_no"])) & ~pl.col("protected"))
    return _texts(seen, "person_no")


def _protected_seen(facts: Facts) -> Answers:
    people = facts.evidence.people
    seen = people.filter(pl.col("person_no").is_in(_implode(facts.opens["person_no"])) & pl.col("protected"))
    return _texts(seen, "person_no")


def _implode(series: pl.Series) -> pl.Series:
    return series.drop_nulls().implode()


RULES: dict[str, Rule] = {
    "staff": Rule(Form.STAFF, _staff, several=True),
    "staff_count": Rule(Form.NUMBER, _staff_count),
    "chief": Rule(Form.STAFF, _chief),
    "chief_share": Rule(Form.NUMBER, _chief_share),
    "residents": Rule(Form.PERSON, _residents, several=True),
    "resident_count": Rule(Form.NUMBER, _resident_count),
    "household_count": Rule(Form.NUMBER, _household_count),
    "victim": Rule(Form.PERSON, _victim),
    "victim_household": Rule(Form.HOUSEHOLD, _victim_household),
    "home_members": Rule(Form.PERSON, _home_members, several=True),
    "looks": Rule(Form.NUMBER, _looks),
    "day_count": Rule(Form.NUMBER, _day_count),
    "first_event": Rule(Form.EVENT, _first_event),
    "true_owners": Rule(Form.PERSON, _true_owners, several=True),
    "before": Rule(Form.PERSON, _before),
    "after": Rule(Form.PERSON, _after),
    "at_lunch": Rule(Form.NUMBER, _at_lunch),
    "sections": Rule(Form.NUMBER, _sections),
    "colleagues_seen": Rule(Form.STAFF, _colleagues_seen, several=True),
    "own_home": Rule(Form.STAFF, _own_home, several=True),
    "own_record": Rule(Form.STAFF, _own_record, several=True),
    "repeated": Rule(Form.PERSON, _repeated, several=True),
    "first_extraction": Rule(Form.EVENT, _first_extraction, several=True),
    "first_extraction_all": Rule(Form.EVENT, _all_first_extractions, several=True),
    "events": Rule(Form.EVENT, _events, several=True),
    "minutes_after": Rule(Form.NUMBER, _minutes_after),
    "rows_taken": Rule(Form.NUMBER, _rows_taken),
    "kin_seen": Rule(Form.PERSON, _kin_seen, several=True),
    "protected_seen": Rule(Form.PERSON, _protected_seen, several=True),
}
