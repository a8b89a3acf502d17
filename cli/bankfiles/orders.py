"""A 代发文件 says to the bank, line by line and to the fen, what a released batch pays.

WORKBOOKS.md, "Bank files": profile `csv-gb18030` (amounts in yuan, a closing 合计 row) or `pipe` (amounts in fen, a
header line with count and total).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from mingzhang.domain.refusal import Refused
from mingzhang.domain.values.money import yuan_text

Profile = Literal["csv-gb18030", "pipe"]
PROFILES: tuple[Profile, ...] = get_args(Profile)
CSV_COLUMNS = ("序号", "账号", "户名", "金额", "摘要")
PIPE_HEADER = ("日期", "单位编号", "总笔数", "总金额(分)")
PIPE_COLUMNS = ("序号", "户名", "账号", "金额(分)", "摘要")


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One payment to be made: `number` is the 序号 the bank answers with, `amount_fen` whole fen."""

    number: int
    account: str = field(repr=False)
    name: str = field(repr=False)
    amount_fen: int
    purpose: str


def write_order(lines: Sequence[OrderLine], *, profile: Profile, pay_on: date, unit_code: str = "") -> bytes:
    """The bytes of a 代发文件. `pay_on` and `unit_code` (单位编号) are stated in profile `pipe` only.

    Refuses `bank_order_empty`, `bank_order_number_repeated`, and `bank_order_text` (with `number` and `column`) for a
    text that would break the file's lines or that GB18030 cannot hold.
    """
    if not lines:
        raise Refused("bank_order_empty")
    numbers = set()
    for line in lines:
        if line.number in numbers:
            raise Refused("bank_order_number_repeated", number=line.number)
        numbers.add(line.number)
        for column, text in (("账号", line.account), ("户名", line.name), ("摘要", line.purpose)):
            if not _fits(text, profile):
                raise Refused("bank_order_text", number=line.number, column=column)
    total = sum(line.amount_fen for line in lines)
    text = _csv(lines, total) if profile == "csv-gb18030" else _pipe(lines, total, pay_on, unit_code)
    return text.encode("gb18030")


def _fits(text: str, profile: Profile) -> bool:
    if any(ord(character) < 32 for character in text) or (profile == "pipe" and "|" in text):
        return False
    try:
        text.encode("gb18030")
    except UnicodeEncodeError:
        return False
    return True


def _csv(lines: Sequence[OrderLine], total: int) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    # Accounts are written bare: an apostrophe or ="…" would save them from spreadsheets, and hide them from the bank.
    writer.writerows(
        [line.number, line.account, line.name, yuan_text(line.amount_fen), line.purpose] for line in lines
    )
    writer.writerow(["合计", len(lines), "", yuan_text(total), ""])
    return out.getvalue()


def _pipe(lines: Sequence[OrderLine], total: int, pay_on: date, unit_code: str) -> str:
    rows = [
        [f"{pay_on:%Y%m%d}", unit_code, str(len(lines)), str(total)],
        PIPE_COLUMNS,
        *([str(line.number), line.name, line.account, str(line.amount_fen), line.purpose] for line in lines),
    ]
    return "".join("|".join(row) + "\r\n" for row in rows)
