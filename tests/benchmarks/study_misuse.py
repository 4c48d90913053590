"""How hard misuse is to find, over seeds: the difficulty curve, the twins, the gate; each seed kept, so it can go on.

    python tests/benchmarks/study_misuse.py curve --seeds 12 --work FOLDER     dense edition, five levels of stealth
    python tests/benchmarks/study_misuse.py pool --work FOLDER                 twins and supervised bound
    python tests/benchmarks/study_misuse.py natural --seeds 12                 `city` as it is shipped
    python tests/benchmarks/study_misuse.py canary --seeds 12                  who finds its canary: every baseline
    python tests/benchmarks/study_misuse.py table                              what the stored rows come to

Rows go to ``fixtures/scores/misuse/``; a seed that is there is not made again; ``--minutes`` ends after that time.
Levels of one seed share people, office and lawful work, so differences between levels are paired. ``boosting``, the
supervised bound, learns from the other seeds of its level.
"""

import argparse
import csv
import dataclasses
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from scipy.stats import binom
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from simulator import bench, detect, scenario, scoring
from simulator.bench.running import TRAINING_SEED, made_of
from simulator.dataset import Dataset
from simulator.detect.baselines.boosting import Boosting, taught
from simulator.detect.features import features
from simulator.errors import CheckError
from simulator.generation import Order, RunFolders, generate
from simulator.labels import AnswerKey
from simulator.leaks.columns import ARTEFACTS, read
from simulator.leaks.lift import area, precision, resampled
from simulator.pseudonym import PseudonymKey
from simulator.scenario import Scenario

STORE = Path(__file__).parents[2] / "fixtures" / "scores" / "misuse"
LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0)
UNSUPERVISED = ("rules", "has_reason", "peers")
TRIPWIRES = ("chance", "surname", "hour", "volume")
RESIDENTS, STAFF, DAYS = 8_000, 150, 90
"""The town of the curve: small, since it is made sixty times; its editions and rates are those of the dense city."""
TOWNS = 6
"""Dense towns that boosting learns from before it is shown a city; from one town it has learnt that town."""
FIRST_HUNDREDTH, LUCK = 0.01, 0.05
"""A canary is found if more of its events are among the first hundredth than luck puts there in 95 of 100 logs."""
CURVE = ("level", "seed", "detector", "events", "misuse", "episodes", "average_precision", "prevalence", "recall_20")
KINDS = ("level", "seed", "detector", "archetype", "actors", "found")
AREAS = ("level", "seed", "detector", "episode", "events", "area")
RUNS = ("level", "seed", "events", "misuse", "episodes", "allowed", "twins", "unmatched", "gate", "canary_missed_by")
TABLES = {"curve": CURVE, "kinds": KINDS, "areas": AREAS, "runs": RUNS}
CANARY = ("seed", "detector", "events", "canary", "first")
NATURAL = (*UNSUPERVISED, "collaborative", "audit_game", "standard", *TRIPWIRES)
Row = dict[str, Any]


def curve_scenario(level: float) -> Scenario:
    """The dense edition in a small town, every misuse at one level of stealth."""
    city = scenario.load("city-dense")
    own = {"stealth": level}
    tables = {name: values | (own if name.startswith("M") else {}) for name, values in city.misuse.items()}
    people = dataclasses.replace(city.population, residents=RESIDENTS)
    office = dataclasses.replace(city.office, staff=STAFF)
    return dataclasses.replace(city, name="curve", days=DAYS, misuse=tables, population=people, office=office)


def measure(chosen: Scenario, at: Row, work: Path | None, names: tuple[str, ...]) -> dict[str, list[Row]]:
    """The rows of the run of the level and seed `at`: made, measured, thrown away; `work` keeps features and twins."""
    with tempfile.TemporaryDirectory(prefix="jukisim-study-") as folder:
        folders = RunFolders(Path(folder) / "run")
        try:
            made = generate(Order(scenario=chosen, seed=at["seed"], key=PseudonymKey.insecure()), folders.run)
        except CheckError as error:
            empty = dict.fromkeys(RUNS, "") | at | {"gate": str(error)[:120]}
            return {"curve": [], "kinds": [], "areas": [], "runs": [empty]}
        return measured(made, AnswerKey.open(folders.truth), at, work, names)


