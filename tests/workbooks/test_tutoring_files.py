"""The three files of 学业帮扶 read as they are written: failed courses, arrangements, records."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from mingzhang.cli.workbooks.tutoring import ArrangementFile, FailedCourseFile, read_tutoring, read_tutoring_records, term_of
from mingzhang.domain.refusal import Refused
from tests.workbooks.made_up import number_of, write_xlsx

LIST = ["学号", "姓名", "身份证号", "课程", "补考成绩", "学期"]
AUTUMN = "2023-2024学年第一学期"


def read(folder: Path, *rows: list[object], head: list[str] | None = None) -> FailedCourseFile:
    found = read_tutoring(write_xlsx(folder / "名单.xlsx", [["补考名单"], head or LIST, *rows]))
    assert isinstance(found, FailedCourseFile)
    return found


@pytest.mark.parametrize(
    ("written", "mark"),
    [(52, "52"), ("52分", "52"), ("５９．５", "59.5"), (59.5, "59.5"), ("100", "100"), (0, "0"), ("缺考", None), ("旷考", None)],
)
def test_a_mark_is_a_number_or_a_word_for_having_none(tmp_path: Path, written: object, mark: str | None) -> None:
    (row,) = read(tmp_path, ["2021010001", "测试1", number_of(1), "高等数学", written, AUTUMN]).rows
    assert row.mark == (Decimal(mark) if mark is not None else None)
    assert (row.number, row.person_key, row.course, row.period) == ("2021010001", number_of(1), "高等数学", "2023-autumn")


@pytest.mark.parametrize(
    ("written", "column", "code"),
    [
        ({"补考成绩": "101"}, "补考成绩", "mark_not_understood"),
        ({"补考成绩": "-3"}, "补考成绩", "mark_not_understood"),
        ({"补考成绩": "良好"}, "补考成绩", "mark_not_understood"),
        ({"补考成绩": "59.55"}, "补考成绩", "mark_not_understood"),
        ({"补考成绩": ""}, "补考成绩", "required_missing"),
        ({"学期": "2023-2025学年第一学期"}, "学期", "term_not_understood"),
        ({"学期": "上学期"}, "学期", "term_not_understood"),
        ({"身份证号": number_of(1)[:-1] + "0"}, "身份证号", "id_check_digit"),
        ({"身份证号": "", "学号": ""}, "学号", "required_missing"),
    ],
)
def test_a_row_that_cannot_be_understood_is_refused(tmp_path: Path, written: dict[str, object], column: str, code: str) -> None:
    right: list[object] = ["2021010001", "测试1", number_of(1), "高等数学", 52, AUTUMN]
    found = read(tmp_path, list((dict(zip(LIST, right, strict=True)) | written).values()), [*right[:3], "线性代数", *right[4:]])
    assert [(one.row, one.column, one.code) for one in found.table.refused] == [(3, column, code)]
    assert [row.course for row in found.rows] == ["线性代数"] and found.table.rows_seen == 2


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("2023-2024学年第一学期", "2023-autumn"),
        ("2023—2024学年第二学期", "2024-spring"),
        ("2023-2024学年第2学期", "2024-spring"),
        ("2023-autumn", "2023-autumn"),
        ("2024-2023学年第一学期", None),
    ],
)
def test_a_term_is_understood_as_schools_write_it(written: str, period: str | None) -> None:
    assert term_of(written) == period


def test_an_arrangement_names_a_teacher_and_perhaps_a_fellow_student(tmp_path: Path) -> None:
    rows: list[list[object]] = [["帮扶教师", "学  生", "课程", "朋 辈", "学  号"], ["甲某", "测试1", "高等数学", "", 2021010001]]
    found = read_tutoring(write_xlsx(tmp_path / "表.xlsx", rows))
    assert isinstance(found, ArrangementFile)
    (row,) = found.rows
    assert (row.tutor, row.peer, row.name, row.number, row.course) == ("甲某", None, "测试1", "2021010001", "高等数学")


def test_a_list_without_a_column_it_needs_is_refused_for_that_column(tmp_path: Path) -> None:
    rows: list[list[object]] = [["学号", "姓名", "课程", "补考成绩"], ["2021010001", "测试1", "高等数学", 52]]
    with pytest.raises(Refused) as refused:
        read_tutoring(write_xlsx(tmp_path / "表.xlsx", rows))
    assert (refused.value.code, refused.value.context["columns"]) == ("column_missing", ["学期"])


def test_a_record_says_how_long_it_took(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["日期", "帮扶人", "学生", "学号", "课程", "内容", "时长(分钟)"],
        [date(2023, 9, 5), "甲某", "测试1", "2021010001", "高等数学", "值班半天，答疑", 210],
        ["2023.9.6", "甲某", "测试1", "", "高等数学", "答疑", ""],
    ]
    first, second = read_tutoring_records(write_xlsx(tmp_path / "表.xlsx", rows)).rows
    assert (first.held_on, first.helpers, first.number, first.minutes) == (date(2023, 9, 5), ("甲某",), "2021010001", 210)
    assert (second.held_on, second.number, second.minutes) == (date(2023, 9, 6), None, None)
