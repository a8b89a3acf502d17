"""What `verify` takes, what it says, and that it comes to its end whatever it is given."""

from __future__ import annotations

import ast
import re
import shutil
import sqlite3
from contextlib import closing
from ctypes import c_longlong
from multiprocessing import Pipe
from multiprocessing.sharedctypes import RawValue
from pathlib import Path
from typing import Any, get_args

import pytest

from mingzhang.cli.verifying.given import read_root
from mingzhang.cli.verifying.words import PROBLEMS, UNCHECKED
from mingzhang.domain.journal.sqlite_reading import StoredLog
from mingzhang.domain.journal.sqlite_schema import Difference
from mingzhang.domain.proof.recomputed import TwoTrees, rows_over
from mingzhang.domain.proof.row_records import RowRecords, columns_of
from mingzhang.domain.proof.second_process import read_and_inspect
from mingzhang.domain.proof.share import TileFound
from mingzhang.domain.proof.verification import verify_log
from tests.attacks import past_the_program
from tests.attacks.forging import unguarded
from tests.attacks.ledger import Victim
from tests.attacks.on_the_database import guards_removed, page_overwritten, tile_deleted
from tests.attacks.on_the_file import deleted_and_recomputed, swapped
from tests.attacks.table import CASES
from tests.cli_kernel.scan import sources
from tests.conftest import TRUTHS
from tests.stories.player import Player

TELLING = {"Fault", "EvidenceProblem"}  # calls that are given a code first
TELLING_METHOD = re.compile(r"problems\.(once|leave)$|\._unsigned$")
ROOT = bytes(range(200, 232))


def verify(victim: Victim, *words: str) -> dict[str, Any]:
    document = victim.player.run("verify", *words).document
    assert isinstance(document, dict)
    return document


def test_a_root_is_read_as_people_write_it() -> None:
    digits = ROOT.hex()
    for written in (
        digits,
        digits.upper(),
        " ".join(digits[at : at + 4] for at in range(0, 64, 4)),
        "\n".join(digits[at : at + 16] for at in range(0, 64, 16)),
        "-".join(digits[at : at + 8] for at in range(0, 64, 8)),
        digits.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789abcdef"}),
        "yMnKy8zNzs/Q0dLT1NXW19jZ2tvc3d7f4OHi4+Tl5uc=",
        " yMnKy8zNzs/Q0dLT1NXW19jZ\n2tvc3d7f4OHi4+Tl5uc= ",
    ):
        assert read_root(written) == ROOT


@pytest.mark.parametrize("written", ["", "c8c9", ROOT.hex()[:-1], ROOT.hex() + "0", "yMnKy8zNzs/Q0dLT1NXW", "日志根"])
def test_a_part_of_a_root_is_no_root(written: str) -> None:
    with pytest.raises(ValueError):
        read_root(written)


def test_a_checkpoint_may_be_typed(victim: Victim, tmp_path: Path) -> None:
    head = verify(victim)
    assert verify(victim, "--size", str(head["size"]), "--root", head["root_hex"])["compared_with"][0]["agrees"] is True
    for number, text in enumerate((f"{head['size']}\n{head['root']}\n", f"\ufeff 331 \r\n\r\n{head['root_hex'].upper()}")):
        file = tmp_path / f"{number}.txt"
        file.write_text(text, encoding="utf-8")
        found = verify(victim, "--against", str(file))
        assert found["ok"] is True
        assert [one["code"] for one in found["unchecked"]] == ["checkpoint_unsigned", "not_thorough"]


def test_another_root_of_that_size_does_not_agree(victim: Victim) -> None:
    found = verify(victim, "--size", "331", "--root", ROOT.hex())
    assert (found["ok"], found["compared_with"][0]["agrees"]) == (False, False)
    assert set(found["problem_counts"]) == {"checkpoint_differs"}
    victim.player._played(["--ledger", str(victim.ledger), "--lang", "zh", "verify", "--size", "331", "--root", ROOT.hex()])
    assert "请先核对事件数和日志根是否与纸上一致" in "".join(victim.player.printed[-2:]).replace("\n", "")


def test_what_is_no_checkpoint_is_refused(victim: Victim, tmp_path: Path) -> None:
    file = tmp_path / "x.txt"
    file.write_text("checkpoint")
    assert verify(victim, "--against", str(file))["refused"] == "against_format"
    assert verify(victim, "--size", "331", "--root", "c8c9")["refused"] == "root_format"
    assert victim.player.run("verify", "--size", "331").code == 2