def measured(made: Dataset, key: AnswerKey, at: Row, work: Path | None, names: tuple[str, ...]) -> dict[str, list[Row]]:
    """`measure` of a run that is there."""
    canary, view = key.labels.filter(pl.col("archetype") == "C01")["event_id"], detect.Auditor(made)
    curve, kinds, areas, missed = [], [], [], []
    for name in names:
        scores = detect.run(view, name)
        card = scoring.score(made, key, scores, name)
        curve.append(at | _figures(card, name))
        told = ({"archetype": a.archetype, "actors": a.actors, "found": a.found} for a in card.archetypes)
        kinds += [at | {"detector": name} | line for line in told]
        if name in TRIPWIRES:
            areas += [at | {"detector": name} | line for line in above_lawful(scores, key)]
        elif len(canary) and not found(scores, canary):
            missed.append(name)
    if work is not None:
        _keep(made, key, at, work)
    told = key.labels.filter("misuse")
    decisions = made.scan("event").select("event_id", "decision").join(told.select("event_id").lazy(), on="event_id")
    allowed = decisions.select(pl.col("decision").cast(pl.String).is_in(["allow", "mask"]).mean()).collect().item()
    twins = key.labels["twin_of"].drop_nulls().n_unique()
    run = at | {"events": made.manifest.rows["event"], "misuse": told.height, "allowed": round(allowed or 0, 4),
                "episodes": told["episode_id"].n_unique(), "twins": twins, "unmatched": told.height - twins,
                "gate": "holds", "canary_missed_by": "+".join(missed)}  # fmt: skip
    return {"curve": curve, "kinds": kinds, "areas": areas, "runs": [run]}


def _figures(card: scoring.Scorecard, name: str) -> Row:
    return {
        "detector": name, "events": card.events, "misuse": card.misuse, "episodes": card.episodes,
        "average_precision": round(card.average_precision, 5), "prevalence": round(card.prevalence, 6),
        "recall_20": round(card.budgets[1].recall.value, 4),
    }  # fmt: skip


def found(scores: pl.DataFrame, wanted: pl.Series) -> bool:
    """Whether `scores` rank the events `wanted` among the first hundredth more often than luck does."""
    return beyond_luck(first(scores, wanted), len(wanted))


def first(scores: pl.DataFrame, wanted: pl.Series) -> int:
    """How many of the events `wanted` are among the first hundredth."""
    ranked = scores.with_columns(rank=pl.col("score").rank("average", descending=True))
    own = ranked.filter(pl.col("event_id").is_in(wanted.implode()))["rank"]
    return int((own <= FIRST_HUNDREDTH * scores.height).sum())


def beyond_luck(count: int, of: int) -> bool:
    """Whether that `count` or more of so many are among the first hundredth has a chance below `LUCK`."""
    return bool(binom.sf(count - 1, of, FIRST_HUNDREDTH) < LUCK)


def watch_canary(seeds: int, minutes: float) -> None:
    """Who finds the canary of `city`: every baseline but the tripwires, on each seed, where that is not stored yet."""
    until, path = time.monotonic() + 60 * minutes, STORE / "natural_canary.csv"
    done = set(stored("natural_canary").select("seed", "detector").iter_rows()) if path.exists() else set()
    names = [name for name in detect.names() if name not in TRIPWIRES]
    lacking = {seed: [name for name in names if (seed, name) not in done] for seed in range(1, seeds + 1)}
    detectors = {name: prepared(name) for name in names if any(name in each for each in lacking.values())}
    for seed, wanted in lacking.items():
        if wanted and time.monotonic() < until:
            append("natural_canary", CANARY, _watched(seed, {name: detectors[name] for name in wanted}))


def _watched(seed: int, detectors: dict[str, detect.Detector]) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="jukisim-study-") as folder:
        return watched(*made_of("city", seed, Path(folder)), seed, detectors)


def watched(made: Dataset, key: AnswerKey, seed: int, detectors: dict[str, detect.Detector]) -> list[Row]:
    """The rows of `CANARY` of one run."""
    canary, view, rows = key.labels.filter(pl.col("archetype") == "C01")["event_id"], detect.Auditor(made), []
    for name, detector in detectors.items():
        scores = detect.run_detector(view, detector, name)
        rows.append({"seed": seed, "detector": name, "events": scores.height, "canary": len(canary),
                     "first": first(scores, canary)})  # fmt: skip
        print(rows[-1], f"{time.process_time():.0f} s", flush=True)  # noqa: T201
    return rows


