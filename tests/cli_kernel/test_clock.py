"""Days are Shanghai's, instants UTC, and a rehearsal clock never runs backwards."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from mingzhang.cli.clock import (
    KnownBy,
    LogSize,
    Point,
    RehearsalClock,
    SystemClock,
    day_of,
    end_of,
    parse_day,
    parse_instant,
    parse_known_at,
    parse_point,
    rfc3339,
)

NINE = datetime(2020, 3, 20, 1, tzinfo=UTC)  # nine in the morning in Shanghai
END_OF_MARCH_20 = datetime(2020, 3, 20, 15, 59, 59, 999999, tzinfo=UTC)


def test_the_system_clock_is_in_utc() -> None:
    assert SystemClock()().utcoffset() == timedelta(0)


def test_a_rehearsal_clock_starts_where_it_is_set_and_keeps_the_order() -> None:
    clock = RehearsalClock(NINE)
    assert [clock() - NINE for _look in range(3)] == [timedelta(microseconds=n) for n in range(3)]


def test_the_same_instant_given_to_a_second_command_goes_on_after_the_first() -> None:
    last = NINE + timedelta(microseconds=40)
    assert RehearsalClock(NINE, last)() == last + timedelta(microseconds=1)


def test_a_rehearsal_clock_set_back_stays_set_back() -> None:
    assert RehearsalClock(NINE, NINE + timedelta(days=1))() == NINE


def test_a_rehearsal_clock_set_later_is_later() -> None:
    assert RehearsalClock(NINE, NINE - timedelta(days=1))() == NINE


def test_a_day_begins_at_midnight_in_shanghai() -> None:
    assert day_of(datetime(2020, 3, 19, 15, 59, tzinfo=UTC)) == date(2020, 3, 19)
    assert day_of(datetime(2020, 3, 19, 16, 0, tzinfo=UTC)) == date(2020, 3, 20)
    assert end_of(date(2020, 3, 20)) == END_OF_MARCH_20


@pytest.mark.parametrize("text", ["20200320", "2020-3-20", "2020-02-30", "2020-W12-5", "", "２０２０-03-20"])
def test_a_day_is_written_in_one_way_only(text: str) -> None:
    with pytest.raises(ValueError):
        parse_day(text)


@pytest.mark.parametrize("text", ["2020-03-20T01:00:00Z", "2020-03-20T09:00+08:00", "2020-03-20 09:00", "2020-03-20T09:00:00"])
def test_an_instant_without_an_offset_is_shanghai_s(text: str) -> None:
    assert parse_instant(text) == NINE


@pytest.mark.parametrize(
    ("text", "known_at"),
    [
        ("120", LogSize(120)),
        ("0", LogSize(0)),
        ("20200320", LogSize(20200320)),
        ("2020-03-20", KnownBy(END_OF_MARCH_20)),
        ("2020-03-20T09:00+08:00", KnownBy(NINE)),
    ],
)
def test_known_at_is_a_size_a_day_or_an_instant(text: str, known_at: object) -> None:
    assert parse_known_at(text) == known_at


def test_what_was_known_is_compared_with_the_log_s_own_text() -> None:
    assert KnownBy(END_OF_MARCH_20).recorded_at == "2020-03-20T15:59:59.999999Z"
    assert rfc3339(NINE) == "2020-03-20T01:00:00.000000Z"


@pytest.mark.parametrize(
    ("text", "on", "known_at"),
    [
        ("2020-03-20", date(2020, 3, 20), None),
        ("@120", None, LogSize(120)),
        ("@2020-03-20T01:00:00Z", None, KnownBy(NINE)),
        ("2020-03-31@120", date(2020, 3, 31), LogSize(120)),
        ("@2020-03-20", None, KnownBy(END_OF_MARCH_20)),
    ],
)
def test_a_point_names_either_axis_or_both(text: str, on: date | None, known_at: LogSize | KnownBy | None) -> None:
    assert parse_point(text) == Point(text, on, known_at)


@pytest.mark.parametrize("text", ["", "@", "2020-03-20@", "120", "@-1", "tomorrow"])
def test_a_point_that_names_nothing_is_not_understood(text: str) -> None:
    with pytest.raises(ValueError):
        parse_point(text)
