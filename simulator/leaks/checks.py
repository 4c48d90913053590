"""The checks of the gate: each measures one way in which a log can give its misuse away."""

from collections.abc import Callable, Iterator

import numpy as np
import polars as pl

from simulator import schema, storage
from simulator.access.log.events import LOG_BITS
from simulator.dataset import Dataset
from simulator.labels import AnswerKey
from simulator.leaks.columns import ARTEFACTS, LOG_ONLY, Events, ranked
from simulator.leaks.joint import joint
from simulator.leaks.lift import area, binned, clustered, lift, precision_by_level
from simulator.leaks.report import FEWEST_EPISODES, LARGEST_LIFT, Finding

FEWEST_LAWFUL = 0.002
"""Share of lawful events below which a bin is joined to the rest: nobody searches bins that hold almost nothing."""
_CODES = r"(?i)\b[CMEL]\d{2}(-\d{3,5})?\b|misuse|episode|canary|不正"
_FOLDS, _DEPTH = 3, 3
_RIDGE = 10.0
_FLIPS = 100  # ways of exchanging misuse and twins that chance is measured by
BEST_RULE = 0.5


def single_columns(events: Events) -> Iterator[Finding]:
    """Every artefact column, bin by bin: how much more misuse than lawful work of the same actions falls on it.

    Beside bins of about equal weight the one value that misuse has most often is a bin of its own.
    """
    bad, weights = events.bad, _action_weights(events)
    plans = {name: list(_bins(_values(events, name), bad)) for name in ARTEFACTS}
    tests = sum(len(bins) for bins in plans.values())
    for name, bins in plans.items():
        found = [_bin(events, name, inside, weights, tests) for inside in bins]
        yield max(found, key=lambda finding: (finding.leaks, finding.low, finding.value))


def _bins(values: np.ndarray, bad: np.ndarray) -> Iterator[np.ndarray]:
    place = binned(values, values[~bad])
    yield from (place == number for number in np.unique(place[bad]))
    often, count = np.unique(values[bad], return_counts=True)
    yield values == often[count.argmax()]


def _bin(events: Events, name: str, inside: np.ndarray, weights: np.ndarray, tests: int) -> Finding:
    bad = events.bad
    lawful = max(float((inside[~bad] * weights).sum()), FEWEST_LAWFUL)
    share, error, units, counting = clustered(inside[bad], _units(events, name)[bad])
    if units < FEWEST_EPISODES:
        return _blind("single column", name)
    found = lift(share, lawful, error, counting - 1, tests)
    low, high = _values(events, name)[inside].min(), _values(events, name)[inside].max()
    return Finding(
        check="single column",
        what=f"{name} {low:g}–{high:g}",
        value=found.value,
        low=found.low,
        high=found.high,
        leaks=found.low > LARGEST_LIFT,
        power=LARGEST_LIFT + found.half,
    )


def _units(events: Events, name: str) -> np.ndarray:
    """What is drawn as one where column `name` is judged: the episode; of a pseudonym's byte whoever bears it.

    One person may act in several episodes, or be looked at in them, always under one pseudonym.
    """
    return _values(events, name) if "pseudonym" in name else events.episode


def small_tree(events: Events) -> Iterator[Finding]:
    """A tree of depth 3 on the artefacts alone: its average precision on episodes that it has not seen."""
    yield _tree(events, "artefacts", lambda: np.column_stack([_values(events, name) for name in ARTEFACTS]))


def log_tree(events: Events) -> Iterator[Finding]:
    """A tree of depth 3 on the log's own columns, told and not judged: archetypes name signals among them."""
    found = _tree(events, "columns of the log", lambda: _log_columns(events))
    yield Finding(
        check=found.check, what=found.what, value=found.value, low=found.low, high=found.high, leaks=False,
        power=found.power,
    )  # fmt: skip


def _log_columns(events: Events) -> np.ndarray:
    """Each column of the log as the rank of its values' texts, 0 for null."""
    ranks = [ranked(events.frame[name]).fill_null(0).to_numpy() for name in LOG_ONLY]
    return np.column_stack(ranks).astype(float)


