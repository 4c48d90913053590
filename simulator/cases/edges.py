"""Edge cases: residents that break systems, each under a name that a tester can aim at.

Nobody is put together for the purpose: each is found in a population that our own rules hold to be possible, so
household, address and history fit.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl

from simulator.population import Population

c = pl.col
Found = Callable[[Population], pl.DataFrame]
_ERA_DAYS = [
    date(1912, 7, 29),
    date(1912, 7, 30),
    date(1926, 12, 24),
    date(1926, 12, 25),
    date(1989, 1, 7),
    date(1989, 1, 8),
    date(2019, 4, 30),
    date(2019, 5, 1),
]
"""Last and first days of eras. Source: the ordinances of 1912, 1926, 1989 and 2019."""
_OLD, _MOVES, _HOUSE = 115, 4, 7
_APRIL, _SECOND = 4, 2


@dataclass(frozen=True, slots=True)
class Edge:
    """One kind of edge case.

    Attributes:
        name: to aim at.
        ja: title in Japanese.
        breaks: what it breaks in systems that did not think of it.
        find: the residents of a population that are such, best first (columns ``resident_no`` and what matters).
    """

    name: str
    ja: str
    breaks: str
    find: Found


def _where(condition: pl.Expr, *by: pl.Expr) -> Found:
    order = by or (c("resident_no"),)
    return lambda people: people.residents.filter(condition).sort(*order).select("resident_no")


def _in(table: str, condition: pl.Expr) -> Found:
    def find(people: Population) -> pl.DataFrame:
        frame: pl.DataFrame = getattr(people, table)
        return frame.filter(condition).select("resident_no").unique(maintain_order=True)

    return find


def _cp932(text: str) -> bool:
    try:
        text.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def _outside_cp932(people: Population) -> pl.DataFrame:
    names = people.residents.select("resident_no", name=c("family_name") + c("given_name"))
    wrong = names.select(c("name").map_elements(lambda name: not _cp932(name), return_dtype=pl.Boolean)).to_series()
    return names.filter(wrong).select("resident_no")


def _beyond_the_plane(people: Population) -> pl.DataFrame:
    return people.residents.filter((c("family_name") + c("given_name")).str.contains(r"[\x{10000}-\x{10FFFF}]")).select(
        "resident_no"
    )


def _twins(people: Population) -> pl.DataFrame:
    born = c("relationship") == "子"
    children = people.residents.filter(born)
    return children.filter(pl.len().over("household_no", "birth_date") > 1).select("resident_no")


def _namesakes(people: Population) -> pl.DataFrame:
    same = ["family_name", "given_name", "birth_date"]
    return people.residents.filter(pl.len().over(same) > 1).sort(*same, "resident_no").select("resident_no")


def _same_name_in_house(people: Population) -> pl.DataFrame:
    same = ["household_no", "kana_key"]
    return people.residents.filter(pl.len().over(same) > 1).select("resident_no")


def _many_moves(people: Population) -> pl.DataFrame:
    rows = pl.concat([people.changes.select("resident_no"), people.past.select("resident_no")])
    counted = rows.group_by("resident_no").len("changes").filter(c("changes") >= _MOVES)
    return counted.sort("changes", "resident_no", descending=[True, False]).select("resident_no")


def _cancelled(people: Population) -> pl.DataFrame:
    return people.changes.filter(c("cancels").is_not_null()).select("resident_no").unique(maintain_order=True)


def _returned(people: Population) -> pl.DataFrame:
    return people.removed.filter(c("resident_no").is_not_null()).select("resident_no").unique(maintain_order=True)


def _big_house(people: Population) -> pl.DataFrame:
    big = people.households.filter((c("size") >= _HOUSE) & (c("kind") != "institution")).sort("size", descending=True)
    return big.select(resident_no="head")


def _in_institution(people: Population) -> pl.DataFrame:
    homes = people.households.filter(c("kind") == "institution").select("household_no")
    return people.residents.join(homes, on="household_no", how="semi").select("resident_no")


def _alias_history(people: Population) -> pl.DataFrame:
    return people.aliases.filter(pl.len().over("resident_no") > 1).select("resident_no").unique(maintain_order=True)


def _longest(people: Population) -> pl.DataFrame:
    names = people.residents.with_columns(length=(c("family_name") + c("given_name")).str.len_chars())
    return names.sort("length", "resident_no", descending=[True, False]).head(1).select("resident_no")


def _shortest(people: Population) -> pl.DataFrame:
    names = people.residents.with_columns(length=(c("family_name") + c("given_name")).str.len_chars())
    return names.sort("length", "resident_no").head(1).select("resident_no")


def _longest_address(people: Population) -> pl.DataFrame:
    homes = people.residents.join(people.addresses.select("address_no", "address"), on="address_no")
    by = homes.with_columns(length=c("address").str.len_chars())
    return by.sort("length", "resident_no", descending=[True, False]).head(1).select("resident_no")


def _oldest(people: Population) -> pl.DataFrame:
    known = people.residents.filter(c("birth_known") == "day")
    return known.sort("birth_date", "resident_no").head(1).select("resident_no")


def _aged(years: int) -> Found:
    def find(people: Population) -> pl.DataFrame:
        start = people.window.start
        born = (c("birth_date").dt.offset_by(f"{years}y") <= start) & (c("birth_known") == "day")
        return people.residents.filter(born).sort("birth_date", "resident_no").select("resident_no")

    return find


def _dies(people: Population) -> pl.DataFrame:
    return people.changes.filter(c("reason") == "死亡").select("resident_no")


_BORN = c("birth_date")
EDGES = (
    Edge("longest_name", "最長の氏名", "fields of fixed width, labels, window envelopes", _longest),
    Edge("shortest_name", "最短の氏名", "searches that want two characters or more", _shortest),
    Edge("outside_cp932", "CP932にない文字", "Shift_JIS interfaces, printers, fonts", _outside_cp932),
    Edge(
        "surrogate_pair",
        "基本多言語面の外の文字",
        "lengths in UTF-16 units, substring functions",
        _beyond_the_plane,
    ),
    Edge(
        "variant_kanji",
        "異体字の氏",
        "searches that do not fold 髙 to 高",
        _where(c("family_name").str.contains("[髙﨑邉邊齋齊濵澤𠮷]")),
    ),
    Edge(
        "birth_year_only",
        "生年のみ判明",
        "dates that must have a month and a day",
        _where(c("birth_known") == "year"),
    ),
    Edge(
        "birth_month_only",
        "日不詳",
        "dates that must have a day",
        _where(c("birth_known") == "month"),
    ),
    Edge(
        "birth_unknown",
        "生年月日不詳",
        "age computations, sorting, era conversion",
        _where(c("birth_known") == "none"),
    ),
    Edge(
        "leap_day",
        "2月29日生まれ",
        "birthdays in common years",
        _where((_BORN.dt.month() == 2) & (_BORN.dt.day() == 29)),  # noqa: PLR2004 - the day
    ),
    Edge(
        "era_boundary",
        "改元の境目の生まれ",
        "conversion between eras and years",
        _where(_BORN.is_in(_ERA_DAYS)),
    ),
    Edge(
        "born_2_april",
        "4月2日・4月1日生まれ",
        "school years, which begin on 2 April",
        _where((_BORN.dt.month() == _APRIL) & (_BORN.dt.day() <= _SECOND) & (c("relationship") == "子")),
    ),
    Edge("oldest", "最高齢者", "two-digit ages, checks that stop at 100", _oldest),
    Edge("age_115", "115歳", "three-digit ages, checks that stop at 110", _aged(_OLD)),
    Edge("twins", "双子", "matching by birth date and address", _twins),
    Edge("namesakes", "同姓同名同一生年月日", "matching by name and birth date", _namesakes),
    Edge("same_kana_in_house", "世帯内で同じカナ", "matching by kana and address", _same_name_in_house),
    Edge(
        "former_name",
        "旧氏併記",
        "certificates that print one surname",
        _where(c("former_name").is_not_null()),
    ),
    Edge(
        "alias",
        "通称のある外国人住民",
        "certificates and searches by one name",
        _in("foreigners", c("alias").is_not_null()),
    ),
    Edge("alias_history", "通称の変更履歴", "aliases taken for one value", _alias_history),
    Edge(
        "latin_name",
        "ローマ字の氏名",
        "kanji-only fields, name order",
        _where(c("nationality") != "JP"),
    ),
    Edge(
        "no_period",
        "在留期間のない外国人",
        "expiry dates that must exist",
        _in("foreigners", c("expires_on").is_null()),
    ),
    Edge(
        "protected",
        "支援措置対象者",
        "lists and certificates that show an address",
        _in("protections", pl.lit(value=True)),
    ),
    Edge(
        "protected_by_applicant",
        "併せて支援を求める者",
        "protection thought of as one person's",
        _in("protections", c("applicant") != c("resident_no")),
    ),
    Edge(
        "protection_renewed",
        "支援措置の更新",
        "terms that touch each other",
        _in("terms", c("kind") == "更新"),
    ),
    Edge(
        "unmarried_partner",
        "未届の妻・夫",
        "relationships that must be in the family register",
        _where(c("relationship").cast(pl.String).str.contains("未届")),
    ),
    Edge(
        "lodger",
        "同居人・縁故者",
        "households taken for families",
        _where(c("relationship").is_in(["同居人", "縁故者"])),
    ),
    Edge("institution", "施設入所者", "addresses shared by a hundred people", _in_institution),
    Edge("big_household", "7人以上の世帯", "forms with six lines", _big_house),
    Edge("long_address", "最長の住所", "address fields and labels", _longest_address),
    Edge("many_changes", "異動の多い人", "histories taken to be short", _many_moves),
    Edge("cancelled_change", "異動取消・転出取消", "histories that only grow", _cancelled),
    Edge("returned", "再転入・改製", "one person, two records", _returned),
    Edge(
        "address_unknown",
        "居所不明による職権消除",
        "people who have no address any more",
        _in("changes", c("reason") == "職権消除"),
    ),
    Edge("dies_in_window", "期間中の死亡", "mail to the dead", _dies),
    Edge("baby", "期間中の出生", "residents without a number yet", _in("changes", c("reason") == "出生")),
    Edge(
        "minor_head",
        "未成年の世帯主",
        "heads taken for adults",
        _where((c("relationship") == "世帯主") & (date(2007, 4, 1) < _BORN), _BORN),
    ),
)


def edge_cases(people: Population) -> dict[str, pl.Series]:
    """The resident numbers of each kind of edge case in `people`, best first; kinds that nobody is have none."""
    return {edge.name: edge.find(people)["resident_no"] for edge in EDGES}
