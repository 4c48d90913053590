"""A run of several villages in one piece, by which every way of making it is judged."""

import pytest
import villages

from simulator import generation


@pytest.fixture(scope="module")
def scenario_file(tmp_path_factory):
    return villages.write(tmp_path_factory.mktemp("scenario"))


@pytest.fixture(scope="module")
def whole(scenario_file, tmp_path_factory):
    """Every byte of the run made in one piece, by one worker."""
    out = tmp_path_factory.mktemp("whole") / "r"
    generation.generate(generation.order(str(scenario_file), seed=3), out)
    return villages.contents(out)
