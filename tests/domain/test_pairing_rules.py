"""What a plan may say of pairings and tutoring, and what it may not."""

from __future__ import annotations

import pytest

from mingzhang.domain.plan.bundled import bundled_text
from mingzhang.domain.plan.check import check_plan
from mingzhang.domain.plan.pairing_rules import CheckWeeks, PairingRules, TutoringRules
from mingzhang.domain.plan.vocabulary import read_plan
from mingzhang.domain.refusal import Refused

PLANS = ("liaoning-pairing", "hunan-tutoring")


@pytest.mark.parametrize("code", PLANS)
def test_a_bundled_plan_does_not_contradict_itself(code: str) -> None:
    assert check_plan(read_plan(bundled_text(code))) == []


def test_the_five_ones_are_data() -> None:
    plan = read_plan(bundled_text("liaoning-pairing"))
    assert plan.pairing == PairingRules(
        call="monthly", visit="quarterly", support="yearly", problem_solved="yearly", cadres_per_household=3, clause="five-ones"
    )
    assert sum(1 for unit in plan.units if unit.kind == "department") == 67


def test_a_term_is_checked_three_times() -> None:
    rules = read_plan(bundled_text("hunan-tutoring")).tutoring
    assert rules is not None
    assert [(check.name, check.first, check.last) for check in rules.checks] == [("期初", 1, 3), ("期中", 8, 11), ("期末", 16, 18)]


@pytest.mark.parametrize("weeks", [[(3, 1)], [(1, 3), (3, 5)], [(4, 5), (1, 2)]])
def test_checks_that_run_backwards_or_overlap_are_refused(weeks: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="do not follow"):
        TutoringRules(checks=tuple(CheckWeeks(name="检查", first=first, last=last) for first, last in weeks))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('call = "monthly"', 'call = "weekly"'),
        ('call = "monthly"', 'telephone = "monthly"'),
        ('clause = "five-ones"', 'clause = "nowhere"'),
    ],
)
def test_an_unknown_word_or_clause_is_refused(before: str, after: str) -> None:
    with pytest.raises(Refused) as refused:
        read_plan(bundled_text("liaoning-pairing").replace(before, after))
    assert refused.value.code == "plan_malformed"
