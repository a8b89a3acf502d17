"""What recurs is owed for whole months, quarters, years and weeks, from the first full one, however pairings begin, end and begin again."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingzhang.domain.values.cadences import Cadence, Years, unkept, weeks_from, whole_spans, whole_weeks

DAYS = st.dates(date(2016, 1, 1), date(2030, 12, 31))
CADENCES = st.sampled_from(get_args(Cadence))
YEARS = st.sampled_from(get_args(Years))


def names(cadence: Cadence, since: date, until: date, years: Years = "own") -> list[str]:
    return [span.name for span in whole_spans(cadence, since, until, years)]


@pytest.mark.parametrize(
    ("since", "until", "months"),
    [
        (date(2020, 3, 1), date(2020, 7, 31), ["2020-04", "2020-05", "2020-06"]),  # March began with it, July is not over
        (date(2020, 3, 31), date(2020, 5, 1), ["2020-04"]),
        (date(2020, 3, 31), date(2020, 4, 30), []),  # the last day of April no longer belongs
        (date(2019, 11, 20), date(2019, 12, 31), []),
        (date(2019, 11, 20), date(2020, 1, 1), ["2019-12"]),
        (date(2020, 5, 5), date(2020, 5, 5), []),
    ],
)
def test_months_count_from_the_first_full_one(since: date, until: date, months: list[str]) -> None:
    assert names("monthly", since, until) == months


@pytest.mark.parametrize(
    ("since", "until", "quarters"),
    [
        (date(2018, 5, 20), date(2019, 6, 1), ["2018-Q3", "2018-Q4", "2019-Q1"]),
        (date(2018, 6, 30), date(2018, 10, 1), ["2018-Q3"]),
        (date(2018, 7, 1), date(2018, 10, 1), []),  # July began with it
        (date(2018, 12, 2), date(2019, 4, 1), ["2019-Q1"]),
    ],
)
def test_quarters_count_from_the_first_full_one(since: date, until: date, quarters: list[str]) -> None:
    assert names("quarterly", since, until) == quarters


def test_a_year_is_twelve_months_from_the_first_full_one_or_a_calendar_year() -> None:
    since, until = date(2018, 5, 20), date(2020, 6, 1)
    assert names("yearly", since, until) == ["2018-06/2019-05", "2019-06/2020-05"]
    assert names("yearly", since, until, "calendar") == ["2019"]
    assert names("yearly", since, date(2019, 5, 31)) == []


@given(CADENCES, YEARS, DAYS, DAYS)
def test_spans_are_whole_in_order_and_never_overlap(cadence: Cadence, years: Years, since: date, until: date) -> None:
    spans = whole_spans(cadence, since, until, years)
    for span in spans:
        assert since < span.first < span.until <= until
        assert (span.first.day, span.until.day) == (1, 1)
    assert all(before.until <= after.first for before, after in pairwise(spans))
    assert len({span.name for span in spans}) == len(spans)


@given(CADENCES, YEARS, DAYS, DAYS, st.integers(0, 800))
def test_a_later_look_only_adds_spans(cadence: Cadence, years: Years, since: date, until: date, more: int) -> None:
    early = whole_spans(cadence, since, until, years)
    assert whole_spans(cadence, since, until + timedelta(days=more), years)[: len(early)] == early


@given(DAYS, DAYS)
def test_every_full_month_is_counted(since: date, until: date) -> None:
    months = {span.first for span in whole_spans("monthly", since, until)}
    day = since
    while day < until:
        following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        if day.day == 1 and day > since and following <= until:
            assert day in months
        day = following


@given(st.sampled_from(("monthly", "quarterly")), DAYS, DAYS, DAYS, DAYS)
def test_a_pairing_ended_and_begun_again_owes_nothing_twice_and_nothing_for_the_gap(
    cadence: Cadence, first: date, second: date, third: date, fourth: date
) -> None:
    """Two stretches of helping one household, with days between them."""
    since, ended, again, until = sorted((first, second, third, fourth))
    once, twice = whole_spans(cadence, since, ended), whole_spans(cadence, again, until)
    undivided = whole_spans(cadence, since, until)
    assert not {span.name for span in once} & {span.name for span in twice}
    assert [span for span in undivided if span in once or span in twice] == once + twice
    assert not any(span.first < again and span.until > ended for span in once + twice)


@given(st.sampled_from(("monthly", "quarterly")), DAYS, DAYS, st.lists(DAYS, max_size=12))
def test_a_span_is_kept_or_not_and_a_further_contact_never_makes_one_unkept(
    cadence: Cadence, since: date, until: date, days: list[date]
) -> None:
    spans = whole_spans(cadence, since, until)
    left = unkept(spans, days)
    assert [span for span in spans if span in left or any(span.first <= day < span.until for day in days)] == spans
    assert not any(any(span.first <= day < span.until for day in days) for span in left)
    assert set(unkept(spans, [*days, since])) <= set(left)


@given(st.integers(0, 200), st.integers(1, 30), DAYS, DAYS)
def test_weeks_are_whole_and_numbered_from_the_first_monday(offset: int, weeks: int, since: date, until: date) -> None:
    monday = date(2020, 8, 31) + timedelta(weeks=offset)
    found = whole_weeks(monday, weeks, since, until)
    for number, span in found:
        assert (span.first.weekday(), (span.until - span.first).days) == (0, 7)
        assert span == weeks_from(monday, number, number)
        assert since <= span.first and span.until <= until
    assert [number for number, _ in found] == sorted(set(range(1, weeks + 1)) & {number for number, _ in found})


def test_a_window_of_weeks_ends_with_a_sunday() -> None:
    window = weeks_from(date(2023, 9, 4), 16, 18)
    assert (window.first, window.last) == (date(2023, 12, 18), date(2024, 1, 7))
