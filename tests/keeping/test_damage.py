"""What a disk did to a ledger is called by its name, with the file concerned; a shorter log is neither answered from nor written on."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.keeping.ledgers import kept_in, more
from tests.stories import log
from tests.stories.player import Player
from tests.stories.practice import environment

PAGE = 4096


def page_of(file: Path, name: str) -> int:
    """A page (from 0) in the middle of a table, past its root."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        pages = [row[0] for row in connection.execute("SELECT pageno FROM dbstat WHERE name = ? ORDER BY pageno", (name,))]
    return int(pages[len(pages) // 2]) - 1


def overwritten(file: Path, page: int) -> None:
    raw = bytearray(file.read_bytes())
    raw[page * PAGE : (page + 1) * PAGE] = os.urandom(PAGE)
    file.write_bytes(raw)


def cut(file: Path, share: float) -> None:
    file.write_bytes(file.read_bytes()[: int(file.stat().st_size * share)])


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a damaged page in the middle": (lambda file: overwritten(file, file.stat().st_size // PAGE // 2), "page_damaged"),
    "half of it": (lambda file: cut(file, 0.5), "file_truncated"),
    "its last page gone": (lambda file: file.write_bytes(file.read_bytes()[:-PAGE]), "file_truncated"),
    "noise": (lambda file: file.write_bytes(os.urandom(90_000)), "journal_unreadable"),
}


@pytest.mark.parametrize("kind", DAMAGES)
@pytest.mark.parametrize("words", [("status",), ("survey", "totals", "--round", "2020-spring")])
def test_damage_is_named_with_its_file_and_nothing_is_changed(player: Player, words: tuple[str, ...], kind: str) -> None:
    damage, code = DAMAGES[kind]
    damage(player.ledger / "journal.db")
    (player.ledger / "projections.db").unlink()
    before = (player.ledger / "journal.db").read_bytes()
    said = player.run(*words)
    assert (said.code, said.refused) == (1, "ledger_damaged")
    context = said.document["context"]
    assert (context["file"], context["damage"]) == ("journal.db", code)
    assert "mingzhang restore" in said.document["next"]
    assert (player.ledger / "journal.db").read_bytes() == before


def test_a_rollback_journal_beside_the_log_is_not_played_back(player: Player) -> None:
    """SQLite puts its pages into the file as soon as somebody opens that to write: what was verified before would become another log."""
    beside = player.ledger / "journal.db-journal"
    beside.write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(4088))
    before = (player.ledger / "journal.db").read_bytes()
    for words in (("status",), ("survey", "totals", "--round", "2020-spring"), ("verify",)):
        assert player.run(*words).code != 0
    context = player.run("status").document["context"]
    assert (context["file"], context["damage"]) == ("journal.db-journal", "rollback_journal")
    assert ((player.ledger / "journal.db").read_bytes(), beside.exists()) == (before, True)


def test_a_schema_that_is_no_text_is_named(player: Player) -> None:
    journal = player.ledger / "journal.db"
    raw = journal.read_bytes()
    journal.write_bytes(raw.replace(b"events_are_not_deleted", b"events_are_not_delet\xe5d", 1))
    said = player.run("status")
    assert (said.refused, said.document["context"]["file"]) == ("ledger_damaged", "journal.db")


def test_an_empty_journal_is_named(player: Player) -> None:
    (player.ledger / "journal.db").write_bytes(b"")
    said = player.run("status")
    assert (said.refused, said.document["context"]["detail"]) == ("ledger_damaged", "journal.db")


def test_status_finds_a_damaged_page_that_no_question_has_met(player: Player) -> None:
    overwritten(player.ledger / "journal.db", page_of(player.ledger / "journal.db", "sqlite_autoindex_events_1"))
    said = player.run("status")
    assert said.refused == "ledger_damaged"


_WRITER = """
import os, signal, sys
from pathlib import Path
from mingzhang.cli.commands import survey
from tests.stories.player import Player
player = Player(Path(sys.argv[1]))
from mingzhang.cli.session import Session
Session.__exit__ = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
player.play("survey", "open", "2021-autumn", actor="clerk", at="2020-03-16T10:00:00")
"""


def killed_writer(player: Player) -> None:
    """One more transaction, by a program that is killed before it closes the file: it stands in the write-ahead log alone."""
    done = subprocess.run([sys.executable, "-c", _WRITER, str(player.ledger)], env=environment(), capture_output=True, check=False)
    assert done.returncode == -9, done.stderr.decode()
    assert (player.ledger / "journal.db-wal").stat().st_size > 0


