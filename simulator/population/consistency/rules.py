"""The written list of what no register may hold."""

import polars as pl

from simulator.population.consistency.change_rules import CHANGE_RULES
from simulator.population.consistency.record_rules import (
    ALIAS_RULES,
    END_RULES,
    FOREIGN_RULES,
    ITEM_RULES,
    PAST_RULES,
    REMOVED_RULES,
)
from simulator.population.consistency.rule import Rule, check_digit_holds, days, years

_WOMEN = ["妻", "母", "姉", "妹", "祖母", "妻の母", "夫の母", "子の妻", "妻(未届)"]
_MEN = ["夫", "父", "兄", "弟", "祖父", "妻の父", "夫の父", "子の夫", "夫(未届)"]
_MUTUAL = ["former_spouse", "sibling", "classmate", "friend", "neighbour", "colleague"]
_FAMILY = ["couple", "couple_children", "lone_parent"]
_KATAKANA = r"^[ァ-ヺー]+$"
_LATIN = r"^[A-Z' -]+$"
PAIR = 2
ADULT, CARE_AGE, LATE_AGE, PENSION_AGES, VOLUNTARY_AGES = 18, 65, 75, (20, 59), (60, 64)
PARENT_YEARS, OLDEST_MOTHER, OLDEST, SIBLING_DAYS = 15, 51, 115, 280

c = pl.col


def _year_month(column: str) -> pl.Expr:
    """The school year of a birth date: 2 April to 1 April."""
    return (c(column) - pl.duration(days=1)).dt.offset_by("-3mo").dt.year()


