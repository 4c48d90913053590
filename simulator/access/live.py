"""The gate for people at screens: one typed request after another, answered from a store, in plain Python.

Order of work, the same whoever is asked about: account, rule, reach and fields decide first, without the register;
then one look at how the resident stands or how many a search finds; then the rest of the conditions; and only then
which residents may be shown. A hidden resident and one who does not exist take the same statements and branches.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from simulator.access import extraction
from simulator.access.ask import PLACES, Ask, Ruling
from simulator.access.decide import NO_RULE_ID
from simulator.access.facts import OFFICE_CLOSES_MINUTE, OFFICE_OPENS_MINUTE, bits
from simulator.access.grants import Act, Grants, mark
from simulator.access.office import Desk
from simulator.access.policy import SCOPES, Policy, Rule
from simulator.access.posts import Posts
from simulator.access.records import Records
from simulator.access.single import Fact, SingleTable, groups, required
from simulator.access.single import Found as Decided
from simulator.clock import DAY_MS, JST_OFFSET_MS, to_ms
from simulator.registry import Asked, Found, Standing
from simulator.schema.vocabulary import ROLES

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_TOGETHER = ("search", "list", "export", "login", "logout")
_OUTSIDE = {
    "LOGON": "log_on_failed", "LIMIT": "too_many", "RATE": "rate_limited", "CASE_NO": "case_needed",
    "REVIEW": "review_needed", "GROUNDS": "grounds_needed", "PROTECTED": "not_found", "APPROVAL": "approval_needed",
}  # fmt: skip
_WAITING = ("PROTECTED", "APPROVAL")
_NUMBERS = {"approve": ("AP", "approval_id"), "override": ("OV", "override_id"), "export": ("EX", "extraction_id")}
_NAME, _REMOVED, _MY_NUMBER = bits("name"), bits("removed"), bits("my_number")


@dataclass(frozen=True, slots=True)
class Past:
    """A request that was answered before this gate was opened, as the live log holds it."""

    at_ms: int
    tie: int
    staff_no: int
    section: str
    terminal: str
    action: str
    purpose: str
    target: int | None
    allowed: bool


@dataclass(slots=True)
class LiveGate:
    """A gate over a store; `answer` decides, `commit` remembers what was decided once its event is on disk.

    Attributes:
        policy: the table of rights.
        records: the store.
        desk: the office.
    """

    policy: Policy
    records: Records
    desk: Desk
    _table: SingleTable = field(init=False)
    _posts: Posts = field(init=False)
    _grants: Grants = field(default_factory=Grants)
    _today: Counter[tuple[int, int, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Turn the tables of policy and office into lists."""
        self._table, self._posts = SingleTable.of(self.policy), Posts.of(self.desk)

    def recall(self, past: Iterable[Past]) -> None:
        """Remember what an earlier gate answered: all of the day, and approvals and break-glass of the days before."""
        for each in past:
            section = self._posts.section_place(each.section)
            target = -1 if each.target is None else each.target
            act = Act(
                each.at_ms, each.tie, _day(each.at_ms), each.staff_no, section, PLACES["purpose"][each.purpose],
                target, each.terminal,
            )  # fmt: skip
            self._keep(act, each.action, allowed=each.allowed)

    def answer(self, ask: Ask) -> Ruling:
        """Decide `ask` and say who may be shown. Changes nothing; call `commit` when its event is written.

        Raises:
            UnknownNameError: a word, terminal or member of staff that does not exist.
            BadInputError: a value that no form would take.
            StorageError: the store would not answer.
        """
        ask.check()
        return _Sitting(self, ask).ruling()

    def commit(self, ask: Ask, ruling: Ruling) -> None:
        """Count `ask`, and keep the approval or break-glass that it was."""
        act = self._act(ask, self._posts.section_place(ruling.section))
        self._keep(act, ask.action, allowed=ruling.granted)

    def pending(self, waiting: Iterable[Past], staff_no: int) -> list[Past]:
        """Those of `waiting` that `staff_no` could release now: of their section, of others, not yet approved."""
        return [each for each in waiting if each.staff_no != staff_no and self._releasable(each, staff_no)]

    def _releasable(self, each: Past, staff_no: int) -> bool:
        valid, _, section = self._posts.held(staff_no, _day(each.at_ms))
        target = -1 if each.target is None else each.target
        key = (_day(each.at_ms), section, PLACES["purpose"][each.purpose], target)
        approved = any(entry[2] != each.staff_no for entry in self._grants.approvals.get(key, []))
        return valid and self._posts.sections[section] == each.section and not approved

    def _act(self, ask: Ask, section: int) -> Act:
        at = to_ms(ask.at)
        target = -1 if ask.target is None else ask.target
        return Act(at, ask.tie, _day(at), ask.staff_no, section, PLACES["purpose"][ask.purpose], target, ask.terminal)

    def _keep(self, act: Act, action: str, *, allowed: bool) -> None:
        self._today[act.staff, act.day, action] += 1
        if allowed and action == "approve":
            self._grants.approve(act)
        if allowed and action == "override":
            self._grants.override(act)


