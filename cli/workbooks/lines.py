"""Blank rows, signature lines, totals and repeated headers are passed over; a line about somebody never is.

WORKBOOKS.md: the reader "ignores title rows, blank rows, signature lines and a closing 合计 row".
"""

from __future__ import annotations

import re

from mingzhang.domain.values.text import compact

from .cells import Cell
from .checks import Checks
from .header import Header, column_name

_TOTAL = re.compile(r"(合计|总计|共计|小计|累计)(人数|户数|金额)?[:：]?[(（]?[0-9.,]*[人名户条笔元份个]?[)）]?$")
_SIGNATURE = re.compile(
    r"(填表|制表|填报|审核|复核|经办|负责|分管|联系|校长|主任|领导|单位|班主任|核对|录入|报送|签字|签名|签章|盖章|公章)[^0-9]{0,8}[:：(（]"
    r"|(填表|制表|填报|审核|复核|报送)(日期|时间)|以下空白|以下无正文|[(（]?(盖章|签章|公章|签字)[)）]?$|(备注|说明|注)[:：]"
)


def says_something(cells: list[Cell], used: list[int]) -> bool:
    """Whether any of the used columns is filled."""
    width = len(cells)
    for place in used:
        if place < width:
            cell = cells[place]
            if cell is not None and cell != "" and (not isinstance(cell, str) or compact(cell)):
                return True
    # A closing line may stand in the numbering column alone; it says nothing that could be recorded.
    return False


def not_about_somebody(cells: list[Cell], header: Header, checks: Checks, after_total: bool) -> str | None:
    """`total`, `signature` or `header` for a line that closes or repeats the table; None for a row about somebody."""
    place = header.places.get(checks.id_column, -1)
    cell = cells[place] if 0 <= place < len(cells) else None
    if isinstance(cell, str) and len(cell) >= 15 and any(character.isdigit() for character in cell[-3:]):
        return None
    words = []
    for cell in cells:
        if isinstance(cell, str) and cell and (word := compact(cell)):
            words.append(word)
            if len(words) == 3:
                break
    if not words:
        return None
    # Only what fills few of the columns that every row about somebody fills is ever passed over.
    needed = [header.places[name] for name in checks.required if name in header.places]
    filled = sum(1 for place in needed if place < len(cells) and cells[place] not in ("", None))
    few = filled <= max(2, len(needed) // 2) and filled < len(needed)
    if any(_TOTAL.match(word) for word in (words[:2] if few else words[:1])):
        return "total"
    if few:
        all_filled = sum(1 for cell in cells if cell is not None and cell != "")
        if all_filled <= 6 and any(_SIGNATURE.match(word) for word in words):
            return "signature"
        if (all_filled <= 2 and after_total) or (all_filled == 1 and len(words[0]) > 20):
            return "signature"
    if len(cells) >= 3:
        names = [column_name(cell) for cell in cells]
        if sum(1 for name, own in zip(names, header.names, strict=False) if name and name == own) >= 3:
            return "header"
    return None