_word, _kind, _tie = c("relationship"), c("kind"), c("relation")
_age = years("birth_date", "start")
_eve_age = years("birth_date", "eve")
_foreigner = c("nationality") != "JP"
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
        (_word == "子") & (years("head_birth", "birth_date") < PARENT_YEARS),
    ),
    (
        "parent_older",
        "A parent is 15 years older than the head.",
        _word.is_in(["父", "母"]) & (years("birth_date", "head_birth") < PARENT_YEARS),
    ),
    (
        "grandchild_younger",
        "A grandchild is 30 years younger than the head.",
        (_word == "子の子") & (years("head_birth", "birth_date") < 2 * PARENT_YEARS),
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
        (_word == "子") & _kind.is_in(_FAMILY) & (years("mother_birth", "birth_date") < PARENT_YEARS),
    ),
    (
        "mother_young_enough",
        "No child is born to a mother over 50.",
        (_word == "子") & _kind.is_in(_FAMILY) & (years("mother_birth", "birth_date") >= OLDEST_MOTHER),
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
DETAIL_RULES = (
    ("resident_ref_form", "A 宛名番号 has its check digit.", ~check_digit_holds("resident_ref")),
    ("resident_ref_unique", "No two share a 宛名番号.", c("resident_ref").is_duplicated()),
    ("former_name_kana", "A former surname has kana.", c("former_name").is_null() != c("former_kana").is_null()),
    ("former_name_japanese", "A former surname is a Japanese's.", c("former_name").is_not_null() & _foreigner),
    ("former_name_other", "A former surname is another.", c("former_name") == c("family_name")),
    (
        "birth_known",
        "What is not known of a birth date is its first day.",
        ((c("birth_known") != "day") & (c("birth_date").dt.day() != 1))
        | (c("birth_known").is_in(["year", "none"]) & (c("birth_date").dt.month() != 1)),
    ),
    (
        "entry_by_birth",
        "Who is here since birth entered by birth.",
        (c("entry") == "出生") != (c("resident_since") == c("birth_date")),
    ),
    (
        "came_from_somewhere",
        "Who was not born here came from somewhere.",
        (c("entry") == "出生") != c("came_from").is_null(),
    ),
    ("address_after_entry", "Nobody has an address before entering.", c("address_since") < c("resident_since")),
    (
        "register_of_japanese",
        "Japanese, and they alone, have a family register.",
        _foreigner != c("registry_town").is_null(),
    ),
    (
        "register_whole",
        "A family register has lot and first person.",
        c("registry_town").is_null().ne(c("registry_lot").is_null())
        | c("registry_town").is_null().ne(c("registry_given").is_null()),
    ),
    (
        "late_insurance",
        "From 75 on one is insured as late elderly.",
        (_eve_age >= LATE_AGE) & (c("health_insurance") != "後期高齢者医療"),
    ),
    ("pension_ages", "第1号 is for 20 to 59.", (c("pension") == "第1号") & ~_eve_age.is_between(*PENSION_AGES)),
    ("pension_late", "任意加入 is for 60 to 64.", (c("pension") == "任意加入") & ~_eve_age.is_between(*VOLUNTARY_AGES)),
    ("care_ages", "Care insurance of the first kind is from 65 on.", c("care_insurance") != (_eve_age >= CARE_AGE)),
    ("allowance_for_child", "Child allowance is for a child in the house.", c("child_allowance") & (c("minors") < 1)),
    ("voter_of_age", "Voters are Japanese of 18 and over.", c("voter") & ((_eve_age < ADULT) | _foreigner)),
    ("foreign_record", "Foreigners have a foreigner's record.", _foreigner & c("foreign_row").is_null()),
)
HOUSEHOLD_RULES = (
    ("household_ref_form", "A 世帯番号 has its check digit.", ~check_digit_holds("household_ref")),
    ("household_ref_unique", "No two share a 世帯番号.", c("household_ref").is_duplicated()),
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
    ("postal_code", "A postal code is fictional, or that of the real town.", ~c("postal_fits")),
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
PROTECTION_RULES = (
    ("protected_resident", "A protected person is a resident.", c("birth_date").is_null()),
    ("protection_order", "A protection ends after it begins.", c("valid_to") <= c("valid_from")),
    (
        "protection_in_window",
        "A protection reaches into the window.",
        (c("valid_to") <= c("start")) | (c("valid_from") >= c("end")),
    ),
    (
        "protection_years",
        "A protection is for whole years.",
        (c("valid_to").dt.month() != c("valid_from").dt.month()) & (c("valid_to").dt.day() != 1),
    ),
    (
        "protection_applied",
        "A member of the household has applied.",
        c("applicant_household").ne_missing(c("household_no")),
    ),
    ("protection_first", "The first term is not after the measure began.", c("first_from") > c("valid_from")),
    (
        "protection_terms",
        "The terms make up the measure.",
        c("terms_to").ne_missing(c("valid_to")) | c("terms_from").ne_missing(c("valid_from")),
    ),
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
        (_tie == "parent") & (years("birth_date", "other_birth_date") < PARENT_YEARS),
    ),
    (
        "grandparent_of_age",
        "A grandparent is 30 years older than the grandchild.",
        (_tie == "grandparent") & (years("birth_date", "other_birth_date") < 2 * PARENT_YEARS),
    ),
    (
        "party_of_protected",
        "The other party is the other party of someone protected.",
        (_tie == "other_party") & c("protected").is_null(),
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
TERM_RULES = (
    ("term_of_protected", "A term is of a protected person.", c("protected").is_null()),
    ("term_first", "The first term is new, the others renewals.", (c("kind") == "新規") != c("first")),
    ("term_follows", "A term begins when the one before ends.", ~c("first") & c("valid_from").ne_missing(c("before"))),
    ("term_of_a_year", "A term is a year.", ~days("valid_from", "valid_to").is_between(365, 367)),
    (
        "term_decided",
        "A term is decided on an office day before it begins.",
        (c("decided_on") > c("valid_from")) | ~c("office_open"),
    ),
)
FORWARD_RULES = (
    ("forward_of_protected", "What is forwarded is a protected person's.", c("protected").is_null()),
    ("forward_in_time", "A forwarded measure is applied after it was sent.", c("in_force_on") < c("sent_on")),
    ("forward_after_start", "A measure is forwarded after it began.", c("sent_on") < c("valid_from")),
)
FIGURE_RULES = (
    ("figure_is_resident", "A figure is a resident.", c("birth_date").is_null()),
    ("figure_after_birth", "Nobody is known before birth.", c("since") < c("birth_date")),
    ("figure_in_time", "Nobody becomes known after the window.", c("since") >= c("end")),
)

_BY_VIEW = {
    "residents": RESIDENT_RULES + DETAIL_RULES, "siblings": SIBLING_RULES, "households": HOUSEHOLD_RULES,
    "addresses": ADDRESS_RULES,
    "changes": CHANGE_RULES, "protections": PROTECTION_RULES,
    "terms": TERM_RULES, "forwards": FORWARD_RULES,
    "relations": RELATION_RULES, "figures": FIGURE_RULES,
    "items": ITEM_RULES, "foreigners": FOREIGN_RULES, "aliases": ALIAS_RULES, "ends": END_RULES,
    "past": PAST_RULES, "removed": REMOVED_RULES,
}  # fmt: skip
RULES = tuple(Rule(name, text, view, broken) for view, rules in _BY_VIEW.items() for name, text, broken in rules)