def _tree(events: Events, what: str, read: Callable[[], np.ndarray]) -> Finding:
    if _too_few(events):
        return _blind("small tree", what)
    columns = read().astype(np.float32)  # as the tree keeps them
    from sklearn.tree import DecisionTreeClassifier  # noqa: PLC0415 - takes a second to import

    bad = events.bad
    group = np.where(bad, events.episode, -1 - _actor_days(events))
    fold = np.abs(group) % _FOLDS
    score = np.zeros(len(bad))
    for k in range(_FOLDS):
        held = fold == k
        if bad[~held].any():
            tree = DecisionTreeClassifier(max_depth=_DEPTH, min_samples_leaf=20, random_state=0)
            tree.fit(columns[~held], bad[~held])
            score[held] = tree.predict_proba(columns[held])[:, 1]
    _, level = np.unique(score, return_inverse=True)  # a few leaves
    found = precision_by_level(level, bad, group, rounds=60)
    base = float(bad.mean())
    low, high = found.low / base, found.high / base
    return Finding(
        check="small tree", what=what, value=found.value / base, low=low, high=high, leaks=low > LARGEST_LIFT,
        power=LARGEST_LIFT + (high - low) / 2,
    )  # fmt: skip


def twins(events: Events) -> Iterator[Finding]:
    """Misuse beside its matched lawful twins: whether what some episodes teach of the artefacts tells others apart.

    An area below one half is no leak: what was learnt from some episodes then misleads about the others.
    """
    if _too_few(events):
        yield _blind("twins", "pairs by artefacts")
        return
    paired = np.isin(events.frame["event_id"].to_numpy(), events.twin_of[events.twin_of >= 0])
    rows = np.flatnonzero(paired | (events.twin_of >= 0))
    bad = events.bad[rows]
    pair = np.where(bad, events.frame["event_id"].to_numpy()[rows], events.twin_of[rows])
    of_pair = dict(zip(pair[bad].tolist(), events.episode[rows][bad].tolist(), strict=True))
    group = np.array([of_pair[number] for number in pair.tolist()])
    columns = _standard(np.column_stack([_values(events, name)[rows] for name in ARTEFACTS]))

    def told_apart(which: np.ndarray) -> float:
        score = np.zeros(len(rows))
        for k in range(_FOLDS):
            held = group % _FOLDS == k
            if held.any() and len(set(which[~held])) == 2:  # noqa: PLR2004 - both sides
                score[held] = columns[held] @ _discriminant(columns[~held], which[~held])
        return area(score, which)

    value, reach = told_apart(bad), _by_chance(told_apart, bad, group)
    yield Finding(
        check="twins", what=f"{int(bad.sum())} pairs by artefacts", value=value, low=value - reach, high=value + reach,
        leaks=value - 0.5 > max(reach, 0.04), power=0.5 + reach,
    )  # fmt: skip


