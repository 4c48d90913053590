"""Many machines and an object store give the bytes of one machine and its disk, whoever dies on the way."""

import dataclasses
import logging

import clusters
import fsspec
import pytest
import villages

from simulator import generation
from simulator.errors import ExistsError, StoppedError, StorageError, UnknownNameError, UsageError
from simulator.generation.folders import Draft
from simulator.generation.store import Store, fetched

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
URL = "s3://jukisim/runs/r"


@pytest.fixture
def s3(monkeypatch):
    """An S3 server with an empty bucket, which the environment names as anybody's would."""
    with clusters.s3_server() as (app, address):
        for name, value in (
            ("AWS_ENDPOINT_URL", address), ("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_DEFAULT_REGION", "us-east-1"),
        ):  # fmt: skip
            monkeypatch.setenv(name, value)
        fsspec.get_filesystem_class("s3").clear_instance_cache()
        fsspec.filesystem("s3").mkdir("jukisim")
        yield app
        fsspec.get_filesystem_class("s3").clear_instance_cache()


@pytest.fixture
def cluster(tmp_path_factory, s3):
    """A scheduler and two workers, which reach the S3 server too."""
    made = clusters.Cluster(tmp_path_factory.mktemp("cluster"))
    yield made
    made.close()


def wish(scenario_file, **more):
    return dataclasses.replace(generation.order(str(scenario_file), seed=3), **more)


def stored():
    """Every byte of the run in the store, by path as `villages.contents` has it."""
    store = Store.of(URL)
    found = {}
    for name in villages.NAMES:
        folder = store.beside(store.name + name)
        for path in folder.files.find(folder.path):
            found[f"{name}/{path[len(folder.path) + 1 :]}"] = folder.files.cat_file(path)
    return found


def test_cluster_gives_the_same_bytes_though_workers_die(scenario_file, whole, cluster, tmp_path):
    """Two worker processes share the work, one is killed in the middle: the bytes are those of one process."""
    parts = Draft(tmp_path / ".r.part").parts
    killed = []

    def kill(_words, _share):
        if not killed:
            clusters.until(lambda: list(parts.glob(".*-*")))
            cluster.workers[0].kill()
            killed.append(cluster.workers[0].wait())

    generation.generate(wish(scenario_file, scheduler=cluster.address), tmp_path / "r", kill)
    assert killed
    assert villages.contents(tmp_path / "r") == whole
    generation.generate_at(wish(scenario_file, scheduler=cluster.address), URL)
    assert stored() == whole


@pytest.mark.parametrize("loss", ["kill", pytest.param("cut", marks=pytest.mark.slow)])
def test_workers_on_hosts_of_their_own(scenario_file, whole, tmp_path, loss):
    """Each worker on a host of its own; one dies, or its cable is pulled and it goes on unheard: the same bytes."""
    with clusters.hosts(2) as hosts:
        cluster = clusters.Cluster(tmp_path, hosts)
        parts = Draft(tmp_path / ".r.part").parts
        lost = []

        def lose(_words, _share):
            if not lost:
                clusters.until(lambda: len(list(parts.glob(".*-*"))) >= 1)
                lost.append(cluster.workers[0].pid)
                cluster.workers[0].kill() if loss == "kill" else hosts.cut(0)

        try:
            generation.generate(wish(scenario_file, scheduler=cluster.address), tmp_path / "r", lose)
        finally:
            cluster.close()
    assert lost
    assert villages.contents(tmp_path / "r") == whole


def test_lost_scheduler_is_told_and_another_machine_goes_on(scenario_file, whole, cluster, tmp_path):
    """When the scheduler is killed the command says what is kept, and the same order goes on without a cluster."""

    def kill(_words, _share):
        if cluster.scheduler.poll() is None:
            cluster.scheduler.kill()
            cluster.scheduler.wait()

    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with pytest.raises(StorageError, match=r"the cluster at .* was lost"):
        generation.generate(wish(scenario_file, scheduler=cluster.address), tmp_path / "r", kill)
    for worker in cluster.workers:
        worker.kill()
        worker.wait()
    generation.generate(wish(scenario_file), tmp_path / "r")
    assert villages.contents(tmp_path / "r") == whole


def test_object_store_holds_the_same_bytes_though_it_fails(scenario_file, whole, s3):
    """A store that refuses each third request gets the whole run; a stopped run goes on from what it holds."""
    s3.every = 3
    stop = villages.Stop(20)
    with pytest.raises(StoppedError, match="2 of 3 municipalities are finished and kept"):
        generation.generate_at(wish(scenario_file), URL, stop)
    assert not Store.of(URL).has("manifest.json")
    begun = []
    generation.generate_at(wish(scenario_file), URL, lambda words, _share: begun.append(words))
    assert len({words.split()[0] for words in begun if words.endswith(" people")}) == 1
    assert stored() == whole
    assert Store.of(URL).beside(".r.part").names("") == []
    with pytest.raises(ExistsError, match="already exists"):
        generation.generate_at(wish(scenario_file), URL)


def test_damaged_part_in_the_store_is_made_again(scenario_file, whole, s3, tmp_path):
    """A part of which an object was changed in the store is not taken for finished."""
    with pytest.raises(StoppedError):
        generation.generate_at(wish(scenario_file), URL, villages.Stop(12))
    remote = Store.of(URL).beside(".r.part")
    code = remote.names("parts")[0].split("/")[0]
    victim = next(name for name in remote.names(f"parts/{code}") if name.endswith(".parquet"))
    remote.files.pipe_file(f"{remote.path}/parts/{code}/{victim}", b"PAR1")
    assert fetched(remote, Draft(tmp_path / "d"), code) is None
    generation.generate_at(wish(scenario_file), URL)
    assert stored() == whole


def test_store_that_never_answers_is_one_line(scenario_file, s3, monkeypatch):
    """A store that fails always is given up with one line."""
    monkeypatch.setattr("simulator.generation.store.FIRST_PAUSE_S", 0.001)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    s3.every = 1
    with pytest.raises(StorageError, match="the object store failed"):
        generation.generate_at(wish(scenario_file), URL)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [(("ray", None), UnknownNameError), (("dask", None), UsageError), (("local", "tcp://127.0.0.1:1"), UsageError)],
)
def test_engine_and_scheduler_belong_together(asked, answer):
    """An engine that does not exist, or lacks its scheduler, is refused."""
    with pytest.raises(answer):
        generation.scheduler_for(*asked)


def test_nobody_at_the_address_is_one_line(scenario_file, tmp_path, monkeypatch):
    """Where no scheduler answers the command says how to start one, and leaves nothing."""
    monkeypatch.setattr("simulator.generation.cluster.CONNECT_S", 1)
    with pytest.raises(UsageError, match="no dask scheduler answers"):
        generation.generate(wish(scenario_file, scheduler="tcp://127.0.0.1:9"), tmp_path / "r")
    assert list(tmp_path.iterdir()) == []
