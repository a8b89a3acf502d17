"""`pairing import --kind tutoring`, `contact import` of a 帮扶记录 and `tutoring`: 学号 decides, else the name; each row once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.aid_office import Office, Said
from tests.workbooks.made_up import number_of, write_csv

LIST = ["学号", "姓名", "身份证号", "课程", "补考成绩", "学期"]
ARRANGED = ["学生", "学号", "课程", "帮扶教师", "朋辈"]
RECORDS = ["日期", "帮扶人", "学生", "学号", "课程", "内容", "时长(分钟)"]
AUTUMN = "2023-2024学年第一学期"
DAY = "2023-10-08"


def failed(person: int, course: str = "高等数学", mark: object = 50, number: str = "", name: str = "") -> list[object]:
    return [number or f"20210{person:05d}", name or f"测试{person}", number_of(person), course, mark, AUTUMN]


def take(office: Office, group: str, head: list[str], *rows: list[object], name: str = "in.csv", more: tuple[str, ...] = ()) -> Said:
    file = write_csv(office.folder / f"{len(head)}-{name}", [head, *rows])
    kind = ("--kind", "tutoring") if group == "pairing" else ()
    return office.do("helper-clerk", group, "import", file, *kind, *more, day=DAY)


def refusals(said: Said) -> list[tuple[str | None, str]]:
    return [(one["column"], one["code"]) for one in said.document["files"][0]["refused"]]


def gaps(office: Office, day: str = DAY) -> dict[str, Any]:
    found: dict[str, Any] = office.done("inspector", "tutoring", "gaps", "--period", "2023-autumn", day=day)
    return found


@pytest.fixture
def listed(tmp_path: Path) -> Office:
    """Students 1 and 2 failed 高等数学, student 1 线性代数 too, and student 3, who bears student 2's name, 高等数学."""
    office = Office(tmp_path)
    office.done("administrator", "init", "--rehearsal", "--plan", "hunan-tutoring", day="2023-08-28")
    rows = [failed(1), failed(1, "线性代数"), failed(2), failed(3, name="测试2")]
    assert take(office, "pairing", LIST, *rows).document["recorded"] == 4
    return office


def test_without_a_plan_for_tutoring_nothing_is_taken_in(surveyed: Office) -> None:
    assert take(surveyed, "pairing", LIST, failed(1)).refused == "tutoring_not_in_force"
    said = surveyed.do("inspector", "tutoring", "gaps", "--period", "2020-spring", day=DAY)
    assert said.refused == "tutoring_not_in_force"


def test_a_later_list_adds_what_is_new(listed: Office) -> None:
    said = take(listed, "pairing", LIST, failed(1), failed(1, "线性代数", 66), failed(4), name="more.csv")
    [file] = said.document["files"]
    assert ([one["code"] for one in file["duplicates"]], said.document["recorded"]) == (["course_listed"], 2)
    assert [row["course"] for row in gaps(listed)["passed_after_all"]] == ["线性代数"]
    assert gaps(listed)["failing_courses"] == 4


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (["2021099999", "测试9", "", "高等数学", 50, AUTUMN], "学号", "student_number_unknown"),
        (failed(9, number="2021000001"), "学号", "student_number_taken"),
        (failed(5, mark=44), None, "row_repeated"),
    ],
)
def test_a_number_that_leads_nowhere_or_to_somebody_else_is_refused(listed: Office, row: list[object], column: str, code: str) -> None:
    said = take(listed, "pairing", LIST, failed(5), row, name="more.csv")
    assert (said.code, refusals(said)) == (3, [(column, code)])


def test_the_student_number_alone_is_enough_for_somebody_known(listed: Office) -> None:
    said = take(listed, "pairing", LIST, ["2021000001", "测试1", "", "大学英语", 50, AUTUMN], name="more.csv")
    assert said.document["recorded"] == 1
    assert listed.student(1) in {row["student"] for row in gaps(listed)["courses_without_tutor"] if row["course"] == "大学英语"}


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (["测试1", "2021099999", "高等数学", "甲某", ""], "学号", "student_not_listed"),
        (["路人", "", "高等数学", "甲某", ""], "学生", "student_not_listed"),
        (["测试2", "", "高等数学", "甲某", ""], "学生", "student_name_ambiguous"),
        (["测试1", "", "美术基础", "甲某", ""], "课程", "course_not_failed"),
        (["测试1", "", "线性代数", "乙某", ""], None, "row_repeated"),
    ],
)
def test_an_arrangement_must_mean_one_failed_course_of_one_student(
    listed: Office, row: list[object], column: str, code: str
) -> None:
    said = take(listed, "pairing", ARRANGED, ["测试1", "", "线性代数", "甲某", "丙某"], row)
    assert (said.code, refusals(said)) == (3, [(column, code)])


def test_the_same_tutor_again_is_on_record_and_another_one_is_refused(listed: Office) -> None:
    take(listed, "pairing", ARRANGED, ["测试1", "", "线性代数", "甲某", "丙某"])
    said = take(listed, "pairing", ARRANGED, ["测试1", "", "线性代数", "甲某", ""], name="again.csv")
    assert [one["code"] for one in said.document["files"][0]["duplicates"]] == ["pairing_exists"]
    said = take(listed, "pairing", ARRANGED, ["测试1", "", "线性代数", "乙某", ""], name="other.csv")
    assert refusals(said) == [("帮扶教师", "course_has_tutor")]


