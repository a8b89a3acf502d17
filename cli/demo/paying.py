"""Money in the demonstrations: a fund that gets what was awarded, a batch by different people, and a bank that pays every row.

A bank that fails now and then is the business of plan S0's demonstration, and of `payment rehearse`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from ..i18n import _
from ..output import yuan
from . import bank_sim
from .stage import Stage


@dataclass(frozen=True)
class Money:
    """One programme's money, with the title of its fund: who pays it, whence and on what day; `signed` for a 签领表 instead of a bank."""

    title: str
    scheme: str
    period: str
    fund: str
    unit: str
    source: str
    year: str
    day: str
    signed: bool


def pay_awarded(stage: Stage, money: Money) -> dict[str, Any]:
    """The money arrives in full and everybody awarded is paid, on one day; gives the answers by step."""
    about = ["--scheme", money.scheme, "--period", money.period]
    awards = stage.ask("application", "list", *about, "--stand", "approved")
    fen = sum(award["amount_fen"] for award in awards)
    opening = ["fund", "open", money.fund, "--title", money.title, "--year", money.year, "--scheme", money.scheme, "--unit", money.unit]
    stage.play(*opening, actor="treasurer", at=f"{money.day}T08:00:00")
    arriving = ["fund", "arrive", money.fund, "--amount", yuan(fen).replace(",", ""), "--source", money.source]
    stage.play(*arriving, actor="treasurer", at=f"{money.day}T08:10:00")
    return _batch(stage, money, about)


def _batch(stage: Stage, money: Money, about: list[str]) -> dict[str, Any]:
    day, batch = money.day, f"batch-{money.fund}"
    words = ["payment", "prepare", *about, "--fund", money.fund, "--pay-on", day, "--batch", batch]
    prepared = stage.play(*words, actor="preparer", at=f"{day}T09:00:00")
    said = _("  {payments} payments, {amount} yuan; left out: {excluded}")
    stage.say(said.format(payments=prepared["payments"], amount=yuan(prepared["amount_fen"]), excluded=len(prepared["excluded"])))
    stage.play("payment", "check", batch, actor="checker", at=f"{day}T10:00:00")
    stage.play("payment", "release", batch, actor="releaser", at=f"{day}T11:00:00")
    sent = stage.folder / (f"签领表-{batch}.xlsx" if money.signed else f"代发-{batch}.csv")
    profile = ["--bank-profile", "sign-list" if money.signed else "csv-gb18030", "--out", str(sent)]
    stage.play("payment", "export", batch, *profile, actor="cashier", at=f"{day}T14:00:00")
    if money.signed:
        paid = stage.play("payment", "receipts", batch, str(sent), actor="cashier", at=f"{day}T17:00:00")
        stage.say(_("  {count} signed for {amount} yuan").format(count=paid["signed"], amount=yuan(paid["amount_fen"])))
    else:
        back = pay_everybody(sent, date.fromisoformat(day))
        paid = stage.play("payment", "reconcile", str(back), "--batch", batch, actor="cashier", at=f"{day}T17:00:00")
        stage.say(_("  paid {paid}, failed {failed}, pending {pending}; {amount} yuan").format(**paid, amount=yuan(paid["amount_fen"])))
    return {"prepared": prepared, "paid": paid, "sent": sent}


def pay_everybody(sent: Path, day: date) -> Path:
    """The answer of a bank that pays every row of the 代发文件 it was sent, written beside it."""
    order = bank_sim.Order(sent)
    answers = [replace(bank_sim.answer(row, day), state="成功", code="0000", reason="") for row in order.rows]
    rows = [
        [one.number, one.account, one.name, order.money(one.asked), order.money(one.asked), one.state, one.code, "",
         f"{day:%Y%m%d}{number:010d}", day.isoformat()]
        for number, one in enumerate(answers, start=1)
    ]  # fmt: skip
    total = order.money(sum(one.asked for one in answers))
    back = sent.with_name(sent.name.replace("代发", "回盘"))
    order.write(back, bank_sim.BACK, rows, [], ["合计", str(len(rows)), "", total, total, "", "", "", "", ""])
    return back
