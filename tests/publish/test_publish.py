"""A run and a split as Hugging Face reads them: `datasets` loads them, labels only where one may learn."""

import json
import os
import subprocess
import sys
import warnings

import mlcroissant
import pytest

from simulator import publish, split
from simulator.errors import ExistsError, MissingError

LOAD = """
import json, sys
import datasets
for name in sys.argv[2:]:
    loaded = datasets.load_dataset(sys.argv[1], name)
    print(json.dumps({part: [rows.num_rows, rows.column_names, str(rows.features[rows.column_names[-1]])]
                      for part, rows in loaded.items()}))
"""


@pytest.fixture(scope="module")
def published(mini, mini_key, tmp_path_factory):
    """Folders of the run and of its temporal split, and how many events each part has."""
    folder = tmp_path_factory.mktemp("published")
    counts = split.split([mini], [mini_key], "temporal", folder / "parts")
    publish.hugging_face(mini.path, folder / "run")
    publish.hugging_face(folder / "parts", folder / "split")
    return folder, counts


def loaded(folder, *names):
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(folder.parent / "home")}
    ran = subprocess.run(
        [sys.executable, "-c", LOAD, str(folder), *names], env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


def test_datasets_loads_run_and_split(published, mini):
    """Every table is a configuration; the split has its parts, and labels for learning alone."""
    folder, counts = published
    event, label = loaded(folder / "split", "event", "label")
    assert {part: told[0] for part, told in event.items()} == counts
    assert {part: told[0] for part, told in label.items()} == {p: counts[p] for p in split.LEARNING}
    assert event["test"][1] == mini.table("event").columns
    (shown,) = loaded(folder / "run", "shown")
    assert shown["full"][0] == mini.table("shown").height


@pytest.mark.parametrize("which", ["run", "split"])
def test_croissant_of_it_is_whole(published, which):
    """mlcroissant finds no error and reads the events."""
    folder, counts = published
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        told = mlcroissant.Dataset(folder / which / "croissant.json")
        records = sum(1 for _ in told.records("event"))
    assert (told.metadata.issues.errors, records) == (set(), sum(counts.values()))


def test_split_has_a_card_of_its_own(published):
    """The split's card tells its parts, its metadata has no error, and the README of the export is that card."""
    folder, counts = published
    card = (folder / "parts" / "datacard.md").read_text(encoding="utf-8")
    assert all(f"| {part} | {count:,} |" in card for part, count in counts.items())
    assert (folder / "split" / "README.md").read_text(encoding="utf-8").endswith(card)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        told = mlcroissant.Dataset(folder / "parts" / "croissant.json")
        assert sum(1 for _ in told.records("test-event")) == counts["test"]


def test_what_is_there_stays(published, tmp_path):
    """An existing folder is not written over; a folder that is neither run nor split is named."""
    folder, _ = published
    with pytest.raises(ExistsError):
        publish.hugging_face(folder / "parts", folder / "split")
    with pytest.raises(MissingError, match="not a run"):
        publish.hugging_face(tmp_path, tmp_path / "out")
