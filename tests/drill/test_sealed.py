from pathlib import Path

import polars as pl
import pytest

from simulator import drill, generation
from simulator.drill import making
from simulator.drill import pack as packs
from simulator.labels import AnswerKey
from simulator.pseudonym import PseudonymKey
from simulator.pseudonym.errors import SealError


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same run as a drill, once with its labels and once with those of other events."""
    place, key = tmp_path_factory.mktemp("sealed"), PseudonymKey.generate()
    order = drill.order("kochi", seed=3, difficulty=1, teams=1)
    run = generation.generate(generation.Order(scenario=order.scenario, seed=3, key=key), place / "run")
    truth = AnswerKey.open(place / "run.truth")
    others = truth.labels.with_columns(pl.col("event_id").shuffle(seed=1))
    for name, labels in (("a", truth.labels), ("b", others)):
        told = AnswerKey(labels.sort("event_id"), truth.episodes, truth.run)
        town = making.compiled(order, run, place / "run.keys", told, key)
        making.write(order, town, place / name, key)
    return place / "a", place / "b"


def test_what_is_not_sealed_stays_the_same_whatever_the_labels(twice: tuple[Path, Path]) -> None:
    files = [{p.relative_to(f).as_posix(): p.read_bytes() for p in f.rglob("*") if p.is_file()} for f in twice]
    open_files = [{name: content for name, content in f.items() if not name.startswith("sealed/")} for f in files]
    assert open_files[0] == open_files[1]
    assert len(open_files[0]) > 20


def test_the_names_and_sizes_of_what_is_sealed_tell_nothing(twice: tuple[Path, Path]) -> None:
    sizes = [{p.name: p.stat().st_size for p in (f / "sealed").iterdir()} for f in twice]
    assert sizes[0] == sizes[1]


def test_another_key_opens_nothing(made: drill.Pack) -> None:
    with pytest.raises(SealError):
        drill.unseal(made, PseudonymKey.generate())


def test_the_folder_names_no_kind_of_misuse(made: drill.Pack) -> None:
    words = (b"M06", b"kochi", b"misuse", "高知".encode())
    for path in made.path.rglob("*"):
        if path.is_file() and path.suffix in (".json", ".csv"):
            content = path.read_bytes()
            assert not [word for word in words if word in content], path


def test_files_that_were_changed_are_named(twice: tuple[Path, Path]) -> None:
    path = twice[1] / "evidence" / "staff.csv"
    path.write_bytes(path.read_bytes() + b"\n")
    assert packs.changed(drill.open_pack(twice[1])) == ["evidence/staff.csv"]
