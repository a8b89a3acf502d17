"""A table in a file keeps its digits, adds up what adds up, runs nothing, and is the same file for the same table."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from mingzhang.cli import i18n
from mingzhang.cli.output import Column, Table, Text
from mingzhang.cli.output.csv import csv_bytes
from mingzhang.cli.output.files import mark, write_files
from mingzhang.cli.output.sheets import Sheet, sheets_of
from mingzhang.cli.output.xlsx import workbook_bytes
from mingzhang.domain.refusal import Refused

HEADS = [
    Column("姓名", "name"),
    Column("账号", "account"),
    Column("笔数", "count", "right", adds=True),
    Column("序号", "line", "right"),
    Column("金额", "amount_fen"),
    Column("日期", "on"),
]
ROWS = [
    {"name": "张*", "account": "621700123456789012345", "count": 2, "line": 1, "amount_fen": 200005, "on": "2020-04-10"},
    {"name": "欧阳**", "account": "0123", "count": 3, "line": 2, "amount_fen": -10, "on": date(2020, 4, 11)},
]
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", "  =1+1", "＝1+1", '=HYPERLINK("http://x")']


@pytest.fixture(autouse=True)
def _chinese() -> None:
    i18n.choose("zh")


def sheet(rows: object = ROWS, heads: object = HEADS, *, rehearsal: bool = False, caption: str = "") -> Sheet:
    table = Table(heads, rows, caption=caption, foot="共 2 人。")  # type: ignore[arg-type]
    (one,) = sheets_of((table,), mark=mark(rehearsal), as_of=("截至 2020-06-30，按日志长度 9 所知。",))
    return one


def cells(content: bytes, name: int = 0) -> list[list[object]]:
    return [[*row] for row in CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(name).to_python()]


def lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def part(content: bytes, name: str = "xl/worksheets/sheet1.xml") -> str:
    return zipfile.ZipFile(io.BytesIO(content)).read(name).decode("utf-8")


def test_a_workbook_has_header_rows_totals_and_foot() -> None:
    assert cells(workbook_bytes([sheet()])) == [
        ["姓名", "账号", "笔数", "序号", "金额", "日期"],
        ["张*", "621700123456789012345", 2.0, 1.0, 2000.05, date(2020, 4, 10)],
        ["欧阳**", "0123", 3.0, 2.0, -0.1, date(2020, 4, 11)],
        ["合计", "", 5.0, "", 1999.95, ""],
        ["", "", "", "", "", ""],
        ["共 2 人。", "", "", "", "", ""],
        ["截至 2020-06-30，按日志长度 9 所知。", "", "", "", "", ""],
    ]


def test_a_text_file_has_the_same() -> None:
    assert lines(csv_bytes(sheet())) == [
        ["姓名", "账号", "笔数", "序号", "金额", "日期"],
        ["张*", "'621700123456789012345", "2", "1", "2000.05", "2020-04-10"],
        ["欧阳**", "'0123", "3", "2", "-0.10", "2020-04-11"],
        ["合计", "", "5", "", "1999.95", ""],
        [],
        ["共 2 人。"],
        ["截至 2020-06-30，按日志长度 9 所知。"],
    ]


def test_a_text_file_opens_as_utf_8_and_its_texts_are_quoted() -> None:
    content = csv_bytes(sheet())
    assert content.startswith(b"\xef\xbb\xbf") and content.endswith(b"\r\n")
    assert '"张*"' in content.decode("utf-8")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("210911200012175670", "'210911200012175670"),
        ("007", "'007"),
        ("21091120001217567X", "21091120001217567X"),
        ("2020", "2020"),
    ],
)
def test_a_number_that_a_spreadsheet_would_spoil_stays_text(text: str, written: str) -> None:
    assert lines(csv_bytes(sheet([{"account": text}])))[1][1] == written
    assert cells(workbook_bytes([sheet([{"account": text}])]))[1][1] == text


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_a_formula_in_a_workbook(text: str) -> None:
    content = workbook_bytes([sheet([{"name": text}], caption=text)])
    assert "<f>" not in part(content) and 'r:id="' not in part(content)
    assert any(str(row[0]).strip().startswith(text.strip()[:1]) for row in cells(content))
    assert 'quotePrefix="1"' in part(content, "xl/styles.xml")


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_a_formula_in_a_text_file(text: str) -> None:
    column = [Column(text, "name")]
    table = Table(column, [{"name": text}], caption=text, foot=text)
    (one,) = sheets_of((table,), mark="", as_of=())
    found = [cell for line in lines(csv_bytes(one)) for cell in line]
    assert len(found) == 4 and all(cell.startswith("'") for cell in found)


def test_a_negative_amount_stays_a_number_in_both() -> None:
    one = sheet([{"name": "张*", "amount_fen": -150}])
    assert cells(workbook_bytes([one]))[1][4] == -1.5
    assert lines(csv_bytes(one))[1][4] == "-1.50"


def test_the_header_stays_in_sight_and_widths_count_a_han_character_twice() -> None:
    xml = part(workbook_bytes([sheet([{"name": "黑龙江省齐齐哈尔市"}])]))
    assert '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' in xml
    assert '<col min="1" max="1" width="21.7109375"' in xml


def test_a_row_is_as_high_as_the_lines_in_it() -> None:
    assert 'ht="45"' in part(workbook_bytes([sheet([{"name": "一\n二\n三"}])]))


def test_what_does_not_add_up_has_no_total() -> None:
    heads = [Column("项目", "scheme"), Column("每年", "year_fen", adds=False), Column("序号", "line", "right")]
    assert sheet([{"scheme": "一", "year_fen": 100, "line": 1}], heads).totals is None
    assert sheet([]).totals is None


def test_a_rehearsals_files_are_marked() -> None:
    one = sheet(rehearsal=True, caption="名册")
    content = workbook_bytes([one])
    assert cells(content)[0][0] == "【演练】 名册" and "演练" in part(content).split("<headerFooter>")[1]
    assert lines(csv_bytes(one))[:2] == [["【演练】"], ["姓名", "账号", "笔数", "序号", "金额", "日期"]]
    assert cells(workbook_bytes([sheet(rehearsal=True)]))[0][0] == "【演练】"


def test_the_same_table_gives_the_same_bytes() -> None:
    assert workbook_bytes([sheet()]) == workbook_bytes([sheet()])
    assert csv_bytes(sheet()) == csv_bytes(sheet())


def test_every_table_has_a_sheet_and_sentences_stand_where_they_were_said() -> None:
    first, second = Table([Column("甲", "a")], [(1,)], caption="第一张"), Table([Column("乙", "b")], [(2,)])
    sheets = sheets_of((Text(("开头。",)), first, Text(("中间。",)), second, Text(("末尾。",))), mark="", as_of=("截至。",))
    assert [(one.name, one.above, one.foot) for one in sheets] == [
        ("第一张", ("开头。", "第一张"), ("截至。",)),
        ("表2", ("中间。",), ("末尾。", "截至。")),
    ]


def test_a_name_no_worksheet_may_have_is_made_one() -> None:
    tables = tuple(Table([Column("甲", "a")], [], caption=caption) for caption in ("a/b:c*?", "x" * 40, "[]", "x" * 40))
    assert [one.name for one in sheets_of(tables, mark="", as_of=())] == ["a b c", "x" * 31, "表3", "表4"]
    assert len(workbook_bytes(sheets_of(tables, mark="", as_of=()))) > 0


def test_what_a_worksheet_cannot_hold_is_refused_and_never_cut() -> None:
    with pytest.raises(Refused, match="output_too_large"):
        workbook_bytes([sheet([{"name": "长" * 40_000}])])
    assert "长" * 40_000 in csv_bytes(sheet([{"name": "长" * 40_000}])).decode("utf-8")


def test_files_are_written_all_or_none(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_bytes(b"mine")
    with pytest.raises(Refused, match="file_exists"):
        write_files({tmp_path / "a.csv": b"1", tmp_path / "b.csv": b"2"})
    with pytest.raises(Refused, match="output_folder_missing"):
        write_files({tmp_path / "a.csv": b"1", tmp_path / "none" / "b.csv": b"2"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.csv"]
    assert (tmp_path / "b.csv").read_bytes() == b"mine"


def test_the_same_file_may_be_written_again(tmp_path: Path) -> None:
    first = write_files({tmp_path / "a.csv": b"1"})
    assert write_files({tmp_path / "a.csv": b"1"}) == first
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_a_file_is_its_owners_alone(tmp_path: Path) -> None:
    write_files({tmp_path / "a.csv": b"1"})
    assert (tmp_path / "a.csv").stat().st_mode & 0o777 == 0o600
