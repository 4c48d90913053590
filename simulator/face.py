"""The library face: what ``import simulator`` offers to notebooks, tests and other programs.

>>> import simulator
>>> world = simulator.World.open("town")
>>> world.run.table("resident").select("family_name", "given_name", "birth_date").height > 1_000
True
>>> card = simulator.score(world.run, world.detect("chance"))
>>> 0 <= card.average_precision <= 1
True
"""

import hashlib
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

import filelock
import polars as pl

import simulator
from simulator import detect, generation, labels, scoring, spec
from simulator.clock import Window
from simulator.dataset import FORMAT, Dataset, populations
from simulator.errors import MissingError, SimulatorError, UsageError
from simulator.generation import Overrides, RunFolders
from simulator.labels import AnswerKey
from simulator.live.desk import Live
from simulator.live.opening import chosen
from simulator.population import Population, PopulationSpec, build
from simulator.scenario import people_stream
from simulator.scoring import Scorecard
from simulator.seed import Order as SeedOrder
from simulator.seed import Seeded
from simulator.seed import seed as seed_database
from simulator.world.municipality import municipality as place_of

if TYPE_CHECKING:
    import pyarrow as pa

START = date(2025, 4, 1)
"""First day of the fiscal year in which the shipped scenarios play."""


@dataclass(frozen=True, slots=True)
class World:
    """A run with everything that lies beside it: for whoever may know the truth.

    Hand ``world.run``, never the world, to what must not know it.

    Attributes:
        run: the public half.

    >>> world = simulator.World.open("town")
    >>> world.run.manifest.scenario
    'mini'
    >>> world.key.episodes.filter("misuse")["archetype"].unique().sort().to_list()
    ['M06', 'M12']
    """

    run: Dataset

    @classmethod
    def open(cls, path: Path | str) -> "World":
        """Open the run in the folder `path`.

        Raises:
            MissingError: there is no finished run.
            DamagedError: its manifest is damaged.
            SimulatorError: it was made by a version with another layout.
        """
        return cls(Dataset.open(path))

    @property
    def path(self) -> Path:
        """The folder of the run; ``.truth`` and ``.keys`` lie beside it."""
        return self.run.path

    @property
    def key(self) -> AnswerKey:
        """The answer key.

        Raises:
            MissingError: it does not lie beside the run.
            UsageError: it is sealed; open it with `AnswerKey.unlock`.
        """
        return _key(labels.truth_of(self.path))

    def population(self, municipality: str | None = None) -> Population:
        """The people of a municipality of the run, as its register has them.

        Args:
            municipality: six digits; needed if the run has several.

        Raises:
            UsageError: it is needed and not given.
            UnknownNameError: the run has no such one.
        """
        return next(populations(self.run, [chosen(self.run, municipality)]))

    def live(self, *, municipality: str | None = None, log: Path | None = None) -> Live:
        """The run in use: ask as a member of staff; close it, or use it as a context.

        Args:
            municipality: six digits; needed if the run has several.
            log: file of the live log; in ``RUN.live`` if not given.

        Raises:
            MissingError, BusyError, DamagedError, UsageError: as of `Live.open`.

        >>> with simulator.World.open("town").live() as desk:
        ...     asked = simulator.Request(
        ...         question="search", staff=min(desk.office.members), purpose="resident_certificate",
        ...         values={"kana": "サトウ", "match": "prefix"},
        ...     )
        ...     answer = desk.ask(asked)
        >>> answer.event > desk.run.manifest.rows["event"]  # what was asked is in the log, granted or not
        True
        """
        return Live.open(self.path, municipality=municipality, log=log)

    def detect(self, name: str) -> pl.DataFrame:
        """Scores of a detector: event_id and score; some add a why.

        Args:
            name: a baseline, an entry point, or ``module:Class``.

        It is given the public half alone.

        Raises:
            UnknownNameError, UsageError: there is no such detector.
            CheckError: it fails, or its scores do not hold to the contract.

        >>> simulator.World.open("town").detect("has_reason").select("event_id", "score").null_count().row(0)
        (0, 0)
        """
        return detect.run(self.run, name)

    def score(self, scores: pl.DataFrame, name: str = "scores") -> Scorecard:
        """The scorecard of `scores` (event_id, score; higher is more suspicious), titled `name`.

        Raises:
            ScoresError: they do not fit the run.
            MissingError, UsageError: as of `key`.
        """
        return scoring.score(self.run, self.key, scores, name)

    def seed(self, target: Path | str, *, replace: bool = False, form: str | None = None) -> list[Seeded]:
        """Put the register into a database of yours, or with `form` into files.

        Args:
            target: ``postgresql://…``, ``sqlite:///town.db`` or the path of a SQLite file; with `form` a folder.
            replace: make anew what an earlier seeding made.
            form: csv, fixed, mariadb, postgresql, sqlite or oracle.

        Returns:
            What was seeded, one for each municipality.

        Raises:
            UsageError, UnknownNameError, MissingError, StorageError: as of `simulator.seed.seed`.
        """
        return seed_database(self.run, SeedOrder(target=str(target), replace=replace, form=form))


