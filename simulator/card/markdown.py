"""The data card as Markdown: the seven headings of a datasheet, limits, the tables, and the ten pitfalls answered."""

from collections.abc import Iterator

from simulator import schema
from simulator.card.facts import Facts
from simulator.card.words import words

_TITLES = {
    "en": ("Data card", "Tables", "Rows", "Table", "Meaning", "Pitfalls of machine learning in security, answered"),
    "ja": ("データカード", "表", "行数", "表", "内容", "セキュリティ分野の機械学習で陥りやすい誤りへの回答"),
}
_SOURCES = {
    "en": "Headings: Gebru et al. 2021, *Datasheets for Datasets*. Pitfalls: Arp et al. 2022, *Dos and Don'ts of "
    "Machine Learning in Computer Security*.",
    "ja": "見出しは Gebru ほか（2021）*Datasheets for Datasets*、誤りの一覧は Arp ほか（2022）"
    "*Dos and Don'ts of Machine Learning in Computer Security* によります。",
}
_PARTS = {"en": ("Parts", "Part", "Events"), "ja": ("分割", "部分", "件数")}


def card(facts: Facts, language: str) -> str:
    """The card in "en" or "ja"."""
    return "\n".join(_lines(facts, language)) + "\n"


def _lines(facts: Facts, language: str) -> Iterator[str]:
    title, tables, *_, pitfalls = _TITLES[language]
    yield f"# {title}: {facts.title_ja if language == 'ja' else facts.title_en} (jukisim {facts.name})"
    if language == "en":
        yield from ("", facts.summary)
    for heading in (*words().heading, words().limits):
        yield from ("", f"## {heading.title(language)}")
        for told in heading.told(language):
            yield from ("", facts.filled(told))
    if facts.parts:
        yield from ("", *_parts(facts, language))
    yield from ("", f"## {tables}", "", *_tables(facts, language))
    yield from ("", f"## {pitfalls}", "", *_pitfalls(facts, language))
    yield from ("", _SOURCES[language])


def _parts(facts: Facts, language: str) -> Iterator[str]:
    title, part, events = _PARTS[language]
    yield from (f"## {title}", "", f"| {part} | {events} |", "|---|--:|")
    yield from (f"| {name} | {count:,} |" for name, count in facts.parts.items())


def _tables(facts: Facts, language: str) -> Iterator[str]:
    _, _, rows, table, meaning, _ = _TITLES[language]
    yield from (f"| {table} | {rows} | {meaning} |", "|---|--:|---|")
    for name, count in facts.rows.items():
        entry = schema.table(name)
        yield f"| {name} | {count:,} | {entry.ja if language == 'ja' else entry.meaning} |"


def _pitfalls(facts: Facts, language: str) -> Iterator[str]:
    yield from ("| | | |", "|---|---|---|")
    for place, pitfall in enumerate(words().pitfall, start=1):
        name, answer = pitfall.row(language)
        yield f"| P{place} | {name} | {facts.filled(answer)} |"
