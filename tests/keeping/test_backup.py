"""A backup is whole while others write, is one only when it was opened and hashed, and never holds keys and events together."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from mingzhang.cli.keeping.manifest import MANIFEST
from tests.keeping.ledgers import kept_in, killed_at_sync, more
from tests.stories import log
from tests.stories.player import Player
from tests.stories.practice import environment

_WRITER = """
import sys
from pathlib import Path
from tests.stories.player import Player
player, number = Player(Path(sys.argv[1])), 0
print("begun", flush=True)
while True:
    number += 1
    player.play("unit", "register", f"u{number}", "--name", f"单位{number}", "--under", "bureau", "--kind", "office", actor="administrator",
                at=f"2020-03-16T{10 + number // 60:02}:{number % 60:02}:00")
"""


def manifest(backup: Path) -> dict[str, object]:
    document: dict[str, object] = json.loads((backup / MANIFEST).read_bytes())
    return document


def test_a_backup_holds_the_log_its_checkpoints_and_the_hash_of_every_file(player: Player, tmp_path: Path) -> None:
    said = player.play("backup", "--out", str(tmp_path / "events"))
    about = manifest(tmp_path / "events")
    kept = kept_in(tmp_path / "events")
    listed = {one["path"]: (one["bytes"], one["sha256"]) for one in about["files"]}  # type: ignore[attr-defined]
    assert listed == {path: (len(raw), sha256(raw).hexdigest()) for path, raw in kept.items() if path != MANIFEST}
    assert set(kept) == {MANIFEST, "journal.db", "ledger.json", "erasures.json", f"checkpoints/{player.size()}.txt"}
    assert (about["kind"], about["size"], said["ok"], said["checkpoint"]) == ("events", player.size(), True, True)


def test_a_backup_of_the_events_holds_no_key_and_one_of_the_keys_no_event(player: Player, tmp_path: Path) -> None:
    player.play("backup", "--out", str(tmp_path / "events"))
    player.play("backup", "--keys", "--out", str(tmp_path / "elsewhere" / "keys"))
    master = json.loads((player.ledger / "keys" / "master.key").read_bytes())["key"].encode()
    assert not any(master in raw for raw in kept_in(tmp_path / "events").values())
    keys = kept_in(tmp_path / "elsewhere" / "keys")
    assert set(keys) == {MANIFEST, "erasures.json", "keys/master.key", "keys/practice.key", "keys/vault.db"}
    assert not any(b"transaction.recorded" in raw for raw in keys.values())


def test_only_their_owner_reads_a_backup_of_the_keys(player: Player, tmp_path: Path) -> None:
    out = tmp_path / "elsewhere" / "keys"
    player.play("backup", "--keys", "--out", str(out))
    modes = {path.relative_to(out).as_posix(): path.stat().st_mode & 0o777 for path in (out, *out.rglob("keys/*"), out / "keys")}
    assert modes == {".": 0o700, "keys": 0o700, "keys/master.key": 0o600, "keys/practice.key": 0o600, "keys/vault.db": 0o600}


def test_a_backup_is_whole_while_another_process_records_in_a_loop(player: Player, tmp_path: Path) -> None:
    sizes: list[int] = []
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(player.ledger)], env=environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        assert writer.stdout is not None and writer.stdout.readline() == b"begun\n"
        while len(sizes) < 4 or (len(set(sizes)) < 3 and writer.poll() is None):
            sizes.append(player.play("backup", "--out", str(tmp_path / f"events-{len(sizes)}"))["size"])
    finally:
        writer.kill()
        writer.wait()
    assert sizes == sorted(sizes) and sizes[-1] > sizes[0]
    for number, size in enumerate(sizes):
        rows = log.rows(tmp_path / f"events-{number}")
        assert (len(rows), log.problems(rows)) == (size, [])
    assert player.play("status")["size"] >= sizes[-1]


def test_a_backup_needs_no_file_beside_it_and_can_be_read_where_nothing_can_be_written(player: Player, tmp_path: Path) -> None:
    player.play("backup", "--out", str(tmp_path / "events"))
    file = tmp_path / "events" / "journal.db"
    with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert connection.execute("SELECT count(*) FROM events").fetchone() == (player.size(),)


def test_a_backup_never_takes_the_place_of_anything(player: Player, tmp_path: Path) -> None:
    out = tmp_path / "events"
    out.mkdir()
    (out / "工资.xlsx").write_bytes(b"x")
    assert player.run("backup", "--out", str(out)).refused == "backup_exists"
    (out / "工资.xlsx").unlink()
    player.play("backup", "--out", str(out))
    before = kept_in(out)
    assert player.run("backup", "--out", str(out)).refused == "backup_exists"
    assert kept_in(out) == before


@pytest.mark.parametrize("place", ["inside", "around", "itself"])
def test_a_backup_does_not_lie_with_the_ledger(player: Player, place: str) -> None:
    out = {"inside": player.ledger / "backup", "around": player.ledger.parent, "itself": player.ledger}[place]
    assert player.run("backup", "--out", str(out)).refused == "backup_inside_ledger"
    assert player.run("backup", "--keys", "--out", str(out)).refused == "backup_inside_ledger"


def test_keys_are_not_backed_up_into_or_beside_the_events_nor_events_beside_keys(player: Player, tmp_path: Path) -> None:
    stick, safe = tmp_path / "stick", tmp_path / "safe"
    player.play("backup", "--out", str(stick / "events"))
    for out in (stick / "events" / "keys", stick / "keys", stick / "events" / "a" / "b"):
        assert player.run("backup", "--keys", "--out", str(out)).refused == "backup_keys_with_events"
    player.play("backup", "--keys", "--out", str(safe / "keys"))
    for out in (safe / "events", safe / "keys" / "events"):
        assert player.run("backup", "--out", str(out)).refused == "backup_keys_with_events"
    player.play("backup", "--out", str(stick / "events-2"))


def test_a_backup_that_fails_leaves_nothing(player: Player, tmp_path: Path) -> None:
    file = player.ledger / "journal.db"
    file.write_bytes(file.read_bytes().replace(b'"command":"OpenRound"', b'"command":"OpenPound"'))
    said = player.run("backup", "--out", str(tmp_path / "events"))
    assert said.refused == "ledger_damaged"
    assert not (tmp_path / "events").exists()


def test_a_place_nobody_may_write_to_is_named(player: Player, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    said = player.run("backup", "--out", str(tmp_path / "file"))
    assert said.refused == "backup_exists"
    said = player.run("backup", "--out", "/proc/events")
    assert said.refused in ("file_not_found", "file_not_permitted", "file_not_usable")


@pytest.mark.parametrize("number", range(1, 8))
def test_a_backup_that_is_killed_is_none_and_is_made_by_the_next_try(player: Player, tmp_path: Path, number: int) -> None:
    out, again = tmp_path / "events", tmp_path / "again"
    before = log.rows(player.ledger)
    assert killed_at_sync(number, "--ledger", str(player.ledger), "backup", "--out", str(out))
    assert not (out / MANIFEST).exists()
    assert player.run("restore", str(out), "--into", str(again)).refused in ("backup_unfinished", "backup_missing")
    player.play("backup", "--out", str(out))
    assert player.play("restore", str(out), "--into", str(again))["size"] == len(before)
    assert log.rows(player.ledger) == before


@pytest.mark.parametrize("number", range(1, 7))
def test_a_backup_of_the_keys_that_is_killed_is_none_either(player: Player, tmp_path: Path, number: int) -> None:
    out = tmp_path / "elsewhere" / "keys"
    assert killed_at_sync(number, "--ledger", str(player.ledger), "backup", "--keys", "--out", str(out))
    assert not (out / MANIFEST).exists()
    player.play("backup", "--keys", "--out", str(out))
    assert (out / MANIFEST).exists() and not (out / "unfinished").exists()


def test_evidence_of_an_earlier_backup_is_linked_and_not_copied_again(player: Player, tmp_path: Path) -> None:
    folder = player.ledger / "evidence" / "ab"
    folder.mkdir(parents=True)
    content = os.urandom(50_000)
    name = f"ab{sha256(content).hexdigest()[2:]}.sealed"
    (folder / name).write_bytes(content)
    first, second = tmp_path / "first", tmp_path / "second"
    assert player.play("backup", "--out", str(first))["linked"] == 0
    more(player, 1)
    assert player.play("backup", "--out", str(second), "--like", str(first))["linked"] == 1
    files = [out / "evidence" / "ab" / name for out in (first, second)]
    assert files[0].samefile(files[1]) and files[1].read_bytes() == content
    shutil.rmtree(first)
    assert player.play("restore", str(second), "--into", str(tmp_path / "again"))["size"] == player.size()
    assert (tmp_path / "again" / "evidence" / "ab" / name).read_bytes() == content
