"""A bank's file is believed only if count, total and rows agree with one another; otherwise it is refused whole.

WORKBOOKS.md, "Bank files": 回盘文件 and 退票, in the layout of the 代发文件. Whether a file answers *this* batch is
not judged here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from mingzhang.domain.refusal import Refused
from mingzhang.domain.values import cards, choices
from mingzhang.domain.values.bad_value import BadValue
from mingzhang.domain.values.text import compact, person_name, prose, symbols

from .profile import BankProfile, State
from .table import BankTable, day_of, fen_of, take_apart, unreadable

_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_ACCOUNT = re.compile(r"[0-9]{6,32}")


@dataclass(slots=True)
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

    `total_fen` is that of 应处理金额; `stated_on` and `unit_code` are None where the bank does not state them.
    """

    file: str
    sha256: str
    profile: str
    count: int
    total_fen: int
    lines: tuple[BankLine, ...]
    stated_on: date | None = None
    unit_code: str | None = None


@dataclass(slots=True)
class BankReturn:
    """One payment that came back later (退票): `number` and `batch` are those of the 代发文件; batch "" where the bank names none."""

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
    profile: str
    count: int
    total_fen: int
    lines: tuple[BankReturn, ...]
    stated_on: date | None = None
    unit_code: str | None = None


def read_answer(content: bytes, file: str, profile: BankProfile, parts: Mapping[int, int] | None = None) -> BankAnswer:
    """Reads a 回盘文件 as the profile describes it; `file` is its name in what is refused. parts: by their number, the fen that are on
    record as a part of what was asked for; nothing else may be called paid and be less.

    Refuses whole, with `file` and where it can `row` and `column`: `file_empty`, `bank_file_encoding`,
    `bank_file_unreadable`, `bank_file_line_repeated`, `bank_file_line_contradicts_itself`, `bank_file_count_differs`,
    `bank_file_total_differs`.
    """
    table = take_apart(content, file, profile, profile.answer)
    number_at, account_at, name_at, state_at = map(table.place, ("number", "account", "name", "state"))
    asked_at, done_at, day_at = map(table.place, ("asked", "done", "processed_on"))
    code_at, reason_at, flow_at = map(table.place, ("code", "reason", "bank_ref"))
    words: dict[str, State] = dict(profile.states.meaning)
    days: dict[str, date | None] = {"": None}
    lines = []
    for row, cells in table.rows:
        holds = "state"
        try:
            state = words.get(cells[state_at]) or words.get(compact(cells[state_at]))
            if state is None:
                raise BadValue("value_unknown")
            holds = "number"
            number = _number(cells[number_at])
            holds = "account"
            account = _account(cells[account_at])
            holds = "asked"
            asked = fen_of(cells[asked_at], profile)
            holds = "done"
            done = fen_of(cells[done_at], profile) if done_at >= 0 else asked if state == "paid" else 0
            holds = "processed_on"
            day = _day(cells[day_at], days, profile) if day_at >= 0 else None
        except BadValue as problem:
            raise unreadable(table.file, row, profile.answer.name_of(holds), problem.code) from None
        if done != (asked if state == "paid" else 0) and not (state == "paid" and parts and parts.get(number) == done):
            raise Refused("bank_file_line_contradicts_itself", file=table.file, row=row, column=profile.answer.name_of("done"))
        lines.append(
            BankLine(
                row,
                number,
                account,
                person_name(cells[name_at]),
                asked,
                done,
                state,
                _word(cells[code_at]) if code_at >= 0 else "",
                prose(cells[reason_at]) if reason_at >= 0 and cells[reason_at] else "",
                _word(cells[flow_at]) if flow_at >= 0 else "",
                day,
            )
        )
    _none_repeated(table, ((line.row, line.number) for line in lines))
    total, done_fen = sum(line.asked_fen for line in lines), sum(line.done_fen for line in lines)
    _agrees(table, len(lines), total, done_fen)
    return BankAnswer(
        table.file, table.sha256, profile.code, len(lines), total, tuple(lines), _stated_day(table), table.stated_unit or None
    )


