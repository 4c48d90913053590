"""The finished run: simulate every municipality, write it whole, seal it with a manifest, give it its name last.

Everything is made in ``.NAME.part`` beside the run and renamed when it is complete; so a run that bears its name is
whole, and a killed one leaves nothing under it. The next call clears such a remainder.
"""

import dataclasses
import json
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import filelock

import simulator
from simulator import card, dataset, difficulty, leaks, scenario, spec, storage
from simulator.dataset import Dataset, Manifest
from simulator.errors import CheckError, ExistsError, StorageError, UsageError
from simulator.labels import CONTEXT, SEALED, AnswerKey
from simulator.leaks import Report
from simulator.pseudonym import Passphrase, PseudonymKey, seal
from simulator.scenario import Scenario
from simulator.schema import DIFFICULTY, STAFF
from simulator.simulate import STAGES, Made, simulate
from simulator.workload import Kind, record
from simulator.world.numbers import CheckDigits, accept

Progress = Callable[[str], None]
CLOSING_STAGES = ("digests", "leak gate", "difficulty")
KEYRING = "keyring"
SYNTHETIC = ("Synthetic: no record was derived from a person's record.",)
CANARY = "One episode is a canary, trivial by design: it tries detectors out and is counted in no score."
INSECURE = "Pseudonyms use the published insecure key: they show how pseudonyms work and protect nothing."


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
    def draft(self) -> Path:
        """Where all three are made."""
        return self.run.with_name(f".{self.run.name}.part")

    def check_free(self) -> None:
        """Raise ExistsError if any of them is already there."""
        for folder in (self.run, self.truth, self.sealed, self.keys):
            if folder.exists():
                msg = f"{folder} already exists; give another --out or remove it first"
                raise ExistsError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to make.

    Attributes:
        scenario: the scenario.
        seed: 0 ≤ seed < 2^128.
        key: the pseudonym key.
        jobs: how many workers; changes no byte.
        collisions_understood: whether numbers that pass their checks may be made, if the scenario asks for them.
        seal: passphrase under which the truth is sealed; None to leave it open.
    """

    scenario: Scenario
    seed: int
    key: PseudonymKey
    jobs: int = 1
    collisions_understood: bool = False
    seal: Passphrase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What is wanted otherwise than the scenario has it; None leaves it.

    Attributes:
        residents, days: other numbers.
        check_digits: "invalid" or "valid".
        rotate_every_days: after how many days pseudonyms get a new key version.
        collisions_understood: whether valid ones may be made.
    """

    residents: int | None = None
    days: int | None = None
    check_digits: str | None = None
    rotate_every_days: int | None = None
    collisions_understood: bool = False

    def applied(self, chosen: Scenario) -> Scenario:
        """`chosen` with these values.

        Raises:
            UsageError: valid check digits without `collisions_understood`, or such as do not exist.
        """
        mode = accept(self.check_digits or chosen.population.check_digits, understood=self.collisions_understood)
        residents = self.residents or chosen.population.residents
        chosen = chosen if self.residents is None else dataclasses.replace(chosen, places={})
        people = dataclasses.replace(chosen.population, residents=residents, check_digits=mode.value)
        rotation = self.rotate_every_days or chosen.rotate_every_days
        days = self.days or chosen.days
        return dataclasses.replace(chosen, population=people, days=days, rotate_every_days=rotation)


def order(
    name: str,
    *,
    seed: int | None = None,
    blind: bool = False,
    key: Path | None = None,
    jobs: int = 1,
    instead: Overrides = Overrides(),
) -> Order:
    """An order in the words of the command line.

    Args:
        name: of a shipped scenario, or the path of a TOML file.
        seed: a published seed; it gives the labels away to whoever has it.
        blind: draw 128 bits from the operating system instead.
        key: pseudonym key file; without it the published insecure key.
        jobs: workers.
        instead: what is wanted otherwise than in the scenario.

    Raises:
        UsageError: neither or both of `seed` and `blind`, an unknown scenario, or valid check digits that nobody
            said to understand.
    """
    if blind == (seed is not None):
        raise UsageError("give either --seed N (published) or --blind (secret), one of the two")
    chosen = instead.applied(scenario.load(name))
    master = PseudonymKey.insecure() if key is None else PseudonymKey.load(key)
    drawn = secrets.randbits(128) if seed is None else seed
    understood = instead.collisions_understood
    return Order(scenario=chosen, seed=drawn, key=master, jobs=jobs, collisions_understood=understood)


def stages(spec_: Scenario) -> int:
    """How many stages `generate` reports for the scenario."""
    return len(spec_.municipalities) * len(STAGES) + len(CLOSING_STAGES)