def generate(
    scenario: str,
    *,
    seed: int,
    out: Path | str,
    key: Path | None = None,
    residents: int | None = None,
    days: int | None = None,
    jobs: int = 1,
) -> World:
    """Make a run of `scenario` in the new folder `out`, with ``out.truth`` and ``out.keys`` beside it.

    Args:
        scenario: name of a shipped one (``mini``, ``village``, ``demo`` …), or the path of a TOML file.
        seed: 0 ≤ seed < 2^128. Same version, scenario, seed and key: same bytes.
        out: the folder to make.
        key: pseudonym key file; without it the published insecure key.
        residents: another number than the scenario's.
        days: another number than the scenario's.
        jobs: workers; they change no byte.

    Raises:
        UnknownNameError, SpecError: there is no such scenario, or it does not hold.
        ExistsError: one of the three folders is there.
        StorageError: the disk would not take it.
        CheckError: the run does not hold what its scenario promises, or gives its misuse away.

    >>> town = simulator.generate("mini", seed=5, out="tiny", days=2)
    >>> town.run.manifest.rows["event"] > 100
    True
    """
    instead = Overrides(residents=residents, days=days)
    order = generation.order(scenario, seed=seed, key=key, jobs=jobs, instead=instead)
    return World(generation.generate(order, Path(out)))


def cached(name: str, *, seed: int, folder: Path | str, residents: int | None = None, days: int | None = None) -> World:
    """The run of the scenario `name` and `seed` out of `folder`, made there the first time.

    A second process that wants the same waits. What was made by another version, or is not whole, is made anew.

    Args:
        name: of a shipped scenario, or the path of a TOML file.
        seed: 0 ≤ seed < 2^128.
        folder: where runs are kept; it may be deleted at any time.
        residents: another number than the scenario's.
        days: another number than the scenario's.

    Raises:
        UnknownNameError, SpecError, StorageError, CheckError: as of `generate`.

    >>> first = simulator.cached("mini", seed=5, days=2, folder="kept")
    >>> simulator.cached("mini", seed=5, days=2, folder="kept") == first  # opened, not made
    True
    """
    order = generation.order(name, seed=seed, instead=Overrides(residents=residents, days=days))
    content = f"{simulator.__version__}\n{FORMAT}\n{spec.to_toml(order.scenario)}"
    mark = hashlib.sha256(content.encode()).hexdigest()[:12]
    folders = RunFolders(Path(folder).absolute() / f"{order.scenario.name}-{seed}-{mark}")
    folders.run.parent.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(f"{folders.run}.lock"):
        if not _whole(folders):
            for part in (folders.run, folders.truth, folders.keys):
                shutil.rmtree(part, ignore_errors=True)
            generation.generate(order, folders.run)
    return World.open(folders.run)