def prepared(name: str) -> detect.Detector:
    """The detector `name`; boosting has learnt from `TOWNS` dense towns, where the canary, being grey, has no label."""
    detector = detect.make(name)
    if isinstance(detector, Boosting):
        values, truth = zip(*(_lesson(TRAINING_SEED + number) for number in range(TOWNS)), strict=True)
        detector.fit(np.concatenate(values), np.concatenate(truth))
    return detector


def _lesson(seed: int) -> tuple[np.ndarray, np.ndarray]:
    with tempfile.TemporaryDirectory(prefix="jukisim-study-") as folder:
        made, key = made_of("town-dense", seed, Path(folder))
        return taught(made, labelled(made, key))


def labelled(made: Dataset, key: AnswerKey) -> pl.DataFrame:
    """``event_id`` and ``misuse`` of every event but the grey ones, which nobody is taught."""
    told = made.table("event").select("event_id").join(key.labels, on="event_id", how="left")
    flags = told.select("event_id", pl.col("misuse", "grey").fill_null(value=False))
    return flags.filter(~pl.col("grey")).drop("grey")


def above_lawful(scores: pl.DataFrame, key: AnswerKey) -> list[Row]:
    """Each episode of misuse: the mean share of lawful events that score below one of its events, ties for half."""
    told = scores.join(key.labels.select("event_id", "misuse", "grey", "episode_id"), on="event_id", how="left")
    judged = told.filter(~pl.col("grey").fill_null(value=False)).with_columns(rank=pl.col("score").rank("average"))
    bad = judged.filter("misuse")
    below = (pl.col("rank") - pl.col("score").rank("average")) / max(judged.height - bad.height, 1)
    episodes = bad.with_columns(area=below).group_by(episode="episode_id").agg(pl.len(), pl.col("area").mean().round(4))
    return episodes.rename({"len": "events"}).sort("episode").to_dicts()


def _keep(made: Dataset, key: AnswerKey, at: Row, work: Path) -> None:
    """What is pooled over seeds: features of every judged event, and the twins with all that a log shows of them."""
    found = features(made)
    frame = pl.DataFrame(found.values.astype(np.float32), schema=list(found.names))
    frame = frame.with_columns(event_id=found.event_id)
    labels = key.labels.select("event_id", "misuse", "grey", "episode_id")
    judged = frame.join(labels, on="event_id", how="left").filter(~pl.col("grey").fill_null(value=False))
    name = f"{at['level']}-{at['seed']}.parquet"
    judged.with_columns(pl.col("misuse").fill_null(value=False)).drop("grey").write_parquet(work / f"features-{name}")
    twins_of(made, key).with_columns(level=at["level"], seed=at["seed"]).write_parquet(work / f"twins-{name}")


def twins_of(made: Dataset, key: AnswerKey) -> pl.DataFrame:
    """Misuse and its twins, one row each: pair, episode, misuse, artefacts, other columns of the log, and history."""
    seen = read(made, key)
    pairs = key.labels.filter(pl.col("twin_of").is_not_null()).select("event_id", "twin_of")
    matched = pairs.select(event_id="twin_of").unique()
    bad = key.labels.filter("misuse").select("event_id", "episode_id").join(matched, on="event_id", how="semi")
    columns = ("event_id", "pair", "misuse")
    wrong = bad.with_columns(pair="event_id", misuse=pl.lit(1)).select(columns)
    of = pl.concat([wrong, pairs.with_columns(pair="twin_of", misuse=pl.lit(0)).select(columns)])
    whose = bad.select(pair="event_id", episode="episode_id")
    others = pl.struct("office", "auth_method", "fields").rank("dense").cast(pl.Float64)
    log = made.scan("event").sort("event_id").select(
        "event_id", others=others, rows_returned=pl.col("rows_returned").cast(pl.Float64),
        hits=pl.col("hits").cast(pl.Float64).fill_null(-1),
        terminal=pl.col("terminal").rank("dense").cast(pl.Float64),
        seen_before=pl.int_range(pl.len()).over("resident").cast(pl.Float64) * pl.col("resident").is_not_null(),
        worked_before=pl.int_range(pl.len()).over("actor").cast(pl.Float64),
    ).collect()  # fmt: skip
    frame = seen.frame.select("event_id", *ARTEFACTS)
    return of.join(whose, on="pair").join(frame, on="event_id").join(log, on="event_id").sort("pair", "misuse")


