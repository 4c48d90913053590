"""Many machines that share a folder: a dask cluster makes the parts, one municipality a task."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import distributed
from distributed.comm.core import CommClosedError

import simulator
from simulator.errors import SimulatorError, StorageError, UsageError
from simulator.generation.engines import worker
from simulator.generation.folders import Draft, is_store
from simulator.generation.part import Receipt
from simulator.generation.progress import Meter
from simulator.generation.store import Store, make_remote

CONNECT_S, WORKERS_S = 15, 60
RETRIES = 3
"""How many times a part is tried again that failed for want of disk or network; lost workers are not counted."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """The workers of a dask scheduler.

    Attributes:
        address: of the scheduler, such as tcp://10.0.0.5:8786.
        store: where in an object store the draft lies, if it does; else the workers share its folder.
    """

    address: str
    store: str | None = None

    def __call__(self, draft: Draft, codes: Sequence[str], meter: Meter) -> Iterator[Receipt]:  # noqa: ARG002
        """Make the parts of the municipalities `codes`, in any order, the first ones first.

        Raises:
            UsageError: nobody answers at the address, or workers have another version or cannot see the folder.
            StorageError: the cluster was lost, or a part failed again and again.
        """
        where, made = self.store or str(draft.path), []
        with _client(self.address) as client, _told(self.address):
            _check(client, where)
            for place, code in enumerate(codes):
                wish = {"key": f"{where}-{code}", "priority": -place, "retries": RETRIES}
                made.append(client.submit(remote, code, where, **wish))
            try:
                for each in distributed.as_completed(made, loop=client.loop):  # type: ignore[no-untyped-call]
                    yield each.result()
            finally:
                with contextlib.suppress(OSError, TimeoutError):
                    client.cancel(made)


def remote(code: str, where: str) -> Receipt:
    """Make a part on a worker of the cluster, of the draft in the folder or store `where`."""
    return make_remote(code, where) if is_store(where) else worker(code, Path(where))


def state(where: str) -> tuple[str, bool]:
    """What a worker has: the version, and whether it sees the folder or store of the run."""
    order = Draft(Path(where)).order
    return simulator.__version__, Store.of(where).has(order.name) if is_store(where) else order.is_file()


def _client(address: str) -> distributed.Client:
    try:
        return distributed.Client(address, timeout=CONNECT_S, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError) as error:
        msg = f"no dask scheduler answers at {address}: start one by dask scheduler, workers by dask worker {address}"
        raise UsageError(msg) from error


def _check(client: distributed.Client, where: str) -> None:
    try:
        client.wait_for_workers(1, timeout=WORKERS_S)
    except TimeoutError as error:
        msg = f"the scheduler has no workers after {WORKERS_S} s: start some by dask worker with its address"
        raise UsageError(msg) from error
    found = _asked(client, where)
    for name, (version, sees) in found.items():
        if version != simulator.__version__:
            msg = f"worker {name} has jukisim {version}, this is {simulator.__version__}: bytes could differ"
            raise UsageError(msg)
        if not sees:
            msg = f"worker {name} does not see {where}: give an --out that all workers reach"
            raise UsageError(msg)


def _asked(client: distributed.Client, where: str) -> dict[str, tuple[str, bool]]:
    """The `state` of every worker; one that is lost while it is asked is no fault of the others."""
    for _ in range(RETRIES):
        with contextlib.suppress(CommClosedError):
            return dict(client.run(state, where))
    return dict(client.run(state, where))


@contextlib.contextmanager
def _told(address: str) -> Iterator[None]:
    """The failures of a cluster in our words."""
    try:
        yield
    except distributed.scheduler.KilledWorker as error:
        msg = f"a municipality cost worker after worker its life, most likely by its memory: {error.task}"
        raise StorageError(msg) from error
    except SimulatorError:
        raise
    except (OSError, TimeoutError, distributed.client.FutureCancelledError) as error:
        msg = f"the cluster at {address} was lost: {error or type(error).__name__}"
        raise StorageError(msg) from error