def test_a_fellow_student_is_not_the_teacher_of_the_same_name(listed: Office) -> None:
    rows: list[list[object]] = [["测试1", "", "线性代数", "甲某", "乙某"], ["测试1", "", "高等数学", "乙某", "甲某"]]
    take(listed, "pairing", ARRANGED, *rows)
    pairings = listed.done("inspector", "pairing", "list", day=DAY)
    assert len({one["helper"] for row in pairings for one in row["helpers"]}) == 4


def test_records_are_kept_per_course_and_once(listed: Office) -> None:
    take(listed, "pairing", ARRANGED, ["测试1", "", "线性代数", "甲某", "丙某"], more=("--on", "2023-09-01"))
    row: list[object] = ["2023-09-05", "甲某", "测试1", "2021000001", "线性代数", "答疑", 200]
    assert take(listed, "contact", RECORDS, row, ["2023-09-06", "丙某", "测试1", "", "线性代数", "讲评", 45]).document["recorded"] == 2
    again = take(listed, "contact", RECORDS, row, ["2023-09-07", "甲某", "测试1", "", "线性代数", "答疑", ""], name="more.csv")
    assert again.document["recorded"] == 1
    assert [one["code"] for one in again.document["files"][0]["duplicates"]] == ["contact_exists"]
    kept = listed.done("inspector", "contact", "list", day=DAY)
    assert [(one["kind"], one["minutes"], one["late_days"]) for one in kept] == [("meeting", minutes, 0) for minutes in (200, 45, None)]


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (["2023-09-05", "甲某", "测试1", "", "高等数学", "答疑", 45], "课程", "course_without_tutor"),
        (["2023-09-05", "路人", "测试1", "", "线性代数", "答疑", 45], "帮扶人", "helper_not_named"),
        (["2023-08-31", "甲某", "测试1", "", "线性代数", "答疑", 45], "日期", "contact_before_pairing"),
        (["2023-09-05", "甲某", "路人", "", "线性代数", "答疑", 45], "学生", "student_not_listed"),
    ],
)
def test_a_record_that_cannot_be_is_refused(listed: Office, row: list[object], column: str, code: str) -> None:
    take(listed, "pairing", ARRANGED, ["测试1", "", "线性代数", "甲某", ""], more=("--on", "2023-09-01"))
    said = take(listed, "contact", RECORDS, row)
    assert (said.code, refusals(said)) == (3, [(column, code)])


def test_a_tutor_is_arranged_by_hand_for_a_course_of_a_term(listed: Office) -> None:
    words = ("pairing", "establish", listed.student(1), "--unit", "学院", "--helper", "甲某", "--helper", "丙某", "--kind", "tutoring")
    assert listed.do("helper-clerk", *words, day=DAY).code == 2
    about = ("--course", "线性代数", "--period", "2023-autumn")
    made = listed.done("helper-clerk", *words, *about, day=DAY)
    assert len(made["helpers"]) == 2
    assert listed.do("helper-clerk", *words, *about, day=DAY).refused == "course_has_tutor"
    lacking = [row["course"] for row in gaps(listed)["courses_without_tutor"] if row["student"] == listed.student(1)]
    assert lacking == ["高等数学"]


def test_a_check_may_be_recorded_by_itself(listed: Office) -> None:
    take(listed, "pairing", ARRANGED, ["测试1", "", "线性代数", "甲某", ""])
    [row] = listed.done("inspector", "pairing", "list", day=DAY)
    words = ("tutoring", "check", row["pairing"], "--findings", "已补齐")
    assert listed.done("helper-clerk", *words, "--check", "期初", day=DAY)["check"] == "期初"
    assert listed.do("helper-clerk", *words, "--check", "月考", day=DAY).refused == "check_unknown"


def test_a_period_that_is_no_term_is_refused(listed: Office) -> None:
    said = listed.do("inspector", "tutoring", "gaps", "--period", "2023", day=DAY)
    assert said.refused == "period_kind_differs"


def test_no_answer_shows_a_name_or_a_number(listed: Office) -> None:
    take(listed, "pairing", ARRANGED, ["测试1", "", "线性代数", "帮扶甲", "朋辈甲"])
    said = listed.do("inspector", "tutoring", "gaps", "--period", "2023-autumn", day=DAY).text
    assert not any(word in said for word in ("测试1", "2021000001", number_of(1), "帮扶甲", "朋辈甲"))
    stored = (listed.ledger / "journal.db").read_bytes() + (listed.ledger / "projections.db").read_bytes()
    assert not any(word.encode() in stored for word in ("测试1", "2021000001", number_of(1), "帮扶甲", "朋辈甲"))


def test_a_command_is_given_for_each_day_that_the_office_has_not_told(listed: Office) -> None:
    shown = listed.plain("inspector", "tutoring", "gaps", "--period", "2023-autumn", day=DAY)
    assert "--name term-start" in shown and "--name term-end" in shown
