"""A ledger that the version before wrote is brought to this one's format with every event as it was, or not at all."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from mingzhang.cli.commands import upgrade
from mingzhang.cli.folder import upgrading
from mingzhang.domain.journal.sqlite_schema import SCHEMA
from mingzhang.domain.ledger import FORMAT
from tests.conftest import TRUTHS
from tests.faults import whole
from tests.stories import log
from tests.stories.player import Player

REHEARSED_ON = "2020-12-31T10:00:00"
ADMINISTRATORS = {"real": "a001", "rehearsal": "administrator"}


def older(kind: str, to: Path) -> Player:
    """A copy of a ledger of the first format; git keeps no modes, and keys that others may read are refused."""
    shutil.copytree(TRUTHS / "format-1" / kind, to)
    (to / "keys").chmod(0o700)
    (to / "keys" / "master.key").chmod(0o600)
    return Player(to)


@pytest.fixture
def real(tmp_path: Path) -> Player:
    return older("real", tmp_path / "real")


@pytest.fixture
def rehearsal(tmp_path: Path) -> Player:
    return older("rehearsal", tmp_path / "rehearsal")


def format_of(player: Player) -> int:
    return int(json.loads((player.ledger / "ledger.json").read_text())["format"])


def upgraded(player: Player, actor: str, at: str | None = None) -> None:
    assert player.play("upgrade", actor=actor, at=at)["upgraded"] is True


@pytest.mark.parametrize("kind", ADMINISTRATORS)
def test_an_older_ledger_is_refused_by_every_other_command_and_left_as_it_is(tmp_path: Path, kind: str) -> None:
    player = older(kind, tmp_path / "ledger")
    before = {path: path.read_bytes() for path in player.ledger.rglob("*") if path.is_file()}
    for words in (("status",), ("rebuild",), ("staff", "list"), ("payment", "list")):
        assert player.run(*words, actor=ADMINISTRATORS[kind]).refused == "ledger_needs_upgrade"
    assert {path: path.read_bytes() for path in player.ledger.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(("kind", "at"), [("real", None), ("rehearsal", REHEARSED_ON)])
def test_an_upgrade_touches_no_event_and_gives_each_its_leaf(tmp_path: Path, kind: str, at: str | None) -> None:
    player = older(kind, tmp_path / "ledger")
    before = log.rows(player.ledger)
    upgraded(player, ADMINISTRATORS[kind], at)
    after = log.rows(player.ledger)
    assert after[: len(before)] == before
    assert [row.topic for row in after[len(before) :]][:3] == ["transaction.recorded", "ledger.key_enrolled", "ledger.signing_begun"]
    assert {row.topic for row in after[len(before) + 3 :]} == {"staff.key_enrolled"}
    assert whole.problems(player.ledger) == []
    assert format_of(player) == FORMAT
    assert not (player.ledger / "upgrading").exists()


def test_after_an_upgrade_of_a_real_ledger_only_the_administrator_has_a_key(real: Player) -> None:
    answer = real.play("upgrade", actor="a001")
    assert (real.ledger / "keys" / "staff" / "a001.key").is_file()
    assert answer["key"] in (real.ledger / "keys" / "staff" / "a001.key").read_text()
    assert real.run("staff", "key", "renew", actor="a002").refused == "signing_key_not_enrolled"
    real.play("staff", "key", "enrol", "a002", actor="a001")
    real.play("staff", "key", "renew", actor="a002")


def test_a_passphrase_made_up_for_the_new_key_is_told_once(real: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MINGZHANG_SIGNING_PASSPHRASE_NEW")
    made_up = real.play("upgrade", actor="a001")["signing_passphrase"]
    monkeypatch.setenv("MINGZHANG_SIGNING_PASSPHRASE", made_up)
    real.play("staff", "key", "enrol", "a002", actor="a001")


def test_after_an_upgrade_of_a_rehearsal_everybody_goes_on_as_before(rehearsal: Player) -> None:
    upgraded(rehearsal, "administrator", REHEARSED_ON)
    size = rehearsal.size()
    rehearsal.play("survey", "open", "2021-spring", actor="clerk", at="2021-01-04T09:00:00")
    signed = json.loads(log.rows(rehearsal.ledger)[size].state)
    assert signed["actor"] == "clerk" and signed["signature"] and signed["key"].startswith("k-")


def test_an_upgraded_ledger_is_not_upgraded_again(real: Player) -> None:
    upgraded(real, "a001")
    before = log.rows(real.ledger)
    assert real.play("upgrade", actor="a001")["upgraded"] is False
    assert log.rows(real.ledger) == before
    assert not (real.ledger / "upgrading").exists()


@pytest.mark.parametrize("actor", [None, "a002", "nobody"])
def test_only_an_administrator_upgrades_and_is_named_to_whoever_is_none(real: Player, actor: str | None) -> None:
    before = {path: path.read_bytes() for path in real.ledger.rglob("*") if path.is_file()}
    said = real.run("upgrade", actor=actor)
    assert said.refused == "upgrade_needs_administrator"
    assert said.document["context"]["administrators"] == ["a001"]
    assert {path: path.read_bytes() for path in real.ledger.rglob("*") if path.is_file()} == before


def test_keys_that_do_not_fit_are_found_before_anything_is_changed(real: Player) -> None:
    (real.ledger / "keys" / "vault.db").unlink()
    assert real.run("upgrade", actor="a001").refused == "vault_missing"
    assert (tables(real), format_of(real)) == ({"events"}, 1)


def test_a_newer_format_is_refused_and_not_upgraded(real: Player) -> None:
    about = json.loads((real.ledger / "ledger.json").read_text())
    (real.ledger / "ledger.json").write_text(json.dumps({**about, "format": FORMAT + 1}))
    for words in (("status",), ("upgrade",)):
        assert real.run(*words, actor="a001").refused == "ledger_other_format"


def tables(player: Player) -> set[str]:
    with closing(sqlite3.connect(player.ledger / "journal.db")) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def spoilt(player: Player, statement: str) -> None:
    """The statement as somebody does it who takes the guards away and puts them back."""
    with closing(sqlite3.connect(player.ledger / "journal.db", isolation_level=None)) as connection:
        guards = {name: sql for name, sql in SCHEMA.items() if sql.startswith("CREATE TRIGGER events")}
        for name in guards:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
        for sql in guards.values():
            connection.execute(sql)


SPOILT = {
    "an event missing": "DELETE FROM events WHERE leaf_index = 20",
    "the last event missing": "DELETE FROM events WHERE leaf_index = (SELECT max(leaf_index) FROM events)",
    "an event changed": "UPDATE events SET state = CAST(replace(CAST(state AS TEXT), '{', '{ ') AS BLOB) WHERE leaf_index = 2",
    "an event kept as text": "UPDATE events SET state = CAST(state AS TEXT) WHERE leaf_index = 2",
    "a stream renamed": "UPDATE events SET originator_id = 'unit/x' WHERE leaf_index = 2",
    "an instant dated back": "UPDATE events SET recorded_at = '2020-01-01T00:00:00.000000Z' WHERE leaf_index = 20",
    "an event put in at the end": (
        "INSERT INTO events SELECT leaf_index + 1, 'unit/x', 1, topic, state, recorded_at FROM events ORDER BY leaf_index DESC LIMIT 1"
    ),
}


@pytest.mark.parametrize("statement", SPOILT.values(), ids=SPOILT)
def test_a_log_that_contradicts_itself_gets_no_tree(real: Player, statement: str) -> None:
    spoilt(real, statement)
    assert real.run("upgrade", actor="a001").refused == "ledger_damaged"
    assert (tables(real), format_of(real)) == ({"events"}, 1)


def test_a_log_whose_guards_were_taken_away_gets_no_tree(real: Player) -> None:
    with closing(sqlite3.connect(real.ledger / "journal.db", isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER events_are_not_changed")
    assert real.run("upgrade", actor="a001").refused == "ledger_damaged"


def test_a_ledger_that_an_older_program_still_has_open_is_not_upgraded(real: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mingzhang.domain.journal.sqlite_upgrade.WAIT", 0)
    with closing(sqlite3.connect(real.ledger / "journal.db")) as still_open:
        still_open.execute("SELECT count(*) FROM events").fetchone()
        assert real.run("upgrade", actor="a001").refused == "ledger_busy"
        assert (tables(real), format_of(real)) == ({"events"}, 1)
    upgraded(real, "a001")


def test_two_do_not_upgrade_one_ledger_at_once(real: Player) -> None:
    with upgrading(real.ledger) as folder:
        assert folder is not None
        assert real.run("upgrade", actor="a001").refused == "ledger_busy"


class Killed(BaseException):
    """The end of a program in the middle of its work."""


def killed_after(step: Callable[..., object]) -> Callable[..., object]:
    def done(*args: object, **named: object) -> object:
        step(*args, **named)
        raise Killed

    return done


@pytest.mark.parametrize("step", ["_log_key", "add_tiles", "_begin_signing"])
@pytest.mark.parametrize("kind", ADMINISTRATORS)
def test_an_upgrade_cut_off_after_any_of_its_steps_is_done_by_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, step: str
) -> None:
    player = older(kind, tmp_path / "ledger")
    before = log.rows(player.ledger)
    at = REHEARSED_ON if kind == "rehearsal" else None
    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(upgrade, step, killed_after(getattr(upgrade, step)))
        player.run("upgrade", actor=ADMINISTRATORS[kind], at=at)
    assert format_of(player) == 1
    assert player.run("status").refused == "ledger_needs_upgrade"
    upgraded(player, ADMINISTRATORS[kind], at)
    after = log.rows(player.ledger)
    assert after[: len(before)] == before
    assert sum(row.topic == "ledger.signing_begun" for row in after) == 1
    assert whole.problems(player.ledger) == []
    player.play("staff", "appoint", "a009", "--role", "clerk", "--unit", unit_of(player), actor=ADMINISTRATORS[kind], at=at)


def unit_of(player: Player) -> str:
    """The unit that everything else lies under: the first one there was."""
    return next(row.stream.partition("/")[2] for row in log.rows(player.ledger) if row.topic == "unit.registered")