def test_a_checkpoint_that_agrees_narrows_down_where_a_later_one_does_not(victim: Victim, tmp_path: Path) -> None:
    early = tmp_path / "early.txt"
    shutil.copy(victim.ledger / "checkpoints" / "327.txt", early)
    found = verify(victim, "--against", str(early), "--size", "331", "--root", ROOT.hex())
    assert [one["agrees"] for one in found["compared_with"]] == [True, False]
    assert found["first_bad_leaf"] == 327


def test_a_witness_is_named_with_when_it_signed(victim: Victim, tmp_path: Path) -> None:
    player = victim.player
    log = player.ask("checkpoint", at="2020-03-20T12:00:00")
    office = ("--folder", str(tmp_path / "witness"))
    witness = player.play("witness", "init", "audit.example.cn/witness", "--rehearsal", *office, at="2020-03-20T12:00:00")
    signed = tmp_path / "cosigned.txt"
    player.play("witness", "cosign", str(victim.outside), *office, "--key", log["key"], "--out", str(signed), at="2020-03-20T13:00:00")
    unknown = verify(victim, "--against", str(signed))
    assert [one["kind"] for one in unknown["compared_with"][0]["signed_by"]] == ["log", "unknown"]
    assert [one["code"] for one in unknown["unchecked"]] == ["witness_unknown", "not_thorough"]
    known = verify(victim, "--against", str(signed), "--witness", witness["key"])
    assert known["compared_with"][0]["signed_by"][1] == {
        "name": "audit.example.cn/witness", "kind": "witness", "at": "2020-03-20T05:00:00.000000Z"
    }  # fmt: skip
    assert [one["code"] for one in known["unchecked"]] == ["not_thorough"]


def test_a_key_that_two_people_have_is_told(victim: Victim) -> None:
    """Somebody may have two staff ids; whether it is one person or two, their signatures are one."""
    past_the_program.key_shared(victim)
    found = verify(victim)
    assert found["ok"] is True
    (told,) = [one for one in found["unchecked"] if one["code"] == "key_shared"]
    assert told["names"] == ["surveyor", "keyless"]


def test_no_key_is_needed_and_a_copy_of_the_log_is_enough(victim: Victim, tmp_path: Path) -> None:
    shutil.rmtree(victim.ledger / "keys")
    assert verify(victim, "--against", str(victim.outside))["ok"] is True
    alone = tmp_path / "taken.db"
    shutil.copy(victim.journal, alone)
    found = Player(alone).run("verify", "--against", str(victim.outside)).document
    assert found["ok"] is True
    assert [one["code"] for one in found["unchecked"]] == ["ledger_json_missing", "not_thorough"]


def test_a_medium_that_cannot_be_written_to_is_verified(victim: Victim) -> None:
    for file in victim.ledger.glob("journal.db-*"):
        file.unlink()
    before = sorted(entry.name for entry in victim.ledger.iterdir())
    victim.ledger.chmod(0o500)
    try:
        assert verify(victim, "--against", str(victim.outside))["ok"] is True
    finally:
        victim.ledger.chmod(0o700)
    assert [name for name in before if not (victim.ledger / name).exists()] == []


def test_a_log_that_is_broken_in_many_ways_is_told_about_to_the_end(victim: Victim) -> None:
    deleted_and_recomputed(victim)
    swapped(victim)
    tile_deleted(victim)
    guards_removed(victim)
    page_overwritten(victim)
    (victim.ledger / "ledger.json").write_text("{")
    found = verify(victim, "--against", str(victim.outside))
    assert found["ok"] is False
    assert {
        "guard_missing", "ledger_json_unreadable", "log_shorter_than_checkpoint", "page_damaged", "signature_wrong", "tile_incomplete"
    } <= set(found["problem_counts"])  # fmt: skip
    assert found["size"] == 330


@pytest.mark.parametrize("language", ["zh", "en"])
def test_people_are_told_as_well(language: str, victim: Victim, capsys: pytest.CaptureFixture[str]) -> None:
    from click.testing import CliRunner

    from mingzhang.cli.app import cli

    page_overwritten(victim)
    guards_removed(victim)
    said = CliRunner().invoke(cli, ["--ledger", str(victim.ledger), "--lang", language, "verify"])
    assert said.exit_code == 4
    assert "page_damaged" in said.stdout
    assert ("核验未通过" if language == "zh" else "NOT VERIFIED") in said.stdout


