"""Two schools are a pair from one day to another; what they do is recorded once, and what their year lacks is counted by the plan."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzhang.domain.command import Command
from mingzhang.domain.plan.school_rules import SchoolPairRules
from mingzhang.domain.schoolpair.commands import DonateEquipment, EndSchoolPair, ExchangeStaff, HoldJointResearch, PairSchools
from mingzhang.domain.schoolpair.facts import EquipmentDonated, JointResearchHeld, SchoolPairEnded, SchoolsPaired, StaffExchanged
from mingzhang.projections.schoolpairs import SchoolPairRow, lacking, paired_late
from tests.college import opened
from tests.given import Given, by, given, sealed

SINCE, TODAY = date(2020, 3, 10), date(2020, 3, 25)
ACTOR = "helper-clerk-1"
TEXT = sealed("t-0000000001", text="synthetic")
PAIR = PairSchools(pair="JD01", town="测试一小", village="测试村小", unit="college", on=SINCE)
RESEARCH = HoldJointResearch(pair="JD01", on=date(2020, 3, 12), subject=TEXT, subject_digest="d1", participants=16)
SEND = ExchangeStaff(pair="JD01", sender="town", post="教师", on=date(2020, 3, 12))
END = EndSchoolPair(pair="JD01", reason=TEXT, on=date(2020, 3, 20))
RULES = SchoolPairRules.model_validate(
    {
        "fixed_by": {"month": 4, "day": 30},
        "joint_research_per_term": 1,
        "exchanged_each_way": 1,
        "terms": [
            {"name": "春季", "first": {"month": 2, "day": 1}, "last": {"month": 7, "day": 31}},
            {"name": "秋季", "first": {"month": 8, "day": 1}, "last": {"month": 12, "day": 31}},
        ],
        "clause": "c",
    }
)


def paired(*more: Command) -> Given:
    return given(opened(), *(by(ACTOR, command, TODAY) for command in (PAIR, *more)))


def stamp(on: date, *because: str) -> dict[str, Any]:
    return {"actor": ACTOR, "effective_on": on, "because": because}


def row(since: str = "2018-03-10", until: str | None = None, research: tuple[str, ...] = (), sent: Any = ()) -> SchoolPairRow:
    return SchoolPairRow("JD01", "测试一小", "测试村小", "bureau", since, until, research, sent, 0, "schoolpair/JD01@1")


def names(pair: SchoolPairRow, year: int = 2018) -> list[str]:
    return [one.term or str(one.side) for one in lacking(pair, RULES, year)]


def test_what_two_schools_do_points_at_their_pairing() -> None:
    known = given(opened())
    known.when(PAIR, actor=ACTOR).then(
        ("schoolpair/JD01", SchoolsPaired(**stamp(SINCE, "unit/college@1"), town="测试一小", village="测试村小", unit="college"))
    )
    gift = DonateEquipment(pair="JD01", items=TEXT, worth_fen=300_000, on=date(2020, 3, 14))
    because = "schoolpair/JD01@1"
    paired().when(RESEARCH, SEND, gift, END, actor=ACTOR).then(
        (
            "schoolpair/JD01",
            JointResearchHeld(**stamp(date(2020, 3, 12), because), participants=16, subject=TEXT, subject_digest="d1"),
        ),
        ("schoolpair/JD01", StaffExchanged(**stamp(date(2020, 3, 12), because), sender="town", year=2020, post="教师")),
        ("schoolpair/JD01", EquipmentDonated(**stamp(date(2020, 3, 14), because), giver="town", worth_fen=300_000, items=TEXT)),
        ("schoolpair/JD01", SchoolPairEnded(**stamp(date(2020, 3, 20), because), reason=TEXT)),
    )


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (PAIR, "school_pair_exists"),
        (PairSchools(pair="JD02", town="测试一小", village="测试一小", unit="college"), "school_pair_with_itself"),
        (PairSchools(pair="JD/2", town="测试一小", village="测试村小", unit="college"), "id_unusable"),
        (PairSchools(pair="JD02", town="测试一小", village="测试村小", unit="college", on=date(2020, 3, 26)), "effective_in_future"),
        (HoldJointResearch(pair="JD09"), "school_pair_unknown"),
        (HoldJointResearch(pair="JD01", on=date(2020, 3, 9)), "school_pair_before"),
        (HoldJointResearch(pair="JD01", on=date(2020, 3, 26)), "effective_in_future"),
        (RESEARCH, "school_research_exists"),
        (SEND, "school_exchange_exists"),
        (ExchangeStaff(pair="JD01", sender="town", on=date(2019, 12, 30)), "school_exchange_before"),
        (ExchangeStaff(pair="JD01", sender="town", year=2021, on=date(2020, 3, 12)), "school_exchange_year"),
        (DonateEquipment(pair="JD01", items=TEXT, worth_fen=-1), "amount_not_positive"),
        (EndSchoolPair(pair="JD01", reason=TEXT, on=date(2020, 3, 9)), "school_pair_before"),
    ],
)
def test_what_makes_no_sense_between_two_schools_is_refused(command: Command, code: str) -> None:
    paired(RESEARCH, SEND).when(command, actor=ACTOR, at=TODAY).refused(code)


def test_somebody_may_have_been_sent_earlier_in_the_year_of_the_pairing() -> None:
    early = ExchangeStaff(pair="JD01", sender="village", on=date(2020, 3, 1))
    assert paired().when(early, actor=ACTOR).only(StaffExchanged).year == 2020


@pytest.mark.parametrize(("on", "allowed"), [(date(2020, 3, 19), True), (date(2020, 3, 20), False)])
def test_what_was_done_before_the_end_may_be_recorded_after_it(on: date, allowed: bool) -> None:
    outcome = paired(END).when(HoldJointResearch(pair="JD01", on=on), actor=ACTOR)
    if allowed:
        outcome.accepted()
    else:
        outcome.refused("school_pair_ended")


def test_a_pair_ends_once() -> None:
    paired(END).when(END, actor=ACTOR).refused("school_pair_ended")


@pytest.mark.parametrize(
    ("pair", "missing"),
    [
        (row(), ["春季", "秋季", "town", "village"]),
        (row(research=("2018-02-01", "2018-12-31"), sent=(("town", 2018), ("village", 2018))), []),
        (row(research=("2018-07-31", "2018-07-31")), ["秋季", "town", "village"]),
        (row(sent=(("town", 2017), ("village", 2018))), ["春季", "秋季", "town"]),
        (row(since="2018-07-31"), ["春季", "秋季", "town", "village"]),
        (row(since="2018-08-01"), ["秋季", "town", "village"]),
        (row(until="2018-08-01"), ["春季"]),
        (row(until="2018-07-31"), []),
        (row(since="2019-01-01"), []),
    ],
)
def test_a_pair_owes_the_terms_and_years_that_it_ran_to_the_end_of(pair: SchoolPairRow, missing: list[str]) -> None:
    assert names(pair) == missing


def test_a_plan_that_says_nothing_is_owed_nothing() -> None:
    assert lacking(row(), SchoolPairRules(clause="c"), 2018) == []


@pytest.mark.parametrize(("since", "late"), [("2018-04-30", []), ("2018-05-01", ["JD01"])])
def test_pairs_are_fixed_by_a_day_of_their_year(since: str, late: list[str]) -> None:
    assert paired_late([row(since=since)], RULES) == late


@pytest.mark.parametrize(
    "words",
    [
        {"joint_research_per_term": 1, "clause": "c"},
        {"terms": [{"name": "春季", "first": {"month": 7, "day": 1}, "last": {"month": 2, "day": 1}}], "clause": "c"},
        {"joint_research_per_term": -1, "clause": "c"},
    ],
)
def test_rules_that_cannot_be_kept_are_no_rules(words: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"term|greater"):
        SchoolPairRules.model_validate(words)
