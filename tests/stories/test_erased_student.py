"""A paid student is erased from a year's ledger: every total, balance, trail and proof stays as it was, and only the name is gone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.stories.fuxin_2020 import Year
from tests.stories.in_the_open import in_the_open, standing_in
from tests.stories.player import Player

pytestmark = pytest.mark.slow

DAY = "2021-01-04"
CLASSES = ("vouchers", "bank-statements", "aid-files", "student-files")
QUESTIONS = [
    ("payment", "totals", "--scheme", "grant", "--period", "2020-spring"),
    ("fund", "balances"),
    ("survey", "totals", "--round", "2020-spring"),
    ("survey", "totals", "--round", "2020-autumn"),
    ("periods",),
    ("roster",),
    ("gaps",),
    ("findings",),
]


@pytest.fixture(scope="module")
def player(year: Year, tmp_path_factory: pytest.TempPathFactory) -> Player:
    """The year's ledger, and the office's decision to keep nothing beyond its year."""
    ledger = tmp_path_factory.mktemp("erased") / "ledger"
    shutil.copytree(year.player.ledger, ledger)
    player = Player(ledger)
    for number, one in enumerate(CLASSES):
        player.play("retention", "set", one, "0", "--basis", "测试", actor="privacy-officer", at=f"2021-01-02T09:0{number}:00")
    return player


def asked(player: Player, at: str, known_at: int) -> dict[str, Any]:
    """What every question answers of the same day and the same log size, names left out."""
    found = {}
    for words in QUESTIONS:
        known = () if words[0] == "periods" else ("--on", DAY, "--known-at", str(known_at))
        found[" ".join(words)] = _nameless(player.ask(*words, *known, actor="inspector", at=at))
    return found


def _nameless(said: Any) -> Any:
    if isinstance(said, dict):
        return {name: _nameless(one) for name, one in said.items() if name not in ("name", "message")}
    return [_nameless(one) for one in said] if isinstance(said, list) else said


def paid_student(player: Player) -> tuple[str, str]:
    """Somebody who was paid, and the payment."""
    rows = player.ask("payment", "list", actor="inspector", at=f"{DAY}T08:00:00")
    row = next(row for row in rows if row["stand"] == "paid")
    return row["student"], row["payment"]


def test_everything_but_the_name_stays_as_it_was(player: Player, tmp_path: Path) -> None:
    student, payment = paid_student(player)
    shown = player.ask("student", "show", student, "--reveal", actor="inspector", at=f"{DAY}T08:10:00")
    texts = frozenset({shown["name"], shown["id_number"]})
    size = player.size()
    before = asked(player, f"{DAY}T08:20:00", size)
    trail = _nameless(player.ask("trace", payment, actor="inspector", at=f"{DAY}T08:30:00"))
    note = tmp_path / "checkpoint.txt"
    player.play("checkpoint", "--out", str(note), actor="inspector", at=f"{DAY}T08:40:00")

    words = ("student", "erase", student, "--reason", "监护人书面申请删除", "--basis", "个人信息保护法第四十七条")
    player.play(*words, actor="privacy-officer", at=f"{DAY}T09:00:00")

    assert asked(player, f"{DAY}T09:10:00", size) == before
    assert _nameless(player.ask("trace", payment, actor="inspector", at=f"{DAY}T09:20:00")) == trail
    assert player.ask("student", "show", student, actor="inspector", at=f"{DAY}T09:30:00")["name"] is None
    verified = player.ask("verify", "--against", str(note), at=f"{DAY}T09:40:00")
    assert verified["ok"] and verified["problems"] == []
    assert standing_in(b"\n".join(in_the_open(player.ledger).values()), texts) == []
    table = player._printed([*player._globals("inspector", f"{DAY}T09:50:00"), "roster"])
    assert "〔已删除〕" in table
    assert json.dumps(shown["name"], ensure_ascii=False) not in table


def test_whose_periods_are_over_is_listed_longest_over_first(player: Player) -> None:
    due = player.ask("retention", "due", "--on", "2021-01-04", actor="privacy-officer", at=f"{DAY}T10:00:00")
    days = [row["free_from"] for row in due]
    assert len(days) > 300 and days == sorted(days)
