"""Making a run: part by part, then joined, checked, sealed and named."""

import contextlib
import importlib.util
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from simulator import storage
from simulator.dataset import Dataset, Manifest
from simulator.errors import CheckError, ExistsError, MissingError, SimulatorError, StoppedError, StorageError
from simulator.generation.engines import Local
from simulator.generation.folders import Draft, RunFolders, is_store
from simulator.generation.joining import join
from simulator.generation.order import Order
from simulator.generation.part import PART_STAGES, Receipt, find
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
    with storage.alone(folders.run, folders.draft.lock), _kept(folders, order):
        if fresh:
            folders.draft.clear()
        _make(order, folders, progress)
    return Dataset.open(folders.run)


def generate_at(order: Order, out: str, progress: Progress = nothing, *, fresh: bool = False) -> Manifest:
    """Make the run in the folder or object store that `out` names; what the finished run is.

    Raises:
        MissingError: the extra cluster is not installed, without which no object store is reached.
        ExistsError, StorageError, StoppedError, CheckError, UsageError: as `generate`.
    """
    if not is_store(out):
        return generate(order, Path(out), progress, fresh=fresh).manifest
    if importlib.util.find_spec("fsspec") is None:
        raise MissingError("an object store needs the extra cluster: pip install 'jukisim[cluster]'")
    from simulator.generation.store import generate_into  # noqa: PLC0415 - optional

    return generate_into(order, out, progress, fresh=fresh)


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
    for receipt in _engine(order)(draft, missing, meter):
        receipts[receipt.head.municipality] = receipt
        meter.finished(receipt.head.municipality)
    return [receipts[code] for code in order.codes]


def _engine(order: Order) -> Callable[[Draft, Sequence[str], Meter], Iterator[Receipt]]:
    """Who makes parts."""
    if order.scheduler is None:
        return Local(order.jobs)
    if importlib.util.find_spec("distributed") is None:
        raise MissingError("a cluster needs the extra cluster: pip install 'jukisim[cluster]'")
    from simulator.generation.cluster import Cluster  # noqa: PLC0415 - optional

    return Cluster(order.scheduler)


@contextlib.contextmanager
def _kept(folders: RunFolders, order: Order) -> Iterator[None]:
    """Say what is kept of a run that stops here; drop what is of no use to a later call."""
    draft = folders.draft
    try:
        yield
    except (KeyboardInterrupt, StorageError, OSError) as error:
        if not draft.finished:
            draft.clear()
            if isinstance(error, OSError):
                msg = f"{folders.run} could not be made: {error}"
                raise StorageError(msg) from error
            raise
        words = "stopped" if isinstance(error, KeyboardInterrupt) else f"{folders.run} could not be made: {error}"
        kept = f"{draft.finished:,} of {len(order.codes):,} municipalities are finished and kept in {draft.path}"
        failure = StoppedError if isinstance(error, KeyboardInterrupt) else StorageError
        msg = f"{words}; {kept}: the same command goes on from there"
        raise failure(msg) from error
    except ExistsError:
        raise
    except SimulatorError as error:
        if isinstance(error, CheckError) or not draft.finished:
            draft.clear()
        raise
