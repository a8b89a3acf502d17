"""The header is found by its names: any order, any row, two rows with merged cells, units in brackets, synonyms."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingzhang.cli.workbooks.cells import Sheet
from mingzhang.cli.workbooks.header import column_name, find_header
from mingzhang.cli.workbooks.layouts import SURVEY, Layout
from mingzhang.cli.workbooks.reading import read_table
from tests.workbooks.made_up import HEADER, row_of, write_xlsx


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("姓\u3000名", "姓名"),
        ("家庭\n人口数（人）", "家庭人口数"),
        ("人均年收入(元)", "人均年收入"),
        ("＊身份证号：", "身份证号"),
        ("学费【元/年】", "学费"),
        ("", ""),
        (5.0, ""),
        (None, ""),
    ],
)
def test_a_column_name_is_matched_without_its_dress(written: str | float | None, name: str) -> None:
    assert column_name(written) == name


def places(layout: Layout, *rows: list[str], merges: tuple[str, ...] = ()) -> dict[str, int]:
    areas = {"down": ((0, 0), (1, 0)), "across": ((0, 1), (0, 2))}
    sheet = Sheet("表", [list(row) for row in rows], tuple(areas[name] for name in merges))
    header = find_header(sheet, layout, "表.xlsx", {})
    assert header is not None
    return dict(header.places)


def test_a_header_of_two_rows_takes_the_lower_cell_or_the_merged_upper_one() -> None:
    rows = (["姓名", "基本信息", "", "困难类别"], ["", "身份证号", "院系", "贫困类别"])
    assert places(SURVEY, *rows, merges=("down", "across")) == {"姓名": 0, "身份证号": 1, "院系": 2, "困难类别": 3}


def test_the_first_row_about_somebody_is_no_second_header_row() -> None:
    sheet = Sheet("表", [list(HEADER), row_of(1)])
    header = find_header(sheet, SURVEY, "表.xlsx", {})
    assert header is not None and (header.first, header.last) == (0, 0)


@pytest.mark.parametrize(("first", "second"), [("学校", "院系"), ("院系", "学校")])
def test_a_school_stands_for_the_unit_only_where_there_is_no_unit(first: str, second: str) -> None:
    header = ["姓名", "身份证号", "困难类别", first, second]
    assert places(SURVEY, header)["院系"] == header.index("院系")
    assert places(SURVEY, ["姓名", "身份证号", "困难类别", "学校"])["院系"] == 3


def test_an_unknown_column_is_reported_and_the_numbering_is_not(tmp_path: Path) -> None:
    rows = [["序号", *HEADER, "政治\n面貌", "", "宿 舍"], [1, *row_of(1), "群众", "", "3-108"]]
    assert read_table(write_xlsx(tmp_path / "表.xlsx", rows), SURVEY).ignored_columns == ["政治面貌", "宿舍"]


def test_a_column_without_a_name_is_reported_by_its_letter(tmp_path: Path) -> None:
    rows = [HEADER, [*row_of(1), "重要"]]
    assert read_table(write_xlsx(tmp_path / "表.xlsx", rows), SURVEY).ignored_columns == ["(G)"]


def test_a_sheet_that_is_no_table_is_reported(tmp_path: Path) -> None:
    place = tmp_path / "表.xlsx"
    write_xlsx(place, [HEADER, row_of(1)])
    assert read_table(place, SURVEY).ignored_sheets == []


@given(st.permutations(HEADER), st.integers(0, 5))
def test_columns_in_any_order_below_any_title_read_the_same(
    tmp_path_factory: pytest.TempPathFactory, order: list[str], titles: int
) -> None:
    shuffled = [row_of(1)[HEADER.index(name)] for name in order]
    rows = [*(["标题"] for _ in range(titles)), order, shuffled]
    (row,) = read_table(write_xlsx(tmp_path_factory.mktemp("h") / "表.xlsx", rows), SURVEY).rows
    assert row.row == titles + 2
    plain = write_xlsx(tmp_path_factory.mktemp("h") / "表.xlsx", [HEADER, row_of(1)])
    assert row.values == read_table(plain, SURVEY).rows[0].values
