"""`due`, `duty`, `plan date`, `periods`: every deadline on one list and in a calendar that others can subscribe to."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from mingzhang.cli.calendar_file import Entry, calendar_file, escaped, folded
from tests.cli.aid_office import Office

FIELDS = {
    "duty", "name", "source", "owner", "owner_id", "period", "from_on", "due_on", "state", "done_on", "days_late", "plan", "clause",
    "clause_text", "to", "asks", "done_by", "plan_version", "earliest_on", "rehearsal",
}  # fmt: skip
DAY = "2020-06-30"


def due(office: Office, *words: str, day: str = DAY) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.done("inspector", "due", *words, day=day)
    return found


def one(office: Office, code: str, *words: str, day: str = DAY) -> dict[str, Any]:
    return next(row for row in due(office, *words, day=day) if row["duty"] == code)


def test_the_list_says_what_who_when_and_where_it_says_so(surveyed: Office) -> None:
    row = one(surveyed, "spring-school-report")
    assert set(row) == FIELDS
    assert {name: row[name] for name in ("owner", "owner_id", "period", "due_on", "state", "days_late", "plan", "clause", "to")} == {
        "owner": "学生处",
        "owner_id": "student-office",
        "period": "2020-spring",
        "due_on": "2020-03-30",
        "state": "late",
        "days_late": 92,
        "plan": "fuxin-2020",
        "clause": "survey",
        "to": ["市教育局"],
    }


def test_the_list_can_be_narrowed_and_asked_for_any_day(surveyed: Office) -> None:
    assert {row["state"] for row in due(surveyed, "--state", "late")} == {"late"}
    assert {row["owner"] for row in due(surveyed, "--unit", "学生处")} == {"学生处"}
    assert one(surveyed, "spring-school-report", "--on", "2020-03-29")["state"] == "open"
    assert max(row["due_on"] or "" for row in due(surveyed, "--until", "2021-03-31")) == "2021-03-31"
    assert surveyed.do("inspector", "due", "--plan", "no-such", day=DAY).refused == "plan_not_adopted"


def test_a_duty_is_discharged_by_its_report_and_shows_by_which_event(surveyed: Office) -> None:
    report = surveyed.folder / "synthetic-report.txt"
    report.write_bytes(b"synthetic")
    said = surveyed.done("clerk", "duty", "discharge", "info-cards", "--report", report, "--note", "synthetic", day="2020-07-20")
    assert (said["unit_id"], said["period"], said["sha256"]) == ("college", "2020", sha256(b"synthetic").hexdigest())
    row = one(surveyed, "info-cards", day="2020-08-01")
    assert (row["state"], row["done_on"], row["done_by"]) == ("done", "2020-07-20", "duty/fuxin-2020/info-cards/college/2020@1")


def test_a_duty_is_excused_and_owed_again(surveyed: Office) -> None:
    words = ("--period", "2020", "--reason", "synthetic")
    surveyed.done("approver", "duty", "excuse", "inspections", *words, day="2020-07-01")
    assert one(surveyed, "inspections", day="2020-07-02")["state"] == "excused"
    surveyed.done("approver", "duty", "reopen", "inspections", *words, day="2020-07-03")
    assert one(surveyed, "inspections", day="2020-07-03")["state"] == "open"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("no-such-duty",), "duty_unknown"),
        (("spring-school-report",), "duty_discharged_by_fact"),
        (("spring-department-survey",), "duty_not_of_unit"),
        (("info-cards", "--unit", "师范系"), "duty_none_owed"),
        (("info-cards", "--period", "2020-spring"), "period_not_owed"),
        (("info-cards", "--report", "no-such-file"), "file_missing"),
    ],
)
def test_what_is_not_owed_is_not_discharged(surveyed: Office, words: tuple[str, ...], code: str) -> None:
    assert surveyed.do("clerk", "duty", "discharge", *words, day="2020-07-20").refused == code


def test_a_day_told_by_the_higher_office_makes_the_deadline(surveyed: Office) -> None:
    assert one(surveyed, "spring-payment")["asks"] == ["spring-payment"]
    words = ("--name", "spring-payment", "--period", "2020-spring", "--day", "2020-04-30", "--source", "synthetic letter")
    surveyed.done("treasurer", "plan", "date", "fuxin-2020", *words, day="2020-04-02")
    row = one(surveyed, "spring-payment")
    assert (row["due_on"], row["state"], row["days_late"]) == ("2020-04-30", "late", 61)
    again = surveyed.do("treasurer", "plan", "date", "fuxin-2020", *words, day="2020-04-03")
    assert again.refused == "plan_date_known"


def test_aid_is_paid_when_every_standing_award_is(answered: Office) -> None:
    words = ("--name", "spring-payment", "--period", "2020-spring", "--day", "2020-04-30", "--source", "synthetic letter")
    answered.done("treasurer", "plan", "date", "fuxin-2020", *words, day="2020-04-12")
    assert one(answered, "spring-payment", day="2020-05-01")["state"] == "late"  # a failed payment, and one never instructed


def test_periods_count_awards_and_money(answered: Office) -> None:
    (first, second) = answered.done("inspector", "periods", "--by", "quarter", day=DAY)
    assert (first["period"], first["surveyed"], first["approved"]) == ("2020-Q1", 4, 4)
    assert (second["period"], second["paid"], second["paid_fen"]) == ("2020-Q2", 2, 300000)


# the calendar


def test_the_same_question_gives_the_same_bytes_however_often_it_is_asked(surveyed: Office) -> None:
    first, second = surveyed.folder / "a.ics", surveyed.folder / "b.ics"
    words = ("--on", "2020-03-25", "--known-at", "10")
    due(surveyed, "--ics", str(first), *words)
    surveyed.done("clerk", "duty", "discharge", "info-cards", day="2020-07-20")
    due(surveyed, "--ics", str(second), *words, day="2020-08-01")
    assert first.read_bytes() == second.read_bytes()


def test_a_calendar_holds_every_dated_duty_once(surveyed: Office) -> None:
    path = surveyed.folder / "a.ics"
    rows = due(surveyed, "--ics", str(path))
    text = path.read_bytes().decode("utf-8")
    unfolded = text.replace("\r\n ", "")
    dated = [row for row in rows if row["due_on"]]
    uids = re.findall(r"^UID:(.*)\r$", unfolded, re.MULTILINE)
    assert len(uids) == len(set(uids)) == len(dated) < len(rows)
    days = re.findall(r"^DTSTART;VALUE=DATE:(\d{8})\r$", unfolded, re.MULTILINE)
    assert days == [row["due_on"].replace("-", "") for row in dated]
    assert unfolded.count("演练") >= len(dated)


def test_a_calendar_is_written_over_but_nothing_else_is(surveyed: Office) -> None:
    ours, other = surveyed.folder / "ours.ics", surveyed.folder / "other.ics"
    due(surveyed, "--ics", str(ours))
    before = ours.read_bytes()
    surveyed.done("clerk", "duty", "discharge", "info-cards", day="2020-07-20")
    due(surveyed, "--ics", str(ours), day="2020-08-01")
    assert ours.read_bytes() != before
    other.write_text("BEGIN:VCALENDAR\r\n")
    assert surveyed.do("inspector", "due", "--ics", other, day="2020-08-01").refused == "file_exists"
    missing = surveyed.folder / "no-such-folder" / "a.ics"
    assert surveyed.do("inspector", "due", "--ics", missing, day="2020-08-01").refused == "output_folder_missing"


ENTRY = Entry("plan/duty/unit/2020", date(2020, 12, 31), "汇总上报；附表, 三个分表" * 5, "line one\nline; two\\", ("p",), done=True)
WHOLE = calendar_file([ENTRY], name="时间节点", ledger_id="l-1", stamp=datetime(2020, 3, 1, 12, 30, tzinfo=UTC))


def test_no_line_of_a_calendar_is_longer_than_75_octets_and_none_splits_a_character() -> None:
    lines = WHOLE.split(b"\r\n")
    assert max(map(len, lines)) <= 75 and b"\n" not in WHOLE.replace(b"\r\n", b"")
    assert all(line.decode("utf-8") is not None for line in lines)
    assert lines[0] == b"BEGIN:VCALENDAR" and lines[-2:] == [b"END:VCALENDAR", b""]


def test_an_event_is_a_whole_day_with_its_text_escaped() -> None:
    unfolded = WHOLE.decode("utf-8").replace("\r\n ", "").split("\r\n")
    event = unfolded[unfolded.index("BEGIN:VEVENT") : unfolded.index("END:VEVENT") + 1]
    assert event == [
        "BEGIN:VEVENT",
        "UID:plan/duty/unit/2020@l-1",
        "DTSTAMP:20200301T123000Z",
        "DTSTART;VALUE=DATE:20201231",
        "DTEND;VALUE=DATE:20210101",
        "SUMMARY:" + "汇总上报；附表\\, 三个分表" * 5,
        "DESCRIPTION:line one\\nline\\; two\\\\",
        "CATEGORIES:p",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


@pytest.mark.parametrize("length", [1, 74, 75, 76, 149, 150, 224])
def test_a_folded_line_unfolds_to_itself(length: int) -> None:
    for text in ("a" * length, "汉" * length, "a" + "汉" * length):
        parts = list(folded(text))
        assert "".join(part if not number else part.removeprefix(" ") for number, part in enumerate(parts)) == text
        assert all(len(part.encode()) <= 75 for part in parts)


def test_a_calendar_text_holds_no_control_character() -> None:
    assert escaped("a\x00b\x1bc\r\nd") == "abc\\nd"


def test_the_calendar_is_readable_by_others_who_subscribe(surveyed: Office, tmp_path: Path) -> None:
    path = tmp_path / "a.ics"
    due(surveyed, "--ics", str(path))
    assert [name.name for name in tmp_path.glob(".*unfinished")] == []
    assert path.stat().st_mode & 0o400