def _standard(columns: np.ndarray) -> np.ndarray:
    """Columns with mean 0 and variance 1, and one of ones."""
    spread = columns.std(axis=0)
    scaled = (columns - columns.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return np.column_stack([scaled, np.ones(len(columns))])


def _discriminant(columns: np.ndarray, which: np.ndarray) -> np.ndarray:
    """The weights of the linear discriminant, by least squares with a small ridge; a thousand times are quick."""
    square = columns.T @ columns + _RIDGE * np.eye(columns.shape[1])
    return np.asarray(np.linalg.solve(square, columns.T @ np.where(which, 1.0, -1.0)))


def _by_chance(measure: Callable[[np.ndarray], float], bad: np.ndarray, group: np.ndarray) -> float:
    """How far from one half `measure` lies in 99 of 100 cases if misuse and twins change places, episode by episode.

    Learning from some of a few episodes and trying on others gives areas far from one half even then; intervals of
    resampled scores do not know that.
    """
    names, place = np.unique(group, return_inverse=True)
    words = np.random.Philox(key=19).random_raw(_FLIPS * len(names)).reshape(_FLIPS, len(names))
    flips = (words >> np.uint64(63)).astype(bool)
    return float(np.quantile([abs(measure(bad ^ flip[place]) - 0.5) for flip in flips], 0.99))


def order(events: Events) -> Iterator[Finding]:
    """Numbers follow time in each log, and misuse is no more often at its neighbour's instant than lawful work."""
    numbered = events.frame.sort("event_id")
    later = pl.col("at").diff().over(pl.col("event_id") // (1 << LOG_BITS)).dt.total_milliseconds()
    backwards = int(numbered.select((later < 0).sum()).item())
    yield Finding(
        check="order", what="events numbered against time", value=backwards, low=backwards, high=backwards,
        leaks=backwards > 0, power=1,
    )  # fmt: skip


def label_function(events: Events) -> Iterator[Finding]:
    """No one value of a column is mostly misuse and holds most of it.

    Bytes of pseudonyms stand for persons here: a few victims in a small town share theirs with nobody.
    """
    if _too_few(events):
        yield _blind("label function", "values of every column")
        return
    bad = events.bad
    for name in (*LOG_ONLY, *(name for name in ARTEFACTS if "pseudonym" not in name)):
        held = pl.DataFrame({"value": events.frame[name], "bad": bad}).group_by("value").agg(pl.len(), pl.sum("bad"))
        hit, size = held["bad"].to_numpy(), held["len"].to_numpy()
        best = float(np.minimum(hit / size, hit / bad.sum()).max())
        yield Finding(
            check="label function", what=name, value=best, low=best, high=best, leaks=best > BEST_RULE,
            power=BEST_RULE,
        )  # fmt: skip


def truth_apart(dataset: Dataset, key: AnswerKey) -> Iterator[Finding]:
    """Nothing but event_id joins run and truth, and no text of the run names an archetype or an episode."""
    run = {n for folder in ("auditor", "audit", "registry") for t in schema.FOLDERS[folder] for n in t.names}
    shared = sorted((run & {c.name for t in schema.TRUTH_TABLES for c in t}) - {"event_id"})
    yield _count("truth apart", "columns shared with the truth", len(shared))
    named = key.episodes["episode_id"]
    others = named.filter(~named.str.contains(_CODES))
    telling = pl.element().str.contains(_CODES) | pl.element().is_in(others.implode())
    for table in (*schema.AUDIT_TABLES, *schema.AUDITOR_TABLES):
        if texts := [column.name for column in table if column.dtype == pl.String]:
            distinct = pl.col(texts).unique().drop_nulls().implode()
            asked = distinct.list.eval(pl.element().filter(telling))
            found = pl.concat(storage.read_parquet(file, texts).select(asked) for file in dataset.files(table.name))
            for name in texts:
                yield _count("truth apart", f"{table.name}.{name}", found[name].explode().drop_nulls().n_unique())


def _too_few(events: Events) -> bool:
    """Whether there are too few episodes to learn from some and be tried on others."""
    return len(set(events.episode[events.bad].tolist())) < FEWEST_EPISODES


def _blind(check: str, what: str) -> Finding:
    """What is said where too few episodes are there: nothing was seen, and nothing could be."""
    nothing = float("inf")
    return Finding(
        check=check, what=f"{what}: fewer than {FEWEST_EPISODES} episodes", value=1.0, low=0.0, high=nothing,
        leaks=False, power=nothing,
    )  # fmt: skip


def _count(check: str, what: str, count: int) -> Finding:
    return Finding(check=check, what=what, value=count, low=count, high=count, leaks=count > 0, power=1)


def _values(events: Events, name: str) -> np.ndarray:
    return events.frame[name].to_numpy()


def _action_weights(events: Events) -> np.ndarray:
    """Weights of the lawful events such that their actions are as frequent as those of misuse; they sum to 1."""
    action, bad = events.frame["action"].to_physical().to_numpy(), events.bad
    wanted = np.bincount(action[bad], minlength=action.max() + 1) / bad.sum()
    there = np.bincount(action[~bad], minlength=action.max() + 1)
    weights = wanted / np.maximum(1, there)
    return np.asarray(weights[action[~bad]])


def _actor_days(events: Events) -> np.ndarray:
    days = events.frame.select(pl.struct("actor", pl.col("at").dt.date()).rank("dense"))
    return np.asarray(days.to_series().to_numpy().astype(np.int64))


ON_EVENTS: tuple[Callable[[Events], Iterator[Finding]], ...] = (
    single_columns, small_tree, log_tree, twins, joint, order, label_function,
)  # fmt: skip
