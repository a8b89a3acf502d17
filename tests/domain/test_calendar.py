"""Working days by the official calendar: across National Day and Spring Festival, with make-up Saturdays, and never for a year unknown."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from mingzhang.domain.calendar import (
    PACKAGE,
    PACKAGE_YEARS,
    CalendarRecorded,
    CalendarYear,
    DayKind,
    RecordCalendar,
    calendar_source,
    calendar_sources,
    is_workday,
    last_notice_day,
    workdays_between,
)
from mingzhang.domain.refusal import Refused
from mingzhang.domain.streams import Streams
from tests.college import house
from tests.given import By, by, given

DAY = timedelta(days=1)
SOURCE = "国务院办公厅关于2027年部分节假日安排的通知"
REST = (date(2026, 12, 31), date(2027, 1, 1), date(2027, 2, 8), date(2027, 10, 1))
WORK = (date(2026, 12, 26), date(2027, 2, 20))
RECORD = RecordCalendar(year=2027, rest=REST, work=WORK, source=SOURCE)

# What the State Council published, day by day: off from, off until (both included), and the weekend days worked for it.
FESTIVALS = (
    (date(2019, 2, 4), date(2019, 2, 10), (date(2019, 2, 2), date(2019, 2, 3))),
    (date(2019, 10, 1), date(2019, 10, 7), (date(2019, 9, 29), date(2019, 10, 12))),
    (date(2020, 1, 24), date(2020, 2, 2), (date(2020, 1, 19),)),  # prolonged because of the epidemic
    (date(2020, 10, 1), date(2020, 10, 8), (date(2020, 9, 27), date(2020, 10, 10))),
    (date(2021, 2, 11), date(2021, 2, 17), (date(2021, 2, 7), date(2021, 2, 20))),
    (date(2021, 10, 1), date(2021, 10, 7), (date(2021, 9, 26), date(2021, 10, 9))),
    (date(2022, 1, 31), date(2022, 2, 6), (date(2022, 1, 29), date(2022, 1, 30))),
    (date(2022, 10, 1), date(2022, 10, 7), (date(2022, 10, 8), date(2022, 10, 9))),
    (date(2023, 1, 21), date(2023, 1, 27), (date(2023, 1, 28), date(2023, 1, 29))),
    (date(2023, 9, 29), date(2023, 10, 6), (date(2023, 10, 7), date(2023, 10, 8))),
    (date(2024, 2, 10), date(2024, 2, 17), (date(2024, 2, 4), date(2024, 2, 18))),
    (date(2024, 10, 1), date(2024, 10, 7), (date(2024, 9, 29), date(2024, 10, 12))),
    (date(2025, 1, 28), date(2025, 2, 4), (date(2025, 1, 26), date(2025, 2, 8))),
)
FESTIVAL_STARTS = st.sampled_from([first for first, _last, _made_up in FESTIVALS])
NEAR = st.integers(min_value=-25, max_value=15)
LENGTHS = st.integers(min_value=1, max_value=20)


def recorded(command: RecordCalendar = RECORD) -> By:
    return by("administrator-1", command, date(2020, 3, 20))


def streams_with(*commands: RecordCalendar) -> Streams:
    return given(house(), *(recorded(command) for command in commands)).store.streams()


@pytest.mark.parametrize(("first", "last", "made_up"), FESTIVALS)
def test_a_festival_is_off_and_its_make_up_days_are_worked(first: date, last: date, made_up: tuple[date, ...]) -> None:
    days = [first + DAY * number for number in range((last - first).days + 1)]
    assert [day for day in days if is_workday(None, day)] == []
    assert all(is_workday(None, day) and day.weekday() >= 5 for day in made_up)


@pytest.mark.parametrize(
    ("posted_on", "days", "kind", "last_day"),
    [
        (date(2020, 9, 1), 5, "workdays", date(2020, 9, 8)),  # the day of posting is not counted: 2, 3, 4, 7, 8 September
        (date(2020, 9, 1), 5, "calendar", date(2020, 9, 6)),
        (date(2020, 9, 24), 5, "workdays", date(2020, 9, 30)),  # a Sunday worked before National Day: 25, 27, 28, 29, 30
        (date(2020, 9, 25), 5, "workdays", date(2020, 10, 9)),  # one day later, and eight days off stand between
        (date(2020, 9, 30), 1, "workdays", date(2020, 10, 9)),
        (date(2020, 10, 3), 2, "workdays", date(2020, 10, 10)),  # hung up on a day off, and ends on a Saturday worked
        (date(2020, 1, 23), 5, "workdays", date(2020, 2, 7)),  # Spring Festival as it was prolonged
        (date(2022, 9, 30), 5, "workdays", date(2022, 10, 12)),
        (date(2019, 12, 30), 2, "workdays", date(2020, 1, 2)),  # over New Year: 31 December, 2 January
        (date(2020, 2, 27), 2, "calendar", date(2020, 2, 29)),
    ],
)
def test_the_last_day_of_a_notice(posted_on: date, days: int, kind: DayKind, last_day: date) -> None:
    assert last_notice_day(posted_on, days, kind) == last_day


def test_two_notices_of_five_working_days_do_not_fit_into_the_first_ten_days_of_september() -> None:
    """S6's known contradiction: hung up on the first day, and the second one the day after the first is over."""
    first = last_notice_day(date(2020, 9, 1), 5, "workdays")
    assert last_notice_day(first + DAY, 5, "workdays") > date(2020, 9, 10)


