"""Making a run: part by part, then joined, checked, sealed and named."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import filelock

from simulator.dataset import Dataset
from simulator.errors import ExistsError, SimulatorError, StoppedError, StorageError, UsageError
from simulator.generation import engines
from simulator.generation.folders import Draft, RunFolders
from simulator.generation.joining import join
from simulator.generation.order import Order
from simulator.generation.part import PART_STAGES, Receipt, Task, find
from simulator.generation.progress import CLOSING_STAGES, Meter, Progress, nothing, weight
from simulator.scenario import Scenario
from simulator.world.numbers import accept


def stages(spec_: Scenario) -> int:
    """How many stages `generate` reports for the scenario, which has one municipality."""
    return len(spec_.municipalities) * len(PART_STAGES) + len(CLOSING_STAGES)


def generate(order: Order, out: Path, progress: Progress = nothing, *, fresh: bool = False) -> Dataset:
    """Make the run that `order` asks for at `out`, with ``out.truth`` and ``out.keys`` beside it.

    What an earlier call for the same order had finished is kept, and not made again.

    Args:
        order: what to make.
        out: the public half.
        progress: told at the start of each stage.
        fresh: drop what an earlier call left.

    Raises:
        ExistsError: one of the three folders is already there, another process is making it, or an unfinished run of
            another order lies there.
        StorageError: the disk would not take it.
        StoppedError: somebody stopped it when municipalities were finished already.
        CheckError: the run does not hold what its scenario promises.
        UsageError: the scenario asks for valid check digits and collisions are not understood.
    """
    accept(order.scenario.population.check_digits, understood=order.collisions_understood)
    folders = RunFolders(Path(out).absolute())
    folders.check_free()
    with _held(folders), _kept(folders, order):
        if fresh:
            folders.draft.clear()
        _make(order, folders, progress)
    return Dataset.open(folders.run)


def _make(order: Order, folders: RunFolders, progress: Progress) -> None:
    draft, meter = folders.draft, Meter.of(progress, order.scenario, order.codes)
    order = replace(order, seed=draft.begin(order))
    if not draft.whole.is_file():
        draft.sweep()
        draft.ring(order)
        join(order, draft, _parts(order, draft, meter), meter)
    folders.hand_over()


def _parts(order: Order, draft: Draft, meter: Meter) -> list[Receipt]:
    """The receipts of all parts, in the order of the scenario; those that are missing are made, the largest first."""
    receipts = {code: found for code in order.codes if (found := find(draft.parts, code))}
    for code in receipts:
        meter.finished(code)
    missing = [code for code in order.codes if code not in receipts]
    missing.sort(key=lambda code: -weight(order.scenario, code))
    tasks = [Task(scenario=order.scenario, seed=order.seed, code=code) for code in missing]
    for receipt in engines.locally(draft, tasks, order.jobs, meter):
        receipts[receipt.head.municipality] = receipt
        meter.finished(receipt.head.municipality)
    return [receipts[code] for code in order.codes]


@contextlib.contextmanager
def _held(folders: RunFolders) -> Iterator[None]:
    """Be the one process that makes this run."""
    lock = folders.draft.lock
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(lock, timeout=0):
            try:
                yield
            finally:
                lock.unlink(missing_ok=True)
    except filelock.Timeout as error:
        msg = f"another process is making {folders.run}"
        raise ExistsError(msg) from error
    except OSError as error:
        msg = f"{folders.run} could not be made: {error}"
        raise StorageError(msg) from error


@contextlib.contextmanager
def _kept(folders: RunFolders, order: Order) -> Iterator[None]:
    """Say what is kept of a run that stops here; drop what is of no use to a later call."""
    draft = folders.draft
    try:
        yield
    except (KeyboardInterrupt, StorageError, OSError) as error:
        if not draft.finished:
            draft.clear()
            raise
        words = "stopped" if isinstance(error, KeyboardInterrupt) else f"{folders.run} could not be made: {error}"
        kept = f"{draft.finished:,} of {len(order.codes):,} municipalities are finished and kept in {draft.path}"
        failure = StoppedError if isinstance(error, KeyboardInterrupt) else StorageError
        msg = f"{words}; {kept}: the same command goes on from there"
        raise failure(msg) from error
    except ExistsError:
        raise
    except (UsageError, SimulatorError):
        draft.clear()
        raise
