"""A folder to carry into a closed network: wheels for another machine, their digests, a start file, a page to read.

``pip download`` takes the markers of the machine that it runs on: on Linux it asks for uvloop, which Windows has not,
and forgets what only Windows needs. So the tree is walked here: each wheel is fetched alone for the wanted machine, and
what it requires is read from the wheel itself with that machine's markers.
"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.parser import HeaderParser
from importlib import metadata, resources
from pathlib import Path

import jinja2
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version

import simulator
from simulator.errors import ExistsError, StorageError, UnknownNameError, UsageError

PROJECT = "jukisim"
WHEELS, REQUIREMENTS, SUMS = "wheels", "requirements.txt", "SHA256SUMS.txt"
EXTRAS = ("console", "excel")
ASSUMED_PYTHON = "3.12"
"""The Python that the closed PC is taken to have, if nothing else is said."""
_TEMPLATES = "bundle_templates"
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Platform:
    """A kind of machine.

    Attributes:
        tags: platform tags of wheels, best first.
        markers: what environment markers see there.
        files: template → name and encoding of the file made of it.
    """

    tags: tuple[str, ...]
    markers: Mapping[str, str]
    files: Mapping[str, tuple[str, str]]


PLATFORMS = {
    "windows": Platform(
        ("win_amd64",),
        {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"},
        {"start.bat.j2": ("start.bat", "cp932"), "page.html.j2": ("はじめにお読みください.html", "utf-8")},
    ),
    "linux": Platform(
        ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
        {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"},
        {"start.sh.j2": ("start.sh", "utf-8"), "page.html.j2": ("はじめにお読みください.html", "utf-8")},
    ),
}


@dataclass(frozen=True, slots=True)
class Target:
    """For which machine and which Python the wheels are."""

    platform: str
    python: str = ASSUMED_PYTHON

    def __post_init__(self) -> None:
        """Refuse a platform or version that nothing is known of.

        Raises:
            UnknownNameError: there is no such platform.
            UsageError: the version is not written as 3.12.
        """
        if self.platform not in PLATFORMS:
            raise UnknownNameError("platform", self.platform, PLATFORMS)
        major, _, minor = self.python.partition(".")
        if major != "3" or not minor.isdecimal():
            msg = f"python is {self.python!r}; write it as {ASSUMED_PYTHON}"
            raise UsageError(msg)

    @property
    def markers(self) -> dict[str, str]:
        """What environment markers see."""
        own = {
            "python_version": self.python, "python_full_version": f"{self.python}.0", "extra": "",
            "implementation_name": "cpython", "platform_python_implementation": "CPython",
        }  # fmt: skip
        return {**PLATFORMS[self.platform].markers, **own}

    @property
    def options(self) -> list[str]:
        """The options that make pip fetch for this machine."""
        tags = [option for tag in PLATFORMS[self.platform].tags for option in ("--platform", tag)]
        plain = ["--only-binary=:all:", "--no-deps", "--implementation", "cp", "--quiet"]
        return [*plain, *tags, "--python-version", self.python]


def bundle(target: Target, out: Path, wheel: Path | None = None, progress: Progress = lambda _: None) -> Path:
    """Write the folder `out`: it installs and starts without any network.

    Args:
        target: the machine that it is for.
        out: the folder to make.
        wheel: of this package; without it one is built of the checkout that runs.
        progress: told each step.

    Raises:
        ExistsError: `out` is already there.
        UsageError: no wheel is given and this is no checkout; or a dependency has no wheel for the machine.
        StorageError: pip or the disk would not do it.
    """
    if out.exists():
        msg = f"{out} already exists; give another folder or remove it first"
        raise ExistsError(msg)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as draft:
        part = Path(draft) / out.name
        wheels = part / WHEELS
        wheels.mkdir(parents=True)
        own = _own_wheel(wheels, wheel)
        fetched = collect(own, target, wheels, progress)
        _write(target, part, [own, *fetched])
        part.rename(out)
    return out


def _own_wheel(wheels: Path, wheel: Path | None) -> Path:
    if wheel is not None:
        if not wheel.is_file():
            msg = f"{wheel} is missing; give the wheel of {PROJECT}"
            raise UsageError(msg)
        kept = wheels / wheel.name
        kept.write_bytes(wheel.read_bytes())
        return kept
    checkout = Path(simulator.__file__).resolve().parents[1]
    if not (checkout / "pyproject.toml").is_file():
        msg = f"this {PROJECT} was installed; give --wheel, the file that it was installed from"
        raise UsageError(msg)
    _pip("wheel", "--no-deps", "--quiet", "--wheel-dir", str(wheels), str(checkout))
    return next(wheels.glob(f"{PROJECT}-*.whl"))


def collect(own: Path, target: Target, wheels: Path, progress: Progress = lambda _: None) -> list[Path]:
    """Fetch everything that the wheel `own` needs on `target` with its extras, into `wheels`; in order of name."""
    seen: dict[str, set[str]] = {}
    todo = list(_needs(own, target, set(EXTRAS)))
    while todo:
        batch = {canonicalize_name(need.name): need for need in todo}
        missing = [need for name, need in batch.items() if name not in seen]
        if missing:
            progress(f"{len(missing)} wheels")
            _fetch(missing, target, wheels)
        todo = [more for need in todo for more in _followed(need, target, wheels, seen)]
    return sorted(path for path in wheels.glob("*.whl") if path != own)


def _followed(need: Requirement, target: Target, wheels: Path, seen: dict[str, set[str]]) -> Iterator[Requirement]:
    """What a requirement leads to that was not followed yet."""
    name = canonicalize_name(need.name)
    new = need.extras - seen.get(name, set())
    if name in seen and not new:
        return
    seen[name] = seen.get(name, set()) | need.extras
    found = wheel_of(wheels, name)
    if found is None:
        msg = f"{need} has no wheel for {target.platform}, Python {target.python}"
        raise UsageError(msg)
    yield from _needs(found, target, set(need.extras))


def wheel_of(wheels: Path, name: str) -> Path | None:
    """The wheel of the project `name` in a folder; None if there is none."""
    return next((path for path in wheels.glob("*.whl") if parse_wheel_filename(path.name)[0] == name), None)


def _needs(wheel: Path, target: Target, extras: set[str]) -> Iterator[Requirement]:
    """What `wheel` requires on the machine, with `extras`."""
    with zipfile.ZipFile(wheel) as opened:
        name = next(entry for entry in opened.namelist() if entry.endswith(".dist-info/METADATA"))
        headers = HeaderParser().parsestr(opened.read(name).decode("utf-8"))
    for line in headers.get_all("Requires-Dist") or ():
        need = Requirement(line)
        seen = [target.markers | {"extra": extra} for extra in ("", *sorted(extras))]
        if need.marker is None or any(need.marker.evaluate(markers) for markers in seen):
            yield need


def _fetch(needs: list[Requirement], target: Target, wheels: Path) -> None:
    wanted = [_pinned(need) for need in needs]
    _pip("download", *target.options, "--dest", str(wheels), *wanted)


def _pinned(need: Requirement) -> str:
    """The version that this installation runs with, if it has the project and the version fits."""
    try:
        version = metadata.version(need.name)
    except metadata.PackageNotFoundError:
        return f"{need.name}{need.specifier}"
    fits = need.specifier.contains(Version(version), prereleases=True)
    return f"{need.name}=={version}" if fits else f"{need.name}{need.specifier}"


def _pip(*words: str) -> None:
    done = subprocess.run([sys.executable, "-m", "pip", *words], check=False, capture_output=True, text=True)  # noqa: S603 - our own words
    if done.returncode:
        told = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        errors = [line for line in told if line.lower().startswith("error")]
        msg = f"pip {words[0]} failed: {' / '.join(errors or told[-3:])}"
        raise StorageError(msg)


def _write(target: Target, out: Path, wheels: list[Path]) -> None:
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(wheels)}
    lines = [f"{_requirement(name)} --hash=sha256:{digest}" for name, digest in digests.items()]
    (out / REQUIREMENTS).write_text("\n".join(lines) + "\n", encoding="ascii", newline="\n")
    (out / SUMS).write_text("".join(f"{d}  {WHEELS}/{n}\n" for n, d in digests.items()), encoding="ascii", newline="\n")
    folder = resources.files("simulator").joinpath(_TEMPLATES)
    size = sum((out / WHEELS / name).stat().st_size for name in digests)
    told = {"target": target, "wheels": digests, "megabytes": round(size / 1e6), "version": simulator.__version__}
    for template, (name, encoding) in PLATFORMS[target.platform].files.items():
        text = jinja2.Template(folder.joinpath(template).read_text(encoding="utf-8"), autoescape=name.endswith(".html"))
        newline = "\r\n" if name.endswith(".bat") else "\n"
        (out / name).write_text(text.render(told) + "\n", encoding=encoding, newline=newline)


def _requirement(wheel: str) -> str:
    name, version, _, _ = parse_wheel_filename(wheel)
    return f"{name}[{','.join(EXTRAS)}]=={version}" if name == PROJECT else f"{name}=={version}"