@forall(FESTIVAL_STARTS, NEAR, LENGTHS)
def test_a_window_holds_as_many_working_days_as_were_asked_for_and_ends_on_one(first: date, near: int, days: int) -> None:
    posted_on = first + DAY * near
    last_day = last_notice_day(posted_on, days, "workdays")
    assert workdays_between(posted_on, last_day) == days
    assert is_workday(None, last_day)
    assert workdays_between(posted_on, last_day - DAY) == days - 1


@forall(FESTIVAL_STARTS, NEAR, LENGTHS)
def test_a_day_more_never_ends_earlier_and_a_later_posting_neither(first: date, near: int, days: int) -> None:
    posted_on = first + DAY * near
    last_day = last_notice_day(posted_on, days, "workdays")
    assert last_notice_day(posted_on, days + 1, "workdays") > last_day
    assert last_notice_day(posted_on + DAY, days, "workdays") >= last_day


@forall(FESTIVAL_STARTS, NEAR, LENGTHS, LENGTHS)
def test_two_windows_one_after_the_other_are_one_window(first: date, near: int, days: int, more: int) -> None:
    posted_on = first + DAY * near
    between = last_notice_day(posted_on, days, "workdays")
    assert last_notice_day(between, more, "workdays") == last_notice_day(posted_on, days + more, "workdays")


@forall(FESTIVAL_STARTS, NEAR, LENGTHS)
def test_the_day_of_posting_does_not_count_be_it_worked_or_not(first: date, near: int, days: int) -> None:
    posted_on = first + DAY * near
    while not is_workday(None, posted_on):
        posted_on += DAY
    assert last_notice_day(posted_on - DAY, days + 1, "workdays") == last_notice_day(posted_on, days, "workdays")


@forall(st.dates(date(2004, 1, 2), date(2026, 12, 1)), LENGTHS)
def test_calendar_days_are_just_counted(posted_on: date, days: int) -> None:
    assert last_notice_day(posted_on, days, "calendar") == posted_on + DAY * days


@pytest.mark.parametrize("year", [PACKAGE_YEARS.start - 1, PACKAGE_YEARS.stop])
def test_an_unknown_year_is_refused_and_not_guessed(year: int) -> None:
    with pytest.raises(Refused) as refused:
        is_workday(None, date(year, 6, 1))
    assert (refused.value.code, dict(refused.value.context)) == ("calendar_unknown", {"year": year})


