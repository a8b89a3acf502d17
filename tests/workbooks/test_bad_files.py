"""A file that cannot be read as what it claims to be is refused whole, with a code, in bounded time and memory."""

from __future__ import annotations

import re
import struct
import time
import tracemalloc
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped,unused-ignore]
from hypothesis import given
from hypothesis import strategies as st

from mingzhang.cli.workbooks import biff, container
from mingzhang.cli.workbooks.layouts import SURVEY
from mingzhang.cli.workbooks.reading import read_table
from mingzhang.domain.refusal import Refused
from tests.conftest import INPUT
from tests.workbooks.made_up import HEADER, row_of, write_csv, write_xlsx

COLLEGE = INPUT / "fuxin-2020"


def refusal(path: Path) -> Refused:
    with pytest.raises(Refused) as refused:
        read_table(path, SURVEY)
    assert refused.value.context["file"] == str(path)
    return refused.value


def repacked(source: Path, target: Path, part: str, content: bytes) -> Path:
    """A copy of a workbook with one part replaced."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return target


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "没有.xlsx").code == "file_missing"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert refusal(tmp_path).code == "file_missing"


@pytest.mark.parametrize("name", ["空.xlsx", "空.xls", "空.csv"])
def test_an_empty_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    assert refusal(tmp_path / name).code == "file_empty"


def test_a_workbook_without_a_single_value_is_refused(tmp_path: Path) -> None:
    assert refusal(write_xlsx(tmp_path / "空.xlsx", [])).code == "file_empty"


def test_a_text_file_of_blank_lines_is_refused(tmp_path: Path) -> None:
    assert refusal(write_csv(tmp_path / "空.csv", [["", ""], [""]])).code == "file_empty"


def test_an_unknown_type_is_refused(tmp_path: Path) -> None:
    (tmp_path / "表.docx").write_bytes(b"PK\x03\x04")
    assert refusal(tmp_path / "表.docx").code == "file_type_unknown"


@pytest.mark.parametrize("name", ["表.xlsx", "表.xls"])
def test_a_text_file_renamed_to_a_workbook_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("姓名,身份证号\n", encoding="utf-8")
    assert refusal(tmp_path / name).code == "workbook_unreadable"


@pytest.mark.parametrize("name", ["spring/综职系.xlsx", "spring/公建系.xls"])
@pytest.mark.parametrize("kept", [0.02, 0.3, 0.5, 0.9, 0.99])
def test_a_half_written_workbook_is_refused(tmp_path: Path, name: str, kept: float) -> None:
    content = (COLLEGE / name).read_bytes()
    place = tmp_path / f"半{Path(name).suffix}"
    place.write_bytes(content[: int(len(content) * kept)])
    assert refusal(place).code == "workbook_unreadable"


def test_a_zip_of_something_else_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "照片.xlsx", "w") as packed:
        packed.writestr("照片.jpg", b"\xff\xd8")
    assert refusal(tmp_path / "照片.xlsx").code == "workbook_unreadable"


def test_a_zip_bomb_is_refused_before_it_unfolds(tmp_path: Path) -> None:
    source = write_xlsx(tmp_path / "表.xlsx", [HEADER, row_of(1)])
    bomb = repacked(source, tmp_path / "弹.xlsx", "xl/worksheets/sheet1.xml", b" " * (200 * 2**20))
    assert bomb.stat().st_size < 2**20
    tracemalloc.start()
    assert refusal(bomb).code == "workbook_too_large"
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8 * 2**20


def test_a_part_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    source = write_xlsx(tmp_path / "表.xlsx", [HEADER, *(row_of(person) for person in range(200))])
    content = bytearray(source.read_bytes())
    with zipfile.ZipFile(source) as packed:
        size = packed.getinfo("xl/worksheets/sheet1.xml").file_size
    assert content.count(struct.pack("<I", size)) >= 1
    (tmp_path / "谎.xlsx").write_bytes(bytes(content).replace(struct.pack("<I", size), struct.pack("<I", 100)))
    assert refusal(tmp_path / "谎.xlsx").code == "workbook_unreadable"


def test_one_value_in_the_furthest_cell_does_not_cost_a_rectangle(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "远.xlsx")) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_string(1_048_575, 16_383, "远")
    assert refusal(tmp_path / "远.xlsx").code == "workbook_too_large"


@pytest.mark.parametrize("stated", [b'count="99999999999"', b'uniqueCount="4294967296"'])
def test_a_stated_count_is_not_believed(tmp_path: Path, stated: bytes) -> None:
    source = write_xlsx(tmp_path / "表.xlsx", [HEADER, row_of(1)])
    with zipfile.ZipFile(source) as packed:
        texts = packed.read("xl/sharedStrings.xml")
    name = stated.split(b"=")[0]
    believed = re.sub(rb"\b" + name + rb'="[0-9]+"', stated, texts, count=1)
    assert believed != texts
    assert refusal(repacked(source, tmp_path / "数.xlsx", "xl/sharedStrings.xml", believed)).code == "workbook_unreadable"


@pytest.mark.parametrize("reference", ["ZZZZZZ9", "A9999999999", "xfd1048576"])
def test_a_cell_said_to_lie_beyond_the_sheet_is_refused(tmp_path: Path, reference: str) -> None:
    source = write_xlsx(tmp_path / "表.xlsx", [HEADER, row_of(1)])
    with zipfile.ZipFile(source) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").replace(b'r="F2"', f'r="{reference}"'.encode())
    beyond = repacked(source, tmp_path / "外.xlsx", "xl/worksheets/sheet1.xml", sheet)
    assert refusal(beyond).code == "workbook_too_large"


def test_a_million_formatted_empty_rows_cost_next_to_nothing(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{row}"><c r="A{row}" s="1"/></row>' for row in range(3, 1_048_577)).encode()
    source = write_xlsx(tmp_path / "表.xlsx", [HEADER, row_of(1)])
    with zipfile.ZipFile(source) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml")
    sheet = sheet.replace(b"</sheetData>", rows + b"</sheetData>")
    million = repacked(source, tmp_path / "百万.xlsx", "xl/worksheets/sheet1.xml", sheet)
    began = time.perf_counter()
    assert [row.row for row in read_table(million, SURVEY).rows] == [2]
    assert time.perf_counter() - began < 10


def test_an_entity_in_a_workbook_is_refused(tmp_path: Path) -> None:
    source = write_xlsx(tmp_path / "表.xlsx", [HEADER, row_of(1)])
    bad = repacked(source, tmp_path / "实体.xlsx", "xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    assert refusal(bad).context["reason"] == "document_type"


@pytest.mark.parametrize("content", [b"\xff\xfe\xd3\x59", b"\x00\x01\x02", "姓名".encode("utf-16"), b"\x80\xff\xff"])
def test_a_text_in_an_unknown_encoding_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "表.csv").write_bytes(content)
    assert refusal(tmp_path / "表.csv").code == "file_encoding_unknown"


def test_an_unclosed_quotation_mark_swallows_nothing(tmp_path: Path) -> None:
    rows = [HEADER, row_of(1, 姓名='"测试1'), row_of(2), row_of(3)]
    assert refusal(write_csv(tmp_path / "表.csv", rows)).code == "workbook_unreadable"


def test_a_file_without_a_header_is_refused(tmp_path: Path) -> None:
    assert refusal(write_xlsx(tmp_path / "表.xlsx", [row_of(1), row_of(2)])).code == "header_not_found"


def test_a_missing_required_column_refuses_the_file_and_is_named(tmp_path: Path) -> None:
    refused = refusal(write_xlsx(tmp_path / "表.xlsx", [["姓名", "院系", "年级"], ["测试1", "测试系", "2019级"]]))
    assert (refused.code, refused.context["columns"]) == ("column_missing", ["身份证号", "困难类别"])
    assert refused.context["sheet"] == "Sheet1"


def test_two_columns_for_one_account_refuse_the_file(tmp_path: Path) -> None:
    rows = [[*HEADER, "卡号"], [*row_of(1), "6299000000000015"]]
    refused = refusal(write_xlsx(tmp_path / "表.xlsx", rows))
    assert (refused.code, refused.context["columns"]) == ("column_repeated", ["银行卡号"])


def record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def test_formulas_and_errors_of_an_old_workbook_are_found_in_its_records() -> None:
    opening, end = record(0x0809, b"\0" * 16), record(0x000A, b"")
    formula = record(0x0006, struct.pack("<HHH", 4, 1, 0) + b"\0" * 16)
    failed = record(0x0006, struct.pack("<HHH", 5, 1, 0) + b"\x02\0\x2a\0\0\0\xff\xff" + b"\0" * 8)
    error = record(0x0205, struct.pack("<HHH", 6, 2, 0) + b"\x2a\x01")
    marks = biff._walk(opening + formula + failed + error + end + formula, 0, "旧.xls")
    assert marks == container.Marks(frozenset({(4, 1), (5, 1)}), frozenset({(5, 1), (6, 2)}))


def test_a_far_cell_of_an_old_workbook_is_refused() -> None:
    far = record(0x0203, struct.pack("<HHH", 65535, 255, 0) + b"\0" * 8)
    with pytest.raises(Refused, match="workbook_too_large"):
        biff._walk(record(0x0809, b"\0" * 16) + far + record(0x000A, b""), 0, "旧.xls")


def test_a_chain_of_sectors_that_bites_its_tail_is_refused(tmp_path: Path) -> None:
    content = bytearray((COLLEGE / "spring/公建系.xls").read_bytes())
    table = struct.unpack_from("<I", content, 76)[0]
    for sector in range(128):
        struct.pack_into("<I", content, (table + 1) * 512 + sector * 4, 0)
    (tmp_path / "环.xls").write_bytes(bytes(content))
    assert refusal(tmp_path / "环.xls").code == "workbook_unreadable"


def test_column_letters_count_like_a_spreadsheet() -> None:
    assert [container.column_number(letters) for letters in ("A", "Z", "AA", "XFD")] == [0, 25, 26, 16_383]


@given(
    st.sampled_from(["spring/公建系.xls", "spring/综职系.xlsx", "spring/农牧系.csv"]),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=40),
    st.booleans(),
)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, name: str, damage: list[tuple[float, int]], at_the_start: bool
) -> None:
    content = bytearray((COLLEGE / name).read_bytes())
    for where, byte in damage:
        content[int(where * (2048 if at_the_start else len(content)))] = byte
    place = tmp_path_factory.mktemp("damaged") / Path(name).name
    place.write_bytes(bytes(content))
    with suppress(Refused):
        read_table(place, SURVEY)


def test_stated_dimensions_beyond_any_sheet_are_refused() -> None:
    stated = record(0x0200, struct.pack("<IIHHH", 0, 2**31, 0, 12, 0))
    with pytest.raises(ValueError, match=r"^$"):
        biff._walk(record(0x0809, b"\0" * 16) + stated + record(0x000A, b""), 0, "旧.xls")