def pooled(work: Path) -> list[Row]:
    """Twins of all runs in `work` together: how well the rest of the log and history tell misuse from its twin.

    The first row is of every column, learnt from four fifths of the seeds. The second is the sharper question: each
    seed learns from all others, and bytes of pseudonyms, of which another seed knows nothing, stay out.
    """
    frame = pl.concat(pl.read_parquet(file) for file in sorted(work.glob("twins-*.parquet")))
    names = [name for name in frame.columns if name not in ("event_id", "pair", "misuse", "episode", "level", "seed")]
    sharper = [name for name in names if "pseudonym" not in name]
    return [_told_apart(frame, names, 5), _told_apart(frame, sharper, frame["seed"].n_unique())]


def _told_apart(frame: pl.DataFrame, names: list[str], folds: int) -> Row:
    values = frame.select(pl.col(name).fill_null(-1.0) for name in names).to_numpy().astype(np.float32)
    bad = frame["misuse"].to_numpy() == 1
    episode = frame.select(pl.struct("level", "seed", "episode").rank("dense") - 1).to_series().to_numpy()
    score = np.zeros(len(bad))
    for fold in range(folds):
        held = frame["seed"].to_numpy() % folds == fold
        if held.any() and (~held).any():
            model = HistGradientBoostingClassifier(random_state=0, max_iter=60, early_stopping=False)
            score[held] = model.fit(values[~held], bad[~held]).decision_function(values[held])
    found = resampled(score, bad, episode, area)
    episodes = len(set(episode.tolist()))
    return {"pairs": int(bad.sum()), "episodes": episodes, "columns": len(names), "folds": folds,
            "auc": round(found.value, 4), "low": round(found.low, 4), "high": round(found.high, 4)}  # fmt: skip


def supervised(work: Path) -> list[Row]:
    """The supervised upper bound: what boosting finds on each run, having learnt from the other seeds of its level."""
    rows = []
    for level in LEVELS:
        files = {int(f.stem.rsplit("-", 1)[1]): f for f in sorted(work.glob(f"features-{level}-*.parquet"))}
        frames = {seed: pl.read_parquet(file) for seed, file in files.items()}
        for seed, own in frames.items() if len(frames) > 1 else ():
            others = pl.concat(_thinned(frame) for number, frame in frames.items() if number != seed)
            names = [name for name in own.columns if name not in ("event_id", "misuse", "episode_id")]
            model = HistGradientBoostingClassifier(random_state=0, min_samples_leaf=20, early_stopping=False)
            model.fit(others.select(names).to_numpy(), others["misuse"].to_numpy())
            chance = model.predict_proba(own.select(names).to_numpy())[:, 1]
            truth = own["misuse"].to_numpy()
            rows.append({"level": level, "seed": seed, "detector": "boosting", "events": own.height,
                         "misuse": int(truth.sum()), "episodes": own.filter("misuse")["episode_id"].n_unique(),
                         "average_precision": round(precision(chance, truth), 5),
                         "prevalence": round(float(truth.mean()), 6), "recall_20": ""})  # fmt: skip
    return rows


def _thinned(frame: pl.DataFrame) -> pl.DataFrame:
    """All misuse and every sixth lawful event."""
    return frame.filter(pl.col("misuse") | (pl.col("event_id") % 6 == 0))


def curve_table() -> list[Row]:
    """Means over seeds by level and detector, with 95 % intervals of the mean over seeds; the best first."""
    bound = stored("supervised") if (STORE / "supervised.csv").exists() else stored("curve").clear()
    return _means(pl.concat([stored("curve"), bound.select(stored("curve").columns)], how="vertical_relaxed"))


def _means(rows: pl.DataFrame) -> list[Row]:
    lines = []
    for (level, name), group in rows.group_by("level", "detector", maintain_order=True):
        values = group["average_precision"].to_list()
        low, high = bench.interval(values)
        lift = float((group["average_precision"] / group["prevalence"]).mean())
        lines.append({"level": level, "detector": name, "seeds": group.height, "episodes": int(group["episodes"].sum()),
                      "average_precision": round(float(np.mean(values)), 5), "low": round(low, 5),
                      "high": round(high, 5), "lift": round(lift, 1)})  # fmt: skip
    return sorted(lines, key=lambda line: (line["level"], -line["average_precision"]))


