"""An older backup brings nobody back into sight: who was restricted or held since is so still, by the list that a later backup carries."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.keeping.ledgers import more
from tests.keeping.test_restore import somebody
from tests.stories.player import Player

SINCE = "2020-03-17T09:0{minute}:00"
AFTER = "2020-03-20T09:00:00"


def privacy(player: Player, *words: str, minute: int = 0, at: str | None = None) -> None:
    player.play("student", *words, "--reason", "监护人书面申请", actor="privacy-officer", at=at or SINCE.format(minute=minute))


@pytest.fixture
def person(player: Player, events: Path, keys: Path) -> str:
    """Restricted and held after both backups were made."""
    person = somebody(player.ledger)
    privacy(player, "restrict", person, "--until", "2051-01-01")
    privacy(player, "hold", person, "--until", "2030-01-01", minute=1)
    return person


@pytest.fixture
def again(player: Player, events: Path, keys: Path, person: str, tmp_path: Path) -> Player:
    """The older backups restored, with the list of a later one."""
    player.play("backup", "--out", str(tmp_path / "later"))
    words = ("--into", str(tmp_path / "again"), "--keys", str(keys), "--erasures", str(tmp_path / "later"))
    said = player.play("restore", str(events), *words)
    assert (said["erased_again"], said["restricted_again"], said["held_again"]) == ([], [person], [person])
    return Player(tmp_path / "again")


def shown(player: Player, person: str, at: str = AFTER) -> object:
    [row] = [row for row in player.play("roster", actor="inspector", at=at) if row["student"] == person]
    return row["name"]


def told(player: Player) -> dict[str, list[str]]:
    return {one["what"]: one["persons"] for one in player.play("student", "erasures", actor="clerk", at=AFTER)}


def test_whoever_was_restricted_after_the_backup_is_not_shown(again: Player, person: str) -> None:
    assert shown(again, person) is None
    assert again.run("student", "show", person, "--reveal", actor="inspector", at=AFTER).refused == "person_restricted"
    assert told(again) == {"restricted_elsewhere": [person], "held_elsewhere": [person]}


def test_whoever_was_held_after_the_backup_is_not_erased(again: Player, person: str) -> None:
    words = ("student", "erase", person, "--reason", "监护人书面申请")
    assert again.run(*words, actor="privacy-officer", at=AFTER).refused == "legal_hold"
    assert again.run(*words, actor="privacy-officer", at="2030-01-01T09:00:00").refused != "legal_hold"


def test_recorded_again_it_is_the_logs_own_and_is_lifted_as_ever(again: Player, person: str) -> None:
    privacy(again, "restrict", person, "--until", "2051-01-01", at="2020-03-18T09:00:00")
    privacy(again, "hold", person, "--until", "open", at="2020-03-18T09:01:00")
    assert told(again) == {"restricted": [person]}
    privacy(again, "unrestrict", person, at="2020-03-18T09:02:00")
    privacy(again, "release", person, at="2020-03-18T09:03:00")
    assert shown(again, person)
    words = ("student", "erase", person, "--reason", "监护人书面申请")
    assert again.run(*words, actor="privacy-officer", at=AFTER).refused == "retention_unset"


def test_a_backup_of_the_restored_ledger_carries_it_on(again: Player, keys: Path, person: str, tmp_path: Path) -> None:
    more(again, 1, at="2020-03-18T09:00:00")
    again.play("backup", "--out", str(tmp_path / "newer"))
    list_of = json.loads((tmp_path / "newer" / "erasures.json").read_bytes())
    assert (list_of["restricted"], list_of["held"]) == ([person], {person: "2030-01-01"})


def test_what_was_lifted_before_the_log_was_backed_up_stays_lifted(player: Player, keys: Path, person: str, tmp_path: Path) -> None:
    """The list beside the keys is older than the log, which tells by itself."""
    player.play("backup", "--keys", "--out", str(tmp_path / "safe" / "keys"))
    privacy(player, "unrestrict", person, minute=2)
    player.play("backup", "--out", str(tmp_path / "later"))
    words = ("--into", str(tmp_path / "again"), "--keys", str(tmp_path / "safe" / "keys"))
    said = player.play("restore", str(tmp_path / "later"), *words)
    assert said["restricted_again"] == []
    assert shown(Player(tmp_path / "again"), person)


@pytest.mark.parametrize("spoilt", [{"size": "1"}, {"size": -1}, {"restricted": "s-1"}, {"held": {"s-1": "some day"}}, {"held": []}])
def test_a_list_that_is_not_as_it_was_written_is_refused(player: Player, events: Path, tmp_path: Path, spoilt: dict[str, object]) -> None:
    file = tmp_path / "list.json"
    file.write_text(json.dumps(json.loads((events / "erasures.json").read_bytes()) | spoilt), encoding="utf-8")
    words = ("restore", str(events), "--into", str(tmp_path / "again"), "--erasures", str(file))
    assert player.run(*words).refused == "erasure_list_format"
