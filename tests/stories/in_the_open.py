"""What the offices' workbooks say of people, and where any of it can be read in plain bytes."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from mingzhang.cli.workbooks import layouts, layouts_schools, layouts_tutoring
from mingzhang.cli.workbooks.cells import Cell, open_file
from mingzhang.cli.workbooks.header import column_name
from mingzhang.cli.workbooks.kinds import Kind
from mingzhang.cli.workbooks.layouts import Layout
from tests.conftest import CHECKOUT, INPUT

END = 6  # bytes: three Chinese characters in the shortest of the encodings looked for, two in the others
OF_PEOPLE = {Kind.PERSON, Kind.PEOPLE, Kind.IDENTITY, Kind.XUEJI, Kind.ACCOUNT, Kind.PHONE, Kind.PROSE}
NUMBERS_OF_PEOPLE = {"学号", "学生学号"}
ANOTHERS = {"佐证", "佐证材料", "行动", "行动名称", "工作任务"}  # running text about an action
HEADER = 3  # known column names that make a row a header
PEOPLE = re.compile("[、,，;；/]")


def _of_people() -> set[str]:
    """The names of all columns that speak of a person, as the layouts know them."""
    known = [one for module in (layouts, layouts_schools, layouts_tutoring) for one in vars(module).values() if isinstance(one, Layout)]
    columns = [column for layout in known for column in layout.columns if column.kind in OF_PEOPLE]
    names = {name for column in columns for name in (column.name, *column.synonyms, *column.stand_ins)}
    return (names | NUMBERS_OF_PEOPLE) - ANOTHERS


COLUMNS = _of_people()


@cache
def words_of_the_trade() -> str:
    """Texts that stand in a ledger or in an answer anyhow: the plans' clauses and the program's own words."""
    plans = [path.read_text(encoding="utf-8") for path in sorted((CHECKOUT / "domain" / "plans").glob("*.toml"))]
    catalogue = CHECKOUT / "cli" / "locale" / "zh_CN" / "LC_MESSAGES" / "mingzhang.po"
    return "\n".join([*plans, catalogue.read_text(encoding="utf-8")])


@cache
def said_of_people(folder: str) -> frozenset[str]:
    """Every name, number, account, phone, address and remark in the workbooks of an example, words of the trade left out."""
    texts: set[str] = set()
    for path in sorted((INPUT / folder).rglob("*")):
        if path.suffix in (".xlsx", ".xls", ".csv"):
            for sheet in open_file(path).sheets:
                texts |= set(_personal(sheet.rows))
    return frozenset(text for text in texts if len(text) > 1 and text not in words_of_the_trade())


def _personal(rows: list[list[Cell]]) -> Iterator[str]:
    header: list[str] = []
    for row in rows:
        names = [column_name(cell) for cell in row]
        if sum(name in COLUMNS for name in names) >= HEADER or (not header and sum(name in COLUMNS for name in names) > 1):
            header = names
            continue
        for name, cell in zip(header, row, strict=False):
            if name in COLUMNS and isinstance(cell, str):
                yield from (part.strip() for part in (cell, *PEOPLE.split(cell)))


def in_the_open(ledger: Path) -> dict[str, bytes]:
    """Every file of the ledger's folder that does not lie apart: keys/ has its own backup, exports/ holds what was asked for in full."""
    files = [path for path in ledger.rglob("*") if path.is_file()]
    apart = {ledger / "keys", ledger / "exports"}
    return {path.name: path.read_bytes() for path in files if not apart & set(path.parents)}


def unpacked(content: bytes) -> bytes:
    """The texts of a workbook; other bytes as they are."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return b"\n".join(packed.read(name) for name in packed.namelist())


def ways_to_write(text: str) -> set[bytes]:
    return {text.encode(), json.dumps(text)[1:-1].encode(), text.encode("gb18030"), text.encode("utf-16-le")}


@cache
def _by_end(texts: frozenset[str]) -> dict[tuple[int, ...], dict[bytes, str]]:
    found: dict[tuple[int, ...], dict[bytes, str]] = {}
    for text in texts:
        for way in ways_to_write(text):
            if len(way) >= END:
                found.setdefault(tuple(way[-END:]), {})[way] = text
    return found


def standing_in(content: bytes, texts: frozenset[str]) -> list[str]:
    """The texts that stand in the bytes. One pass over the bytes by the texts' ends: thousands of searches would take minutes."""
    by_end = _by_end(texts)
    windows = zip(*(content[start:] for start in range(END)), strict=False)
    found = []
    for place, window in enumerate(windows):
        if window in by_end:
            found += [text for way, text in by_end[window].items() if content.endswith(way, 0, place + END)]
    return found