def _whole(folders: RunFolders) -> bool:
    try:
        run, key = Dataset.open(folders.run), AnswerKey.open(folders.truth)
    except SimulatorError:
        return False
    return key.run == run.root and (folders.keys / generation.KEYRING).is_file()


def people(
    residents: int = 5_000,
    *,
    seed: int,
    municipality: str = "482013",
    profile: str = "national",
    start: date = START,
    days: int = 365,
    jobs: int = 1,
) -> Population:
    """The people of one municipality in memory, without offices or log.

    Args:
        residents: how many, reached to within a household.
        seed: 0 ≤ seed < 2^128; with the other arguments it says who they are.
        municipality: six digits.
        profile: of ages and households: national, ageing_town, student_city, commuter_suburb, or own.
        start: first day of the window in which moves, births and deaths happen.
        days: how many days it has.
        jobs: workers; they change no byte.

    Raises:
        UnknownNameError: there is no such municipality.
        UsageError: it cannot hold so many, or a value cannot be.

    >>> village = simulator.people(800, seed=1)
    >>> village.residents.height >= 800, village.changes["reason"].n_unique() > 3
    (True, True)
    """
    try:
        wanted = PopulationSpec(residents, profile)
    except ValueError as error:
        raise UsageError(str(error)) from error
    window = Window(start, start + timedelta(days=days))
    return build(wanted, place_of(municipality), window, people_stream(seed), jobs)


def score(
    run: Dataset | Path | str, scores: pl.DataFrame | Path | str, *, truth: Path | str | None = None
) -> Scorecard:
    """Hold `scores` against the answer key of `run`.

    Args:
        run: the public half, or its folder.
        scores: a frame event_id, score with every event, higher being more suspicious; or a CSV or Parquet file.
        truth: folder of the answer key; the one beside the run if not given.

    Raises:
        ScoresError: the scores do not fit the run.
        ForeignKeyError: the key belongs to another run.
        MissingError, UsageError: there is no key, or it is sealed.
    """
    opened = run if isinstance(run, Dataset) else Dataset.open(run)
    key = _key(labels.truth_of(opened.path) if truth is None else Path(truth))
    if isinstance(scores, pl.DataFrame):
        return scoring.score(opened, key, scores, "scores")
    return scoring.score_file(opened, key, Path(scores))


def _key(folder: Path) -> AnswerKey:
    if folder.is_file():
        msg = f"{folder} is sealed: open it with AnswerKey.unlock(path, passphrase), or with jukisim score"
        raise UsageError(msg)
    return AnswerKey.open(folder)


@overload
def table(run: Dataset | Path | str, name: str) -> pl.DataFrame: ...
@overload
def table(run: Dataset | Path | str, name: str, form: Literal["polars"]) -> pl.DataFrame: ...
@overload
def table(run: Dataset | Path | str, name: str, form: Literal["arrow"]) -> "pa.Table": ...
@overload
def table(run: Dataset | Path | str, name: str, form: Literal["pandas"]) -> Any: ...
def table(run: Dataset | Path | str, name: str, form: str = "polars") -> Any:
    """A table of `run` as a frame of polars, pandas or Arrow.

    Args:
        run: the public half, or its folder.
        name: event, shown, staff, resident …; ``jukisim schema`` lists them.
        form: polars, arrow, or pandas (which must be installed).

    Raises:
        UnknownNameError: a run has no such table.
        UsageError: there is no such form.
        MissingError: pandas is not installed.

    >>> simulator.table("town", "staff", "arrow").num_rows == simulator.table("town", "staff").height
    True
    """
    if form not in ("polars", "arrow", "pandas"):
        msg = f"form is {form!r}; valid: polars, arrow, pandas"
        raise UsageError(msg)
    frame = (run if isinstance(run, Dataset) else Dataset.open(run)).table(name)
    if form == "polars":
        return frame
    return frame.to_arrow() if form == "arrow" else _pandas(frame)


def _pandas(frame: pl.DataFrame) -> Any:
    try:
        return frame.to_pandas()
    except ImportError as error:
        raise MissingError("frames of pandas need pandas: pip install pandas") from error
