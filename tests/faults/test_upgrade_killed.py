"""An upgrade that is killed at any of its writes leaves a ledger that the next one upgrades, with every event as it was."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import TRUTHS
from tests.faults import whole
from tests.faults.boundaries import journal_and_vault, killed_before, writes_of
from tests.stories import log
from tests.stories.player import Player
from tests.stories.practice import command

AT = "2020-12-31T10:00:00"
PART, PARTS = range(4), 4

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("strace")]


def older(to: Path) -> Player:
    shutil.copytree(TRUTHS / "format-1" / "rehearsal", to)
    (to / "keys").chmod(0o700)
    (to / "keys" / "master.key").chmod(0o600)
    return Player(to)


def files(ledger: Path) -> list[Path]:
    return [*journal_and_vault(ledger), ledger / "ledger.json", ledger / "upgrading", ledger / "keys" / "practice.key"]


@pytest.fixture(scope="module")
def writes(tmp_path_factory: pytest.TempPathFactory) -> Counter[str]:
    """How often an upgrade changes the ledger's files."""
    player = older(tmp_path_factory.mktemp("counted") / "ledger")
    counted = writes_of(command(player, "upgrade", actor="administrator", at=AT), files(player.ledger))
    assert counted["pwrite64"] > 10 and sum(counted[call] for call in ("rename", "renameat", "renameat2")) == 1, counted
    return counted


@pytest.mark.parametrize("part", PART)
def test_an_upgrade_killed_before_any_of_its_writes_is_done_by_the_next_one(writes: Counter[str], tmp_path: Path, part: int) -> None:
    events = log.rows(TRUTHS / "format-1" / "rehearsal")
    boundaries = [(call, number) for call, count in sorted(writes.items()) for number in range(1, count + 1)]
    kills = 0
    for call, number in boundaries[part::PARTS]:
        player = older(tmp_path / f"{call}-{number}")
        kills += killed_before(command(player, "upgrade", actor="administrator", at=AT), files(player.ledger), call, number)
        player.play("upgrade", actor="administrator", at=AT)
        after = log.rows(player.ledger)
        assert after[: len(events)] == events
        assert sum(row.topic == "ledger.signing_begun" for row in after) == 1
        assert whole.problems(player.ledger) == []
        assert format_of(player) == 2
    assert kills == len(boundaries[part::PARTS])


def format_of(player: Player) -> int:
    return int(json.loads((player.ledger / "ledger.json").read_text())["format"])
