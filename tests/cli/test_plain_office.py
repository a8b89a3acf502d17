"""A ledger begun without a plan takes one later: its units lie below the office, and the office's administrator appoints there."""

from __future__ import annotations

from pathlib import Path

from tests.stories.player import Player


def test_a_plan_adopted_later_puts_its_units_below_the_office(tmp_path: Path) -> None:
    player = Player(tmp_path / "ledger")
    player.play("init", "--unit", "县教育局", "--administrator", "zhao")
    player.play("plan", "adopt", "fuxin-2020", actor="zhao")
    player.play("staff", "appoint", "wang", "--role", "surveyor", "--unit", "师范系", actor="zhao")
    units = {row["unit_id"]: row["under"] for row in player.play("unit", "list")}
    assert (units["bureau"], units["college"], units["office"]) == ("office", "bureau", None)
