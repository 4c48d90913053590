"""The facts that a data card tells: numbers from the manifest, names and window from the public scenario."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Self

from simulator.dataset import Manifest
from simulator.scenario import Scenario

_COUNTED = ("resident", "household", "staff", "event", "shown")
_NAMES = {"resident": "residents", "household": "households", "event": "events"}
EDITION = {
    "scripted": (
        "Scripted edition: the misuse that its scenario tells, and no other.",
        "脚本版：シナリオが定める不正だけを含みます。",
    ),
    "natural": (
        "Natural edition: misuse is as rare as it is known to be.",
        "自然版：不正は、知られている程度にまれです。",
    ),
    "dense": (
        "Dense edition, for teaching: misuse is far more frequent than it is known to be.",
        "濃縮版（教育用）：不正は、知られているよりはるかに多く含まれます。",
    ),
}
"""What each edition of a scenario is, in English and in Japanese."""
_KEY = {
    True: (
        "This run uses the published insecure key, which shows how pseudonyms work and protects nothing.",
        "本データは公開済みの鍵を使っており、仮名化の仕組みを示すもので、秘匿の効果はありません。",
    ),
    False: ("The key was drawn for this run's owner.", "鍵は本データの作成者が用意したものです。"),
}
_CHECK_DIGITS = {
    "invalid": (
        "Resident codes and My Numbers carry wrong check digits on purpose.",
        "住民票コードと個人番号は、検査用数字をわざと誤らせてあります。",
    ),
    "valid": (
        "Resident codes and My Numbers pass their checks: by chance some are living people's.",
        "住民票コードと個人番号は検査に合格するため、偶然、実在の人の番号と一致するものがあります。",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the words of a card are filled with.

    Attributes:
        name: of the data set.
        title_en, title_ja: its titles.
        summary: one sentence, English.
        version: of jukisim.
        values: what stands in braces in ``words.toml``.
        rows: rows of each table.
        notes: of the manifest.
        parts: for a split, events of each part; empty for a run.
    """

    name: str
    title_en: str
    title_ja: str
    summary: str
    version: str
    values: Mapping[str, str]
    rows: Mapping[str, int]
    notes: tuple[str, ...] = ()
    parts: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, manifest: Manifest, scenario: Scenario) -> Self:
        """The facts of the run of `manifest`; of `scenario` only what an outsider may know is used."""
        window, rows = scenario.window, manifest.rows
        insecure = manifest.pseudonym_key == "insecure-default"
        values = {
            "version": manifest.version,
            "commitment": manifest.seed_commitment,
            "places": str(len(manifest.logs)),
            "first": window.start.isoformat(),
            "last": (window.end - timedelta(days=1)).isoformat(),
            **{_NAMES.get(name, name): f"{rows.get(name, 0):,}" for name in _COUNTED},
            **_both("edition", EDITION[scenario.edition]),
            **_both("key", _KEY[insecure]),
            **_both("check_digits", _CHECK_DIGITS[manifest.check_digits]),
        }
        return cls(
            name=manifest.scenario, title_en=scenario.title_en, title_ja=scenario.title_ja, summary=scenario.summary,
            version=manifest.version, values=values, rows=rows, notes=manifest.notes,
        )  # fmt: skip

    @classmethod
    def together(cls, held: Sequence[Self]) -> Self:
        """The facts of several runs of one scenario: counts are added, seeds named one after the other."""
        first, names = held[0], {_NAMES.get(name, name): name for name in _COUNTED}
        rows = {name: sum(facts.rows.get(name, 0) for facts in held) for name in first.rows}
        counted = {key: f"{rows.get(name, 0):,}" for key, name in names.items()}
        commitments = ", ".join(facts.values["commitment"] for facts in held)
        return replace(first, rows=rows, values={**first.values, **counted, "commitment": commitments})

    def with_parts(self, parts: Mapping[str, int]) -> Self:
        """The same for a split into `parts`, events of each."""
        return replace(self, parts=parts)

    def filled(self, text: str) -> str:
        """`text` with the facts in the place of its braces."""
        return text.format_map(dict(self.values))


def _both(name: str, texts: tuple[str, str]) -> dict[str, str]:
    return {f"{name}_en": texts[0], f"{name}_ja": texts[1]}