def test_a_window_that_reaches_into_an_unknown_year_is_refused() -> None:
    with pytest.raises(Refused, match="calendar_unknown"):
        last_notice_day(date(PACKAGE_YEARS.stop - 1, 12, 30), 5, "workdays")


def test_calendar_days_need_no_known_year() -> None:
    assert last_notice_day(date(2040, 1, 1), 7, "calendar") == date(2040, 1, 8)


def test_a_recorded_year_is_known_with_its_source() -> None:
    fact = CalendarRecorded(actor="administrator-1", effective_on=date(2020, 3, 25), year=2027, rest=REST, work=WORK, source=SOURCE)
    outcome = given(house()).when(RECORD, actor="administrator-1").then(("calendar/2027", fact))
    assert outcome.state(CalendarYear, "2027").source == SOURCE


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2027, 2, 8), False),
        (date(2027, 2, 9), True),
        (date(2027, 2, 20), True),
        (date(2027, 2, 21), False),
        (date(2026, 12, 26), True),  # arranged by the notice of the next year
        (date(2026, 12, 31), False),
        (date(2026, 12, 30), True),
    ],
)
def test_a_recorded_year_goes_before_the_package(day: date, worked: bool) -> None:
    assert is_workday(streams_with(RECORD), day) is worked


def test_a_year_may_be_recorded_anew_and_the_newest_record_counts() -> None:
    again = RecordCalendar(year=2027, rest=(date(2027, 2, 9),), work=(), source=SOURCE)
    assert [is_workday(streams_with(RECORD, again), date(2027, 2, day)) for day in (8, 9)] == [True, False]


def test_a_year_the_package_knows_can_be_overruled() -> None:
    one = RecordCalendar(year=2020, rest=(date(2020, 5, 6),), work=(), source=SOURCE, replaces=True)
    assert not is_workday(streams_with(one), date(2020, 5, 6))
    assert calendar_source(streams_with(one), 2020) == "calendar/2020@1"


def test_what_was_looked_at_is_named() -> None:
    assert calendar_sources(streams_with(), date(2019, 12, 30), date(2020, 1, 3)) == (PACKAGE,)
    assert calendar_sources(streams_with(RECORD), date(2026, 12, 28), date(2027, 1, 4)) == (PACKAGE, "calendar/2027@1")
    assert calendar_sources(streams_with(RECORD), date(2026, 12, 1), date(2026, 12, 8)) == (PACKAGE, "calendar/2027@1")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"source": "  "}, "calendar_source_missing"),
        ({"rest": (date(2027, 2, 6),)}, "calendar_day_pointless"),
        ({"work": (date(2027, 2, 8),)}, "calendar_day_pointless"),
        ({"rest": (date(2028, 1, 3),)}, "calendar_day_outside"),
        ({"rest": (date(2026, 11, 30),)}, "calendar_day_outside"),
        ({"rest": ()}, "calendar_without_holidays"),
    ],
)
def test_a_list_that_cannot_be_right_is_refused(more: dict[str, Any], code: str) -> None:
    fields: dict[str, Any] = {"year": 2027, "rest": REST, "work": WORK, "source": SOURCE}
    command = RecordCalendar(**(fields | more))
    given(house()).when(command, actor="administrator-1").refused(code, year=2027)


def test_the_same_record_twice_is_refused() -> None:
    given(house(), recorded()).when(RECORD, actor="administrator-1").refused("calendar_already_recorded", recorded="calendar/2027@1")


def test_only_an_administrator_records_a_year() -> None:
    given(house()).when(RECORD, actor="clerk-1").refused("role_missing")


def test_the_kinds_of_days_are_those_of_a_plan() -> None:
    from mingzhang.domain.plan.schemes import Step

    assert get_args(Step.model_fields["day_kind"].annotation) == get_args(DayKind)
