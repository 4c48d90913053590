"""The answer key out of finished parts, place by place: memory holds what is asked again, and no more."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from simulator import storage, tips
from simulator.dataset import Dataset
from simulator.generation.folders import Draft
from simulator.generation.order import Order
from simulator.generation.part import read
from simulator.labels import AnswerKey, write_key
from simulator.schema import DIFFICULTY, KNOWN

_HEAD = ("episode_id", "episode_kind", "misuse", "channel")
_LOOKALIKE = pl.col("episode_kind") == "look-alike"


@dataclass(frozen=True, slots=True)
class Truth:
    """The truth of the run that `order` asks for, of which `draft` holds the parts."""

    order: Order
    draft: Draft

    def write(self, root: str) -> None:
        """Write key and difficulty of the run with the root digest `root` into the folder of the truth."""
        places = self.order.scenario.municipalities
        labels = (part.sort("event_id") for part in self._parts("label", sorted(self.order.codes, key=places.index)))
        episodes = (part.sort("episode_id") for part in self._named("episode"))
        write_key(self.draft.truth, labels, episodes, root)
        storage.write_parts(DIFFICULTY, self._difficulty(), self.draft.truth / "difficulty.parquet")

    def judged(self, root: str) -> tuple[AnswerKey, pl.DataFrame]:
        """What is asked of the key again, and the episodes that somebody tells of.

        Left out are the look-alikes of which nobody tells: nearly all that a key holds.
        """
        heads = pl.concat(part.select(_HEAD) for part in self._named("episode"))
        told = pl.col("episode_id").is_in(tips.reported(heads, self.order.seed)["episode_id"].implode())
        episodes = pl.concat(part.filter(~_LOOKALIKE | told) for part in self._named("episode"))
        asked = pl.col("misuse") | pl.col("grey") | pl.col("twin_of").is_not_null()
        asked |= pl.col("episode_id").is_in(episodes["episode_id"].implode())
        labels = pl.concat(part.filter(asked) for part in self._named("label"))
        return AnswerKey(labels, episodes, root), episodes.filter(told)

    def write_known(self, run: Dataset, key: AnswerKey, told: pl.DataFrame) -> None:
        """Write what the office has learnt of the episodes `told`."""
        storage.write_parquet(KNOWN, tips.told(run, key, told, self.order.seed), self.draft.truth / "known.parquet")

    def _difficulty(self) -> Iterator[pl.DataFrame]:
        detectors = sorted({name for part in self._named("difficulty") for name in part["detector"].unique()})
        for detector in detectors:
            for part in self._named("difficulty"):
                yield part.filter(detector=detector).sort("episode_id")

    def _named(self, name: str) -> Iterator[pl.DataFrame]:
        """Of each part what is called `name`, in the order of their codes, which names of episodes begin with."""
        return self._parts(name, sorted(self.order.codes))

    def _parts(self, name: str, codes: list[str]) -> Iterator[pl.DataFrame]:
        return (read(self.draft.parts, code, name) for code in codes)
