"""Joining finished parts to one run: the folders, the manifest, the answer key, the leak gate."""

import dataclasses
import json
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import simulator
from simulator import card, dataset, leaks, scenario, spec, storage
from simulator.dataset import Dataset, Manifest
from simulator.errors import CheckError
from simulator.generation.folders import Draft, place
from simulator.generation.order import Order
from simulator.generation.part import RUN, Receipt, read
from simulator.generation.progress import Meter
from simulator.generation.truth import Truth
from simulator.labels import CONTEXT
from simulator.leaks import Report
from simulator.pseudonym import seal
from simulator.schema import STAFF
from simulator.workload import Kind, record
from simulator.world.numbers import CheckDigits

SYNTHETIC = ("Synthetic: no record was derived from a person's record.",)
CANARY = "One episode is a canary, trivial by design: it tries detectors out and is counted in no score."
INSECURE = "Pseudonyms use the published insecure key: they show how pseudonyms work and protect nothing."


def join(order: Order, draft: Draft, receipts: Sequence[Receipt], meter: Meter) -> None:
    """Make of the parts with `receipts` the three folders in `draft`, and mark it as whole.

    Raises:
        CheckError: the log gives its misuse away.
        StorageError: the disk would not take it.
    """
    meter.closing("digests")
    root = _public(order, draft, receipts).root
    truth, run = Truth(order, draft), Dataset.open(draft.run)
    truth.write(root)
    _write_seed(order, draft.truth)
    key, told = truth.judged(root)
    truth.write_known(run, key, told)
    meter.closing("leak gate")
    _hold(leaks.examine(run, key, order.jobs), draft.truth)
    meter.closing("keys")
    for receipt in receipts:
        code = receipt.head.municipality
        storage.write_parquet(STAFF, read(draft.parts, code, "staff"), draft.keys / "staff" / f"{code}.parquet")
    if order.seal is not None:
        seal.lock_folder(draft.truth, draft.sealed, order.seal, CONTEXT)
        shutil.rmtree(draft.truth)
    storage.write_bytes(draft.whole, f"{root}\n".encode())


def _public(order: Order, draft: Draft, receipts: Sequence[Receipt]) -> Manifest:
    """The public half, each file under its name."""
    for receipt in receipts:
        base = draft.parts / receipt.head.municipality / RUN
        for listed in receipt.files:
            place(base / listed.path, draft.run / listed.path)
    storage.write_bytes(draft.run / "scenario.toml", scenario.public(order.scenario).encode())
    manifest = _described(order, draft.run, _manifest(order, draft.run, receipts))
    manifest.write(draft.run)
    return manifest


def _hold(report: Report, truth: Path) -> None:
    """Keep the gate's report with the truth, and stop a run that leaks."""
    storage.write_bytes(truth / "leaks.json", report.to_bytes())
    if report.leaks:
        worst = report.leaks[0].line().split("  ", 1)[1]
        msg = f"the log gives its misuse away, so the run was not made: {len(report.leaks)} leak(s), first {worst}"
        raise CheckError(msg)


def _manifest(order: Order, run: Path, receipts: Sequence[Receipt]) -> Manifest:
    rows: Counter[str] = Counter()
    for receipt in receipts:
        rows.update(receipt.rows)
    own = dataset.FileDigest.of(run, run / "scenario.toml")
    files = [own, *(listed for receipt in receipts for listed in receipt.files)]
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
        rows=dict(sorted(rows.items())),
        logs=tuple(receipt.head for receipt in receipts),
        files=tuple(sorted(files, key=lambda f: f.path)),
        notes=(*notes, *_partial(order), *([INSECURE] if insecure else [])),
    )


def _partial(order: Order) -> list[str]:
    """What a reader of a part of the scenario must know."""
    whole = len(order.scenario.municipalities)
    return [f"Part of the scenario: {len(order.codes):,} of its {whole:,} municipalities."] if order.only else []


def _described(order: Order, run: Path, manifest: Manifest) -> Manifest:
    """`manifest` with the data card and what else the run says of itself, which are written here."""
    facts = card.Facts.of(manifest, order.scenario)
    added = []
    for name, content in card.pages(facts, card.run_sources(manifest.rows)).items():
        storage.write_bytes(run / name, content)
        added.append(dataset.FileDigest.of(run, run / name))
    return dataclasses.replace(manifest, files=tuple(sorted((*manifest.files, *added), key=lambda f: f.path)))


def _write_seed(order: Order, folder: Path) -> None:
    seed = {"seed": order.seed, "version": simulator.__version__}
    storage.write_bytes(folder / "seed.json", (json.dumps(seed) + "\n").encode())
    storage.write_bytes(folder / "misuse.toml", spec.to_toml(order.scenario).encode())
