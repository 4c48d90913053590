"""Where a run is made and where it ends."""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from simulator import scenario, spec, storage
from simulator.errors import ExistsError
from simulator.generation.order import Order
from simulator.labels import SEALED
from simulator.scenario import Scenario

KEYRING = "keyring"


def is_store(out: str) -> bool:
    """Whether `out` names a place in an object store and no folder."""
    return "://" in out


@dataclass(frozen=True, slots=True)
class RunFolders:
    """The three folders of a run: public half, truth, keys."""

    run: Path

    @property
    def truth(self) -> Path:
        """The answer key, the seed and the misuse tables."""
        return self.run.with_name(self.run.name + ".truth")

    @property
    def sealed(self) -> Path:
        """The truth as one sealed file, in the place of its folder."""
        return self.truth.with_name(self.truth.name + SEALED)

    @property
    def keys(self) -> Path:
        """The pseudonym keys, and who bears which staff number."""
        return self.run.with_name(self.run.name + ".keys")

    @property
    def draft(self) -> "Draft":
        """Where all three are made."""
        return Draft(self.run.with_name(f".{self.run.name}.part"))

    def check_free(self) -> None:
        """Raise ExistsError if any of them is already there, unless it is the draft that was being handed over."""
        folders = (self.run,) if self.draft.whole.is_file() else (self.run, self.truth, self.sealed, self.keys)
        for folder in folders:
            if folder.exists():
                msg = f"{folder} already exists; give another --out or remove it first"
                raise ExistsError(msg)

    def hand_over(self) -> None:
        """Give what the draft holds its final names, the run last; whoever is killed in between does it again."""
        self.check_free()
        draft = self.draft
        for part, final in ((draft.sealed, self.sealed), (draft.truth, self.truth), (draft.keys, self.keys)):
            if part.exists():
                part.rename(final)
        shutil.rmtree(draft.parts, ignore_errors=True)
        storage.sync(self.run.parent)
        draft.run.rename(self.run)
        draft.clear()
        storage.sync(self.run.parent)


@dataclass(frozen=True, slots=True)
class Draft:
    """The folder in which a run is made: finished parts, and what is joined of them."""

    path: Path

    @property
    def parts(self) -> Path:
        """One folder for each finished municipality."""
        return self.path / "parts"

    @property
    def run(self) -> Path:
        """The public half in the making."""
        return self.path / "run"

    @property
    def truth(self) -> Path:
        """The truth in the making."""
        return self.path / "truth"

    @property
    def sealed(self) -> Path:
        """The truth sealed."""
        return self.path / f"truth{SEALED}"

    @property
    def keys(self) -> Path:
        """The keys, from the beginning: workers read theirs from it."""
        return self.path / "keys"

    @property
    def whole(self) -> Path:
        """The mark of a draft that lacks nothing but its final names."""
        return self.path / "whole"

    @property
    def order(self) -> Path:
        """What is being made: seed, and a digest of what else it follows from. It is written when it can be begun."""
        return self.path / "order.json"

    @property
    def scenario(self) -> Path:
        """The whole scenario."""
        return self.path / "scenario.toml"

    @property
    def lock(self) -> Path:
        """The file that the one process holds which makes the run."""
        return self.path.with_name(self.path.name + ".lock")

    @property
    def finished(self) -> int:
        """How many parts are finished."""
        return sum(not part.name.startswith(".") for part in self.parts.glob("*"))

    def begin(self, order: Order) -> int:
        """Take up the draft for `order`, or begin it; the seed of the run.

        Raises:
            ExistsError: it is the draft of something else.
        """
        if self.order.is_file():
            return self._kept_seed(order)
        self.clear()
        told = {"order": order.fingerprint, "seed": order.seed, "blind": order.blind}
        self.path.mkdir(parents=True, mode=0o700)
        storage.write_bytes(self.scenario, spec.to_toml(order.scenario).encode())
        storage.write_bytes(self.order, json.dumps(told).encode())
        return order.seed

    def read_order(self) -> tuple[Scenario, int]:
        """The scenario and the seed of what is being made, for a worker that has nothing but this folder."""
        return scenario.load(str(self.scenario)), int(json.loads(self.order.read_bytes())["seed"])

    def _kept_seed(self, order: Order) -> int:
        kept = json.loads(self.order.read_bytes())
        same = kept["blind"] == order.blind and (order.blind or kept["seed"] == order.seed)
        if kept["order"] != order.fingerprint or not same:
            msg = (
                f"{self.path} keeps an unfinished run of another order: give the same scenario, seed, key, size and "
                "version to go on with it, or --fresh to drop it and begin anew"
            )
            raise ExistsError(msg)
        return int(kept["seed"])

    def clear(self) -> None:
        """Remove everything."""
        shutil.rmtree(self.path, ignore_errors=True)

    def ring(self, order: Order) -> None:
        """Write the keys, on which the workers and the run's own folder of keys draw."""
        shutil.rmtree(self.keys, ignore_errors=True)
        order.scenario.rotation.ring(order.key).create(self.keys / KEYRING)

    def sweep(self) -> None:
        """Remove what workers left unfinished and what was joined before a stop."""
        for torn in self.parts.glob(".*"):
            shutil.rmtree(torn, ignore_errors=True)
        for folder in (self.run, self.truth):
            shutil.rmtree(folder, ignore_errors=True)
        self.sealed.unlink(missing_ok=True)
        self.parts.mkdir(parents=True, exist_ok=True)


def place(source: Path, target: Path) -> None:
    """Let `target` be the file `source`, which stays: a second name for it, or a copy where a disk has no such."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
        storage.sync(target)
