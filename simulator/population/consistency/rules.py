"""The written list of what no register may hold."""

from datetime import date

import polars as pl

from simulator.population.consistency.rule import Rule

_WOMEN = ["妻", "母", "姉", "妹", "祖母", "妻の母", "夫の母", "子の妻", "妻(未届)"]
_MEN = ["夫", "父", "兄", "弟", "祖父", "妻の父", "夫の父", "子の夫", "夫(未届)"]
_MUTUAL = ["former_spouse", "sibling", "classmate", "friend", "neighbour", "colleague"]
_FAMILY = ["couple", "couple_children", "lone_parent"]
_KATAKANA = r"^[ァ-ヺー]+$"
_LATIN = r"^[A-Z' -]+$"
EQUAL_AGE_OF_MARRIAGE = date(2022, 4, 1)  # Source: 民法731条 as amended: 18 for both; women 16 before
MOVE_NOTICE_DAYS, DEATH_NOTICE_DAYS = 14, 7  # Source: 住基法22–25条; 戸籍法86条
PAIR = 2
PARENT_YEARS, OLDEST_MOTHER, OLDEST, SIBLING_DAYS = 15, 51, 115, 280

c = pl.col


def _years(earlier: str, later: str) -> pl.Expr:
    """Whole years from one date column to another."""
    before = c(later).dt.month() * 100 + c(later).dt.day() < c(earlier).dt.month() * 100 + c(earlier).dt.day()
    return c(later).dt.year() - c(earlier).dt.year() - before.cast(pl.Int32)


def _days(earlier: str, later: str) -> pl.Expr:
    return (c(later) - c(earlier)).dt.total_days()


def _year_month(column: str) -> pl.Expr:
    """The school year of a birth date: 2 April to 1 April."""
    return (c(column) - pl.duration(days=1)).dt.offset_by("-3mo").dt.year()


_word, _kind, _reason, _tie = c("relationship"), c("kind"), c("reason"), c("relation")
_age = _years("birth_date", "start")
_starting = c("size") > 0

