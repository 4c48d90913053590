"""What changes in an office within a run: sections that are merged or renamed, and a system that is replaced.

Work is planned by the sections that there were first; from the day of a change on, accounts, terminals and cases
name the new ones, as an auditor meets them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self

import polars as pl

from simulator.schema import SECTION, TERMINAL
from simulator.workload.second import KIND
from simulator.workload.sections import BY_CODE, ENTITLED_ROLES, NETWORK, OFFICE_TITLES
from simulator.workload.settings import OfficeSpec, Reorganisation, Replacement

c = pl.col
Change = Reorganisation | Replacement


@dataclass(frozen=True, slots=True)
class Moved:
    """An office told with its changes.

    Attributes:
        sections, terminals: tables of these names, with what came and what went.
        postings: who holds which post, under the codes of the day; frames as ``posts.postings`` gives them.
        desks: day and code so far → code from then on, of terminals, change by change.
        titles: day and code so far → code from then on, of sections.
        methods: how people log on from a day on.
    """

    sections: pl.DataFrame
    terminals: pl.DataFrame
    postings: pl.DataFrame
    desks: tuple[tuple[date, Mapping[str, str]], ...] = ()
    titles: tuple[tuple[date, Mapping[str, str]], ...] = ()
    methods: tuple[tuple[date, str], ...] = ()

    @classmethod
    def of(
        cls, changes: Sequence[Change], sections: pl.DataFrame, terminals: pl.DataFrame, postings: pl.DataFrame
    ) -> Self:
        """The office with `changes`, in order of days."""
        found = cls(sections, terminals, postings)
        for change in changes:
            found = found._merged(change) if isinstance(change, Reorganisation) else found._renewed(change)
        return found

    def _merged(self, change: Reorganisation) -> Self:
        codes = dict.fromkeys(change.sections, change.code)
        office, entitled = self.sections.filter(c("section").is_in(change.sections)).select("office", "entitled").row(0)
        row = pl.DataFrame([(change.code, change.title, office, OFFICE_TITLES[office], entitled)],
                           schema=list(SECTION.names), orient="row")  # fmt: skip
        return replace(
            self._with_desks(change.on, c("section").is_in(change.sections), pl.lit(change.code)),
            sections=pl.concat([self.sections, SECTION.conform(row)]),
            postings=_split(self.postings, change.on, codes),
            titles=(*self.titles, (change.on, codes)),
        )

    def _renewed(self, change: Replacement) -> Self:
        new = self._with_desks(change.on, c("section") != NETWORK.code, c("section"))
        return replace(new, methods=(*self.methods, (change.on, change.auth)))

    def _with_desks(self, day: date, chosen: pl.Expr, section: pl.Expr) -> Self:
        """New terminals from `day` on for those that are in use and `chosen`."""
        old = {code for _, codes in self.desks for code in codes}
        gone = self.terminals.filter(chosen, ~c("terminal").is_in(sorted(old)))
        first = self.terminals.height
        codes = [f"T{first + n + 1:04d}" for n in range(gone.height)]
        came = TERMINAL.conform(gone.with_columns(section.alias("section"), pl.Series("terminal", codes)))
        names = dict(zip(gone["terminal"], codes, strict=True))
        return replace(self, terminals=pl.concat([self.terminals, came]), desks=(*self.desks, (day, names)))

    def at_desks(self, rows: pl.DataFrame, day: pl.Expr) -> pl.DataFrame:
        """`rows` with the ``terminal`` that stood there on `day`."""
        return _renamed(rows, "terminal", day, self.desks)

    @property
    def first_terminals(self) -> pl.DataFrame:
        """The terminals of the first day."""
        came = {code for _, codes in self.desks for code in codes.values()}
        return self.terminals.filter(~c("terminal").is_in(sorted(came)))

    def titled(self, rows: pl.DataFrame, day: pl.Expr) -> pl.DataFrame:
        """`rows` with the ``section`` as it was called on `day`."""
        return _renamed(rows, "section", day, self.titles)


def changes(spec: OfficeSpec, end: date = date.max) -> list[Change]:
    """The changes of the office before `end`, in order of days."""
    both: list[Change] = [*(spec.reorganised or ()), *(spec.replaced or ())]
    return sorted((change for change in both if change.on < end), key=lambda change: change.on)


def _renamed(
    rows: pl.DataFrame, column: str, day: pl.Expr, steps: Sequence[tuple[date, Mapping[str, str]]]
) -> pl.DataFrame:
    for since, codes in steps:
        later = pl.when(day >= since).then(c(column).replace(codes)).otherwise(c(column))
        rows = rows.with_columns(later.alias(column))
    return rows


def _split(postings: pl.DataFrame, day: date, codes: Mapping[str, str]) -> pl.DataFrame:
    """Postings in the sections of `codes` end on `day` and go on in the new one; a second post a day later."""
    theirs = c("section").is_in(list(codes)) & (c("valid_to").is_null() | (c("valid_to") > day))
    begins = pl.when(c("kind") == KIND).then(pl.lit(day + timedelta(days=1))).otherwise(pl.lit(day))
    renamed = c("section").replace(codes)
    later = postings.filter(theirs).with_columns(valid_from=pl.max_horizontal("valid_from", begins), section=renamed)
    before = postings.filter(~theirs | (c("valid_from") < day))
    ended = pl.when(theirs).then(pl.lit(day)).otherwise("valid_to")
    held = later.filter(c("valid_to").is_null() | (c("valid_from") < c("valid_to")))
    return pl.concat([before.with_columns(valid_to=ended), held]).sort("staff_no", "valid_from")


def check_office(spec: OfficeSpec, start: date) -> None:
    """Refuse changes that cannot be.

    Raises:
        ValueError: a day that is not after `start`, a section that is not there on that day, a code that is taken, or
            sections that do not go together.
    """
    there = {code: (section.office, section.role in ENTITLED_ROLES) for code, section in BY_CODE.items()}
    taken = set(there)
    del there[NETWORK.code]
    for change in changes(spec):
        if change.on <= start:
            msg = f"a change of the office on {change.on} must come after the first day, {start}"
            raise ValueError(msg)
        if isinstance(change, Replacement):
            continue
        for code in change.sections:
            if code not in there:
                msg = f"on {change.on} there is no section {code!r}; there are {', '.join(sorted(there))}"
                raise ValueError(msg)
        kinds = {there.pop(code) for code in change.sections}
        if change.code in taken or len(kinds) != 1:
            why = "its code is taken" if change.code in taken else "they are of several buildings, or not all entitled"
            msg = f"{', '.join(change.sections)} cannot become {change.code!r} on {change.on}: {why}"
            raise ValueError(msg)
        taken.add(change.code)
        there[change.code] = kinds.pop()
