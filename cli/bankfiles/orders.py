"""A 代发文件 says to the bank, line by line and to the fen, what a released batch pays, in the layout of that bank.

WORKBOOKS.md, "Bank files". What it looks like is the profile's business alone.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from mingzhang.domain.refusal import Refused
from mingzhang.domain.values.money import yuan_text

from .profile import BankProfile, Control, DateForm, OrderColumn

_BREAKS = re.compile(r"[\x00-\x1f]")


class OrderLine(NamedTuple):
    """One payment to be made: `number` is the 序号 the bank answers with, `amount_fen` whole fen."""

    number: int
    account: str
    name: str
    amount_fen: int

    def __repr__(self) -> str:
        return f"OrderLine(number={self.number}, amount_fen={self.amount_fen})"  # no account, no name


class OrderTerms(NamedTuple):
    """What all lines of an order share: `purpose` (用途), the day they are to be paid, and the 单位编号 where the profile has none."""

    purpose: str
    pay_on: date
    unit_code: str = ""


def write_order(lines: Sequence[OrderLine], *, profile: BankProfile, terms: OrderTerms) -> bytes:
    """The bytes of a 代发文件; the day and the unit are stated where the profile says so.

    Refuses `bank_order_empty`, `bank_order_number_repeated`, and `bank_order_text` (with `number` and `column`) for a
    text that would break the file's lines or that the profile's encoding cannot hold.
    """
    if not lines:
        raise Refused("bank_order_empty")
    by_field = dict(zip(OrderLine._fields, zip(*lines, strict=True), strict=True))
    if len({*by_field["number"]}) != len(lines):
        numbers = Counter(by_field["number"])
        raise Refused("bank_order_number_repeated", number=next(number for number in by_field["number"] if numbers[number] > 1))
    said = {"{date}": day_text(terms.pay_on, profile.dates[0]), "{unit}": profile.unit_code or terms.unit_code, "{purpose}": terms.purpose}
    columns = [_written_column(column, by_field, said, profile) for column in profile.order.columns]
    rows: list[Sequence[str]] = list(zip(*columns, strict=True))
    if not all(_whole("".join(cells), profile) for cells in columns):
        for line, row in zip(lines, rows, strict=True):
            if not all(_whole(cell, profile) for cell in row):
                raise Refused("bank_order_text", number=line.number, column=_first(profile, row, lambda cell: not _whole(cell, profile)))
    control = profile.order.control
    said |= {"{count}": str(len(lines)), "{amount}": amount_text(sum(by_field["amount_fen"]), profile)}
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


def _written_column(
    column: OrderColumn, by_field: Mapping[str, Sequence[Any]], said: dict[str, str], profile: BankProfile
) -> Sequence[str]:
    """One column of all lines: a batch has a hundred thousand of them, and few amounts."""
    # Accounts are written bare: an apostrophe or ="…" would save them from spreadsheets, and hide them from the bank.
    match column.holds:
        case "number":
            return list(map(str, by_field["number"]))
        case "account" | "name":
            return by_field[column.holds]
        case "amount":
            texts = {fen: amount_text(fen, profile) for fen in {*by_field["amount_fen"]}}
            return [texts[fen] for fen in by_field["amount_fen"]]
    return [column.text if column.holds == "text" else said[f"{{{column.holds}}}"]] * len(by_field["number"])


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
