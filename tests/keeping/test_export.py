"""An exported log can be checked by another program and becomes the same log again; a file with one wrong character becomes nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mingzhang.cli.keeping.export import SCHEMA
from mingzhang.domain.merkle.hashing import row_root
from tests.keeping import export_verifier
from tests.keeping.ledgers import kept_in, killed_at_sync, more
from tests.stories import log
from tests.stories.player import Player
from tests.stories.practice import new_ledger

Lines = list[dict[str, Any]]


@pytest.fixture
def file(player: Player, tmp_path: Path) -> Path:
    """The whole log of the ledger, exported."""
    player.play("export", "--out", str(tmp_path / "log.jsonl"))
    return tmp_path / "log.jsonl"


def lines_of(file: Path) -> Lines:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def rewritten(file: Path, lines: Lines) -> None:
    texts = (json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines)
    file.write_text("".join(text + "\n" for text in texts), encoding="utf-8")


def test_another_program_checks_the_export_with_nothing_but_the_standard_library(player: Player, file: Path) -> None:
    done = subprocess.run([sys.executable, "-I", export_verifier.__file__, str(file)], capture_output=True, check=True)
    found = json.loads(done.stdout)
    assert (found["size"], found["root"]) == (player.size(), player.play("status")["root"])


def test_an_export_has_a_line_for_every_event_with_the_text_as_it_is_stored(player: Player, file: Path) -> None:
    header, *events, last = lines_of(file)
    assert (header["first"], header["size"]) == (0, player.size())
    stored = [(row.leaf, row.stream, row.version, row.topic, row.recorded_at, row.state) for row in log.rows(player.ledger)]
    said = [(e["leaf"], e["stream"], e["version"], e["topic"], e["recorded_at"], e["state"].encode()) for e in events]
    assert said == stored
    assert last["signed"] is True


def test_every_line_is_of_the_schema_that_comes_with_it(player: Player, file: Path) -> None:
    schema = json.loads(SCHEMA.read_bytes())
    header, *events, last = lines_of(file)
    for line, name in ((header, "header"), (last, "checkpoint"), *((event, "event") for event in events)):
        assert misfits(line, schema["$defs"][name], schema) == []


def misfits(value: Any, rule: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    """What does not fit a schema, of the few words that ours uses."""
    if "$ref" in rule:
        rule = schema["$defs"][rule["$ref"].rpartition("/")[2]]
    kinds = {"object": dict, "string": str, "integer": int, "boolean": bool}
    found = []
    if "const" in rule and value != rule["const"]:
        found.append(f"{value} is not {rule['const']}")
    if "type" in rule and type(value) is not kinds[rule["type"]]:
        found.append(f"{value} is no {rule['type']}")
    if "minimum" in rule and value < rule["minimum"]:
        found.append(f"{value} is too small")
    if "minLength" in rule and len(value) < rule["minLength"]:
        found.append("too short")
    if "pattern" in rule and not re.search(rule["pattern"], value):
        found.append(f"{value} does not match")
    if "properties" in rule:
        found += [f"{name} is missing" for name in rule["required"] if name not in value]
        found += [f"{name} is not known" for name in value if name not in rule["properties"]]
        for name, one in rule["properties"].items():
            found += misfits(value[name], one, schema) if name in value else []
    return found


def test_the_schema_is_printed(player: Player) -> None:
    assert player.run("export", "--schema").document == json.loads(SCHEMA.read_bytes())


def test_an_export_holds_nothing_that_opens_a_box(player: Player, file: Path) -> None:
    master = json.loads((player.ledger / "keys" / "master.key").read_bytes())["key"].encode()
    assert master not in file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600


def test_an_imported_log_has_the_same_root_and_with_its_keys_answers_the_same(
    player: Player, file: Path, keys: Path, tmp_path: Path
) -> None:
    copy = Player(tmp_path / "copy")
    said = player.play("import-log", str(file), "--into", str(copy.ledger), "--keys", str(keys))
    ours = player.play("status")
    assert (said["size"], said["root"], said["signed"], said["ok"]) == (ours["size"], ours["root"], True, True)
    assert log.rows(copy.ledger) == log.rows(player.ledger)
    assert copy.play("roster", "--on", "2020-03-31") == player.play("roster", "--on", "2020-03-31")
    again = tmp_path / "again.jsonl"
    copy.play("export", "--out", str(again))
    assert again.read_bytes() == file.read_bytes()


def test_a_copy_is_brought_up_to_date_by_what_came_since(player: Player, file: Path, tmp_path: Path) -> None:
    copy, since = Player(tmp_path / "copy"), tmp_path / "since.jsonl"
    size = player.size()
    player.play("import-log", str(file), "--into", str(copy.ledger))
    more(player, 1)
    player.play("export", "--from", str(size), "--out", str(since))
    said = player.play("import-log", str(since), "--into", str(copy.ledger))
    assert (said["from"], said["events"], said["size"]) == (size, 2, size + 2)
    assert log.rows(copy.ledger) == log.rows(player.ledger)
    assert player.run("import-log", str(since), "--into", str(copy.ledger)).refused == "export_not_continued"
    assert player.run("import-log", str(file), "--into", str(copy.ledger)).refused == "export_not_continued"
    assert player.run("import-log", str(since), "--into", str(tmp_path / "new")).refused == "export_not_continued"


def test_what_nobody_signed_does_not_continue_a_ledger(player: Player, file: Path, tmp_path: Path) -> None:
    """All hashes fit, since anybody can work them out; whoever recorded it did not say so."""
    copy, since = Player(tmp_path / "copy"), tmp_path / "since.jsonl"
    player.play("import-log", str(file), "--into", str(copy.ledger))
    size = player.size()
    more(player, 1)
    player.play("export", "--from", str(size), "--out", str(since))
    header, *events, _last = lines_of(since)
    events[-1]["state"] = events[-1]["state"].replace("2020-0", "2019-0", 1)
    before = [hashlib.sha256(b"\x00" + export_verifier.record(event)).digest() for event in lines_of(file)[1:-1]]
    since_then = [hashlib.sha256(b"\x00" + export_verifier.record(event)).digest() for event in events]
    events[-1]["leaf_hash"] = base64.b64encode(since_then[-1]).decode()
    root = base64.b64encode(row_root(b"".join([*before, *since_then]))).decode()
    note = f"{header['origin']}\n{header['size']}\n{root}\n"
    rewritten(since, [header, *events, {"checkpoint": note, "signed": False}])
    said = copy.run("import-log", str(since), "--into", str(copy.ledger))
    assert (said.refused, said.document["context"]["problem"]) == ("export_not_verified", "digest_differs")
    found = copy.run("verify").document
    assert (found["ok"], found["size"]) == (True, size)


def test_what_came_since_in_another_copy_does_not_continue_this_one(player: Player, file: Path, tmp_path: Path) -> None:
    size = player.size()
    fork = Player(tmp_path / "fork")
    player.play("import-log", str(file), "--into", str(fork.ledger))
    more(player, 1)
    player.play("export", "--from", str(size), "--out", str(tmp_path / "since.jsonl"))
    other = new_ledger(tmp_path / "other" / "ledger")
    other.play("export", "--from", str(other.size()), "--out", str(tmp_path / "other.jsonl"))
    assert player.run("import-log", str(tmp_path / "other.jsonl"), "--into", str(fork.ledger)).refused == "export_not_continued"
    lines = lines_of(tmp_path / "since.jsonl")
    lines[0]["first_root"] = "A" * 43 + "="
    rewritten(tmp_path / "since.jsonl", lines)
    assert player.run("import-log", str(tmp_path / "since.jsonl"), "--into", str(fork.ledger)).refused == "export_not_continued"


def state_changed(lines: Lines) -> None:
    lines[20]["state"] = lines[20]["state"].replace("2020", "2021", 1)


def hash_changed(lines: Lines) -> None:
    state_changed(lines)
    found = hashlib.sha256(b"\x00" + export_verifier.record(lines[20])).digest()
    lines[20]["leaf_hash"] = base64.b64encode(found).decode()


def version_changed(lines: Lines) -> None:
    lines[20]["version"] += 1


EARLIER = "2019-03-02T01:00:00.000000Z"
WRONG: dict[str, tuple[Callable[[Lines], object], int, str]] = {
    "a changed event": (state_changed, 21, "export_leaf_hash_differs"),
    "a changed event with a new hash": (hash_changed, 0, "export_root_differs"),
    "another version": (version_changed, 21, "export_version_out_of_order"),
    "an event left out": (lambda lines: lines.pop(20), 21, "export_leaf_out_of_order"),
    "two events swapped": (lambda lines: lines.insert(20, lines.pop(21)), 21, "export_leaf_out_of_order"),
    "an event twice": (lambda lines: lines.insert(20, lines[19]), 21, "export_leaf_out_of_order"),
    "an instant that goes back": (lambda lines: lines[50].update(recorded_at=EARLIER), 51, "export_instant_goes_back"),
    "another spelling of an instant": (lambda lines: lines[20].update(recorded_at="2020-03-02T01:00:00Z"), 21, "export_line_malformed"),
    "a field too many": (lambda lines: lines[20].update(more=1), 21, "export_line_malformed"),
    "a number as text": (lambda lines: lines[20].update(leaf="19"), 21, "export_line_malformed"),
    "the checkpoint missing": (lambda lines: lines.pop(), 0, "export_cut_off"),
    "something behind it": (lambda lines: lines.append(lines[-1]), -1, "export_goes_on"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_file_that_is_not_as_it_was_written_is_refused_with_the_line(player: Player, file: Path, tmp_path: Path, kind: str) -> None:
    change, number, reason = WRONG[kind]
    lines = lines_of(file)
    whole = len(lines)
    change(lines)
    rewritten(file, lines)
    said = player.run("import-log", str(file), "--into", str(tmp_path / "copy"))
    expected = {"line": number if number > 0 else whole - number, "reason": reason}
    assert (said.refused, said.document["context"]) == ("export_line_wrong", expected)
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_file_that_was_cut_off_is_refused(player: Player, file: Path, tmp_path: Path, share: float) -> None:
    raw = file.read_bytes()
    file.write_bytes(raw[: int(len(raw) * share)])
    said = player.run("import-log", str(file), "--into", str(tmp_path / "copy"))
    assert (said.refused, said.document["context"]["reason"]) == ("export_line_wrong", "export_cut_off")


@pytest.mark.parametrize("content", [b"", b"\x00\xff", b"{}\n", b"[1]\n", b'{"format":"mingzhang-export","version":2}\n'])
def test_what_is_no_export_is_refused(player: Player, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.jsonl").write_bytes(content)
    assert player.run("import-log", str(tmp_path / "x.jsonl"), "--into", str(tmp_path / "copy")).refused == "export_format"


def test_a_rehearsal_is_not_imported_as_a_real_ledger(player: Player, file: Path, tmp_path: Path) -> None:
    lines = lines_of(file)
    lines[0] |= {"rehearsal": False, "origin": lines[0]["origin"].replace("mingzhang-rehearsal/", "mingzhang/")}
    rewritten(file, lines)
    said = player.run("import-log", str(file), "--into", str(tmp_path / "copy"))
    assert (said.refused, said.document["context"]["reason"]) == ("export_line_wrong", "export_wrong_ledger")


def test_an_import_takes_nothings_place(player: Player, file: Path, keys: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_bytes(b"")
    before = {path: raw for path, raw in kept_in(player.ledger).items() if "db-" not in path}
    assert player.run("import-log", str(file), "--into", str(tmp_path / "full")).refused == "restore_into_existing"
    assert player.run("import-log", str(file), "--into", str(player.ledger)).refused == "export_not_continued"
    assert player.run("import-log", str(file), "--into", str(player.ledger), "--keys", str(keys)).refused == "restore_into_existing"
    assert {path: raw for path, raw in kept_in(player.ledger).items() if "db-" not in path} == before
    assert player.run("export", "--out", str(file)).refused == "file_exists"


def test_without_keys_the_checkpoint_is_unsigned_and_that_is_said(player: Player, tmp_path: Path) -> None:
    out = tmp_path / "log.jsonl"
    assert player.play("--without-names", "export", "--out", str(out))["signed"] is False
    assert lines_of(out)[-1]["signed"] is False
    assert player.play("import-log", str(out), "--into", str(tmp_path / "copy"))["signed"] is False


@pytest.mark.parametrize("number", range(1, 8))
def test_an_import_that_is_killed_has_made_no_ledger_and_can_be_run_again(
    player: Player, file: Path, keys: Path, tmp_path: Path, number: int
) -> None:
    copy = Player(tmp_path / "copy")
    words = ["import-log", str(file), "--into", str(copy.ledger), "--keys", str(keys)]
    if killed_at_sync(number, *words) and not (copy.ledger / "ledger.json").exists():
        assert copy.run("status").refused == "ledger_missing"
        player.play(*words)
    assert copy.play("status")["root"] == player.play("status")["root"]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_an_export_that_is_killed_leaves_no_file_of_its_name(player: Player, tmp_path: Path, number: int) -> None:
    out = tmp_path / "log.jsonl"
    if killed_at_sync(number, "--ledger", str(player.ledger), "export", "--out", str(out)):
        assert not out.exists()
        player.play("export", "--out", str(out))
    assert export_verifier.verified(out)["size"] == player.size()
