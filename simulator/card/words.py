"""The words of ``words.toml``."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from simulator import spec


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading of the card with its paragraphs, in both languages; `name` is for machines."""

    ja: str
    en: str
    told_ja: tuple[str, ...]
    told_en: tuple[str, ...]
    name: str = ""

    def title(self, language: str) -> str:
        """The title in "en" or "ja"."""
        return self.ja if language == "ja" else self.en

    def told(self, language: str) -> tuple[str, ...]:
        """The paragraphs in "en" or "ja"."""
        return self.told_ja if language == "ja" else self.told_en


@dataclass(frozen=True, slots=True)
class Pitfall:
    """One of the ten pitfalls, and how this data set answers it."""

    ja: str
    en: str
    told_ja: str
    told_en: str

    def row(self, language: str) -> tuple[str, str]:
        """Its name and the answer in "en" or "ja"."""
        return (self.ja, self.told_ja) if language == "ja" else (self.en, self.told_en)


@dataclass(frozen=True, slots=True)
class Words:
    """All of them, in the order of the file."""

    heading: tuple[Heading, ...]
    limits: Heading
    pitfall: tuple[Pitfall, ...]

    def named(self, name: str) -> Heading:
        """The heading for machines called `name`."""
        return next(heading for heading in self.heading if heading.name == name)


@cache
def words() -> Words:
    """The words, read once."""
    path = Path(__file__).with_name("words.toml")
    return spec.build(Words, spec.read_toml(path), path.name)
