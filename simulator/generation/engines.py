"""Who makes the parts: this process, or several processes of this machine. The bytes are the same."""

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from simulator import leaks, memory
from simulator.errors import StorageError
from simulator.generation.folders import KEYRING, Draft
from simulator.generation.part import Receipt, Task, make_part
from simulator.generation.progress import Meter
from simulator.pseudonym import PseudonymKey
from simulator.pseudonym.keyring import Keyring

_THREADS = "POLARS_MAX_THREADS"
LOSSES = 3
"""How many times in a row workers may be lost without finishing anything before the run is given up."""


def first_key(folder: Path) -> PseudonymKey:
    """The key that the run's pseudonyms begin with, out of its folder of keys."""
    found = Keyring.load(folder / KEYRING)[1].key
    if found is None:
        msg = f"{folder / KEYRING} no longer holds the first key"
        raise StorageError(msg)
    return found


@dataclass(frozen=True, slots=True)
class Local:
    """This machine.

    Attributes:
        jobs: workers. A single part takes threads; several take processes, one part each.
    """

    jobs: int

    def __call__(self, draft: Draft, codes: Sequence[str], meter: Meter) -> Iterator[Receipt]:
        """Make the parts of the municipalities `codes`, in any order.

        Raises:
            StorageError: the disk would not take it, or workers are killed again and again.
        """
        if self.jobs > 1 and len(codes) > 1:
            yield from _in_processes(draft, codes, self.jobs)
        else:
            for code in codes:
                yield worker(code, draft.path, self.jobs, meter.stage(code))


def _in_processes(draft: Draft, codes: Sequence[str], jobs: int) -> Iterator[Receipt]:
    """Workers that are killed are replaced, and what they were making is made again."""
    waiting, losses = list(codes), 0
    while waiting:
        before = len(waiting)
        try:
            for receipt in _pool(draft, waiting, jobs):
                waiting.remove(receipt.head.municipality)
                yield receipt
        except BrokenProcessPool as error:
            losses = 1 if len(waiting) < before else losses + 1
            if losses == LOSSES:
                msg = f"workers were killed {LOSSES} times in a row: give fewer --jobs if memory is short"
                raise StorageError(msg) from error


def _pool(draft: Draft, codes: Sequence[str], jobs: int) -> Iterator[Receipt]:
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(jobs, len(codes)), mp_context=context, initializer=_begin)
    try:
        with _few_threads(jobs):  # what is submitted starts the processes
            made: list[Future[Receipt]] = [pool.submit(worker, code, draft.path) for code in codes]
        leaks.prepare()  # while the others work
        for each in as_completed(made):
            yield each.result()
    except BaseException:
        _stop(pool)
        raise
    finally:
        pool.shutdown(cancel_futures=True)


@contextlib.contextmanager
def _few_threads(jobs: int) -> Iterator[None]:
    """Processes that start meanwhile share the cores among `jobs`: polars takes as many threads as there are cores.

    Measured with two on two cores: threads that wait for one another took a tenth of the time.
    """
    before = os.environ.get(_THREADS)
    os.environ[_THREADS] = before or str(max(1, (os.cpu_count() or 1) // jobs))
    try:
        yield
    finally:
        if before is None:
            del os.environ[_THREADS]


def worker(code: str, draft: Path, jobs: int = 1, progress: Callable[[str], None] = lambda _: None) -> Receipt:
    """Make the part `code` of what the folder `draft` asks for, in whatever process that can open it."""
    folders = Draft(draft)
    scenario, seed = folders.read_order()
    task = Task(scenario=scenario, seed=seed, code=code, jobs=jobs)
    return make_part(task, first_key(folders.keys), folders.parts, progress)


def _begin() -> None:
    """Leave stopping to the parent, and end when it is gone: a killed run leaves nobody behind."""
    memory.thrifty()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_watch, daemon=True).start()


def _watch() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _stop(pool: ProcessPoolExecutor) -> None:
    """End the workers now: what they were making would be thrown away."""
    for process in list((pool._processes or {}).values()):  # noqa: SLF001 - `terminate_workers` comes with Python 3.14
        process.terminate()
