"""Lawful work in columns: cases come, somebody on duty takes each in turn, each step becomes a request."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from simulator.schema import CASE, REQUEST
from simulator.streams import Ints, Stream, Weights
from simulator.workload.office import Office
from simulator.workload.procedure import Procedure, dwell_s, procedures
from simulator.workload.sessions import instant, logons, requests, sessions
from simulator.workload.settings import WorkloadSpec
from simulator.workload.town import Town

_TRIES = 8  # how many colleagues are asked before a case is left for another day
_GAP_MS = (1_200, 9_000)  # ASSUMED pause between two steps
_BEFORE_MS = (4_000, 45_000)  # ASSUMED pause before a case
_MATCHES = Weights.of((80, 20))  # ASSUMED share of exact and prefix searches
_TYPED = (2, 5)


@dataclass(frozen=True, slots=True)
class Plan:
    """Lawful work: frames of the tables case and request, and the sessions in which it is done.

    `request_case` maps request_no to case_index.
    """

    cases: pl.DataFrame
    requests: pl.DataFrame
    sessions: pl.DataFrame
    request_case: pl.DataFrame


def plan_lawful(spec: WorkloadSpec, population: Town, office: Office, stream: Stream, jobs: int = 1) -> Plan:
    """Plan every lawful request of the window; `jobs` changes no byte."""
    del jobs  # columns are planned in one process; polars uses the cores
    slots = sessions(office, stream.at("sessions"))
    queue = _queue(_drafts(spec, population, slots, stream), slots)
    cases = _cases(spec, queue, slots, stream.at("cases"))
    steps = list(_steps(spec, population, cases, stream))
    rows = requests(pl.concat(steps), slots) if steps else REQUEST.empty()
    work = pl.concat([rows, logons(slots, stream.at("logons"))]).sort("at", "tie")
    links = [frame.select("request_no", "case_index") for frame in steps]
    table = CASE.conform(cases.with_columns(instant("opened"), instant("closed")))
    return Plan(table, work, slots, pl.concat(links) if links else pl.DataFrame())


def _timing(procedure: Procedure, n: int, stream: Stream) -> tuple[Ints, Ints]:
    """Seconds on the screen and pauses before each step, both shape ``(n, steps)``."""
    low, high = _GAP_MS
    dwell = [
        dwell_s(act.dwell, stream.unit(f"band{k}", n), stream.unit(f"spread{k}", n))
        for k, act in enumerate(procedure.acts)
    ]
    pauses = [low + stream.below(f"pause{k}", n, high - low) for k in range(len(procedure.acts))]
    pauses[0] = _BEFORE_MS[0] + stream.below("before", n, _BEFORE_MS[1] - _BEFORE_MS[0])
    return np.stack(dwell, axis=1), np.stack(pauses, axis=1)


def _present(spec: WorkloadSpec, procedure: Procedure, other: Ints, stream: Stream) -> np.ndarray:
    """Which steps each case has, shape ``(n, steps)``; `other` is the namesake or -1."""
    n = len(other)
    columns = []
    for k, act in enumerate(procedure.acts):
        wrong = act.whom == "namesake"
        rate = np.where(other >= 0, spec.namesake_rate, 0.0) if wrong else np.full(n, act.rate)
        columns.append(stream.chance(f"has{k}", n, rate))
    return np.stack(columns, axis=1)


def _namesakes(town: Town) -> Ints:
    """For each resident another of the same kana name, or -1, shape ``(n_residents,)``."""
    frame = town.residents.select("resident_no", "kana_key").sort("kana_key", "resident_no")
    shifted = frame.with_columns(
        pl.col("resident_no").shift(-1).over("kana_key").alias("next"),
        pl.col("resident_no").first().over("kana_key").alias("first"),
    ).with_columns(other=pl.col("next").fill_null(pl.col("first")).cast(pl.Int64))  # fmt: skip
    alone = pl.col("other") == pl.col("resident_no").cast(pl.Int64)
    kept = shifted.with_columns(other=pl.when(alone).then(-1).otherwise("other")).sort("resident_no")
    return kept["other"].to_numpy()


def _drafts(spec: WorkloadSpec, town: Town, slots: pl.DataFrame, stream: Stream) -> pl.DataFrame:
    """Every case that comes, with the session that it falls to and how long it takes."""
    namesakes = _namesakes(town)
    frames = []
    for name, procedure in procedures().items():
        place = stream.at("procedure", name)
        come = procedure.arrivals(town, spec.volume, place.at("arrivals"))
        n = len(come.at)
        dwell, pauses = _timing(procedure, n, place)
        has = _present(spec, procedure, namesakes[come.target], place)
        lasts = ((dwell * 1_000 + pauses) * has).sum(axis=1)
        frames.append(
            pl.DataFrame({"arrives": come.at, "resident_no": come.target, "lasts": lasts, "draw": np.arange(n)})
            .with_columns(procedure=pl.lit(name), slot=pl.Series(_slot(procedure, come.at, slots, place.at("slot"))))
        )  # fmt: skip
    return pl.concat(frames).filter(pl.col("slot") >= 0)


def _slot(procedure: Procedure, at: Ints, slots: pl.DataFrame, stream: Stream) -> Ints:
    """Who takes each case: a session open at that time in the section, or -1."""
    n = len(at)
    names = [name for name, _ in procedure.sections]
    chosen = stream.pick("section", n, Weights.of([weight for _, weight in procedure.sections]))
    day = (at + 9 * 3_600_000) // 86_400_000
    found = np.full(n, -1, dtype=np.int64)
    for number, name in enumerate(names):
        here = slots.filter(pl.col("section") == name).sort("day", "staff_no", "opens")
        days = here["day"].cast(pl.Int32).to_numpy().astype(np.int64)
        first, last = np.searchsorted(days, day), np.searchsorted(days, day, side="right")
        able = (chosen == number) & (last > first)
        opens, closes, slot = (here[c].to_numpy().astype(np.int64) for c in ("opens", "closes", "slot"))
        for turn in range(_TRIES):
            pick = first + stream.below(f"{name}/{turn}", n, np.maximum(last - first, 1))
            pick = np.where(able, pick, 0)
            if len(slot) == 0:
                break
            fits = able & (found < 0) & (opens[pick] + 20_000 <= at) & (at < closes[pick] - 60_000)
            found = np.where(fits, slot[pick], found)
    return found


def _queue(drafts: pl.DataFrame, slots: pl.DataFrame) -> pl.DataFrame:
    """One case after the other in each session; those that would not end before it closes are left."""
    ends = pl.col("lasts").cum_sum().over("slot")
    begins = (pl.col("arrives") - (ends - pl.col("lasts"))).cum_max().over("slot") + ends - pl.col("lasts")
    return (
        drafts.sort("slot", "arrives", "procedure", "draw")
        .with_columns(opened=begins)
        .with_columns(closed=pl.col("opened") + pl.col("lasts"))
        .join(slots.select("slot", "staff_no", "section", "closes"), on="slot", maintain_order="left")
        .filter(pl.col("closed") <= pl.col("closes"))
    )


def _cases(spec: WorkloadSpec, queue: pl.DataFrame, slots: pl.DataFrame, stream: Stream) -> pl.DataFrame:
    del slots
    ordered = queue.sort("opened", "slot").with_row_index("case_index")
    n = ordered.height
    procedure = ordered["procedure"].to_list()
    kinds = procedures()
    year = pl.from_epoch("opened", time_unit="ms").dt.year()
    return ordered.with_columns(
        pl.format("{}-{}", year, (pl.col("case_index") + 100_001).cast(pl.String)).alias("case_no"),
        pl.Series("purpose", [kinds[name].purpose for name in procedure], dtype=pl.String),
        pl.Series("system", [kinds[name].system for name in procedure], dtype=pl.String),
        pl.Series("visible", ~stream.chance("hidden", n, spec.hidden_rate)),
    )


def _steps(spec: WorkloadSpec, town: Town, cases: pl.DataFrame, stream: Stream) -> Iterator[pl.DataFrame]:
    """The steps of the cases that are handled, one frame a procedure and step."""
    namesakes = _namesakes(town)
    for name, procedure in procedures().items():
        mine = cases.filter(pl.col("procedure") == name)
        if mine.is_empty():
            continue
        place = stream.at("procedure", name)
        draw = mine["draw"].to_numpy()
        n = int(draw.max()) + 1
        dwell, pauses = (part[draw] for part in _timing(procedure, n, place))
        target = mine["resident_no"].to_numpy().astype(np.int64)
        other = np.full(n, -1, dtype=np.int64)
        other[draw] = namesakes[target]
        has = _present(spec, procedure, other, place)[draw]
        before = np.cumsum((dwell * 1_000 + pauses) * has, axis=1) - dwell * 1_000 * has
        search = _search(procedure, n, place)[draw]
        for k, act in enumerate(procedure.acts):
            whom = namesakes[target] if act.whom == "namesake" else target
            frame = mine.select("slot", "case_index", "system", "purpose", "case_no").with_columns(
                pl.Series("at", mine["opened"].to_numpy() + before[:, k]),
                pl.Series("dwell_s", dwell[:, k]),
                pl.Series("target", whom),
                pl.Series("request_no", place.bits(f"request_no{k}", n)[draw]),
                pl.Series("tie", place.bits(f"tie{k}", n)[draw]),
                pl.lit(act.action).alias("action"),
                pl.lit(act.screen).alias("screen"),
                pl.lit(None, dtype=pl.String).alias("case_no") if not procedure.numbered else pl.col("case_no"),
                *([search["search"], search["match"], search["typed"]] if act.whom == "search" else _NO_SEARCH),
            )
            yield frame.filter(pl.Series(has[:, k]))


_NO_SEARCH = [
    pl.lit(None, dtype=pl.String).alias("search"),
    pl.lit(None, dtype=pl.String).alias("match"),
    pl.lit(None, dtype=pl.Int64).alias("typed"),
]


def _search(procedure: Procedure, n: int, stream: Stream) -> pl.DataFrame:
    """By what each case is searched: columns search, match, typed."""
    names = np.array([name for name, _ in procedure.searches])
    search = names[stream.pick("search", n, Weights.of([weight for _, weight in procedure.searches]))]
    prefix = stream.pick("match", n, _MATCHES) == 1
    typed = pl.Series("typed", _TYPED[0] + stream.below("typed", n, _TYPED[1] - _TYPED[0]))
    frame = pl.DataFrame({"search": search, "prefix": prefix}).with_columns(typed)
    return frame.select(
        "search",
        match=pl.when("prefix").then(pl.lit("prefix")).otherwise(pl.lit("exact")),
        typed=pl.when("prefix").then("typed").otherwise(None),
    )
