"""The rules find nothing in what is made, and each finds what breaks it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl
import pytest

from simulator.population import Population
from simulator.population.consistency import RULES, violations

c = pl.col
FAR = 4_000_000_000


@dataclass(frozen=True)
class Fault:
    """Sets `column` to `value` in the first row of `table` that fits `where`."""

    table: str
    column: str
    value: object
    where: pl.Expr | None = None
    every: bool = False


def word(*names: str) -> pl.Expr:
    return c("relationship").is_in(names)


NOW = c("resident_since") < date(2025, 4, 1)
LATER = date(2030, 1, 1)
YOUNG, OLD = date(2024, 1, 1), date(1890, 1, 1)
CHILD = word("子") & NOW
MOVE, ARRIVE = c("reason") == "転居", c("reason") == "転入"
LEAVE, DIE = c("reason") == "転出", c("reason") == "死亡"
FOREIGN, STATUS = c("nationality") != "JP", c("residence_status")
FAULTS = {
    "resident_number": Fault("residents", "resident_no", FAR),
    "household_known": Fault("residents", "household_no", FAR),
    "address_known": Fault("residents", "address_no", FAR),
    "home_of_household": Fault("residents", "address_no", 7),
    "family_name_given": Fault("residents", "family_name", ""),
    "given_name_given": Fault("residents", "given_name", ""),
    "family_kana": Fault("residents", "family_kana", "さとう"),
    "given_kana": Fault("residents", "given_kana", "花"),
    "name_key": Fault("residents", "name_key", "x"),
    "kana_key": Fault("residents", "kana_key", "x"),
    "born_in_time": Fault("residents", "birth_date", LATER),
    "age_possible": Fault("residents", "birth_date", OLD),
    "resident_after_birth": Fault("residents", "resident_since", OLD),
    "resident_in_time": Fault("residents", "resident_since", LATER),
    "resident_code_form": Fault("residents", "resident_code", "123"),
    "my_number_form": Fault("residents", "my_number", "S12345678901"),
    "resident_code_unique": Fault("residents", "resident_code", "00000000000", every=True),
    "my_number_unique": Fault("residents", "my_number", "000000000000", every=True),
    "nationality_form": Fault("residents", "nationality", "Japan"),
    "japanese_name": Fault("residents", "family_name", "SMITH", c("nationality") == "JP"),
    "foreign_name": Fault("residents", "family_name", "佐藤", c("nationality") != "JP"),
    "head_is_head": Fault("residents", "relationship", "同居人", word("世帯主")),
    "only_head_is_head": Fault("residents", "relationship", "世帯主", word("妻")),
    "women_words": Fault("residents", "sex", "male", word("妻")),
    "men_words": Fault("residents", "sex", "female", word("夫")),
    "child_younger": Fault("residents", "birth_date", OLD, CHILD),
    "parent_older": Fault("residents", "birth_date", YOUNG, word("母")),
    "grandchild_younger": Fault("residents", "birth_date", OLD, word("子の子")),
    "younger_sibling": Fault("residents", "birth_date", OLD, word("弟")),
    "elder_sibling": Fault("residents", "relationship", "姉", word("妹")),
    "spouse_of_age": Fault("residents", "birth_date", YOUNG, word("妻")),
    "spouse_other_sex": Fault("residents", "sex", "male", word("妻")),
    "spouse_name": Fault("residents", "family_name", "別姓", word("妻")),
    "child_name": Fault("residents", "family_name", "別姓", CHILD),
    "head_of_age": Fault("residents", "birth_date", YOUNG, word("世帯主") & NOW, every=True),
    "mother_old_enough": Fault("residents", "birth_date", YOUNG, word("妻") & NOW, every=True),
    "mother_young_enough": Fault("residents", "birth_date", date(1900, 1, 1), word("妻") & NOW, every=True),
    "arrival_recorded": Fault("residents", "resident_since", date(2025, 5, 1), NOW),
    "no_arrival_before": Fault("residents", "resident_since", date(2025, 3, 1), ~NOW),
    "household_number": Fault("households", "household_no", FAR),
    "household_head": Fault("households", "head", FAR),
    "household_address": Fault("households", "address_no", FAR),
    "household_size": Fault("households", "size", 99),
    "one_head": Fault("residents", "relationship", "世帯主", CHILD),
    "one_spouse": Fault("residents", "relationship", "妻", CHILD, every=True),
    "single_alone": Fault("households", "kind", "single", c("size") > 1),
    "institution_alone": Fault("households", "kind", "institution", c("size") > 1),
    "couple_of_two": Fault("households", "kind", "couple", c("size") == 1),
    "family_has_children": Fault("households", "kind", "couple_children", c("kind") == "couple"),
    "lone_parent_alone": Fault("households", "kind", "lone_parent", c("kind") == "couple"),
    "three_generations": Fault("households", "kind", "three_generations", c("kind") == "couple"),
    "adult_present": Fault("residents", "birth_date", YOUNG, NOW, every=True),
    "one_origin": Fault("residents", "nationality", "US", CHILD),
    "address_number": Fault("addresses", "address_no", FAR),
    "postal_code": Fault("addresses", "postal_code", "1000001"),
    "block_counted": Fault("addresses", "block", 0),
    "lot_counted": Fault("addresses", "lot", 0),
    "room_in_building": Fault("addresses", "room", None, c("building").is_not_null()),
    "address_unique": Fault("addresses", "address", "桜町1番1号", every=True),
    "address_key": Fault("addresses", "address_key", "x"),
    "town_in_address": Fault("addresses", "town", "どこか"),
    "district_known": Fault("addresses", "district", 200),
    "change_number": Fault("changes", "change_no", FAR),
    "change_of_resident": Fault("changes", "resident_no", FAR),
    "change_in_window": Fault("changes", "happened_on", LATER),
    "notice_in_window": Fault("changes", "notified_on", LATER),
    "office_open": Fault("changes", "notified_on", date(2025, 5, 4)),
    "change_order": Fault("changes", "notified_on", date(2026, 3, 31)),
    "household_to_exists": Fault("changes", "household_to", FAR, MOVE),
    "address_to_exists": Fault("changes", "address_to", FAR, MOVE),
    "arrival_from_nowhere": Fault("changes", "household_from", 1, ARRIVE),
    "arrival_to_somewhere": Fault("changes", "address_to", None, ARRIVE),
    "departure_to_nowhere": Fault("changes", "household_to", 1, LEAVE),
    "departure_from_somewhere": Fault("changes", "address_from", None, LEAVE),
    "nothing_after_death": Fault("changes", "reason", "死亡", c("reason") == "婚姻"),
    "nothing_after_leaving": Fault("changes", "household_to", None, c("reason") == "離婚", every=True),
    "household_chain": Fault("changes", "household_to", 1, c("reason").is_in(["婚姻", "離婚"]), every=True),
    "address_chain": Fault("changes", "address_to", 1, c("reason").is_in(["婚姻", "離婚"]), every=True),
    "first_household": Fault("changes", "household_from", 1, MOVE, every=True),
    "first_address": Fault("changes", "address_from", 1, MOVE, every=True),
    "arrival_household": Fault("changes", "household_to", 1, ARRIVE),
    "arrival_day": Fault("changes", "happened_on", date(2025, 4, 2), ARRIVE & (c("happened_on") > date(2025, 5, 1))),
    "birth_day": Fault("changes", "happened_on", date(2025, 4, 1), c("reason") == "出生", every=True),
    "change_after_birth": Fault("residents", "birth_date", date(2026, 3, 31), every=True),
    "marriage_age": Fault("residents", "birth_date", date(2010, 1, 1), every=True),
    "move_changes_address": Fault("changes", "reason", "転居", c("reason") == "離婚"),
    "move_notice": Fault("changes", "happened_on", date(2025, 4, 1), MOVE, every=True),
    "death_notice": Fault("changes", "happened_on", date(2025, 4, 1), DIE, every=True),
    "protected_resident": Fault("protections", "resident_no", FAR),
    "protection_order": Fault("protections", "valid_to", OLD),
    "protection_in_window": Fault("protections", "valid_from", LATER),
    "protection_years": Fault("protections", "valid_to", date(2028, 1, 15), every=True),
    "other_party": Fault("protections", "other_party", ""),
    "protected_once": Fault("protections", "resident_no", 5, every=True),
    "related_residents": Fault("relations", "other_no", FAR),
    "not_oneself": Fault("relations", "other_no", 5, every=True),
    "beyond_household": Fault("residents", "household_no", 5, every=True),
    "relation_returned": Fault("relations", "relation", "friend", c("relation") == "parent"),
    "parent_of_age": Fault("residents", "birth_date", date(1980, 1, 1), every=True),
    "former_spouses": Fault("residents", "sex", "female", every=True),
    "classmates": Fault("relations", "relation", "classmate", c("relation") == "parent"),
    "figure_is_resident": Fault("figures", "resident_no", FAR),
    "figure_after_birth": Fault("figures", "since", OLD),
    "figure_in_time": Fault("figures", "since", LATER),
    "siblings_apart": Fault("residents", "birth_date", None, CHILD),
    "resident_ref_form": Fault("residents", "resident_ref", "0000000018"),
    "resident_ref_unique": Fault("residents", "resident_ref", "0000000019", every=True),
    "household_ref_form": Fault("households", "household_ref", "000000001"),
    "household_ref_unique": Fault("households", "household_ref", "0000000019", every=True),
    "former_name_kana": Fault("residents", "former_kana", "サトウ", c("former_name").is_null()),
    "former_name_japanese": Fault("residents", "former_name", "佐藤", FOREIGN),
    "former_name_other": Fault("residents", "former_name", "佐藤", c("family_name") == "佐藤"),
    "birth_known": Fault("residents", "birth_known", "month", c("birth_date").dt.day() == 9),
    "entry_by_birth": Fault("residents", "entry", "転入", c("entry") == "出生"),
    "came_from_somewhere": Fault("residents", "came_from", None, c("entry") == "転入"),
    "address_after_entry": Fault("residents", "address_since", OLD),
    "register_of_japanese": Fault("residents", "registry_town", "青嶺市桜町", FOREIGN),
    "register_whole": Fault("residents", "registry_lot", None, ~FOREIGN),
    "late_insurance": Fault("residents", "health_insurance", "その他", c("birth_date") < date(1940, 1, 1)),
    "pension_ages": Fault("residents", "pension", "第1号", c("birth_date") < date(1940, 1, 1)),
    "pension_late": Fault("residents", "pension", "任意加入", c("birth_date") < date(1940, 1, 1)),
    "care_ages": Fault("residents", "care_insurance", 1, c("birth_date") > date(1990, 1, 1)),
    "allowance_for_child": Fault("residents", "child_allowance", 1, every=True),
    "voter_of_age": Fault("residents", "voter", 1, c("birth_date") > date(2010, 1, 1)),
    "foreign_record": Fault("residents", "nationality", "US", ~FOREIGN),
    "return_of_removed": Fault("changes", "reason", "職権回復", MOVE, every=True),
    "register_open": Fault("changes", "recorded_on", date(2025, 5, 4)),
    "recorded_after_notice": Fault("changes", "recorded_on", OLD),
    "move_planned": Fault("changes", "planned_on", None, LEAVE),
    "move_confirmed": Fault("changes", "confirmed_on", OLD, LEAVE),
    "elsewhere_named": Fault("changes", "elsewhere", None, ARRIVE),
    "basis_of_office": Fault("changes", "basis", "届出", c("reason") == "職権修正"),
    "cancels_something": Fault("changes", "cancels", None, c("reason") == "転出取消"),
    "cancels_earlier": Fault("changes", "cancels", FAR, c("reason") == "転出取消"),
    "cancels_own": Fault("changes", "cancels", 0, c("reason") == "転出取消"),
    "cancel_restores": Fault("changes", "cancels", 0, c("reason") == "転出取消"),
    "item_of_change": Fault("items", "change_no", FAR),
    "item_changes": Fault("items", "after", None, every=True),
    "item_once": Fault("items", "item", "note", every=True),
    "item_chain": Fault("items", "before", "別"),
    "item_in_time": Fault("items", "holds_since", LATER),
    "corrected_back": Fault("items", "holds_since", OLD, c("item") == "relationship"),
    "relationship_word": Fault("items", "after", "親戚", c("item") == "relationship"),
    "foreign_nationality": Fault("residents", "nationality", "JP", FOREIGN),
    "foreign_once": Fault("foreigners", "resident_no", 5, every=True),
    "status_given": Fault("foreigners", "residence_status", None, STATUS == "永住者"),
    "special_category": Fault("foreigners", "residence_status", "特別永住者", STATUS == "永住者"),
    "forever_without_period": Fault("foreigners", "period", "3年", STATUS == "永住者"),
    "period_of_status": Fault("foreigners", "period", None, STATUS == "家族滞在"),
    "period_and_end": Fault("foreigners", "expires_on", None, STATUS == "家族滞在"),
    "status_valid": Fault("foreigners", "expires_on", OLD, STATUS == "家族滞在", every=True),
    "student_young": Fault("residents", "birth_date", OLD, FOREIGN, every=True),
    "foreign_register": Fault("foreigners", "foreign_since", date(2011, 1, 1)),
    "foreign_after_birth": Fault("foreigners", "foreign_since", OLD),
    "card_form": Fault("foreigners", "card_no", "AB123"),
    "card_unique": Fault("foreigners", "card_no", "AB12345678CD", every=True),
    "alias_kana": Fault("foreigners", "alias_kana", None, c("alias").is_not_null()),
    "alias_key": Fault("foreigners", "alias_key", "x", c("alias").is_not_null()),
    "alias_in_use": Fault("foreigners", "alias", "別 名", c("alias").is_not_null()),
    "kanji_key": Fault("foreigners", "kanji_key", "x", c("name_kanji").is_not_null()),
    "alias_of_foreigner": Fault("aliases", "resident_no", FAR),
    "alias_order": Fault("aliases", "removed_on", OLD),
    "alias_in_time": Fault("aliases", "registered_on", OLD),
    "one_alias": Fault("aliases", "resident_no", 5, every=True),
    "protection_applied": Fault("protections", "applicant", 0, every=True),
    "protection_first": Fault("protections", "first_from", LATER),
    "protection_terms": Fault("protections", "valid_to", LATER),
    "term_of_protected": Fault("terms", "resident_no", FAR),
    "term_first": Fault("terms", "kind", "更新", c("kind") == "新規"),
    "term_follows": Fault("terms", "valid_from", OLD, c("kind") == "更新"),
    "term_of_a_year": Fault("terms", "valid_to", LATER),
    "term_decided": Fault("terms", "decided_on", date(2025, 5, 4)),
    "forward_of_protected": Fault("forwards", "resident_no", FAR),
    "forward_in_time": Fault("forwards", "in_force_on", OLD),
    "forward_after_start": Fault("forwards", "sent_on", OLD),
    "grandparent_of_age": Fault("relations", "relation", "grandparent", c("relation") == "friend", every=True),
    "party_of_protected": Fault("relations", "relation", "other_party", c("relation") == "friend"),
    "past_of_resident": Fault("past", "resident_no", FAR),
    "past_before": Fault("past", "notified_on", LATER),
    "past_after_birth": Fault("past", "happened_on", OLD),
    "past_notice": Fault("past", "notified_on", OLD),
    "past_entry": Fault("past", "happened_on", OLD, ARRIVE),
    "past_move": Fault("past", "happened_on", OLD, MOVE),
    "past_marriage_age": Fault("past", "happened_on", OLD, c("reason") == "婚姻"),
    "removed_number": Fault("removed", "removed_no", FAR),
    "removed_address": Fault("removed", "address_no", FAR),
    "removed_after_birth": Fault("removed", "removed_on", OLD),
    "removed_after_entry": Fault("removed", "resident_since", LATER),
    "removed_before": Fault("removed", "removed_on", LATER),
    "removed_code": Fault("removed", "resident_no", 5, c("reason") == "改製", every=True),
    "went_somewhere": Fault("removed", "went_to", None, LEAVE),
    "removed_ref": Fault("removed", "resident_ref", "0000000018"),
    "removed_kana": Fault("removed", "family_kana", "さとう"),
    "judgement_notice": Fault(
        "changes", "reason", "失踪宣告", ARRIVE & (c("notified_on") - c("happened_on") > timedelta(days=10))
    ),
    "renumbering_moves_nobody": Fault("changes", "reason", "住居表示実施", c("reason") == "改製"),
    "renumbering_of_house": Fault("changes", "reason", "住居表示実施", MOVE),
    "alias_recorded": Fault("items", "item", "alias"),
    "head_at_end": Fault("items", "after", "世帯主", c("item") == "relationship", every=True),
    "one_home_at_end": Fault("changes", "address_to", 7, MOVE & (pl.len().over("household_to", "notified_on") > 1)),
}


def broken(town: Population, fault: Fault) -> Population:
    frame: pl.DataFrame = getattr(town, fault.table)
    fits = pl.lit(value=True) if fault.where is None else fault.where
    marked = frame.with_row_index("at").with_columns(
        hit=fits & (pl.lit(fault.every) | (c("at") == c("at").filter(fits).first()))
    )
    value = pl.lit(fault.value).cast(frame.schema[fault.column])
    changed = marked.with_columns(pl.when("hit").then(value).otherwise(c(fault.column)).alias(fault.column))
    return replace(town, **{fault.table: changed.select(frame.columns)})


def close_siblings(town: Population) -> Population:
    """Make the second child of a house 100 days younger than the first."""
    children = town.residents.filter(CHILD).sort("household_no", "birth_date")
    second = children.filter(c("household_no").cum_count().over("household_no") == 2).row(0, named=True)
    first = children.filter(c("household_no") == second["household_no"]).row(0, named=True)
    born = first["birth_date"] + timedelta(days=100)
    hit = c("resident_no") == second["resident_no"]
    return replace(
        town, residents=town.residents.with_columns(pl.when(hit).then(born).otherwise("birth_date").alias("birth_date"))
    )


def late_moves(town: Population) -> Population:
    """Let those who marry die of it, and move on the last day of the window."""
    reason = pl.when(c("reason") == "婚姻").then(pl.lit("死亡", town.changes.schema["reason"])).otherwise("reason")
    day = pl.when(MOVE).then(date(2026, 3, 31)).otherwise("happened_on")
    return replace(town, changes=town.changes.with_columns(happened_on=day, reason=reason))


SPECIAL: dict[str, Callable[[Population], Population]] = {
    "siblings_apart": close_siblings,
    "nothing_after_death": late_moves,
}


def test_a_made_population_breaks_no_rule(town: Population) -> None:
    """No rule finds anything in 20,000 people and their year."""
    assert violations(town).rows() == []


def test_there_are_sixty_rules_with_names_of_their_own() -> None:
    """At least sixty rules are written, each once, and each has a fault that breaks it here."""
    names = [rule.name for rule in RULES]
    assert len(names) >= 60
    assert sorted(names) == sorted(FAULTS)


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_each_rule_can_fail(town: Population, name: str) -> None:
    """A record that breaks a rule is found and named."""
    spoiled = SPECIAL[name](town) if name in SPECIAL else broken(town, FAULTS[name])
    rules = [rule for rule in RULES if rule.name == name]
    assert violations(spoiled, rules).height > 0
