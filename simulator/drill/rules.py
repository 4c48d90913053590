"""How answers follow from acts: each rule turns the looks that matter, and the evidence around them, into an answer.

The same rules serve the answer key, with the acts that truly were misuse, and a solver, with those it found.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import polars as pl

from simulator.drill.evidence import Evidence
from simulator.errors import UnknownNameError

NONE = "なし"
"""What is answered where there is nothing: none."""
OPENS = ("view", "unmask", "print", "issue", "export")
"""Actions by which somebody's record was seen or taken."""
_NEAR = timedelta(minutes=30)
_HOUSE_OPENS, _HOUSE_CLOSES = 8 * 60 + 30, 17 * 60 + 15


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


def _first_day(facts: Facts) -> Answers:
    return _one(next(iter(_days(facts.opens)), None))


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


def _borrowed(facts: Facts) -> Answers:
    """The case numbers stated with the acts."""
    return _texts(facts.opens, "case_no")


def _true_owners(facts: Facts) -> Answers:
    """Whom the stated case numbers concern by the case list."""
    stated = facts.evidence.cases.filter(pl.col("case_no").is_in(facts.opens["case_no"].drop_nulls().implode()))
    return _texts(stated, "person_no")


def _not_listed(facts: Facts) -> Answers:
    known = facts.evidence.cases["case_no"].implode()
    return _texts(facts.opens.filter(~pl.col("case_no").is_in(known)), "case_no")


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


def _lawful_lookers(facts: Facts) -> Answers:
    """Who opened the victim's record by day and had business with it: in the log, not among the acts; people only."""
    events = facts.evidence.events
    seen = events.filter((pl.col("person_no") == (facts.victim or "")) & pl.col("action").is_in(OPENS))
    lawful = seen.join(facts.acts.select("event_id"), on="event_id", how="anti").filter(pl.col("section") != "network")
    return _texts(lawful, "staff_code")


def _cleared_count(facts: Facts) -> Answers:
    """How many people had lawful business with the victim's record."""
    return _number(len(_lawful_lookers(facts)))


def _chief_other_people(facts: Facts) -> Answers:
    """How many people the chief actor dealt with lawfully on the days of the acts."""
    days = pl.Series(_days(facts.opens), dtype=pl.Date).implode()
    theirs = _chief_open(facts).filter(pl.col("at").dt.date().is_in(days)).drop_nulls("person_no")
    lawful = theirs.join(facts.acts.select("event_id"), on="event_id", how="anti")
    return _number(lawful["person_no"].n_unique())


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


def _other_desk(facts: Facts) -> Answers:
    """How many acts were made at another terminal than that of the actor's roster."""
    duty = facts.evidence.roster.select("staff_code", "day", own_terminal="terminal")
    rows = facts.opens.with_columns(day=pl.col("at").dt.date()).join(duty, on=["staff_code", "day"], how="left")
    return _number(rows.filter(pl.col("terminal") != pl.col("own_terminal")).height)


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


def _refused(facts: Facts) -> Answers:
    """The events that were refused or masked by the system."""
    return _texts(facts.acts.filter(pl.col("decision").is_in(["deny", "mask", "approval"])), "event_id")


def _first_extraction(facts: Facts) -> Answers:
    """The lawful extraction after which the first act came: the same approval, drawn before."""
    first = facts.opens.head(1)
    exports = facts.evidence.events.filter(pl.col("action") == "export")
    mine = exports.join(facts.acts.select("event_id"), on="event_id", how="anti")
    same = mine.filter(pl.col("approval_id").is_in(_implode(first["approval_id"])))
    return _texts(same, "event_id")


def _rows_taken(facts: Facts) -> Answers:
    return _number(int(facts.opens["rows_returned"].sum()))


