"""A 代发文件 says to the bank, line by line and to the fen, what a released batch pays, in the layout of that bank.

WORKBOOKS.md, "Bank files". What it looks like is the profile's business alone.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from mingzhang.domain.refusal import Refused
from mingzhang.domain.values.money import yuan_text

from .profile import BankProfile, Control, DateForm, OrderColumn

_BREAKS = re.compile(r"[\x00-\x1f]")


@dataclass(slots=True)
class OrderLine:
    """One payment to be made: `number` is the 序号 the bank answers with, `amount_fen` whole fen."""

    number: int
    account: str = field(repr=False)
    name: str = field(repr=False)
    amount_fen: int
    purpose: str


def write_order(lines: Sequence[OrderLine], *, profile: BankProfile, pay_on: date, unit_code: str = "") -> bytes:
    """The bytes of a 代发文件. `pay_on` and `unit_code` (单位编号, unless the profile has its own) are stated where the profile says so.

    Refuses `bank_order_empty`, `bank_order_number_repeated`, and `bank_order_text` (with `number` and `column`) for a
    text that would break the file's lines or that the profile's encoding cannot hold.
    """
    if not lines:
        raise Refused("bank_order_empty")
    numbers = set()
    for line in lines:
        if line.number in numbers:
            raise Refused("bank_order_number_repeated", number=line.number)
        numbers.add(line.number)
    said = {"{date}": day_text(pay_on, profile.dates[0]), "{unit}": profile.unit_code or unit_code}
    columns = [_written_column(column, lines, said, profile) for column in profile.order.columns]
    rows: list[Sequence[str]] = list(zip(*columns, strict=True))
    if not all(_whole("".join(cells), profile) for cells in columns):
        for line, row in zip(lines, rows, strict=True):
            if not all(_whole(cell, profile) for cell in row):
                raise Refused("bank_order_text", number=line.number, column=_first(profile, row, lambda cell: not _whole(cell, profile)))
    control = profile.order.control
    said |= {"{count}": str(len(lines)), "{amount}": amount_text(sum(line.amount_fen for line in lines), profile)}
    if profile.order.column_names == "always":
        rows.insert(0, [column.name for column in profile.order.columns])
    if control is not None:
        closing = control.at == "bottom"
        rows = [*rows, _control(control, said)] if closing else [_control(control, said), *rows]
        if control.names_written:
            rows.insert(0, list(control.names))
    try:
        return text_of(rows, profile).encode(profile.codec)
    except UnicodeEncodeError:
        above = len(rows) - len(lines) - (control is not None and control.at == "bottom")
        for line, row in zip(lines, rows[above:], strict=False):
            column = _first(profile, row, lambda cell: not _written(cell, profile))
            if column is not None:
                raise Refused("bank_order_text", number=line.number, column=column) from None
        raise


def amount_text(fen: int, profile: BankProfile) -> str:
    """An amount as this bank wants it: `2000.00` in yuan, `200000` in fen."""
    return yuan_text(fen) if profile.amounts == "yuan" else str(fen)


def day_text(day: date, form: DateForm) -> str:
    return form.replace("YYYY", f"{day:%Y}").replace("MM", f"{day:%m}").replace("DD", f"{day:%d}")


def _written_column(column: OrderColumn, lines: Sequence[OrderLine], said: dict[str, str], profile: BankProfile) -> list[str]:
    """One column of all lines: a batch has a hundred thousand of them, and few columns and amounts."""
    # Accounts are written bare: an apostrophe or ="…" would save them from spreadsheets, and hide them from the bank.
    match column.holds:
        case "number":
            return [str(line.number) for line in lines]
        case "account":
            return [line.account for line in lines]
        case "name":
            return [line.name for line in lines]
        case "amount":
            texts = {fen: amount_text(fen, profile) for fen in {line.amount_fen for line in lines}}
            return [texts[line.amount_fen] for line in lines]
        case "purpose":
            return [line.purpose for line in lines]
    return [column.text if column.holds == "text" else said[f"{{{column.holds}}}"]] * len(lines)


def _control(control: Control, said: dict[str, str]) -> list[str]:
    return [said.get(cell, cell) for cell in control.cells]


def _first(profile: BankProfile, row: Sequence[str], wrong: Callable[[str], bool]) -> str | None:
    """The name of the first column whose text is wrong."""
    return next((column.name for column, cell in zip(profile.order.columns, row, strict=True) if wrong(cell)), None)


def _whole(cell: str, profile: BankProfile) -> bool:
    return not _BREAKS.search(cell) and (profile.quotes or profile.separator not in cell)


def _written(cell: str, profile: BankProfile) -> bool:
    try:
        cell.encode(profile.codec)
    except UnicodeEncodeError:
        return False
    return True


def text_of(rows: Sequence[Sequence[str]], profile: BankProfile) -> str:
    """The lines of a file in this bank's separator and line ending."""
    plain = "".join([profile.separator.join(row) + profile.newline for row in rows])
    if not profile.quotes or _needs_no_quotes(plain, rows, profile):
        return plain
    out = io.StringIO()
    csv.writer(out, delimiter=profile.separator, lineterminator=profile.newline).writerows(rows)
    return out.getvalue()


def _needs_no_quotes(plain: str, rows: Sequence[Sequence[str]], profile: BankProfile) -> bool:
    """Whether no cell holds a mark that quotation marks would have to protect: then the lines are what a writer of CSV gives, in a third
    of its time."""
    expected = {profile.separator: sum(map(len, rows)) - len(rows), '"': 0, "\n": len(rows), "\r": len(rows) * profile.newline.count("\r")}
    return all(len(row) > 1 for row in rows) and all(plain.count(mark) == count for mark, count in expected.items())