def read_returns(content: bytes, file: str, profile: BankProfile) -> BankReturns:
    """Reads a 退票 file as the profile describes it. Refuses as `read_answer`."""
    table = take_apart(content, file, profile, profile.returned)
    number_at, account_at, name_at, batch_at = map(table.place, ("number", "account", "name", "batch"))
    amount_at, day_at, reason_at = map(table.place, ("amount", "returned_on", "reason"))
    days: dict[str, date | None] = {"": None}
    lines = []
    for row, cells in table.rows:
        holds = "number"
        try:
            number = _number(cells[number_at])
            holds = "account"
            account = _account(cells[account_at])
            holds = "amount"
            amount = fen_of(cells[amount_at], profile)
            holds = "returned_on"
            day = _day(cells[day_at], days, profile)
            if day is None:
                raise BadValue("required_missing")
        except BadValue as problem:
            raise unreadable(table.file, row, profile.returned.name_of(holds), problem.code) from None
        batch = cells[batch_at].strip() if batch_at >= 0 else ""
        name, reason = person_name(cells[name_at]), prose(cells[reason_at]) if reason_at >= 0 else ""
        lines.append(BankReturn(row, number, batch, account, name, amount, day, reason))
    _none_repeated(table, ((line.row, (line.batch, line.number)) for line in lines))
    total = sum(line.amount_fen for line in lines)
    _agrees(table, len(lines), total, None)
    return BankReturns(
        table.file, table.sha256, profile.code, len(lines), total, tuple(lines), _stated_day(table), table.stated_unit or None
    )


def _word(text: str) -> str:
    """As `compact`; what is made of letters and digits alone is so already."""
    return text if text.isascii() and text.isalnum() else compact(text)


def _number(text: str) -> int:
    if _NUMBER.fullmatch(text):
        return int(text)
    number = choices.whole_number(text)
    if number is None:
        raise BadValue("required_missing")
    return number


def _account(text: str) -> str:
    account = text if _ACCOUNT.fullmatch(text) else cards.account_number(text)
    if not account:
        raise BadValue("required_missing")
    return account


def _day(text: str, known: dict[str, date | None], profile: BankProfile) -> date | None:
    """A file has few days and many rows: each is read once."""
    if text not in known:
        known[text] = day_of(text, profile)
    return known[text]


def _none_repeated(table: BankTable, lines: Iterable[tuple[int, object]]) -> None:
    first: dict[object, int] = {}
    for row, key in lines:
        if first.setdefault(key, row) != row:
            raise Refused("bank_file_line_repeated", file=table.file, row=row, first_row=first[key])


def _agrees(table: BankTable, count: int, total: int, done: int | None) -> None:
    """What the file states about itself fits its rows; a bank without a control line states nothing."""
    if table.stated_count is not None:
        stated_count = "".join(re.findall(r"[0-9]+", symbols(table.stated_count)))
        if not stated_count:
            raise unreadable(table.file, None, "总笔数", "count_missing")
        if int(stated_count) != count:
            raise Refused("bank_file_count_differs", file=table.file, stated=int(stated_count), counted=count)
    for stated, counted in ((table.stated_amount, total), (table.stated_done or None, done)):
        if stated is None or counted is None:
            continue
        try:
            stated_fen = fen_of(stated, table.profile)
        except BadValue as problem:
            raise unreadable(table.file, None, "总金额", problem.code) from None
        if stated_fen != counted:
            raise Refused("bank_file_total_differs", file=table.file, stated_fen=stated_fen, counted_fen=counted)


def _stated_day(table: BankTable) -> date | None:
    try:
        return day_of(table.stated_on or "", table.profile)
    except BadValue as problem:
        raise unreadable(table.file, None, "日期", problem.code) from None
