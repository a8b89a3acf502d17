"""A 比对名单 becomes rows: one person each, as the other office lists them, whatever the order of its columns.

WORKBOOKS.md, "比对名单": ten offices, ten layouts; required are 姓名 and 身份证号 (or 学籍号), everything else is optional.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from mingzhang.domain.values import identity

from .layouts import CROSSCHECK_LIST
from .reading import CleanRow, TableRead, read_table


@dataclass(frozen=True, slots=True)
class ListedRow:
    """One person on a list. None stands for an empty cell or a missing column; not both `id_number` and `xueji` are None.

    `category` (类别), `support` (保障类型) and `relation` (与户主关系) as written; `entitled`: 享受政策 where it is given, else whether the
    risk (风险状态) remains, None where the row says neither.
    """

    sheet: str | None
    row: int
    name: str = field(repr=False)
    id_number: str | None = field(repr=False)
    xueji: str | None = field(repr=False)
    category: str | None
    support: str | None
    entitled: bool | None
    relation: str | None
    household_number: str | None = field(repr=False)
    household_head: str | None = field(repr=False)
    township: str | None = field(repr=False)
    village: str | None = field(repr=False)

    @property
    def person_key(self) -> str | None:
        """The 18-character identity number; a G 学籍号 holds it too. None where neither says it."""
        if self.id_number:
            return identity.to_18(self.id_number)
        if self.xueji and self.xueji.startswith("G") and identity.is_id_number(self.xueji[1:]):
            return identity.to_18(self.xueji[1:])
        return None


class ListFile(NamedTuple):
    """A 比对名单: its rows, and the table with refused rows."""

    rows: list[ListedRow]
    table: TableRead


def read_list(path: Path | str) -> ListFile:
    """Reads a 比对名单. Refuses whole as `read_table`."""
    table = read_table(path, CROSSCHECK_LIST)
    return ListFile([_listed(row) for row in table.rows], table)


def _listed(row: CleanRow) -> ListedRow:
    entitled = row.yes("享受政策")
    if entitled is None and (removed := row.yes("风险状态")) is not None:
        entitled = not removed
    return ListedRow(
        sheet=row.sheet,
        row=row.row,
        name=row.needed("姓名"),
        id_number=row.text("身份证号"),
        xueji=row.text("学籍号"),
        category=row.text("类别"),
        support=row.text("保障类型"),
        entitled=entitled,
        relation=row.text("与户主关系"),
        household_number=row.text("户编号"),
        household_head=row.text("户主"),
        township=row.text("乡镇"),
        village=row.text("村"),
    )
