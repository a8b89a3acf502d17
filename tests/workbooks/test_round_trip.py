"""What is written to a workbook is read again unchanged; refused rows go back to the office and come in corrected."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingzhang.cli.workbooks.cells import open_file
from mingzhang.cli.workbooks.layouts import SURVEY
from mingzhang.cli.workbooks.reading import read_table
from mingzhang.cli.workbooks.refused_copy import write_refused_copy
from mingzhang.cli.workbooks.survey import read_survey
from mingzhang.domain.values.categories import CATEGORIES
from mingzhang.domain.values.money import yuan_grouped, yuan_text
from tests.workbooks.made_up import HEADER, number_of, row_of, write_csv, write_xlsx

people = st.lists(
    st.fixed_dictionaries(
        {
            "姓名": st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=4),
            "困难类别": st.lists(st.sampled_from(CATEGORIES), min_size=1, max_size=3, unique=True),
            "人均年收入": st.none() | st.integers(0, 10**8),
            "银行卡号": st.none() | st.from_regex(r"[1-9][0-9]{15,18}", fullmatch=True),
        }
    ),
    min_size=1,
    max_size=12,
)


@given(people, st.sampled_from([".xlsx", ".csv"]), st.sampled_from([yuan_text, yuan_grouped]))
def test_a_survey_survives_being_written_and_read(
    tmp_path_factory: pytest.TempPathFactory, persons: list[dict[str, object]], ending: str, money: object
) -> None:
    rows: list[list[object]] = [list(HEADER)]
    for at, person in enumerate(persons):
        income, terms = person["人均年收入"], person["困难类别"]
        assert isinstance(terms, list) and callable(money)
        written = "" if income is None else money(income) if ending == ".xlsx" else yuan_text(int(str(income)))
        account = person["银行卡号"] or ""
        rows.append(row_of(at, 姓名=person["姓名"], 困难类别="、".join(terms), 人均年收入=written, 银行卡号=account))
    place = tmp_path_factory.mktemp("survey") / f"表{ending}"
    write = write_xlsx if ending == ".xlsx" else write_csv
    found = read_survey(write(place, rows))
    assert found.table.refused == []
    for at, (row, person) in enumerate(zip(found.rows, persons, strict=True)):
        terms = person["困难类别"]
        assert isinstance(terms, list)
        assert (row.row, row.name, row.id_number) == (at + 2, person["姓名"], number_of(at))
        assert (set(row.categories), row.income_fen, row.account) == (
            set(terms),
            person["人均年收入"],
            person["银行卡号"],
        )


def test_refused_rows_go_back_with_the_problem_beside_them(tmp_path: Path) -> None:
    place = write_xlsx(
        tmp_path / "表.xlsx", [["标题"], HEADER, row_of(1), row_of(2, 困难类别="贫困"), row_of(3, 身份证号=2.1e17)]
    )
    copy = tmp_path / "退回.xlsx"
    assert write_refused_copy(copy, read_table(place, SURVEY), lambda problem: problem.code) == 2
    (sheet,) = open_file(copy).sheets
    assert sheet.rows[1] == [*HEADER, "问题"]
    assert [row[0] for row in sheet.rows[2:]] == ["测试2", "测试3"]
    assert [row[-1] for row in sheet.rows[2:]] == ["4: category_unknown", "5: number_cell_lost_digits"]


def test_a_corrected_copy_can_be_imported(tmp_path: Path) -> None:
    place = write_xlsx(tmp_path / "表.xlsx", [HEADER, row_of(1), row_of(2, 困难类别="")])
    copy = tmp_path / "退回.xlsx"
    write_refused_copy(copy, read_table(place, SURVEY), lambda problem: problem.code)
    (sheet,) = open_file(copy).sheets
    header, row = sheet.rows
    row[header.index("困难类别")] = "孤儿"
    again = read_survey(write_xlsx(tmp_path / "更正.xlsx", [header, row]))
    assert [(found.name, found.id_number, found.categories) for found in again.rows] == [
        ("测试2", number_of(2), ("孤儿",))
    ]
    assert again.table.ignored_columns == ["问题"]


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(A1)", '=HYPERLINK("x")', "http://a.b"])
def test_nothing_in_a_returned_copy_runs_as_a_formula(tmp_path: Path, text: str) -> None:
    place = write_csv(tmp_path / "表.csv", [HEADER, row_of(1, 姓名=text.replace('"', ""), 困难类别="贫困")])
    copy = tmp_path / "退回.xlsx"
    write_refused_copy(copy, read_table(place, SURVEY), lambda problem: "=" + problem.code)
    (sheet,) = open_file(copy).sheets
    assert sheet.formulas == frozenset()
    assert sheet.rows[1][0] == text.replace('"', "")
    with zipfile.ZipFile(copy) as packed:
        sheets = [name for name in packed.namelist() if name.startswith("xl/worksheets/")]
        assert not any(b"hyperlink" in packed.read(name).lower() for name in sheets)


def test_the_same_refusals_give_the_same_bytes(tmp_path: Path) -> None:
    table = read_table(write_xlsx(tmp_path / "表.xlsx", [HEADER, row_of(1, 困难类别="")]), SURVEY)
    for name in ("甲.xlsx", "乙.xlsx"):
        write_refused_copy(tmp_path / name, table, lambda problem: problem.code)
    assert (tmp_path / "甲.xlsx").read_bytes() == (tmp_path / "乙.xlsx").read_bytes()


def test_twenty_thousand_rows_are_cleaned_in_seconds(tmp_path: Path) -> None:
    place = write_xlsx(tmp_path / "表.xlsx", [HEADER, *(row_of(person) for person in range(20_000))])
    began = time.perf_counter()
    assert len(read_survey(place).rows) == 20_000
    assert time.perf_counter() - began < 10