def _minutes_after(facts: Facts) -> Answers:
    """Whole minutes between the lawful extraction and the first act."""
    first, lawful = facts.opens.head(1), _first_extraction(facts)
    if not first.height or not lawful:
        return ()
    at = facts.evidence.events.filter(pl.col("event_id") == int(lawful[0]))["at"][0]
    return _number(int((first["at"][0] - at).total_seconds() // 60))


def _approver(facts: Facts) -> Answers:
    """Who approved the extraction that was drawn again."""
    approvals = facts.evidence.events.filter(pl.col("action") == "approve", pl.col("approval_id").is_not_null())
    return _texts(approvals.filter(pl.col("approval_id").is_in(_implode(facts.opens["approval_id"]))), "staff_code")


def _kin_seen(facts: Facts) -> Answers:
    """Those looked up who are not protected themselves but share a household or surname with one who is."""
    people = facts.evidence.people
    seen = people.filter(pl.col("person_no").is_in(_implode(facts.opens["person_no"])) & ~pl.col("protected"))
    return _texts(seen, "person_no")


def _protected_seen(facts: Facts) -> Answers:
    people = facts.evidence.people
    seen = people.filter(pl.col("person_no").is_in(_implode(facts.opens["person_no"])) & pl.col("protected"))
    return _texts(seen, "person_no")


def _quarter_hours(facts: Facts) -> Answers:
    """How many acts fall outside opening hours, 8:30–17:15."""
    minute = pl.col("at").dt.hour().cast(pl.Int32) * 60 + pl.col("at").dt.minute()
    return _number(facts.opens.filter(~minute.is_between(_HOUSE_OPENS, _HOUSE_CLOSES, closed="left")).height)


def _implode(series: pl.Series) -> pl.Series:
    return series.drop_nulls().implode()


RULES: dict[str, Rule] = {
    "staff": Rule(Form.STAFF, _staff, several=True),
    "staff_count": Rule(Form.NUMBER, _staff_count),
    "chief": Rule(Form.STAFF, _chief),
    "chief_share": Rule(Form.NUMBER, _chief_share),
    "chief_other_people": Rule(Form.NUMBER, _chief_other_people),
    "residents": Rule(Form.PERSON, _residents, several=True),
    "resident_count": Rule(Form.NUMBER, _resident_count),
    "household_count": Rule(Form.NUMBER, _household_count),
    "victim": Rule(Form.PERSON, _victim),
    "victim_household": Rule(Form.HOUSEHOLD, _victim_household),
    "home_members": Rule(Form.PERSON, _home_members, several=True),
    "looks": Rule(Form.NUMBER, _looks),
    "day_count": Rule(Form.NUMBER, _day_count),
    "first_day": Rule(Form.DATE, _first_day),
    "first_event": Rule(Form.EVENT, _first_event),
    "borrowed": Rule(Form.CASE, _borrowed, several=True),
    "true_owners": Rule(Form.PERSON, _true_owners, several=True),
    "not_listed": Rule(Form.CASE, _not_listed, several=True),
    "before": Rule(Form.PERSON, _before),
    "after": Rule(Form.PERSON, _after),
    "lawful_lookers": Rule(Form.STAFF, _lawful_lookers, several=True),
    "cleared_count": Rule(Form.NUMBER, _cleared_count),
    "at_lunch": Rule(Form.NUMBER, _at_lunch),
    "other_desk": Rule(Form.NUMBER, _other_desk),
    "out_of_hours": Rule(Form.NUMBER, _quarter_hours),
    "sections": Rule(Form.NUMBER, _sections),
    "colleagues_seen": Rule(Form.STAFF, _colleagues_seen, several=True),
    "own_home": Rule(Form.STAFF, _own_home, several=True),
    "own_record": Rule(Form.STAFF, _own_record, several=True),
    "repeated": Rule(Form.PERSON, _repeated, several=True),
    "refused": Rule(Form.EVENT, _refused, several=True),
    "approver": Rule(Form.STAFF, _approver, several=True),
    "first_extraction": Rule(Form.EVENT, _first_extraction, several=True),
    "minutes_after": Rule(Form.NUMBER, _minutes_after),
    "rows_taken": Rule(Form.NUMBER, _rows_taken),
    "kin_seen": Rule(Form.PERSON, _kin_seen, several=True),
    "protected_seen": Rule(Form.PERSON, _protected_seen, several=True),
}
