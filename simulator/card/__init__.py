"""What a run says of itself: a data card in English and Japanese, Croissant metadata, and how to cite it.

Nothing in it is more than the manifest and the public scenario tell: no seed, no count of misuse.
"""

from simulator.card.citation import citation
from simulator.card.croissant import Source, croissant, run_sources
from simulator.card.facts import EDITION, Facts
from simulator.card.markdown import card

__all__ = ["EDITION", "Facts", "Source", "card", "citation", "croissant", "pages", "run_sources"]
FILES = ("datacard.md", "datacard.ja.md", "croissant.json", "CITATION.cff")


def pages(facts: Facts, sources: list[Source]) -> dict[str, bytes]:
    """The files that lie in a folder of data, by name.

    Args:
        facts: of the run.
        sources: where its tables are.
    """
    texts = (card(facts, "en"), card(facts, "ja"), croissant(facts, sources), citation(facts))
    return {name: text.encode() for name, text in zip(FILES, texts, strict=True)}
