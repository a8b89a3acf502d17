"""Lives plan S0's year through the command line, in the order the data set's README fixes, and keeps every answer.

The bank here pays whatever it is asked to, as the audit's truth assumes; failing banks are the business of other tests.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from mingzhang.cli.demo.paying import pay_everybody
from tests.conftest import INPUT, TRUTHS
from tests.stories.player import Player

COLLEGE = INPUT / "fuxin-2020"
TRUTH: dict[str, Any] = json.loads((TRUTHS / "fuxin-2020" / "truth.json").read_text(encoding="utf-8"))
AUDIT: dict[str, Any] = json.loads((TRUTHS / "audit" / "truth.json").read_text(encoding="utf-8"))
TERMS = ("spring", "autumn")
OPENED = {"spring": "2020-03-02", "autumn": "2020-10-09"}
PREPARED = {"spring": "2020-04-24", "autumn": "2020-11-19"}
GRANT = "fuxin-2020.grant"


@dataclass
class Year:
    """`files` and `paid` hold the answers of the commands by path and by term; the rest is asked when it is wanted."""

    player: Player
    folder: Path
    files: dict[str, Any] = field(default_factory=dict)
    registers: dict[str, list[Any]] = field(default_factory=dict)
    applied: dict[str, Any] = field(default_factory=dict)
    reviewed: dict[str, Any] = field(default_factory=dict)
    approved: dict[str, Any] = field(default_factory=dict)
    cleared: dict[str, list[Any]] = field(default_factory=dict)
    prepared: dict[str, Any] = field(default_factory=dict)
    answered: dict[str, Any] = field(default_factory=dict)


def live(folder: Path) -> Year:
    """The whole year, on a new rehearsal ledger in `folder`."""
    year = Year(Player(folder / "ledger"), folder)
    year.player.play("init", "--rehearsal", "--plan", "fuxin-2020", actor="administrator", at="2020-03-02T08:00:00")
    year.registers["staff"] = year.player.play(
        "staff", "import", str(COLLEGE / "教职工.xlsx"), actor="administrator", at="2020-03-02T08:10:00"
    )["files"]
    for term in TERMS:
        _survey(year, term)
        _decide(year, term)
        _pay(year, term)
        period = TRUTH["rounds"][term]["round"]
        year.player.play("survey", "close", "--round", period, actor="clerk", at=f"{TRUTH['rounds'][term]['pay_date']}T20:00:00")
    _registers(year, "2020-12-31")
    return year


def _registers(year: Year, day: str) -> None:
    """What the school had admitted and registered by that day."""
    files = [str(COLLEGE / name) for name in ("学籍名册.xlsx", "学籍异动.xlsx")]
    words = ["student", "import", *files, "--registered-until", day]
    year.registers[day] = year.player.play(*words, actor="clerk", at=f"{day}T08:20:00")["files"]


def _survey(year: Year, term: str) -> None:
    truth = TRUTH["rounds"][term]
    round_id, play = truth["round"], year.player.play
    _registers(year, OPENED[term])
    play("survey", "open", round_id, actor="clerk", at=f"{OPENED[term]}T09:00:00")
    waiting = sorted(truth["files"], key=lambda file: (file["received_on"], file["path"]))
    for number, stage in enumerate(truth["stages"]):
        while waiting and waiting[0]["received_on"] <= stage["as_of"]:
            _take(year, waiting.pop(0), round_id)
        if number == 1:
            for unit in stage["units"]:
                play("survey", "submit", "--round", round_id, "--unit", unit, actor="surveyor", at=f"{stage['as_of']}T15:00:00")
            play("survey", "consolidate", "--round", round_id, actor="clerk", at=f"{stage['as_of']}T16:00:00")
        if number:
            reason = ["--reason", "月末清点"] if number > 1 else []
            play("survey", "report", "--round", round_id, *reason, actor="clerk", at=f"{stage['as_of']}T17:00:00")


def _take(year: Year, about: dict[str, Any], round_id: str) -> None:
    verb = "correct" if about["kind"] == "correction" else "import"
    words = ["survey", verb, str(COLLEGE / about["path"]), "--round", round_id, "--accept-valid"]
    words += ["--unit", about["unit"]] if about["unit"] else []
    words += ["--copy-to", str(year.folder / "exports")] if verb == "import" else []
    said = year.player.run(*words, actor="surveyor", at=f"{about['received_on']}T10:00:00")
    year.files[about["path"]] = {"exit": said.code, **said.document}


def _decide(year: Year, term: str) -> None:
    about = ["--scheme", "grant", "--period", TRUTH["rounds"][term]["round"]]
    day = TRUTH["rounds"][term]["stages"][-1]["as_of"]
    year.applied[term] = year.player.play("application", "submit", *about, actor="applicant-clerk", at=f"{day}T18:00:00")
    year.reviewed[term] = year.player.play("application", "review", *about, actor="reviewer", at=f"{day}T18:30:00")
    year.approved[term] = year.player.play("award", "approve", *about, actor="approver", at=f"{day}T19:00:00")


def _answer_for_all_accounts(year: Year, period: str, term: str, day: str) -> None:
    """A careless office: every doubtful account is cleared, so that the money goes where the audit's truth finds it."""
    for row in year.player.ask("account", "list", "--doubtful", "--period", period, at=f"{day}T08:30:00"):
        for doubt in row["doubts"]:
            words = ["account", "clear", row["student"], "--code", doubt["code"], "--account-from", row["account_from"], "--reason", "属实"]
            year.cleared.setdefault(term, []).append(year.player.play(*words, actor="reviewer", at=f"{day}T08:40:00"))


def _pay(year: Year, term: str) -> None:
    truth, day, play = TRUTH["rounds"][term], PREPARED[term], year.player.play
    fund, batch = f"fund-{term}", f"batch-{term}"
    amount = str(truth["grant"]["total_fen"] // 100)
    play("fund", "open", fund, "--title", "资助", "--year", "2020", "--scheme", "grant", actor="treasurer", at=f"{day}T08:00:00")
    play("fund", "arrive", fund, "--amount", amount, "--source", "上级资助中心", actor="treasurer", at=f"{day}T08:10:00")
    _registers(year, day)
    _answer_for_all_accounts(year, truth["round"], term, day)
    about = ["--scheme", "grant", "--period", truth["round"], "--fund", fund, "--pay-on", truth["pay_date"], "--batch", batch]
    year.prepared[term] = play("payment", "prepare", *about, actor="preparer", at=f"{day}T09:00:00")
    play("payment", "check", batch, actor="checker", at=f"{day}T10:00:00")
    play("payment", "release", batch, actor="releaser", at=f"{day}T11:00:00")
    sent = year.folder / "exports" / f"代发-{batch}.csv"
    sent.parent.mkdir(exist_ok=True)
    profile = ["--bank-profile", "csv-gb18030", "--out", str(sent)]
    play("payment", "export", batch, *profile, actor="cashier", at=f"{day}T14:00:00")
    back = pay_everybody(sent, date.fromisoformat(truth["pay_date"]))
    words = ["payment", "reconcile", str(back), "--batch", batch]
    year.answered[term] = play(*words, actor="cashier", at=f"{truth['pay_date']}T17:00:00")