def natural_tables() -> list[pl.DataFrame]:
    """The natural city: means over seeds by detector, how episodes rank by each tripwire, and who finds canaries."""
    shown = ("detector", "seeds", "episodes", "average_precision", "low", "high", "lift")
    areas = stored("natural_areas").group_by("detector", maintain_order=True).agg(
        episodes=pl.len(), area=pl.col("area").mean().round(3), error=(pl.col("area").std() / pl.len().sqrt()).round(3)
    )  # fmt: skip
    canary = stored("natural_canary").group_by("detector", maintain_order=True).agg(
        seeds=pl.len(), canary=pl.col("canary").sum(), first=pl.col("first").sum(), worst=pl.col("first").min()
    )  # fmt: skip
    return [pl.DataFrame(_means(stored("natural_curve"))).select(shown), areas, canary]


def kinds_table() -> pl.DataFrame:
    """Archetype × stealth × detector: actors, and the share found at twenty reviews a day, over all seeds."""
    rows = stored("kinds").group_by("archetype", "level", "detector").agg(pl.col("actors").sum(), pl.col("found").sum())
    return rows.with_columns(recall=(pl.col("found") / pl.col("actors")).round(2)).sort(
        "archetype", "level", "detector"
    )


def append(name: str, columns: tuple[str, ...], rows: list[Row]) -> None:
    """Add `rows` to the stored table `name`."""
    STORE.mkdir(parents=True, exist_ok=True)
    path = STORE / f"{name}.csv"
    new = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerows(rows)


def stored(name: str) -> pl.DataFrame:
    """The stored table `name`."""
    return pl.read_csv(STORE / f"{name}.csv", infer_schema_length=None)


def missing(prefix: str, levels: tuple[float, ...], seeds: int) -> Iterator[tuple[float, int]]:
    """What is not stored yet, seed by seed."""
    path = STORE / f"{prefix}runs.csv"
    done = set(stored(f"{prefix}runs").select("level", "seed").iter_rows()) if path.exists() else set()
    yield from ((level, seed) for seed in range(1, seeds + 1) for level in levels if (level, seed) not in done)


def make_missing(what: str, seeds: int, work: Path | None, minutes: float) -> None:
    """Make and measure what is not stored yet, for so many minutes and the run that is under way then."""
    until = time.monotonic() + 60 * minutes
    prefix, levels = ("", LEVELS) if what == "curve" else ("natural_", (-1.0,))
    names = UNSUPERVISED if what == "curve" else NATURAL
    for level, seed in missing(prefix, levels, seeds):
        if time.monotonic() > until:
            return
        began = time.process_time()
        chosen = curve_scenario(level) if what == "curve" else scenario.load("city")
        rows = measure(chosen, {"level": level, "seed": seed}, work, names)
        for table, columns in TABLES.items():
            if rows[table]:
                append(f"{prefix}{table}", columns, rows[table])
        print(level, seed, f"{time.process_time() - began:.0f} s", rows["runs"][0], flush=True)  # noqa: T201


def main() -> None:
    """Measure what is asked for and not stored yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("curve", "pool", "natural", "canary", "table"))
    parser.add_argument("--seeds", type=int, default=12)
    parser.add_argument("--work", type=Path, default=None, help="folder in which features and twins are kept")
    parser.add_argument("--minutes", type=float, default=1e6, help="start no run after so many minutes")
    wish = parser.parse_args()
    if wish.work is not None:
        wish.work.mkdir(parents=True, exist_ok=True)
    if wish.what in ("curve", "natural"):
        make_missing(wish.what, wish.seeds, wish.work, wish.minutes)
    elif wish.what == "canary":
        watch_canary(wish.seeds, wish.minutes)
    elif wish.what == "pool":
        with threadpool_limits(1):  # two threads of learning wait for each other wherever the machine has other work
            pl.DataFrame(pooled(wish.work)).write_csv(STORE / "twins.csv")
            pl.DataFrame(supervised(wish.work)).write_csv(STORE / "supervised.csv")
    else:
        with pl.Config(tbl_rows=-1, tbl_hide_dataframe_shape=True):
            natural = natural_tables() if (STORE / "natural_runs.csv").exists() else []
            print(pl.DataFrame(curve_table()), kinds_table(), *natural)  # noqa: T201


if __name__ == "__main__":
    main()
