"""What is released: the wheel in a clean environment, both licences, and no table that may not be given on."""

import importlib.util
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT / "simulator/world/data"


def hook():
    spec = importlib.util.spec_from_file_location("build_sources", ROOT / ".ci/build_sources.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_table_may_be_given_on():
    """The list names a licence for each file and says that it may be redistributed."""
    assert hook().faults(DATA) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda data: (data / "extra.csv").write_text("x"), "extra.csv has no entry"),
        (lambda data: edit(data, "redistributable = true", "redistributable = false"), "may not be redistributed"),
        (lambda data: edit(data, "licence = ", "licensed = "), "needs a licence"),
    ],
)
def test_build_refuses_the_rest(tmp_path, change, words):
    """An unlisted table, one that may not be given on, one without licence."""
    shutil.copytree(DATA, tmp_path / "data")
    change(tmp_path / "data")
    assert any(words in fault for fault in hook().faults(tmp_path / "data"))


def edit(data, old, new):
    path = data / "SOURCES.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")


def run(*command, cwd):
    found = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
    return found.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    out = tmp_path_factory.mktemp("dist")
    source = tmp_path_factory.mktemp("source") / "jukisim"
    run("git", "clone", "-q", str(ROOT), str(source), cwd=out)
    run(sys.executable, "-m", "build", "--outdir", str(out), str(source), cwd=out)
    return out


@pytest.mark.slow
def test_wheel_and_sdist_hold_what_they_must(built):
    """Code, data, types and both licences; no tests in the wheel, everything in the sdist."""
    (wheel,) = built.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {"simulator/py.typed", "simulator/__init__.pyi", "simulator/cases/transactions.csv"} <= set(names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert any(name.endswith("licenses/LICENSE-DATA") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "fixtures/", ".ci/"))]
    tracked = {path for path in run("git", "ls-files", "simulator", cwd=ROOT).split() if "\\" not in path}
    assert {name for name in tracked if name.isascii()} <= set(names)
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as packed:
        held = {name.split("/", 1)[1] for name in packed.getnames() if "/" in name}
    assert {"README.ja.md", "tests/conftest.py", "constraints.txt", ".ci/build_sources.py", "LICENSE-DATA"} <= held


@pytest.mark.slow
def test_wheel_works_in_a_clean_environment(built, tmp_path):
    """Installed alone, without the source near: a town is made, verified, seeded, and given to a pytest."""
    (wheel,) = built.glob("*.whl")
    venv.create(tmp_path / "env", with_pip=True)
    scripts = tmp_path / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    python, jukisim = str(scripts / "python"), str(scripts / "jukisim")
    pins = str(ROOT / "constraints.txt")
    run(python, "-m", "pip", "install", "-q", "-c", pins, str(wheel), "pytest", cwd=tmp_path)
    run(jukisim, "generate", "mini", "--seed", "3", "--out", "town", cwd=tmp_path)
    run(jukisim, "verify", "town", "--population", cwd=tmp_path)
    run(jukisim, "seed", "town", "town.db", cwd=tmp_path)
    (tmp_path / "test_app.py").write_text(
        "import pytest\n"
        "@pytest.mark.jukisim(scenario='mini', seed=3, days=2)\n"
        "def test_it(resident, household, world):\n"
        "    assert resident in household and world.key.run == world.run.root\n"
    )
    assert "1 passed" in run(python, "-m", "pytest", "-q", "test_app.py", cwd=tmp_path)