RESIDENT_RULES = (
    ("resident_number", "A resident's number is its row.", c("resident_no") != c("row")),
    ("household_known", "A resident's household exists.", c("head").is_null()),
    ("address_known", "A resident's address exists.", c("town").is_null()),
    ("home_of_household", "A resident lives where the household lives.", c("address_no") != c("home_address")),
    ("family_name_given", "There is a surname.", c("family_name").str.len_chars() == 0),
    ("given_name_given", "There is a given name.", c("given_name").str.len_chars() == 0),
    ("family_kana", "The surname's kana are katakana.", ~c("family_kana").str.contains(_KATAKANA)),
    ("given_kana", "The given name's kana are katakana.", ~c("given_kana").str.contains(_KATAKANA)),
    ("name_key", "The name key is the folded name.", c("name_key") != c("folded_name")),
    ("kana_key", "The kana key is the folded kana.", c("kana_key") != c("folded_kana")),
    ("born_in_time", "Nobody is born after the window.", c("birth_date") >= c("end")),
    ("age_possible", "Nobody is older than anyone ever was.", _age > OLDEST),
    ("resident_after_birth", "Nobody is a resident before birth.", c("resident_since") < c("birth_date")),
    ("resident_in_time", "Nobody becomes a resident after the window.", c("resident_since") >= c("end")),
    ("resident_code_form", "A resident code is eleven digits.", ~c("resident_code").str.contains(r"^\d{11}$")),
    ("my_number_form", "A My Number is twelve digits.", ~c("my_number").str.contains(r"^\d{12}$")),
    ("resident_code_unique", "No two share a resident code.", c("resident_code").is_duplicated()),
    ("my_number_unique", "No two share a My Number.", c("my_number").is_duplicated()),
    ("nationality_form", "A nationality is two letters.", ~c("nationality").str.contains(r"^[A-Z]{2}$")),
    (
        "japanese_name",
        "A Japanese name is not in Latin.",
        (c("nationality") == "JP") & c("family_name").str.contains(r"[A-Z]"),
    ),
    (
        "foreign_name",
        "A foreign name is in Latin.",
        (c("nationality") != "JP") & ~c("family_name").str.contains(_LATIN),
    ),
    ("head_is_head", "The head is called 世帯主.", (c("head") == c("resident_no")) & (_word != "世帯主")),
    ("only_head_is_head", "Only the head is called 世帯主.", (c("head") != c("resident_no")) & (_word == "世帯主")),
    ("women_words", "妻, 母, 姉, 妹 are women.", _word.is_in(_WOMEN) & (c("sex") != "female")),
    ("men_words", "夫, 父, 兄, 弟 are men.", _word.is_in(_MEN) & (c("sex") != "male")),
    (
        "child_younger",
        "A child is 15 years younger than the head.",
        (_word == "子") & (_years("head_birth", "birth_date") < PARENT_YEARS),
    ),
    (
        "parent_older",
        "A parent is 15 years older than the head.",
        _word.is_in(["父", "母"]) & (_years("birth_date", "head_birth") < PARENT_YEARS),
    ),
    (
        "grandchild_younger",
        "A grandchild is 30 years younger than the head.",
        (_word == "子の子") & (_years("head_birth", "birth_date") < 2 * PARENT_YEARS),
    ),
    (
        "younger_sibling",
        "弟 and 妹 are born after the head.",
        _word.is_in(["弟", "妹"]) & (c("birth_date") < c("head_birth")),
    ),
    (
        "elder_sibling",
        "兄 and 姉 are born before the head.",
        _word.is_in(["兄", "姉"]) & (c("birth_date") > c("head_birth")),
    ),
    ("spouse_of_age", "A spouse is at least 16.", _word.is_in(["夫", "妻"]) & (_age < 16)),  # noqa: PLR2004
    ("spouse_other_sex", "A spouse is not of the head's sex.", _word.is_in(["夫", "妻"]) & (c("sex") == c("head_sex"))),
    ("spouse_name", "Spouses bear one surname.", _word.is_in(["夫", "妻"]) & (c("family_name") != c("head_family"))),
    ("child_name", "A child bears the head's surname.", (_word == "子") & (c("family_name") != c("head_family"))),
    (
        "head_of_age",
        "A head of a family is at least 15.",
        (_word == "世帯主") & (_kind != "institution") & c("present") & (_age < PARENT_YEARS),
    ),
    (
        "mother_old_enough",
        "No child is born to a mother under 15.",
        (_word == "子") & _kind.is_in(_FAMILY) & (_years("mother_birth", "birth_date") < PARENT_YEARS),
    ),
    (
        "mother_young_enough",
        "No child is born to a mother over 50.",
        (_word == "子") & _kind.is_in(_FAMILY) & (_years("mother_birth", "birth_date") >= OLDEST_MOTHER),
    ),
    (
        "arrival_recorded",
        "Whoever comes in the window has one arrival.",
        (c("resident_since") >= c("start")) & (c("arrivals").fill_null(0) != 1),
    ),
    ("no_arrival_before", "Whoever was here before has no arrival.", c("present") & (c("arrivals").fill_null(0) != 0)),
)
SIBLING_RULES = (
    (
        "siblings_apart",
        "Brothers and sisters are twins or nine months apart.",
        (c("gap") > 0) & (c("gap") < SIBLING_DAYS),
    ),
)
HOUSEHOLD_RULES = (
    ("household_number", "A household's number is its row.", c("household_no") != c("row")),
    ("household_head", "A household has a head who exists.", c("head_exists").is_null()),
    ("household_address", "A household's address exists.", c("address_exists").is_null()),
    ("household_size", "The size is the number of members.", c("size") != c("members")),
    ("one_head", "A household has exactly one 世帯主.", _starting & (c("heads") != 1)),
    ("one_spouse", "A head has at most one spouse.", c("spouses") > 1),
    ("single_alone", "A single lives alone.", (_kind == "single") & (c("size") > 1)),
    ("institution_alone", "In group quarters everyone is a household.", (_kind == "institution") & (c("size") > 1)),
    (
        "couple_of_two",
        "A couple is two with a spouse.",
        (_kind == "couple") & _starting & ((c("size") != PAIR) | (c("spouses") != 1)),
    ),
    (
        "family_has_children",
        "A couple with children has a spouse and a child.",
        (_kind == "couple_children") & _starting & ((c("children") < 1) | (c("spouses") != 1)),
    ),
    (
        "lone_parent_alone",
        "A lone parent has no spouse and is not alone.",
        (_kind == "lone_parent") & _starting & ((c("spouses") > 0) | (c("size") < PAIR)),
    ),
    (
        "three_generations",
        "Three generations have a grandparent or grandchild.",
        (_kind == "three_generations") & _starting & (c("generations") < 1),
    ),
    ("adult_present", "Somebody in a family is of age.", (_kind != "institution") & _starting & (c("adults") < 1)),
    ("one_origin", "A household is Japanese or foreign.", c("nations") > 1),
)
ADDRESS_RULES = (
    ("address_number", "An address's number is its row.", c("address_no") != c("row")),
    ("postal_code", "A postal code is fictional.", ~c("postal_code").str.contains(r"^000\d{4}$")),
    ("block_counted", "Blocks are counted from 1.", c("block") < 1),
    ("lot_counted", "Lots are counted from 1.", c("lot") < 1),
    (
        "room_in_building",
        "A room is in a building, and a building has rooms.",
        c("room").is_null() != c("building").is_null(),
    ),
    ("address_unique", "No two addresses are the same.", c("address").is_duplicated()),
    ("address_key", "The address key is the folded address.", c("address_key") != c("folded")),
    ("town_in_address", "An address begins with its town.", ~c("address").str.starts_with(c("town"))),
    ("district_known", "The district is one of the municipality's.", c("district") >= c("districts")),
)
CHANGE_RULES = (
    ("change_number", "A change's number is its row.", c("change_no") != c("row")),
    ("change_of_resident", "A change concerns a resident.", c("birth_date").is_null()),
    (
        "change_in_window",
        "A change happens in the window.",
        (c("happened_on") < c("start")) | (c("happened_on") >= c("end")),
    ),
    (
        "notice_in_window",
        "A change is notified in the window.",
        (c("notified_on") < c("start")) | (c("notified_on") >= c("end")),
    ),
    ("office_open", "A change is notified on an office day.", ~c("office_open")),
    ("change_order", "Changes are in order of notice.", c("notified_on") < c("notified_on").shift(1)),
    ("household_to_exists", "The household after exists.", c("household_to") >= c("households")),
    ("address_to_exists", "The address after exists.", c("address_to") >= c("addresses")),
    (
        "arrival_from_nowhere",
        "Whoever arrives had no household here.",
        c("arriving") & c("household_from").is_not_null(),
    ),
    (
        "arrival_to_somewhere",
        "Whoever arrives has a household here.",
        c("arriving") & (c("household_to").is_null() | c("address_to").is_null()),
    ),
    (
        "departure_to_nowhere",
        "Whoever leaves or dies has no household here.",
        _reason.is_in(["転出", "死亡"]) & c("household_to").is_not_null(),
    ),
    (
        "departure_from_somewhere",
        "Whoever leaves or dies was here.",
        ~c("arriving") & (c("household_from").is_null() | c("address_from").is_null()),
    ),
    ("nothing_after_death", "Nothing happens after death.", c("happened_on") > c("died")),
    ("nothing_after_leaving", "Nothing is noted after the last record.", c("row") > c("left")),
    (
        "household_chain",
        "Each change begins in the household where the last one ended.",
        (c("order") > 0) & c("household_from").ne_missing(c("before_household_to")),
    ),
    (
        "address_chain",
        "Each change begins at the address where the last one ended.",
        (c("order") > 0) & c("address_from").ne_missing(c("before_address_to")),
    ),
    (
        "first_household",
        "The first change begins in the registered household.",
        (c("order") == 0) & ~c("arriving") & (c("household_from") != c("own_household")),
    ),
    (
        "first_address",
        "The first change begins at the registered address.",
        (c("order") == 0) & ~c("arriving") & (c("address_from") != c("own_address")),
    ),
    (
        "arrival_household",
        "An arrival leads into the registered household.",
        c("arriving") & (c("household_to") != c("own_household")),
    ),
    (
        "arrival_day",
        "An arrival is on the day of becoming a resident.",
        c("arriving") & (c("happened_on") != c("resident_since")),
    ),
    ("birth_day", "A birth is on the birth date.", (_reason == "出生") & (c("happened_on") != c("birth_date"))),
    ("change_after_birth", "Nothing happens before birth.", c("happened_on") < c("birth_date")),
    (
        "marriage_age",
        "Nobody marries below the legal age.",
        (_reason == "婚姻")
        & (
            _years("birth_date", "happened_on")
            < pl.when((c("sex") == "female") & (c("happened_on") < EQUAL_AGE_OF_MARRIAGE)).then(16).otherwise(18)
        ),
    ),
    (
        "move_changes_address",
        "A move within changes the address.",
        (_reason == "転居") & (c("address_from") == c("address_to")),
    ),
    (
        "move_notice",
        "A move is notified within 14 days.",
        _reason.is_in(["転入", "国外転入", "転居"]) & (_days("happened_on", "notified_on") > MOVE_NOTICE_DAYS),
    ),
    (
        "death_notice",
        "A death is notified within 7 days.",
        (_reason == "死亡") & (_days("happened_on", "notified_on") > DEATH_NOTICE_DAYS),
    ),
)
PROTECTION_RULES = (
    ("protected_resident", "A protected person is a resident.", c("birth_date").is_null()),
    ("protection_order", "A protection ends after it begins.", c("valid_to") <= c("valid_from")),
    (
        "protection_in_window",
        "A protection reaches into the window.",
        (c("valid_to") <= c("start")) | (c("valid_from") >= c("end")),
    ),
    ("protection_years", "A protection is for whole years.", _days("valid_from", "valid_to") % 365 != 0),
    ("other_party", "A protection names the other party.", c("other_party").str.len_chars() == 0),
    ("protected_once", "Nobody is protected twice.", c("resident_no").is_duplicated()),
)
RELATION_RULES = (
    (
        "related_residents",
        "Both sides of a relation are residents.",
        c("birth_date").is_null() | c("other_birth_date").is_null(),
    ),
    ("not_oneself", "Nobody is related to oneself.", c("resident_no") == c("other_no")),
    ("beyond_household", "A relation is beyond the household.", c("household_no") == c("other_household_no")),
    ("relation_returned", "A mutual relation is recorded both ways.", _tie.is_in(_MUTUAL) & c("returned").is_null()),
    (
        "parent_of_age",
        "A parent is 15 years older than the child.",
        (_tie == "parent") & (_years("birth_date", "other_birth_date") < PARENT_YEARS),
    ),
    (
        "former_spouses",
        "Former spouses are a man and a woman.",
        (_tie == "former_spouse") & (c("sex") == c("other_sex")),
    ),
    (
        "classmates",
        "Classmates are of one school year.",
        (_tie == "classmate") & (_year_month("birth_date") != _year_month("other_birth_date")),
    ),
)
FIGURE_RULES = (
    ("figure_is_resident", "A figure is a resident.", c("birth_date").is_null()),
    ("figure_after_birth", "Nobody is known before birth.", c("since") < c("birth_date")),
    ("figure_in_time", "Nobody becomes known after the window.", c("since") >= c("end")),
)

_BY_VIEW = {
    "residents": RESIDENT_RULES, "siblings": SIBLING_RULES, "households": HOUSEHOLD_RULES, "addresses": ADDRESS_RULES,
    "changes": CHANGE_RULES, "protections": PROTECTION_RULES, "relations": RELATION_RULES, "figures": FIGURE_RULES,
}  # fmt: skip
RULES = tuple(Rule(name, text, view, broken) for view, rules in _BY_VIEW.items() for name, text, broken in rules)