def generate(order: Order, out: Path, progress: Progress = lambda _: None) -> Dataset:
    """Make the run that `order` asks for at `out`, with ``out.truth`` and ``out.keys`` beside it.

    Raises:
        ExistsError: one of the three folders is already there, or another process is making it.
        StorageError: the disk would not take it.
        CheckError: the run does not hold what its scenario promises.
        UsageError: the scenario asks for valid check digits and collisions are not understood.
    """
    accept(order.scenario.population.check_digits, understood=order.collisions_understood)
    folders = RunFolders(Path(out).absolute())
    folders.check_free()
    try:
        folders.run.parent.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(f"{folders.draft}.lock", timeout=0):
            _make(order, folders, progress)
    except filelock.Timeout as error:
        msg = f"another process is making {folders.run}"
        raise ExistsError(msg) from error
    except OSError as error:
        msg = f"{folders.run} could not be made: {error}"
        raise StorageError(msg) from error
    finally:
        Path(f"{folders.draft}.lock").unlink(missing_ok=True)
    return Dataset.open(folders.run)


def _make(order: Order, folders: RunFolders, progress: Progress) -> None:
    shutil.rmtree(folders.draft, ignore_errors=True)
    try:
        run, truth, keys = (folders.draft / part for part in ("run", "truth", "keys"))
        made = simulate(order.scenario, order.seed, order.key, run, jobs=order.jobs, progress=progress)
        progress("digests")
        storage.write_bytes(run / "scenario.toml", scenario.public(order.scenario).encode())
        manifest = _described(order, run, _manifest(order, run, made))
        manifest.write(run)
        key = AnswerKey(made.labels, made.episodes, manifest.root)
        _write_truth(order, truth, key)
        progress("leak gate")
        _hold(leaks.examine(Dataset.open(run), key), truth)
        progress("difficulty")
        measured = difficulty.measure(Dataset.open(run), key)
        storage.write_parquet(DIFFICULTY, measured, truth / "difficulty.parquet")
        order.scenario.rotation.ring(order.key).create(keys / KEYRING)
        for code, staff in made.staff.items():
            storage.write_parquet(STAFF, staff, keys / "staff" / f"{code}.parquet")
        folders.check_free()
        for part, final in (_closed(order, truth, folders), (keys, folders.keys), (run, folders.run)):
            part.rename(final)
    finally:
        shutil.rmtree(folders.draft, ignore_errors=True)


def _hold(report: Report, truth: Path) -> None:
    """Keep the gate's report with the truth, and stop a run that leaks."""
    storage.write_bytes(truth / "leaks.json", report.to_bytes())
    if report.leaks:
        worst = report.leaks[0].line().split("  ", 1)[1]
        msg = f"the log gives its misuse away, so the run was not made: {len(report.leaks)} leak(s), first {worst}"
        raise CheckError(msg)


def _closed(order: Order, truth: Path, folders: RunFolders) -> tuple[Path, Path]:
    """What is handed over of the folder `truth`, itself or its seal, and its final name."""
    if order.seal is None:
        return truth, folders.truth
    sealed = truth.with_name(truth.name + SEALED)
    seal.lock_folder(truth, sealed, order.seal, CONTEXT)
    return sealed, folders.sealed


def _manifest(order: Order, run: Path, made: Made) -> Manifest:
    files = tuple(dataset.FileDigest.of(run, path) for path in dataset.run_files(run))
    insecure, mode = order.key.is_insecure, CheckDigits(order.scenario.population.check_digits)
    notes = (*SYNTHETIC, mode.note, *order.scenario.population.told, card.EDITION[order.scenario.edition][0])
    if any(record(name).kind is Kind.CANARY for name in order.scenario.misuse):
        notes = (*notes, CANARY)
    return Manifest(
        format=dataset.FORMAT,
        version=simulator.__version__,
        scenario=order.scenario.name,
        seed_commitment=dataset.seed_commitment(order.seed),
        pseudonym_key="insecure-default" if insecure else order.key.fingerprint,
        check_digits=mode.value,
        rows=made.rows,
        logs=made.logs,
        files=files,
        notes=(*notes, INSECURE) if insecure else notes,
    )


def _described(order: Order, run: Path, manifest: Manifest) -> Manifest:
    """`manifest` with the data card and what else the run says of itself, which are written here."""
    facts = card.Facts.of(manifest, order.scenario)
    added = []
    for name, content in card.pages(facts, card.run_sources(manifest.rows)).items():
        storage.write_bytes(run / name, content)
        added.append(dataset.FileDigest.of(run, run / name))
    return dataclasses.replace(manifest, files=tuple(sorted((*manifest.files, *added), key=lambda f: f.path)))


def _write_truth(order: Order, folder: Path, key: AnswerKey) -> None:
    key.write(folder)
    seed = {"seed": order.seed, "version": simulator.__version__}
    storage.write_bytes(folder / "seed.json", (json.dumps(seed) + "\n").encode())
    storage.write_bytes(folder / "misuse.toml", spec.to_toml(order.scenario).encode())
