"""What tests of checkpoints and witnesses do: ask for one, grow the log, rewrite it as somebody with its file could, ask without one."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from mingzhang.cli.app import cli
from mingzhang.domain.journal.leaf import leaf_hashes
from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.merkle.tiles import grown
from tests.cli.aid_office import Office

DAY = "2020-07-01"


def checkpoint(office: Office, *words: object) -> dict[str, Any]:
    found: dict[str, Any] = office.done("inspector", "checkpoint", *words, day=DAY)
    return found


def grow(office: Office) -> None:
    """One more transaction."""
    office.done("administrator", "staff", "appoint", f"clerk-{office.minute}", "--role", "clerk", "--unit", "college", day=DAY)


def alone(*words: object, now: str | None = "2020-07-02T09:00") -> tuple[int, Any]:
    """A command without a ledger."""
    before = ["--ledger", "nowhere", "--lang", "en", "--json", *(["--now", now] if now else [])]
    result = CliRunner().invoke(cli, [*before, *map(str, words)])
    return result.exit_code, json.loads(result.stdout)


def cosign(witness: Path, file: Path, *words: object, now: str | None = "2020-07-02T09:00") -> tuple[int, Any]:
    return alone("witness", "cosign", file, "--folder", witness, *words, now=now)


def rewritten(office: Office, folder: Path) -> Office:
    """The same ledger after somebody who can write the file changed an event, worked the whole tree out anew and removed the traces."""
    other = office.copied_to(folder)
    with closing(sqlite3.connect(other.ledger / "journal.db")) as db, db:
        triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _sql in triggers:
            db.execute(f"DROP TRIGGER {name}")
        db.execute("UPDATE events SET state = CAST(replace(CAST(state AS TEXT), 'clerk', 'clark') AS BLOB) WHERE leaf_index = 20")
        rows = [LogRow(*row) for row in db.execute(f"SELECT {', '.join(LogRow._fields)} FROM events ORDER BY leaf_index")]
        db.execute("DELETE FROM tiles")
        db.executemany("INSERT INTO tiles VALUES (?, ?, ?)", grown(0, leaf_hashes(rows), lambda _level, _index: b""))
        for _name, sql in triggers:
            db.execute(sql)
    shutil.rmtree(other.ledger / "checkpoints")
    return other