def test_a_killed_writers_log_is_found_again_where_the_write_ahead_log_is_there(player: Player) -> None:
    size = player.size()
    killed_writer(player)
    assert player.size() == size + 2
    assert log.problems(log.rows(player.ledger)) == []


def test_a_journal_copied_without_its_write_ahead_log_is_named_before_anything_is_opened(player: Player) -> None:
    killed_writer(player)
    (player.ledger / "journal.db-wal").unlink()
    before = kept_in(player.ledger)
    for words, actor in ((["status"], None), (["survey", "open", "2022-spring"], "clerk")):
        said = player.run(*words, actor=actor, at="2020-03-16T11:00:00")
        assert (said.refused, said.document["context"]["damage"]) == ("ledger_damaged", "wal_missing")
        assert said.document["context"]["file"] == "journal.db-wal"
    assert kept_in(player.ledger) == before


@pytest.mark.parametrize("remembers", ["projections", "checkpoint"])
def test_a_log_shorter_than_it_was_is_neither_asked_nor_written_on(player: Player, tmp_path: Path, remembers: str) -> None:
    older = Path(shutil.copy(player.ledger / "journal.db", tmp_path / "older.db"))
    size = player.size()
    more(player, 1)
    player.play("checkpoint" if remembers == "checkpoint" else "status")
    if remembers == "checkpoint":
        (player.ledger / "projections.db").unlink()
    shutil.copy(older, player.ledger / "journal.db")
    for words, actor in ((["status"], None), (["roster"], None), (["rebuild"], None), (["survey", "open", "2022-spring"], "clerk")):
        said = player.run(*words, actor=actor, at="2020-03-16T11:00:00")
        assert (said.refused, said.document["context"]) == (
            "log_shorter_than_answered", {"size": size, "answered": size + 2, "by": remembers}
        )  # fmt: skip
    assert len(log.rows(player.ledger)) == size


def test_a_log_that_went_another_way_is_noticed_at_the_same_length(player: Player, tmp_path: Path) -> None:
    other = Player(Path(shutil.copytree(player.ledger, tmp_path / "other")))
    more(player, 1)
    more(other, 2)
    player.play("status")
    shutil.copy(other.ledger / "journal.db", player.ledger / "journal.db")
    assert player.run("status").refused == "log_shorter_than_answered"


@pytest.mark.parametrize("remembers", ["projections", "checkpoint"])
def test_an_attested_loss_is_recorded_and_the_ledger_goes_on(player: Player, tmp_path: Path, remembers: str) -> None:
    older = Path(shutil.copy(player.ledger / "journal.db", tmp_path / "older.db"))
    size = player.size()
    more(player, 1)
    player.play("checkpoint" if remembers == "checkpoint" else "status")
    shutil.copy(older, player.ledger / "journal.db")
    said = player.play("attest", "loss", "--reason", "演练：硬盘损坏", actor="administrator", at="2020-03-16T11:00:00")
    assert (said["held"], said["answered"]) == (size, size + 2)
    assert said["checkpoints_aside"] == ([f"{size + 2}.txt"] if remembers == "checkpoint" else [])
    assert log.rows(player.ledger)[-1].topic == "ledger.loss_attested"
    assert player.size() == size + 2
    more(player, 3, at="2020-03-16T12:00:00")
    player.play("checkpoint")
    aside = player.ledger / "checkpoints" / "lost" / f"{size + 2}.txt"
    assert aside.exists() is (remembers == "checkpoint")  # a contradiction stays as evidence
    assert player.run("attest", "loss", "--reason", "x", actor="administrator", at="2020-03-16T13:00:00").refused == "nothing_lost"


def test_only_an_administrator_attests(player: Player, tmp_path: Path) -> None:
    older = Path(shutil.copy(player.ledger / "journal.db", tmp_path / "older.db"))
    more(player, 1)
    player.play("status")
    shutil.copy(older, player.ledger / "journal.db")
    words = ["attest", "loss", "--reason", "x"]
    assert player.run(*words, actor="clerk", at="2020-03-16T11:00:00").refused == "role_missing"


def test_a_restored_older_backup_is_a_ledger_like_any_other(player: Player, events: Path, keys: Path, tmp_path: Path) -> None:
    more(player, 1)
    player.play("status")
    player.play("restore", str(events), "--into", str(tmp_path / "again"), "--keys", str(keys))
    assert Player(tmp_path / "again").size() == player.size() - 2
