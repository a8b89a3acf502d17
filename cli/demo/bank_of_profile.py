"""The rehearsal bank speaks any bank's layout: it reads an order by its profile and answers it in the same one.

What becomes of each payment, and every way of spoiling an answer, is as in `bank_sim`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from ..bankfiles.orders import amount_text, day_text, text_of
from ..bankfiles.profile import AnswerLayout, BankProfile, ReturnedLayout
from ..bankfiles.table import fen_of, lines_of
from . import bank_sim


def answer_order(
    file: Path,
    profile: BankProfile,
    *,
    out: Path | None = None,
    on: date | None = None,
    batch: str | None = None,
    later_returns: bool = False,
    spoil: str = "none",
) -> list[Path]:
    """As `bank_sim.answer_order`. Raises ValueError (also for an amount or a text that cannot be read) and LookupError."""
    text = file.read_bytes().decode(profile.codec)
    asked = _asked(text, profile)
    day = on or date(2020, 4, 27)
    answers = [bank_sim.answer(one, day) for one in asked]
    more_rows, more_fen = bank_sim.tamper(spoil, answers)
    mark = bank_sim.REHEARSAL if bank_sim.REHEARSAL in text else ""
    folder = out or file.parent
    folder.mkdir(parents=True, exist_ok=True)
    name = file.stem.removeprefix("代发-").removeprefix("代发文件-")
    rows = [_answer_row(one, profile, day) for one in answers]
    totals = {
        "{count}": str(len(answers) + more_rows),
        "{amount}": amount_text(sum(one.asked for one in answers) + more_fen, profile),
        "{done}": amount_text(sum(one.done for one in answers), profile),
        "{date}": day_text(day, profile.dates[0]),
    }
    stated = {**totals, "{unit}": _unit(text, profile)}
    written = [folder / f"回盘-{name}{profile.file_ending}"]
    written[0].write_bytes(_file(profile, profile.answer, rows, stated, mark))
    if later_returns:
        back = [one for one in answers if one.state == "成功" and bank_sim.chance("return", one.account) < 0.01]
        stated |= {"{count}": str(len(back)), "{amount}": amount_text(sum(one.asked for one in back), profile)}
        rows = [_returned_row(one, profile, batch or file.stem, day) for one in back]
        written.append(folder / f"退票-{name}{profile.file_ending}")
        written[1].write_bytes(_file(profile, profile.returned, rows, stated, mark))
    return written


def _asked(text: str, profile: BankProfile) -> list[bank_sim.Asked]:
    lines, order = [line for _number, line in lines_of(text, profile)], profile.order
    if order.control is not None and order.control.at == "bottom":
        lines.pop()
    elif order.control is not None:
        lines = lines[1 + order.control.names_written :]
    if order.column_names == "always":
        lines.pop(0)
    places = {column.holds: place for place, column in enumerate(order.columns)}
    number, account, name, amount = (places[holds] for holds in ("number", "account", "name", "amount"))
    return [bank_sim.Asked(line[number], line[account], line[name], fen_of(line[amount], profile)) for line in lines]


def _unit(text: str, profile: BankProfile) -> str:
    """The unit as the order states it above its rows; a bank repeats it."""
    control = profile.order.control
    if control is None or control.at == "bottom" or (at := control.place("{unit}")) is None:
        return ""
    return lines_of(text, profile)[int(control.names_written)][1][at]


def _answer_row(one: bank_sim.Answer, profile: BankProfile, day: date) -> dict[str, str]:
    words = {"成功": profile.states.paid, "失败": profile.states.failed, "处理中": profile.states.pending or profile.states.failed}
    return {
        "number": one.number,
        "account": one.account,
        "name": one.name,
        "asked": amount_text(one.asked, profile),
        "done": amount_text(one.done, profile),
        "state": words[one.state][0],
        "code": one.code,
        "reason": one.reason,
        "bank_ref": one.flow,
        "processed_on": day_text(day, profile.dates[0]) if one.day else "",
    }


def _returned_row(one: bank_sim.Answer, profile: BankProfile, batch: str, day: date) -> dict[str, str]:
    return {
        "number": one.number,
        "batch": batch,
        "account": one.account,
        "name": one.name,
        "amount": amount_text(one.asked, profile),
        "returned_on": day_text(date.fromordinal(day.toordinal() + 3), profile.dates[0]),
        "reason": bank_sim.RETURNS[int(bank_sim.chance("why", one.account) * len(bank_sim.RETURNS))],
    }


def _file(
    profile: BankProfile, layout: AnswerLayout | ReturnedLayout, found: Sequence[dict[str, str]], stated: dict[str, str], mark: str
) -> bytes:
    rows = [[row[column.holds] for column in layout.columns] for row in found]
    if layout.column_names == "always":
        rows.insert(0, [column.name for column in layout.columns])
    control = layout.control
    if control is not None:
        cells = [stated.get(cell, cell) for cell in control.cells]
        if control.at == "top":
            rows.insert(0, [*cells, mark] if mark else cells)
            if control.names_written:
                rows.insert(0, list(control.names))
        else:
            rows.append([*cells[:-1], mark] if mark and control.cells[-1] == "" else cells)
    return text_of(rows, profile).encode(profile.codec)
