"""Who makes the parts: this process, or several processes of this machine. The bytes are the same."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path

from simulator.errors import StorageError
from simulator.generation.folders import KEYRING, Draft
from simulator.generation.part import Receipt, Task, make_part
from simulator.generation.progress import Meter
from simulator.pseudonym import PseudonymKey
from simulator.pseudonym.keyring import Keyring

LOSSES = 3
"""How many times in a row workers may be lost without finishing anything before the run is given up."""


def first_key(folder: Path) -> PseudonymKey:
    """The key that the run's pseudonyms begin with, out of its folder of keys."""
    found = Keyring.load(folder / KEYRING)[1].key
    if found is None:
        msg = f"{folder / KEYRING} no longer holds the first key"
        raise StorageError(msg)
    return found


def locally(draft: Draft, tasks: Sequence[Task], jobs: int, meter: Meter) -> Iterator[Receipt]:
    """Make the parts of `tasks` on this machine with `jobs` workers, in any order.

    A single part takes threads; several take processes, one part each.

    Raises:
        StorageError: the disk would not take it, or workers are killed again and again.
    """
    if jobs == 1 or len(tasks) == 1:
        yield from _here(draft, tasks, jobs, meter)
    else:
        yield from _in_processes(draft, tasks, jobs)


def _here(draft: Draft, tasks: Sequence[Task], jobs: int, meter: Meter) -> Iterator[Receipt]:
    key = first_key(draft.keys)
    for task in tasks:
        yield make_part(replace(task, jobs=jobs), key, draft.parts, meter.stage(task.code))


def _in_processes(draft: Draft, tasks: Sequence[Task], jobs: int) -> Iterator[Receipt]:
    """Workers that are killed are replaced, and what they were making is made again."""
    waiting, losses = {task.code: task for task in tasks}, 0
    while waiting:
        before = len(waiting)
        try:
            for receipt in _pool(draft, list(waiting.values()), jobs):
                del waiting[receipt.head.municipality]
                yield receipt
        except BrokenProcessPool as error:
            losses = 1 if len(waiting) < before else losses + 1
            if losses == LOSSES:
                msg = f"workers were killed {LOSSES} times in a row: give fewer --jobs if memory is short"
                raise StorageError(msg) from error


def _pool(draft: Draft, tasks: Sequence[Task], jobs: int) -> Iterator[Receipt]:
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(jobs, len(tasks)), mp_context=context, initializer=_begin)
    try:
        made: list[Future[Receipt]] = [pool.submit(worker, task, draft.path) for task in tasks]
        for each in as_completed(made):
            yield each.result()
    except BaseException:
        _stop(pool)
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def worker(task: Task, draft: Path) -> Receipt:
    """Make a part in another process, with the key that lies in the draft."""
    folders = Draft(draft)
    return make_part(task, first_key(folders.keys), folders.parts, lambda _: None)


def _begin() -> None:
    """Leave stopping to the parent, and end when it is gone: a killed run leaves nobody behind."""
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
