"""A period is written in one way only, and says on which days it begins and ends."""

from __future__ import annotations

from datetime import date

import pytest

from mingzhang.domain.refusal import Refused
from mingzhang.domain.values.periods import PeriodKind, period, period_of_kind, periods_meeting


@pytest.mark.parametrize(
    ("text", "kind", "first", "last"),
    [
        ("2020", "year", date(2020, 1, 1), date(2020, 12, 31)),
        ("2019-2020", "school-year", date(2019, 9, 1), date(2020, 8, 31)),
        ("2020-spring", "term", date(2020, 3, 1), date(2020, 8, 31)),
        ("2019-autumn", "term", date(2019, 9, 1), date(2020, 2, 29)),
        ("2020-autumn", "term", date(2020, 9, 1), date(2021, 2, 28)),
    ],
)
def test_a_period_begins_and_ends(text: str, kind: str, first: date, last: date) -> None:
    found = period(text)
    assert (found.kind, found.first, found.last, str(found)) == (kind, first, last, text)
    assert first in found
    assert last in found


def test_the_terms_of_a_school_year_fill_it() -> None:
    year, autumn, spring = period("2019-2020"), period("2019-autumn"), period("2020-spring")
    assert (autumn.first, spring.last) == (year.first, year.last)
    assert (spring.first - autumn.last).days == 1


@pytest.mark.parametrize(
    "text", ["", "20", "1999", "2020-2022", "2020-2020", "2020-Spring", "2020 spring", " 2020", "2020-", "2020-2021-spring", "spring"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="period_malformed"):
        period(text)


@pytest.mark.parametrize("text", ["2020-spring\n", "2020\n", "20２０", "２０２０-spring", "20٢٠"])
def test_a_period_has_no_second_spelling(text: str) -> None:
    with pytest.raises(Refused, match="period_malformed"):
        period(text)


@pytest.mark.parametrize(("text", "kind"), [("2020", "term"), ("2020-spring", "year"), ("2019-2020", "term"), ("once", "year")])
def test_a_period_of_another_kind_is_refused(text: str, kind: str) -> None:
    with pytest.raises(Refused, match="period_kind_differs"):
        period_of_kind(text, kind)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "kind", "met"),
    [
        ("2020-spring", "term", ["2020-spring"]),
        ("2019-autumn", "year", ["2019", "2020"]),
        ("2020-spring", "school-year", ["2019-2020"]),
        ("2020", "term", ["2019-autumn", "2020-spring", "2020-autumn"]),
        ("2020", "school-year", ["2019-2020", "2020-2021"]),
        ("2019-2020", "term", ["2019-autumn", "2020-spring"]),
        ("2020", "once", ["once"]),
    ],
)
def test_a_period_meets_those_of_another_kind_that_share_a_day_with_it(text: str, kind: PeriodKind, met: list[str]) -> None:
    one = period(text)
    assert [str(found) for found in periods_meeting(kind, one.first, one.last)] == met