class _Sitting:
    """One request before the gate."""

    __slots__ = ("act", "ask", "day", "fact", "found", "gate", "post", "rule", "standing")

    def __init__(self, gate: LiveGate, ask: Ask) -> None:
        self.gate, self.ask = gate, ask
        at = to_ms(ask.at)
        self.post = gate._posts.post(ask.staff_no, _day(at), ask.terminal)  # noqa: SLF001 - its own gate
        self.act = gate._act(ask, self.post.section)  # noqa: SLF001
        self.day = date.fromordinal(_EPOCH_ORDINAL + self.act.day)
        number = gate._table.number(  # noqa: SLF001
            self.post.role, self.act.purpose, PLACES["action"][ask.action]
        )
        self.rule: Rule | None = gate.policy.rules[number] if number >= 0 else None
        self.fact = self._fact((at + JST_OFFSET_MS) % DAY_MS // 60_000)
        self.standing, self.found = Standing(), Found(0, 0, ())

    def ruling(self) -> Ruling:
        table = self.gate._table  # noqa: SLF001
        early = table.early(self.fact)
        if early is not None or self.rule is None:
            return self._ruling(table.decide(self.fact), (None, None))
        self._look(self.rule)
        approval, override = self._released(self.rule)
        first = table.decide(self.fact)
        second = table.decide(self.fact._replace(approved=approval is not None, overridden=override is not None))
        used = first.reason in _WAITING
        decided = second if used else first
        return self._ruling(decided, (approval, override) if used and decided.reason == "OK" else (None, None))

    def _fact(self, minute: int) -> Fact:
        ask, post = self.ask, self.post
        session = ask.action in ("login", "logout")
        today = self.gate._today[ask.staff_no, self.act.day, ask.action] + 1  # noqa: SLF001
        return Fact(
            role=post.role, purpose=self.act.purpose, action=PLACES["action"][ask.action],
            screen=PLACES["screen"][ask.screen], reach=self._reach(session=session), today=today,
            account=post.valid, failed=ask.failed and session, cased=ask.case_no is not None,
            grounded=ask.grounds is not None, at_home=post.at_home, supervisor=post.supervisor,
            off_hours=not OFFICE_OPENS_MINUTE <= minute < OFFICE_CLOSES_MINUTE,
            unreviewed=ask.action == "override" and self.gate._grants.unreviewed(self.act),  # noqa: SLF001
        )  # fmt: skip

    def _reach(self, *, session: bool) -> int:
        if session:
            return 0
        if self.ask.screen == "national":
            return SCOPES.index("nation")
        own = self.ask.target is not None and self.ask.target == self.post.own
        return SCOPES.index("self" if own else "municipality")

    @property
    def _single(self) -> bool:
        return self.ask.target is not None and self.ask.action not in _TOGETHER

    def _look(self, rule: Rule) -> None:
        """The one look into the register: how the resident stands, or how many a search finds."""
        if self._single:
            self.standing = self.gate.records.standing(self.act.target, self.day)
            self.fact = self.fact._replace(protected=self.standing.protected)
        elif self._searching(rule) and self.ask.search is not None:
            shown = rule.rows if self.gate._table.decide(self.fact).reason == "OK" else 0  # noqa: SLF001
            asked = Asked(
                name=self.ask.search.name, match=self.ask.search.match, texts=self.ask.search.texts, day=self.day,
                guarded_too=rule.protected != "hide", limit=shown, most=rule.hits,
            )  # fmt: skip
            records = self.gate.records
            self.found = (records.nationwide if self.ask.screen == "national" else records.find)(asked)
            self.fact = self.fact._replace(hits=self.found.count)

    def _searching(self, rule: Rule) -> bool:
        return self.ask.action in ("search", "list") and self.ask.search is not None and "name" in rule.fields

    def _released(self, rule: Rule) -> tuple[str | None, str | None]:
        approval, override = self.gate._grants.found(self.act)  # noqa: SLF001
        return approval, None if approval or "second_person" in required(self.fact, rule) else override

    def _shown(self, rule: Rule, decided: Decided) -> tuple[int, ...]:
        if decided.decision not in ("allow", "mask"):
            return ()
        open_to = rule.protected != "hide"
        if self._searching(rule):
            return self.found.residents
        if self.ask.action == "export" and "name" in rule.fields:
            born = extraction.born(self.ask.purpose, self.day)
            return self.gate.records.select(born, self.day, guarded_too=open_to, limit=rule.rows)
        if self._single and self.ask.screen == "household" and (self.standing.live or self.standing.removed):
            return self.gate.records.household(self.act.target, self.day, guarded_too=open_to)
        there = self.standing.live or (self.standing.removed and "removed" in rule.fields)
        alone = self._single and self.ask.screen != "household"
        return (self.act.target,) if alone and there and rule.fields else ()

    def _ruling(self, decided: Decided, used: tuple[str | None, str | None]) -> Ruling:
        rule = self.rule
        shown = self._shown(rule, decided) if rule is not None else ()
        looked = rule is not None and decided.reason not in _BEFORE
        alert = self._alert(rule, decided) if rule is not None and looked else False
        prints = bool(shown) and self.ask.action in ("print", "issue")
        by_number = self.ask.search is not None and self.ask.search.name == "my_number"
        entering = self.ask.action == "update" and self.ask.target is None and decided.reason == "OK"
        fields = decided.fields if shown or entering else 0
        return Ruling(
            decision=decided.decision, reason=f"{decided.reason}:{rule.id if rule else NO_RULE_ID}",
            outside=self._outside(decided, shown), basis=rule.basis if rule else None,
            role=ROLES[self.post.role].code, section=self.gate._posts.sections[self.post.section],  # noqa: SLF001
            office=self.post.office, hits=self.found.count if rule and looked and self._searching(rule) else None,
            residents=shown, fields=groups(fields), protected_alert=alert,
            prompted=alert or (rule is not None and "grounds" in required(self.fact, rule)),
            sheets=(self.ask.sheets or 1) if prints else None, printer=self.post.printer if prints else None,
            document_no=self._number("DC") if shown and self.ask.action == "issue" else None,
            my_number=by_number or bool(fields & _MY_NUMBER), **self._numbers(decided, used),
        )  # fmt: skip

    def _alert(self, rule: Rule, decided: Decided) -> bool:
        if rule.protected == "hide" or decided.reason not in ("OK", "APPROVAL", "GROUNDS"):
            return False
        return self.found.guarded > 0 if self._searching(rule) else self.standing.protected

    def _outside(self, decided: Decided, shown: tuple[int, ...]) -> str:
        if decided.reason == "OK":
            return "not_found" if self._single and not shown else "ok"
        return _OUTSIDE.get(decided.reason, "log_on_failed" if self.ask.action == "login" else "forbidden")

    def _number(self, kind: str) -> str:
        return mark(kind, self.act.at, self.ask.terminal)

    def _numbers(self, decided: Decided, used: tuple[str | None, str | None]) -> dict[str, str | None]:
        numbers: dict[str, str | None] = {"approval_id": used[0], "override_id": used[1]}
        if decided.reason == "OK" and self.ask.action in _NUMBERS:
            kind, name = _NUMBERS[self.ask.action]
            numbers[name] = self._number(kind)
        return numbers


_BEFORE = ("ACCOUNT", "LOGON", "NO_RULE", "PURPOSE", "ACTION", "SCOPE", "FIELD")


def _day(at_ms: int) -> int:
    return (at_ms + JST_OFFSET_MS) // DAY_MS
