"""A row is taken whole or refused with the first thing wrong in it; every complaint names sheet, row and column."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped,unused-ignore]

from mingzhang.cli.workbooks.layouts import CONTACTS, SURVEY
from mingzhang.cli.workbooks.reading import RowProblem, TableRead, read_table
from mingzhang.cli.workbooks.survey import read_survey
from mingzhang.domain.refusal import Refused
from tests.workbooks.made_up import HEADER, number_of, row_of, write_csv, write_xlsx


def read(folder: Path, *rows: list[object], header: list[str] | None = None, **assume: str) -> TableRead:
    return read_table(write_xlsx(folder / "表.xlsx", [header or HEADER, *rows]), SURVEY, assume=assume)


def said(problems: list[RowProblem]) -> list[tuple[int, str | None, str]]:
    return [(problem.row, problem.column, problem.code) for problem in problems]


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("姓名", "", "required_missing"),
        ("姓名", "  ", "required_missing"),
        ("身份证号", "无", "required_missing"),
        ("身份证号", 2.10902e17, "number_cell_lost_digits"),
        ("身份证号", 110105491231002, "number_cell_lost_digits"),
        ("身份证号", "2.10902E+17", "number_cell_lost_digits"),
        ("身份证号", "11010519491231003X", "id_check_digit"),
        ("身份证号", "11010519490230002X", "id_birth_date"),
        ("身份证号", "E12345678", "id_malformed"),
        ("院系", "/", "required_missing"),
        ("困难类别", "—", "required_missing"),
        ("困难类别", "、", "required_missing"),
        ("困难类别", "贫困户", "category_unknown"),
        ("人均年收入", 12.345, "amount_decimals"),
        ("人均年收入", "12.345", "amount_decimals"),
        ("人均年收入", -1, "amount_negative"),
        ("人均年收入", "三千", "amount_not_a_number"),
        ("人均年收入", True, "amount_not_a_number"),
        ("人均年收入", date(2020, 3, 1), "amount_not_a_number"),
        ("银行卡号", 6.29963791227112e18, "number_cell_lost_digits"),
        ("银行卡号", 123456, "number_cell_lost_digits"),
        ("银行卡号", "农行卡", "account_malformed"),
    ],
)
def test_a_bad_cell_refuses_its_row_only(tmp_path: Path, column: str, cell: object, code: str) -> None:
    found = read(tmp_path, row_of(1), row_of(2, **{column: cell}), row_of(3))
    assert said(found.refused) == [(3, column, code)]
    assert [row.row for row in found.rows] == [2, 4]


@pytest.mark.parametrize("column", ["身份证号", "银行卡号", "人均年收入"])
def test_a_formula_where_identity_or_money_stands_is_refused(tmp_path: Path, column: str) -> None:
    found = read(tmp_path, row_of(1, **{column: "=1+1"}))
    assert said(found.refused) == [(2, column, "formula_cell")]


def test_a_formula_elsewhere_is_read_by_its_value(tmp_path: Path) -> None:
    rows = [[*HEADER, "家庭人口"], [*row_of(1), None]]
    place = write_xlsx(tmp_path / "表.xlsx", rows)
    assert said(read_table(place, SURVEY).refused) == []


def test_an_error_cell_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "表.xlsx")) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, [*HEADER, "备注"])
        sheet.write_row(1, 0, row_of(1))
        sheet.write_formula(1, len(HEADER), "=NA()", None, "#N/A")
    assert said(read_table(tmp_path / "表.xlsx", SURVEY).refused) == [(2, "备注", "cell_error")]


def test_an_error_in_a_text_file_is_nobodys_name(tmp_path: Path) -> None:
    found = read_table(write_csv(tmp_path / "表.csv", [HEADER, row_of(1, 姓名="#N/A")]), SURVEY)
    assert said(found.refused) == [(2, "姓名", "cell_error")]


def test_a_given_value_that_is_no_known_word_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="value_unknown"):
        read(tmp_path, row_of(1), 学段="大学")


def test_the_first_column_that_is_wrong_is_named(tmp_path: Path) -> None:
    wrong = row_of(1, 身份证号="1", 困难类别="贫困", 人均年收入=-1)
    assert said(read(tmp_path, wrong).refused) == [(2, "身份证号", "id_malformed")]


def test_a_person_repeated_is_refused_at_the_later_row_naming_both(tmp_path: Path) -> None:
    (problem,) = read(tmp_path, row_of(1), row_of(2), row_of(1, 困难类别="孤儿")).refused
    assert (problem.row, problem.column, problem.code, problem.extra) == (4, None, "row_repeated", {"first_row": 2})


def test_a_short_and_a_long_number_are_one_person(tmp_path: Path) -> None:
    found = read(tmp_path, row_of(1, 身份证号="110105491231002"), row_of(2, 身份证号="11010519491231002X"))
    assert said(found.refused) == [(3, None, "row_repeated")]
    assert found.rows[0].values["身份证号"] == "110105491231002"


def test_a_person_repeated_on_another_sheet_is_refused_there(tmp_path: Path) -> None:
    place = write_xlsx(tmp_path / "表.xlsx", [HEADER, row_of(1)], sheets=["一班", "二班"])
    (problem,) = read_table(place, SURVEY).refused
    assert (problem.sheet, problem.row, dict(problem.extra)) == ("二班", 2, {"first_row": 2, "first_sheet": "一班"})


def test_oddities_are_warnings_and_the_row_is_taken(tmp_path: Path) -> None:
    header = [*HEADER, "性别", "户名"]
    number = number_of(1)
    wrong_sex = "女" if int(number[16]) % 2 else "男"
    found = read(tmp_path, [*row_of(1, 银行卡号="6299000000000000"), wrong_sex, "别人"], header=header)
    assert said(found.warnings) == [
        (2, "性别", "gender_contradicts_id"),
        (2, "银行卡号", "card_luhn"),
        (2, "户名", "account_name_differs"),
    ]
    assert found.rows[0].warnings == ("gender_contradicts_id", "card_luhn", "account_name_differs")


def test_a_refused_row_warns_of_nothing_more(tmp_path: Path) -> None:
    assert read(tmp_path, row_of(1, 困难类别="", 银行卡号="6299000000000000")).warnings == []


def test_a_problem_shows_nobodys_name_or_number(tmp_path: Path) -> None:
    (problem,) = read(tmp_path, row_of(1, 困难类别="贫困")).refused
    assert problem.identity == ("测试1", number_of(1))
    assert number_of(1) not in repr(problem) and "测试" not in repr(problem)


def test_the_unit_given_fills_rows_that_name_none(tmp_path: Path) -> None:
    found = read(tmp_path, row_of(1), row_of(2, 院系=""), 院系="机械系")
    assert [row.values["院系"] for row in found.rows] == ["测试系", "机械系"]


def test_the_unit_given_stands_for_a_missing_column(tmp_path: Path) -> None:
    header = [name for name in HEADER if name != "院系"]
    rows = [[cell for cell in row_of(1) if cell != "测试系"]]
    place = write_xlsx(tmp_path / "表.xlsx", [header, *rows])
    assert read_survey(place, unit="机械系").rows[0].unit == "机械系"


def test_titles_blanks_signatures_and_totals_are_nobody(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["测试学院2020年春季摸底排查表", None, None, None, None, None],
        ["填报单位：测试系", None, None, "填报日期：2020年3月1日", None, None],
        [None] * 6,
        list(HEADER),
        row_of(1),
        [None] * 6,
        ["小计", "1人", None, None, None, None],
        list(HEADER),
        row_of(2),
        ["合计", "2人", None, None, 2401, None],
        ["填表人：某某", None, "审核人：某某", None, "（盖章）", None],
        ["2020年3月1日", None, None, None, None, None],
    ]
    found = read_table(write_xlsx(tmp_path / "表.xlsx", rows), SURVEY)
    assert [row.row for row in found.rows] == [5, 9]
    assert found.refused == []


def test_rows_keep_the_numbers_the_spreadsheet_shows(tmp_path: Path) -> None:
    rows: list[list[object]] = [[None] * 8, [None] * 8, [None, None, *HEADER], [None] * 8, [None, None, *row_of(1)]]
    assert [row.row for row in read_table(write_xlsx(tmp_path / "表.xlsx", rows), SURVEY).rows] == [5]


def test_a_person_without_a_number_is_refused_and_not_passed_over(tmp_path: Path) -> None:
    assert said(read(tmp_path, row_of(1, 身份证号="")).refused) == [(2, "身份证号", "required_missing")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", "\t"])
def test_separated_text_is_read_in_every_encoding_offices_use(tmp_path: Path, encoding: str, separator: str) -> None:
    place = write_csv(tmp_path / "表.csv", [["标题"], HEADER, row_of(1)], encoding=encoding, separator=separator)
    found = read_table(place, SURVEY)
    assert [(row.sheet, row.row, row.values["姓名"]) for row in found.rows] == [(None, 3, "测试1")]


def contact(**changed: object) -> list[object]:
    row: dict[str, object] = {
        "日期": datetime(2020, 3, 1), "帮扶人": "甲某、乙某", "学生姓名": "测试1", "身份证号": number_of(1),
        "结对编号": "", "方式": "电话", "内容": "了解近况", "资金(元)": "",
    }  # fmt: skip
    return list((row | changed).values())


CONTACT_HEADER = ["日期", "帮扶人", "学生姓名", "身份证号", "结对编号", "方式", "内容", "资金(元)"]


def contacts(folder: Path, *rows: list[object]) -> TableRead:
    return read_table(write_xlsx(folder / "表.xlsx", [CONTACT_HEADER, *rows]), CONTACTS)


def test_a_contact_names_its_pairing_by_number_or_by_person(tmp_path: Path) -> None:
    found = contacts(tmp_path, contact(), contact(身份证号="", 结对编号="p-1"), contact(身份证号=""))
    assert said(found.refused) == [(4, "身份证号", "required_missing")]


def test_for_contacts_the_whole_row_must_not_repeat(tmp_path: Path) -> None:
    found = contacts(tmp_path, contact(), contact(内容="再次了解"), contact())
    assert [(problem.row, problem.code, problem.extra) for problem in found.refused] == [
        (4, "row_repeated", {"first_row": 2})
    ]


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("日期", "2020-02-30", "date_impossible"),
        ("日期", "上周", "date_not_understood"),
        ("方式", "微信", "value_unknown"),
        ("资金(元)", -500, "amount_negative"),
        ("帮扶人", "", "required_missing"),
    ],
)
def test_a_contact_with_a_bad_cell_is_refused(tmp_path: Path, column: str, cell: object, code: str) -> None:
    found = contacts(tmp_path, contact(**{column: cell}))
    assert said(found.refused) == [(2, column.removesuffix("(元)"), code)]


def test_a_contact_whose_text_reads_like_a_signature_is_not_passed_over(tmp_path: Path) -> None:
    found = contacts(tmp_path, contact(身份证号="", 结对编号="p-1", 帮扶人="负责人（甲）", 内容="合计三次"))
    assert len(found.rows) == 1
