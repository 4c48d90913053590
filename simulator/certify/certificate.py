"""The certificate of a run: a folder that an outsider can hold against the run without this package."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import simulator
from simulator import scenario, storage
from simulator.certify import checks
from simulator.certify.checks import Result, Term
from simulator.certify.layout import Remade, remake
from simulator.dataset import Dataset, Finding
from simulator.errors import MissingError, UsageError
from simulator.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was found.

    Attributes:
        results: of the checks, by database of the run.
        remade: how the people were made again; None if the seed is not known here.
    """

    results: Mapping[str, list[Result]]
    remade: tuple[Remade, ...] | None

    @property
    def findings(self) -> list[Finding]:
        """Whatever is not as it must be."""
        lines = [Finding(name, r.line) for name, results in self.results.items() for r in results if r.broken]
        remade = [r for r in self.remade or () if r.differing]
        return lines + [Finding(r.municipality, f"{', '.join(r.differing)} differ with {r.way}") for r in remade]

    def rows(self) -> Iterator[dict[str, Any]]:
        """One row per check: how many lines it answered and how many of them are broken."""
        for check in checks.checks():
            lines = [r for results in self.results.values() for r in results if r.code == check.code]
            bad = sum(r.broken for r in lines)
            verdict = "BROKEN" if bad else "ok" if any(r.verdict == "ok" for r in lines) else lines[0].verdict
            yield {"check": check.code, "検査": check.title_ja, "what": check.title_en, "lines": len(lines),
                   "broken": bad, "verdict": verdict}  # fmt: skip
        yield {"check": "L01", "検査": "作り方によらず同じ住民", "what": "The same people however the work is cut",
               "lines": len(self.remade or ()), "broken": sum(bool(r.differing) for r in self.remade or ()),
               "verdict": self._layout}  # fmt: skip

    @property
    def _layout(self) -> str:
        if self.remade is None:
            return "not checked: seed unknown"
        return "BROKEN" if any(r.differing for r in self.remade) else "ok"


def _scenario(dataset: Dataset) -> Scenario:
    """The public scenario of the run, which is all that people follow from."""
    return scenario.load(str(dataset.path / "scenario.toml"))


def _term(dataset: Dataset, told: Scenario) -> Term:
    window, people = told.window, told.population
    return Term(start_day=window.start, end_day=window.end, check_digits=dataset.manifest.check_digits,
                profile="own town" if people.shape else people.profile)  # fmt: skip


def _databases(dataset: Dataset) -> list[Path]:
    found = sorted(dataset.path.glob("registry*.db"))
    if not found:
        msg = f"{dataset.path} has no registry.db"
        raise MissingError(msg)
    return found


def examine(dataset: Dataset, seed: int | None = None) -> Certificate:
    """Ask all checks of the run, and with its `seed` make its people again.

    Raises:
        MissingError, DamagedError, StorageError: a part of the run is not there or cannot be read.
    """
    told = _scenario(dataset)
    results = {}
    for path in _databases(dataset):
        connection = storage.connect(path)
        results[path.name] = checks.run(connection, _term(dataset, told))
        connection.close()
    return Certificate(results, None if seed is None else tuple(remake(dataset, told, seed)))


def known_seed(dataset: Dataset) -> int | None:
    """The seed that lies in the run's truth folder, if that is here and open."""
    path = dataset.path.with_name(f"{dataset.path.name}.truth") / "seed.json"
    return int(json.loads(path.read_text(encoding="utf-8"))["seed"]) if path.is_file() else None


def certify(dataset: Dataset, out: Path, seed: int | None = None) -> Certificate:
    """Examine the run and write the certificate into the new folder `out`.

    Raises:
        ExistsError: `out` is already there.
        MissingError, DamagedError, StorageError: as `examine`, or the disk would not take it.
    """
    with storage.whole_folder(out) as draft:
        certificate = examine(dataset, seed)
        (draft / "expected").mkdir()
        _write(dataset, certificate, draft)
    return certificate


def _write(dataset: Dataset, certificate: Certificate, folder: Path) -> None:
    (folder / "certificate.sql").write_text(checks.script(_term(dataset, _scenario(dataset))), encoding="utf-8")
    for name, results in certificate.results.items():
        (folder / "expected" / f"{Path(name).stem}.txt").write_text(_lines(results), encoding="utf-8")
    digests = {f.path: f.sha256 for f in dataset.manifest.files if f.path.endswith(".db")}
    told = {
        "run": dataset.root, "scenario": dataset.manifest.scenario, "version": simulator.__version__,
        "check_digits": dataset.manifest.check_digits, "databases": digests, "checks": list(certificate.rows()),
        "remade": None if certificate.remade is None else [asdict(r) for r in certificate.remade],
        "holds": not certificate.findings,
    }  # fmt: skip
    text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    (folder / "certificate.json").write_text(text, encoding="utf-8")
    words = (files("simulator.certify") / "README.md").read_text(encoding="utf-8")
    (folder / "README.md").write_text(words.replace("RUN_ROOT", dataset.root), encoding="utf-8")


def _lines(results: list[Result]) -> str:
    return "".join(f"{result.line}\n" for result in results)


def check(dataset: Dataset, folder: Path) -> list[Finding]:
    """Ask all checks again and hold the answers against those of the certificate in `folder`; empty if all agree.

    Raises:
        MissingError: there is no certificate.
        UsageError: it is of another run, or another version wrote its statements.
    """
    path = folder / "certificate.json"
    if not path.is_file():
        msg = f"{folder} is no certificate: it has no certificate.json"
        raise MissingError(msg)
    told = json.loads(path.read_text(encoding="utf-8"))
    if told["run"] != dataset.root:
        msg = f"{folder} certifies the run {told['run'][:16]}…, not {dataset.root[:16]}…"
        raise UsageError(msg)
    if (folder / "certificate.sql").read_text(encoding="utf-8") != checks.script(_term(dataset, _scenario(dataset))):
        msg = f"the statements of {folder} are not those of this version; run them by sqlite3 as its README says"
        raise UsageError(msg)
    return [f for name, results in examine(dataset).results.items() for f in _differences(name, results, folder)]


def _differences(name: str, results: list[Result], folder: Path) -> Iterator[Finding]:
    path = folder / "expected" / f"{Path(name).stem}.txt"
    expected = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    found = [result.line for result in results]
    yield from (
        Finding(name, f"answers {line}, which the certificate does not") for line in found if line not in expected
    )
    yield from (Finding(name, f"no longer answers {line}") for line in expected if line not in found)


def carry_out(
    dataset: Dataset, out: Path | None, against: Path | None, seed: int | None
) -> tuple[list[Finding], list[dict[str, Any]]]:
    """Write a certificate to `out`, or hold the run `against` one; what does not hold, and the table of checks.

    Raises:
        UsageError: neither or both are given; or as `check`.
    """
    if (out is None) == (against is None):
        raise UsageError("give either --out FOLDER to make a certificate or --against FOLDER to check one")
    if against is not None:
        return check(dataset, against), []
    assert out is not None  # noqa: S101 - for the type checker
    certificate = certify(dataset, out, known_seed(dataset) if seed is None else seed)
    return certificate.findings, list(certificate.rows())
