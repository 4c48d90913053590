"""What goes into a bundle: resolved by the other machine's markers, with digests, and files that its system reads."""

import hashlib
import os
import subprocess
import sys
import zipfile

import pytest
from packaging.utils import parse_wheel_filename

from simulator import bundle
from simulator.bundle import Target
from simulator.errors import ExistsError, UnknownNameError, UsageError

WINDOWS, LINUX = Target("windows"), Target("linux")
NEEDS = """Metadata-Version: 2.1
Name: made
Version: 1
Requires-Dist: plain>=1
Requires-Dist: uvloop; sys_platform != "win32"
Requires-Dist: colorama; platform_system == "Windows"
Requires-Dist: old; python_version < "3.12"
Requires-Dist: nicegui; extra == "console"
Requires-Dist: torch; extra == "other"
"""


@pytest.fixture
def wheel(tmp_path):
    """A wheel that requires different things on different machines."""
    path = tmp_path / "made-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as opened:
        opened.writestr("made-1.dist-info/METADATA", NEEDS)
    return path


@pytest.mark.parametrize(("target", "names"), [
    (WINDOWS, {"plain", "colorama", "nicegui"}),
    (LINUX, {"plain", "uvloop", "nicegui"}),
    (Target("windows", "3.11"), {"plain", "colorama", "nicegui", "old"}),
])  # fmt: skip
def test_markers_are_those_of_the_other_machine(wheel, target, names):
    """uvloop is for Linux, colorama for Windows, whatever machine collects."""
    assert {need.name for need in bundle._needs(wheel, target, {"console", "excel"})} == names


@pytest.mark.parametrize("python", ["4.1", "3", "three", "3.x"])
def test_version_that_is_none_is_refused(python):
    """The line says how it is written."""
    with pytest.raises(UsageError, match=r"write it as 3\.12"):
        Target("windows", python)


def test_unknown_platform_is_refused():
    """The line names those that there are."""
    with pytest.raises(UnknownNameError, match="windows"):
        Target("beos")


def test_folder_that_is_there_is_left_alone(tmp_path):
    """Nothing is written over."""
    with pytest.raises(ExistsError):
        bundle.bundle(WINDOWS, tmp_path)


@pytest.fixture
def written(tmp_path, wheel):
    """The files of a bundle for Windows with one wheel."""
    out = tmp_path / "bundle"
    (out / "wheels").mkdir(parents=True)
    kept = out / "wheels" / wheel.name
    kept.write_bytes(wheel.read_bytes())
    bundle._write(WINDOWS, out, [kept])
    return out


def test_digests_are_those_of_the_wheels(written):
    """pip and a person can both check them."""
    content = (written / "wheels" / "made-1-py3-none-any.whl").read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    assert (written / "requirements.txt").read_text() == f"made==1 --hash=sha256:{digest}\n"
    assert (written / "SHA256SUMS.txt").read_text() == f"{digest}  wheels/made-1-py3-none-any.whl\n"


def test_start_file_is_one_that_a_japanese_windows_reads(written):
    """Code page 932, lines that end in CR LF, no network asked for, no administrator's place."""
    raw = (written / "start.bat").read_bytes()
    text = raw.decode("cp932")
    assert raw.count(b"\r\n") == raw.count(b"\n") > 20
    assert "--no-index" in text
    assert "--require-hashes" in text
    assert "%LOCALAPPDATA%" in text
    assert not {"powershell", "runas", "http"} & set(text.lower().replace("%", " ").split())


def test_page_says_that_no_windows_machine_ran_it(written):
    """What was not tried is not claimed."""
    page = (written / "はじめにお読みください.html").read_text(encoding="utf-8")
    assert "Windows の実機ではまだ動かしていません" in page
    assert "管理者権限" in page
    assert "made-1-py3-none-any.whl" in page


@pytest.mark.slow
def test_every_dependency_has_a_wheel_for_windows(tmp_path):
    """Core, console and Excel: each pinned dependency is pure or built for win_amd64 (asks the package index)."""
    out = bundle.bundle(WINDOWS, tmp_path / "bundle")
    wheels = list((out / "wheels").glob("*.whl"))
    tags = {path.name: {tag.platform for tag in parse_wheel_filename(path.name)[3]} for path in wheels}
    assert all(platforms <= {"any", "win_amd64"} for platforms in tags.values()), tags
    names = {str(parse_wheel_filename(path.name)[0]) for path in wheels}
    assert {"jukisim", "polars", "nicegui", "xlsxwriter", "tzdata", "colorama"} <= names
    assert not {"uvloop", "pytest", "psycopg"} & names


@pytest.mark.slow
def test_bundle_installs_and_runs_without_any_index(tmp_path):
    """For Linux, in a new environment whose pip knows no index: the command lists the drills and can serve."""
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    out = bundle.bundle(Target("linux", python), tmp_path / "bundle")
    alone = {"PATH": os.environ["PATH"], "PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    inside = tmp_path / "venv" / "bin"
    words = ["-m", "pip", "install", "-q", "--no-index", "--find-links", "wheels", "--require-hashes"]
    subprocess.run([inside / "python", *words, "-r", "requirements.txt"], check=True, cwd=out, env=alone)
    listed = subprocess.run([inside / "jukisim", "drill", "list"], check=True, capture_output=True, env=alone)
    assert b"kochi" in listed.stdout
    subprocess.run([inside / "jukisim", "drill", "serve", "--help"], check=True, capture_output=True, env=alone)
    subprocess.run([inside / "python", "-c", "import nicegui, docx, xlsxwriter"], check=True, env=alone)
