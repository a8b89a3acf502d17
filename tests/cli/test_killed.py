"""A program that is killed leaves whole transactions only; the same command again does the rest."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stories import log
from tests.stories.player import Player
from tests.stories.practice import DAY, LONGEST, command, copy_of, environment, import_words, new_ledger, survey_file

PERSONS = 300
ATTEMPTS = 5
MANY = 1500  # more than fits into the database's memory: the write-ahead log grows before the transaction ends


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Player:
    return new_ledger(tmp_path_factory.mktemp("practice") / "ledger")


@pytest.fixture
def player(template: Player, tmp_path: Path) -> Player:
    return copy_of(template, tmp_path / "ledger")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return survey_file(tmp_path_factory.mktemp("files") / "大.xlsx", range(PERSONS))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return survey_file(tmp_path_factory.mktemp("files") / "很大.xlsx", range(MANY))


def killed_when(player: Player, words: list[str], moment: Callable[[float], bool], **said: str | None) -> bool:
    """Starts a command and kills it (SIGKILL) once `moment`, given the seconds since the start, has come; whether it came in time."""
    process = subprocess.Popen(
        command(player, *words, **said), env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    started = time.monotonic()
    try:
        while process.poll() is None:
            passed = time.monotonic() - started
            if moment(passed) or passed > LONGEST:
                process.kill()
                process.wait()
                return True
        return False
    finally:
        process.kill()
        process.wait()


def size_of(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def as_if_nothing_had_happened(player: Player, file: Path, persons: int) -> None:
    """Opens, asks, and runs the import again: whole, once, and complete."""
    assert log.problems(log.rows(player.ledger)) == []
    before = len(log.streams(log.rows(player.ledger), "entry.recorded"))
    assert before in (0, persons)
    assert player.play("status")["size"] == len(log.rows(player.ledger))
    assert player.play("survey", "totals", "--round", "2020-spring")["entries"] == before
    again = player.play(*import_words(file), actor="surveyor", at=f"{DAY}T11:00:00", codes=(0,))
    assert (again["recorded"], again["files"][0]["already_imported"]) == (persons - before, bool(before))
    assert player.play("survey", "totals", "--round", "2020-spring")["entries"] == persons
    recorded = log.rows(player.ledger)
    assert log.problems(recorded) == []
    assert len(set(log.streams(recorded, "student.registered"))) == persons


@pytest.mark.parametrize("milliseconds", [150, 250, 300, 350, 400, 450, 500, 600, 700])
def test_an_import_killed_at_any_moment_can_be_run_again(player: Player, file: Path, milliseconds: int) -> None:
    killed_when(player, import_words(file), lambda passed: passed * 1000 >= milliseconds)
    as_if_nothing_had_happened(player, file, PERSONS)


def killed_at(template: Player, folder: Path, words: list[str], log_file: str, grown: int) -> Player:
    """A copy whose import was killed once a write-ahead log had grown so far; tried again where the import was faster than we were."""
    for attempt in range(ATTEMPTS):
        player = copy_of(template, folder / f"ledger-{attempt}")
        if killed_when(player, words, lambda _passed, wal=player.ledger / log_file: size_of(wal) >= grown):  # type: ignore[misc]
            return player
    raise AssertionError(f"{log_file} was never seen at {grown} bytes")


@pytest.mark.parametrize("grown", [1, 1_000_000, 2_000_000])
def test_an_import_killed_while_it_writes_the_log_leaves_all_or_nothing(
    template: Player, tmp_path: Path, large: Path, grown: int
) -> None:
    player = killed_at(template, tmp_path, import_words(large), "journal.db-wal", grown)
    as_if_nothing_had_happened(player, large, MANY)


def test_an_import_killed_once_its_persons_are_in_the_vault_finds_them_again(template: Player, tmp_path: Path, file: Path) -> None:
    player = killed_at(template, tmp_path, import_words(file), "keys/vault.db-wal", 1)
    as_if_nothing_had_happened(player, file, PERSONS)


def test_a_rebuild_that_is_killed_is_made_good_by_the_next_question(player: Player, file: Path) -> None:
    player.play(*import_words(file), actor="surveyor", at=f"{DAY}T10:00:00")
    wal = player.ledger / "projections.db-wal"
    killed_when(player, ["rebuild"], lambda _passed: size_of(wal) > 0)
    assert player.play("survey", "totals", "--round", "2020-spring")["entries"] == PERSONS


STEPS: dict[str, Callable[[Path], bool]] = {
    "the folder is there": lambda ledger: (ledger / "unfinished").exists(),
    "the keys have a folder": lambda ledger: (ledger / "keys").exists(),
    "the master key is there": lambda ledger: (ledger / "keys" / "master.key").exists(),
    "the vault is there": lambda ledger: size_of(ledger / "keys" / "vault.db") > 0,
    "the journal is there": lambda ledger: (ledger / "journal.db").exists(),
    "the journal is written": lambda ledger: size_of(ledger / "journal.db-wal") > 50_000,
}


@pytest.mark.parametrize("step", STEPS)
def test_a_ledger_whose_making_was_killed_can_be_made_anew(tmp_path: Path, step: str) -> None:
    words = ["init", "--rehearsal", "--plan", "fuxin-2020"]
    for attempt in range(ATTEMPTS):
        made = Player(tmp_path / f"ledger-{attempt}")
        reached = STEPS[step]
        if killed_when(made, words, lambda _passed, there=reached, at=made.ledger: there(at), actor=None):  # type: ignore[misc]
            break
    if (made.ledger / "ledger.json").exists():  # it was faster than we were
        assert made.run(*words, at=f"{DAY}T10:00:00").refused == "ledger_exists"
    else:
        assert made.run("status").refused == "ledger_missing"
        made.play(*words, at=f"{DAY}T10:00:00")
    assert log.problems(log.rows(made.ledger)) == []
    assert len(made.play("staff", "list", "--on", DAY)) == 15
    left = {path.name for path in made.ledger.iterdir() if not path.name.startswith("projections")}
    assert left == {"journal.db", "keys", "ledger.json"}