def test_what_was_recorded_before_signing_is_no_problem_and_is_said(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    shutil.copytree(TRUTHS / "format-1" / "rehearsal", ledger)
    (ledger / "keys" / "master.key").chmod(0o600)
    player = Player(ledger)
    assert player.run("verify").refused == "ledger_needs_upgrade"
    player.play("upgrade", actor="administrator", at="2030-01-01T08:00:00")
    found = player.run("verify").document
    assert found["ok"] is True
    assert found["unchecked"][0]["code"] == "unsigned_before_signing"


def test_every_problem_has_a_sentence_and_no_sentence_waits_for_a_problem() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sources() if path.parts[-2:] != ("verifying", "words.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    told = [node for node in calls if ast.unparse(node.func) in TELLING or TELLING_METHOD.search(ast.unparse(node.func))]
    firsts = [node.args[0] for node in told]
    named = {first.value for first in firsts if isinstance(first, ast.Constant) and isinstance(first.value, str)}
    assert sorted(named - PROBLEMS.keys() - UNCHECKED.keys()) == []
    quoted = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    of_two = {f"guard_{kind}" for kind in get_args(get_args(Difference)[0])}
    assert sorted(code for code in (*PROBLEMS, *UNCHECKED) if code not in quoted | of_two) == []
    assert sorted({code for case in CASES for code in (*case.alone, *case.more)} - PROBLEMS.keys()) == []


@pytest.mark.parametrize("leaf", [17, 48, 100, 232])
@pytest.mark.parametrize(
    "stored",
    [
        "state = 5", "state = 'x'", "state = x''", "originator_version = 'a'", "originator_version = -3", "originator_version = 1.5",
        "originator_version = 9999999999", "originator_id = 5", "originator_id = x'c0'", "topic = x'00ff'", "topic = ''",
        "recorded_at = 7", "recorded_at = x'ff'",
    ],
)  # fmt: skip
def test_whatever_is_stored_in_place_of_an_event_is_named(stored: str, leaf: int, untouched: Victim, tmp_path: Path) -> None:
    journal = tmp_path / "journal.db"
    shutil.copy(untouched.journal, journal)
    with unguarded(journal) as connection:
        connection.execute(f"UPDATE events SET {stored} WHERE leaf_index = ?", (leaf,))
    found = verify_log(journal)
    assert not found.ok
    assert found.problems.first_bad_leaf == leaf


def test_two_processes_find_what_one_finds(untouched: Victim, tmp_path: Path) -> None:
    """The second one begins at the end of the log and says nothing of what is not as it was stored."""
    journal = tmp_path / "journal.db"
    shutil.copy(untouched.journal, journal)
    whole = verify_log(journal, large_bytes=0)
    assert (whole.ok, whole.size, whole.root) == (True, 331, verify_log(journal).root)
    with unguarded(journal) as connection:
        connection.execute("UPDATE events SET topic = 'entry.withdrawn' WHERE leaf_index IN (100, 250)")
        connection.execute("UPDATE events SET topic = CAST(topic AS BLOB) WHERE leaf_index = 110")
    alone, together = verify_log(journal), verify_log(journal, large_bytes=0)
    assert [(one.code, one.leaf) for one in together.problems] == [(one.code, one.leaf) for one in alone.problems]
    assert together.problems.first_bad_leaf == 100


def test_the_second_process_tells_the_faults_and_then_the_tiles_that_are_as_they_were(untouched: Victim, tmp_path: Path) -> None:
    journal = tmp_path / "journal.db"
    shutil.copy(untouched.journal, journal)

    def told() -> list[object]:
        here, there = Pipe(duplex=False)
        read_and_inspect(journal, there, RawValue(c_longlong, -1))
        return [here.recv(), here.recv()]

    with StoredLog(journal) as stored:
        rows = stored.rows(0, 256)
    root = rows_over(RowRecords().of(rows, columns_of(rows))[0])[-1][0]
    faults, found = told()
    assert (faults, found) == ([], ({0: TileFound(root)}, {}))  # staff are appointed in it: what it holds is for the walk to read
    with closing(sqlite3.connect(journal)) as connection:
        connection.execute("DROP TRIGGER events_are_not_changed")
        connection.execute("UPDATE events SET topic = 'entry.withdrawn' WHERE leaf_index = 100")
        connection.commit()
    assert told() == [[("guard_missing", None, "events_are_not_changed")], ({}, {})]


def test_a_tile_is_known_by_its_root_alone_as_well(untouched: Victim) -> None:
    with StoredLog(untouched.journal) as stored:
        by_leaves, by_root = TwoTrees(stored.tile), TwoTrees(stored.tile)
        hashes = [stored.tile(0, 0)[at : at + 32] for at in range(0, 256 * 32, 32)]
        rest = [stored.tile(0, 1)[at : at + 32] for at in range(0, 75 * 32, 32)]
        by_leaves.add(hashes)
        assert by_root.add_root(rows_over(hashes)[-1][0])
        assert by_root.events.root(100) == by_leaves.events.root(100)
        for trees in (by_leaves, by_root):
            trees.add(rest)
        for size in (1, 48, 255, 256, 257, 331):
            assert by_root.events.root(size) == by_leaves.events.root(size)
        assert by_root.events.tiles_above() == by_leaves.events.tiles_above()
