"""A bank's file is believed only if count, total and rows agree with one another; otherwise it is refused whole.

WORKBOOKS.md, "Bank files": 回盘文件 and 退票, in the profiles of the 代发文件. Whether a file answers *this* batch is
not judged here.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from mingzhang.domain.refusal import Refused
from mingzhang.domain.values import cards, choices, dates, money
from mingzhang.domain.values.bad_value import BadValue
from mingzhang.domain.values.text import compact, person_name, prose, symbols

from ..workbooks.cells import decode, read_bytes
from .orders import Profile

State = Literal["paid", "failed", "pending"]
STATES: dict[str, State] = {"成功": "paid", "失败": "failed", "处理中": "pending"}
ANSWER_COLUMNS = (
    "序号", "账号", "户名", "应处理金额", "实处理金额", "处理标志", "返回码", "失败原因", "银行流水号", "处理日期",
)  # fmt: skip
RETURN_COLUMNS = ("原序号", "原批次", "账号", "户名", "金额", "退回日期", "退回原因")
_UNIT_MARK = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class BankLine:
    """What became of one payment. `row` is the line of the file, from 1; `number` the 序号 of the 代发文件.

    `asked_fen` and `done_fen`: 应处理金额 and 实处理金额; `processed_on` None while it is pending.
    """

    row: int
    number: int
    account: str = field(repr=False)
    name: str = field(repr=False)
    asked_fen: int
    done_fen: int
    state: State
    code: str
    reason: str
    flow: str
    processed_on: date | None


@dataclass(frozen=True, slots=True)
class BankAnswer:
    """A 回盘文件 that agrees with itself.

    `total_fen` is that of 应处理金额; `stated_on` and `unit_code` come from the header line of profile `pipe`.
    """

    file: str
    sha256: str
    profile: Profile
    count: int
    total_fen: int
    lines: tuple[BankLine, ...]
    stated_on: date | None = None
    unit_code: str | None = None


@dataclass(frozen=True, slots=True)
class BankReturn:
    """One payment that came back later (退票): `number` and `batch` are those of the 代发文件."""

    row: int
    number: int
    batch: str
    account: str = field(repr=False)
    name: str = field(repr=False)
    amount_fen: int
    returned_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class BankReturns:
    """A 退票 file that agrees with itself; it may have no line at all."""

    file: str
    sha256: str
    profile: Profile
    count: int
    total_fen: int
    lines: tuple[BankReturn, ...]
    stated_on: date | None = None
    unit_code: str | None = None


@dataclass(frozen=True, slots=True)
class _Table:
    """A bank's file taken apart: rows by column name, with their line numbers, and what it states about itself."""

    file: str
    sha256: str
    profile: Profile
    rows: list[tuple[int, dict[str, str]]]
    stated_count: str
    stated_total: str
    stated_done: str
    stated_on: str
    unit_code: str

    def fen(self, text: str) -> int:
        """An amount in the profile's unit; an empty cell is no amount."""
        if self.profile == "pipe":
            return money.fen_from_fen_text(text)
        fen = money.fen_from_text(text)
        if fen is None:
            raise BadValue("amount_not_a_number")
        return fen


def read_answer(path: Path | str) -> BankAnswer:
    """Reads a 回盘文件 of either profile, in UTF-8 or GB18030.

    Refuses whole, with `file` and where it can `row` and `column`: `file_missing`, `file_empty`, `bank_file_encoding`,
    `bank_file_unreadable`, `bank_file_line_repeated`, `bank_file_line_contradicts_itself`, `bank_file_count_differs`,
    `bank_file_total_differs`.
    """
    table = _take_apart(path, ANSWER_COLUMNS, "应处理金额", "实处理金额")
    lines = []
    for row, cells in table.rows:
        column = ""
        try:
            column = "处理标志"
            state = STATES.get(compact(cells[column]))
            if state is None:
                raise BadValue("value_unknown")
            column = "序号"
            number = choices.whole_number(cells[column])
            column = "账号"
            account = cards.account_number(cells[column])
            column = "应处理金额"
            asked = table.fen(cells[column])
            column = "实处理金额"
            done = table.fen(cells[column])
            column = "处理日期"
            day = dates.date_from_text(cells[column])
        except BadValue as problem:
            raise _unreadable(table.file, row, column, problem.code) from None
        if number is None or not account:
            raise _unreadable(table.file, row, "账号" if number else "序号", "required_missing")
        if done != (asked if state == "paid" else 0):
            raise Refused("bank_file_line_contradicts_itself", file=table.file, row=row, column="实处理金额")
        lines.append(
            BankLine(
                row,
                number,
                account,
                person_name(cells["户名"]),
                asked,
                done,
                state,
                compact(cells["返回码"]),
                prose(cells["失败原因"]),
                compact(cells["银行流水号"]),
                day,
            )
        )
    _none_repeated(table, [(line.row, str(line.number)) for line in lines])
    asked, done = sum(line.asked_fen for line in lines), sum(line.done_fen for line in lines)
    count, total = _agrees(table, len(lines), asked, done)
    return BankAnswer(
        table.file, table.sha256, table.profile, count, total, tuple(lines), _day(table), table.unit_code or None
    )


