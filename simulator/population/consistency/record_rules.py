"""Rules of the register's finer grain: what changes changed, foreign residents, aliases, households at the end."""

from datetime import date

import polars as pl

from simulator.population.consistency.rule import check_digit_holds, years

REGISTER_BEGAN = date(2012, 7, 9)  # Source: domain.md 1.1
FOREVER = ["永住者", "特別永住者"]
STUDENT_LIMIT = 36
MARRIAGE_AGE = 18  # of these years; ASSUMED for the women's 16 before 2022-04-01 too

c = pl.col
_status = c("residence_status")
_name_of_japanese = c("nationality") == "JP"

ITEM_RULES = (
    ("item_of_change", "What changed belongs to a change.", c("resident_no").is_null()),
    ("item_changes", "What changed is another than before.", c("before").eq_missing(c("after"))),
    ("item_once", "A change changes an item once.", pl.struct("change_no", "item").is_duplicated()),
    ("item_chain", "What was before is what the record held.", c("before").ne_missing(c("stood"))),
    (
        "item_in_time",
        "What is recorded holds already, or from the day of the change.",
        c("holds_since") > c("happened_on"),
    ),
    (
        "corrected_back",
        "Only a correction holds from before its day.",
        (c("reason") != "職権修正") & (c("holds_since") < c("happened_on")),
    ),
    (
        "alias_recorded",
        "The alias that a change brought is the last of the history.",
        (c("item") == "alias") & c("last") & c("after").ne_missing(c("open_alias")),
    ),
    ("relationship_word", "A new relationship is an official one.", (c("item") == "relationship") & ~c("word")),
)
FOREIGN_RULES = (
    ("foreign_nationality", "A foreigner's record is a foreigner's.", _name_of_japanese | c("nationality").is_null()),
    ("foreign_once", "A foreigner has one record.", c("resident_no").is_duplicated()),
    (
        "status_given",
        "Only a newborn has no status.",
        _status.is_null() & (c("category") != "出生・国籍喪失経過滞在者"),
    ),
    (
        "special_category",
        "Special permanent residents are so by category.",
        (_status == "特別永住者") != (c("category") == "特別永住者"),
    ),
    (
        "forever_without_period",
        "Permanent residents have no period.",
        _status.is_in(FOREVER) & c("period").is_not_null(),
    ),
    (
        "period_of_status",
        "Whoever else has a status has a period and its end.",
        ~_status.is_in(FOREVER) & (c("period").is_null() | c("expires_on").is_null()),
    ),
    ("period_and_end", "A period has an end.", c("period").is_null() != c("expires_on").is_null()),
    ("status_valid", "No status has run out when the window begins.", c("present") & (c("expires_on") < c("start"))),
    (
        "student_young",
        "Students are under 36.",
        (_status == "留学") & (c("start").dt.year() - c("birth_date").dt.year() > STUDENT_LIMIT),
    ),
    ("foreign_register", "Nobody was a foreign resident before the register.", c("foreign_since") < REGISTER_BEGAN),
    ("foreign_after_birth", "Nobody was a foreign resident before birth.", c("foreign_since") < c("birth_date")),
    ("card_form", "A card number is letters, digits, letters.", ~c("card_no").str.contains(r"^[A-Z]{2}\d{8}[A-Z]{2}$")),
    ("card_unique", "No two share a card number.", c("card_no").is_not_null() & c("card_no").is_duplicated()),
    ("alias_kana", "An alias has kana.", c("alias").is_null() != c("alias_kana").is_null()),
    ("alias_key", "The alias key is the folded alias.", c("alias_key") != c("folded_alias")),
    ("alias_in_use", "The alias is the one in use by its history.", c("alias").ne_missing(c("alias_in_use"))),
    ("kanji_key", "The kanji key is the folded kanji.", c("kanji_key") != c("folded_kanji")),
)
ALIAS_RULES = (
    ("alias_of_foreigner", "An alias is a foreigner's.", c("foreign_since").is_null()),
    ("alias_order", "An alias is removed after it was recorded.", c("removed_on") <= c("registered_on")),
    ("alias_in_time", "No alias is recorded before its bearer.", c("registered_on") < c("foreign_since")),
    (
        "one_alias",
        "An alias begins when the one before ends.",
        c("later") & c("registered_on").ne_missing(c("open_until")),
    ),
)
END_RULES = (
    ("head_at_end", "Every household has one head when the window ends.", c("heads") != 1),
    ("one_home_at_end", "A household lives at one address when the window ends.", c("places") != 1),
)
PAST_RULES = (
    ("past_of_resident", "A past change is a resident's.", c("birth_date").is_null()),
    ("past_before", "A past change is before the window.", c("notified_on") >= c("start")),
    ("past_after_birth", "Nothing happened before birth.", c("happened_on") < c("birth_date")),
    ("past_notice", "A past change was notified when it happened or later.", c("notified_on") < c("happened_on")),
    (
        "past_entry",
        "Whoever entered did so on the day of becoming a resident.",
        c("reason").is_in(["転入", "国外転入", "出生"]) & (c("happened_on") != c("resident_since")),
    ),
    (
        "past_move",
        "The last move within was to the present address.",
        (c("reason") == "転居") & (c("happened_on") != c("address_since")),
    ),
    (
        "past_marriage_age",
        "Nobody married below the legal age.",
        (c("reason") == "婚姻") & (years("birth_date", "happened_on") < MARRIAGE_AGE),
    ),
)
REMOVED_RULES = (
    ("removed_number", "A removed record's number is its row.", c("removed_no") != c("row")),
    ("removed_address", "A removed record was at an address here.", c("town").is_null()),
    ("removed_after_birth", "Nobody was removed before birth.", c("removed_on") < c("birth_date")),
    ("removed_after_entry", "Nobody was removed before entering.", c("removed_on") < c("resident_since")),
    (
        "removed_before",
        "Only copies of records are removed in the window.",
        (c("removed_on") >= c("start")) != (c("reason") == "改製"),
    ),
    (
        "removed_code",
        "No resident bears the code of a removed record that is another's.",
        c("bearer").is_not_null() & c("bearer").ne_missing(c("resident_no")),
    ),
    ("went_somewhere", "Who moved out went somewhere.", (c("reason") == "転出") != c("went_to").is_not_null()),
    ("removed_ref", "A removed record's 宛名番号 has its check digit.", ~check_digit_holds("resident_ref")),
    ("removed_kana", "The kana of a removed record are katakana.", ~c("family_kana").str.contains("^[ァ-ヺー]+$")),
)
