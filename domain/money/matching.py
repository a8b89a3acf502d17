"""An answer of the bank is matched to what was asked by number, account, name and fen; one that does not fit is refused whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from ..refusal import Refused


class ExpectedLine(NamedTuple):
    """What was asked of the bank: opened from the boxes for the length of one comparison, never stored."""

    number: int
    account: str
    account_name: str
    amount_fen: int


class AnsweredLine(NamedTuple):
    """What the bank answered to line `number`: `asked_fen` repeats the order, `done_fen` is what it moved."""

    number: int
    account: str
    account_name: str
    asked_fen: int
    done_fen: int
    state: Literal["paid", "failed", "pending"]
    row: int


def match_answer(expected: Sequence[ExpectedLine], answered: Sequence[AnsweredLine], *, partial: bool) -> None:
    """Refuses an answer that is not the answer to this order, naming its row.

    In this order: bank_file_line_repeated, bank_file_other_batch (most accounts are others), bank_file_line_unknown,
    bank_file_amount_differs, bank_file_account_differs, bank_file_name_differs, bank_file_line_missing (unless `partial`).
    """
    by_number = {line.number: line for line in expected}
    seen: dict[int, int] = {}
    for line in answered:
        if line.number in seen:
            raise Refused("bank_file_line_repeated", row=line.row, line=line.number, first_row=seen[line.number])
        seen[line.number] = line.row
    strangers = sum(1 for line in answered if line.number not in by_number or by_number[line.number].account != line.account)
    if answered and strangers * 2 > len(answered):
        raise Refused("bank_file_other_batch", strangers=strangers, lines=len(answered))
    for line in answered:
        wanted = by_number.get(line.number)
        if wanted is None:
            raise Refused("bank_file_line_unknown", row=line.row, line=line.number)
        if line.asked_fen != wanted.amount_fen:
            asked, answered_fen = wanted.amount_fen, line.asked_fen
            raise Refused("bank_file_amount_differs", row=line.row, line=line.number, asked_fen=asked, answered_fen=answered_fen)
        if line.account != wanted.account:
            raise Refused("bank_file_account_differs", row=line.row, line=line.number)
        if line.account_name != wanted.account_name:
            raise Refused("bank_file_name_differs", row=line.row, line=line.number)
        if line.done_fen != (wanted.amount_fen if line.state == "paid" else 0):
            asked, answered_fen = wanted.amount_fen, line.done_fen
            raise Refused("bank_file_amount_differs", row=line.row, line=line.number, asked_fen=asked, answered_fen=answered_fen)
    missing = [line.number for line in expected if line.number not in seen]
    if missing and not partial:
        raise Refused("bank_file_line_missing", lines=missing[:20], missing=len(missing))