def read_returns(path: Path | str) -> BankReturns:
    """Reads a 退票 file of either profile. Refuses as `read_answer`."""
    table = _take_apart(path, RETURN_COLUMNS, "金额", "")
    lines = []
    for row, cells in table.rows:
        column = ""
        try:
            column = "原序号"
            number = choices.whole_number(cells[column])
            column = "账号"
            account = cards.account_number(cells[column])
            column = "金额"
            amount = table.fen(cells[column])
            column = "退回日期"
            day = dates.date_from_text(cells[column])
        except BadValue as problem:
            raise _unreadable(table.file, row, column, problem.code) from None
        if number is None or not account or day is None:
            missing = "原序号" if number is None else "退回日期" if account else "账号"
            raise _unreadable(table.file, row, missing, "required_missing")
        batch = cells["原批次"].strip()
        name, reason = person_name(cells["户名"]), prose(cells["退回原因"])
        lines.append(BankReturn(row, number, batch, account, name, amount, day, reason))
    _none_repeated(table, [(line.row, f"{line.batch}|{line.number}") for line in lines])
    count, total = _agrees(table, len(lines), sum(line.amount_fen for line in lines), None)
    return BankReturns(
        table.file, table.sha256, table.profile, count, total, tuple(lines), _day(table), table.unit_code or None
    )


def _take_apart(path: Path | str, columns: Sequence[str], amount: str, done: str) -> _Table:
    given = str(path)
    content = read_bytes(Path(path), given)
    text, _ = decode(content, given, "bank_file_encoding")
    digest = hashlib.sha256(content).hexdigest()
    numbered = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not numbered:
        raise Refused("file_empty", file=given)
    if "|" in numbered[0][1]:
        return _take_pipe_apart(given, digest, numbered, columns)
    return _take_csv_apart(given, digest, text, columns, amount, done)


def _take_pipe_apart(given: str, digest: str, numbered: list[tuple[int, str]], columns: Sequence[str]) -> _Table:
    lines = [(number, [part.strip() for part in line.split("|")]) for number, line in numbered]
    if _name(lines[0][1][0]) == "日期":
        lines.pop(0)
    if not lines or len(lines[0][1]) < 4:
        raise _unreadable(given, numbered[0][0], None, "header_missing")
    stated = lines.pop(0)[1]
    names = list(columns)
    if lines and _name(lines[0][1][0]) == columns[0]:
        names = [_name(part) for part in lines.pop(0)[1]]
    _all_there(given, names, columns)
    rows = [(number, _row(given, number, names, parts)) for number, parts in lines]
    return _Table(given, digest, "pipe", rows, stated[2], stated[3], "", stated[0], stated[1])


def _take_csv_apart(
    given: str, digest: str, text: str, columns: Sequence[str], amount: str, done: str
) -> _Table:
    try:
        lines = list(enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), 1))
    except csv.Error:
        raise _unreadable(given, None, None, "quotation_marks") from None
    lines = [(number, line) for number, line in lines if any(cell.strip() for cell in line)]
    start = next((place for place, (_, line) in enumerate(lines) if "账号" in map(_name, line)), None)
    if start is None:
        raise _unreadable(given, None, "账号", "column_missing")
    names = [_name(cell) for cell in lines[start][1]]
    _all_there(given, names, columns)
    rows: list[tuple[int, dict[str, str]]] = []
    for place, (number, line) in enumerate(lines[start + 1 :], start + 1):
        if any(symbols(cell).startswith("合计") for cell in line[:3]):
            if place != len(lines) - 1:  # rows below the total would be paid and not counted
                raise _unreadable(given, lines[place + 1][0], None, "rows_after_total")
            closing = _row(given, number, names, line)
            stated_count = "".join(re.findall(r"[0-9]+", symbols(line[1]))) if len(line) > 1 else ""
            stated_done = closing.get(done, "")
            return _Table(given, digest, "csv-gb18030", rows, stated_count, closing[amount], stated_done, "", "")
        rows.append((number, _row(given, number, names, line)))
    raise _unreadable(given, None, None, "total_missing")  # a file cut off half-way looks exactly like this


def _name(cell: str) -> str:
    return _UNIT_MARK.sub("", symbols(cell))


def _all_there(given: str, names: Sequence[str], columns: Sequence[str]) -> None:
    missing = [column for column in columns if column not in names]
    if missing:
        raise _unreadable(given, None, missing[0], "column_missing")
    if len(set(names)) != len(names):
        raise _unreadable(given, None, None, "column_repeated")


def _row(given: str, number: int, names: Sequence[str], parts: Sequence[str]) -> dict[str, str]:
    if len(parts) != len(names):
        raise _unreadable(given, number, None, "cells_missing" if len(parts) < len(names) else "cells_too_many")
    return dict(zip(names, parts, strict=True))


def _none_repeated(table: _Table, lines: list[tuple[int, str]]) -> None:
    first: dict[str, int] = {}
    for row, key in lines:
        if key in first:
            raise Refused("bank_file_line_repeated", file=table.file, row=row, first_row=first[key])
        first[key] = row


def _agrees(table: _Table, count: int, total: int, done: int | None) -> tuple[int, int]:
    stated_count = symbols(table.stated_count)
    if not stated_count.isdigit():
        raise _unreadable(table.file, None, "总笔数", "count_missing")
    if int(stated_count) != count:
        raise Refused("bank_file_count_differs", file=table.file, stated=int(stated_count), counted=count)
    try:
        stated_total = table.fen(table.stated_total)
        stated_done = table.fen(table.stated_done) if table.stated_done.strip() else None
    except BadValue as problem:
        raise _unreadable(table.file, None, "总金额", problem.code) from None
    if stated_total != total:
        raise Refused("bank_file_total_differs", file=table.file, stated_fen=stated_total, counted_fen=total)
    if stated_done is not None and done is not None and stated_done != done:
        raise Refused("bank_file_total_differs", file=table.file, stated_fen=stated_done, counted_fen=done)
    return count, total


def _day(table: _Table) -> date | None:
    try:
        return dates.date_from_text(table.stated_on)
    except BadValue as problem:
        raise _unreadable(table.file, None, "日期", problem.code) from None


def _unreadable(given: str, row: int | None, column: str | None, reason: str) -> Refused:
    return Refused("bank_file_unreadable", file=given, row=row, column=column, reason=reason)
