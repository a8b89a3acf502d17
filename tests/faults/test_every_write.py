"""An import that is stopped at any of its writes, by a kill, a full disk or a failing one, leaves whole transactions only, each event with
its leaf; the same command again does the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import whole
from tests.faults.boundaries import journal_and_vault, killed_before, told, writes_of
from tests.stories import log
from tests.stories.player import Player
from tests.stories.practice import DAY, command, copy_of, import_words, new_ledger, survey_file

PERSONS = 5

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("strace")]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Player:
    player = new_ledger(tmp_path_factory.mktemp("practice") / "ledger")
    player.play("status")
    return player


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return survey_file(tmp_path_factory.mktemp("files") / "师范系.xlsx", range(PERSONS))


@pytest.fixture(scope="module")
def writes(template: Player, file: Path, tmp_path_factory: pytest.TempPathFactory) -> Counter[str]:
    """How often the import changes the journal's and the vault's files."""
    player = copy_of(template, tmp_path_factory.mktemp("counted") / "ledger")
    counted = writes_of(command(player, *import_words(file)), journal_and_vault(player.ledger))
    assert counted["pwrite64"] > 20 and counted["fdatasync"] + counted["fsync"] > 2, counted
    return counted


def whole_and_complete_when_run_again(player: Player, file: Path) -> None:
    assert whole.problems(player.ledger) == []
    before = len(log.streams(log.rows(player.ledger), "entry.recorded"))
    assert before in (0, PERSONS)
    assert whole.as_rebuilt(player)
    again = player.play(*import_words(file), actor="surveyor", at=f"{DAY}T11:00:00", codes=(0,))
    assert (again["recorded"], again["files"][0]["already_imported"]) == (PERSONS - before, bool(before))
    assert whole.problems(player.ledger) == []
    assert player.play("survey", "totals", "--round", "2020-spring")["entries"] == PERSONS


PART, PARTS = range(8), 8
"""The writes are dealt out to so many tests, so that several processes share them."""


@pytest.mark.parametrize("part", PART)
def test_an_import_killed_before_any_of_its_writes_leaves_all_or_nothing(
    template: Player, file: Path, writes: Counter[str], tmp_path: Path, part: int
) -> None:
    boundaries = [(call, number) for call, count in sorted(writes.items()) for number in range(1, count + 1)]
    kills = 0
    for call, number in boundaries[part::PARTS]:
        player = copy_of(template, tmp_path / f"{call}-{number}")
        kills += killed_before(command(player, *import_words(file)), journal_and_vault(player.ledger), call, number)
        whole_and_complete_when_run_again(player, file)
    assert kills == len(boundaries[part::PARTS])


@pytest.mark.parametrize(
    ("error", "code", "calls"),
    [
        ("ENOSPC", "disk_full", ("pwrite64", "ftruncate")),
        ("EIO", "disk_failed", ("fdatasync", "fsync")),
    ],
    ids=["a disk that is full from some write on", "a disk that fails to make a write last"],
)
def test_an_import_that_the_disk_will_not_take_says_so_and_leaves_all_or_nothing(
    template: Player, file: Path, writes: Counter[str], tmp_path: Path, error: str, code: str, calls: tuple[str, ...]
) -> None:
    every: Callable[[int], range] = lambda count: range(1, count + 1, max(1, count // 8))  # noqa: E731
    refused = Counter[str]()
    for call in calls:
        for number in every(writes[call]):
            player = copy_of(template, tmp_path / f"{call}-{number}")
            said = told(command(player, *import_words(file)), journal_and_vault(player.ledger), call, error, f"{number}+")
            assert "Traceback" not in said.stderr
            refused[said.refused or "done"] += 1
            recorded = len(log.streams(log.rows(player.ledger), "entry.recorded"))
            assert recorded == (PERSONS if said.refused is None else 0), (call, number, said)
            whole_and_complete_when_run_again(player, file)
    assert set(refused) <= {code, "done"} and refused[code] > refused["done"], refused
