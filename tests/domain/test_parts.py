"""An amount in parts: together the amount to the fen, an earlier part never smaller than a later one, and no two more than a fen apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingzhang.domain.plan.bundled import bundled_text
from mingzhang.domain.plan.schemes import Scheme
from mingzhang.domain.plan.vocabulary import read_plan
from mingzhang.domain.refusal import Refused
from mingzhang.domain.values.parts import parts_of
from tests.college import PLAN


@pytest.mark.parametrize(
    ("amount_fen", "count", "parts"),
    [
        (0, 1, (0,)),
        (0, 3, (0, 0, 0)),
        (1, 2, (1, 0)),
        (100, 1, (100,)),
        (100, 2, (50, 50)),
        (101, 2, (51, 50)),
        (100, 3, (34, 33, 33)),
        (101, 3, (34, 34, 33)),
        (199_999, 2, (100_000, 99_999)),
        (11, 12, (1,) * 11 + (0,)),
    ],
)
def test_the_fen_that_do_not_divide_go_to_the_first_parts(amount_fen: int, count: int, parts: tuple[int, ...]) -> None:
    assert parts_of(amount_fen, count) == parts


@given(st.integers(0, 10**12), st.integers(1, 12))
def test_the_parts_are_the_whole(amount_fen: int, count: int) -> None:
    parts = parts_of(amount_fen, count)
    assert (sum(parts), len(parts)) == (amount_fen, count)
    assert sorted(parts, reverse=True) == list(parts)
    assert parts[0] - parts[-1] in (0, 1)


def grant(yuan: str, paid_in: int = 2) -> Scheme:
    text = bundled_text(PLAN).replace("yuan_per_year = 4000", f'yuan_per_year = "{yuan}"').replace("paid_in = 2", f"paid_in = {paid_in}", 1)
    return read_plan(text).scheme("grant")


@pytest.mark.parametrize(
    ("yuan", "autumn", "spring"),
    [("4000.00", 200_000, 200_000), ("3999.99", 200_000, 199_999), ("0.01", 1, 0)],
)
def test_two_terms_that_follow_each_other_are_a_year(yuan: str, autumn: int, spring: int) -> None:
    scheme = grant(yuan)
    tier = scheme.tiers[0]
    assert (scheme.fen_per_period(tier, "2019-autumn"), scheme.fen_per_period(tier, "2020-spring")) == (autumn, spring)


def test_what_no_rule_says_how_to_divide_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        grant("4000", paid_in=3)
    assert refused.value.code == "plan_malformed"


def test_a_scheme_is_paid_at_one_go_unless_it_says_otherwise() -> None:
    assert grant("4000").instalments == 1
