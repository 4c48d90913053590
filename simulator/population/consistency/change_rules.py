"""Rules of changes of record."""

from datetime import date

import polars as pl

from simulator.population.consistency.rule import days, years
from simulator.schema.people import ANNOUNCED, EX_OFFICIO, MOVES_IN, MOVES_OUT, REMOVALS

EQUAL_AGE_OF_MARRIAGE = date(2022, 4, 1)  # Source: 民法731条 as amended: 18 for both; women 16 before
MOVE_NOTICE_DAYS, DEATH_NOTICE_DAYS = 14, 7  # Source: 住基法22–25条; 戸籍法86条

c = pl.col
REASON = c("reason")
JUDGEMENT_NOTICE_DAYS = 10  # Source: 戸籍法63条, 94条
COMES = c("arriving") | c("returning")

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
    ("office_open", "A change is notified on a day when counters are open.", ~c("office_open")),
    ("change_order", "Changes are in order of notice.", c("notified_on") < c("notified_on").shift(1)),
    ("household_to_exists", "The household after exists.", c("household_to") >= c("households")),
    ("address_to_exists", "The address after exists.", c("address_to") >= c("addresses")),
    (
        "arrival_from_nowhere",
        "Whoever arrives or returns had no household here.",
        COMES & c("household_from").is_not_null(),
    ),
    (
        "arrival_to_somewhere",
        "Whoever arrives or returns has a household here.",
        COMES & (c("household_to").is_null() | c("address_to").is_null()),
    ),
    (
        "departure_to_nowhere",
        "Whoever leaves or dies has no household here.",
        REASON.is_in(REMOVALS) & c("household_to").is_not_null(),
    ),
    (
        "departure_from_somewhere",
        "Whoever leaves or dies was here.",
        ~COMES & (c("household_from").is_null() | c("address_from").is_null()),
    ),
    ("nothing_after_death", "Nothing happens after death.", c("happened_on") > c("died")),
    (
        "nothing_after_leaving",
        "Nothing but a return is noted after the record was removed.",
        (c("order") > 0) & c("before_household_to").is_null() & ~c("returning"),
    ),
    ("return_of_removed", "Only a removed record comes back.", c("returning") & c("before_household_to").is_not_null()),
    ("register_open", "The register is changed on a day when counters are open.", ~c("register_open")),
    ("recorded_after_notice", "A change is recorded when notified or later.", c("recorded_on") < c("notified_on")),
    (
        "move_planned",
        "A move out has the day it was announced for, and nothing else has.",
        REASON.is_in(ANNOUNCED) != c("planned_on").is_not_null(),
    ),
    ("move_confirmed", "A move out is confirmed after it happened.", c("confirmed_on") < c("happened_on")),
    (
        "elsewhere_named",
        "Moves from or to elsewhere, and they alone, say where.",
        REASON.is_in(MOVES_IN + MOVES_OUT) != c("elsewhere").is_not_null(),
    ),
    (
        "basis_of_office",
        "What the office does of its own is on its basis.",
        REASON.is_in(EX_OFFICIO) & (c("basis") != "職権"),
    ),
    (
        "cancels_something",
        "A cancellation says what it undoes, and nothing else does.",
        REASON.is_in(["転出取消", "異動取消"]) != c("cancels").is_not_null(),
    ),
    ("cancels_earlier", "A cancellation undoes an earlier change.", c("cancels") >= c("change_no")),
    (
        "cancels_own",
        "A cancellation is of the same record.",
        c("cancels").is_not_null() & c("undone_resident_no").ne_missing(c("resident_no")),
    ),
    (
        "cancel_restores",
        "A cancellation restores the home before.",
        c("cancels").is_not_null()
        & (
            c("household_to").ne_missing(c("undone_household_from"))
            | c("address_to").ne_missing(c("undone_address_from"))
        ),
    ),
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
    ("birth_day", "A birth is on the birth date.", (REASON == "出生") & (c("happened_on") != c("birth_date"))),
    ("change_after_birth", "Nothing happens before birth.", c("happened_on") < c("birth_date")),
    (
        "marriage_age",
        "Nobody marries below the legal age.",
        (REASON == "婚姻")
        & (
            years("birth_date", "happened_on")
            < pl.when((c("sex") == "female") & (c("happened_on") < EQUAL_AGE_OF_MARRIAGE)).then(16).otherwise(18)
        ),
    ),
    (
        "move_changes_address",
        "A move within changes the address.",
        (REASON == "転居") & (c("address_from") == c("address_to")),
    ),
    (
        "move_notice",
        "A move is notified within 14 days.",
        REASON.is_in([*MOVES_IN, "転居"]) & (days("happened_on", "notified_on") > MOVE_NOTICE_DAYS),
    ),
    (
        "death_notice",
        "A death is notified within 7 days.",
        (REASON == "死亡") & (days("happened_on", "notified_on") > DEATH_NOTICE_DAYS),
    ),
    (
        "judgement_notice",
        "A declaration of disappearance is notified within 10 days.",
        (REASON == "失踪宣告") & (days("happened_on", "notified_on") > JUDGEMENT_NOTICE_DAYS),
    ),
    (
        "renumbering_moves_nobody",
        "New numbers of houses change the address and not the household.",
        (REASON == "住居表示実施")
        & ((c("household_from") != c("household_to")) | (c("address_from") == c("address_to"))),
    ),
    (
        "renumbering_of_house",
        "New numbers of houses leave town, building and room.",
        (REASON == "住居表示実施") & (c("place_from") != c("place_to")),
    ),
)
