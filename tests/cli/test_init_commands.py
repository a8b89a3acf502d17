"""`init` makes a ledger that is ready, with keys only its owner reads, and never touches what lies there already."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mingzhang.domain.staff import ROLES
from tests.stories import log
from tests.stories.player import Player
from tests.stories.practice import import_words, new_ledger, properly, refusal, survey_file

PASSPHRASE = "MINGZHANG_PASSPHRASE"
AT = "2020-03-02T09:00:00"


@pytest.fixture
def player(tmp_path: Path) -> Player:
    return Player(tmp_path / "ledger")


def test_a_rehearsal_ledger_is_ready_to_practise_on(player: Player) -> None:
    said = player.play("init", "--rehearsal", "--plan", "fuxin-2020", at=AT)
    assert (said["rehearsal"], said["plan"], sorted(said["staff"])) == (True, "fuxin-2020", sorted(ROLES))
    staff = player.play("staff", "list", "--on", "2020-03-02")
    assert {(row["staff"], row["role"], row["unit_id"]) for row in staff} == {(role, role, "bureau") for role in ROLES}
    assert {"师范系", "综职系", "公建系", "农牧系", "机械系"} <= {row["unit"] for row in player.play("unit", "list", "--on", "2020-03-02")}
    assert player.play("status")["plans"] == [{"plan": "fuxin-2020", "version": "2020.1"}]
    assert log.problems(log.rows(player.ledger)) == []


def test_a_real_ledger_has_one_administrator_and_no_practice_staff(player: Player) -> None:
    said = player.play("init", "--unit", "市教育局", "--administrator", "zhao")
    assert (said["rehearsal"], said["staff"]) == (False, ["zhao"])
    assert [(row["staff"], row["role"]) for row in player.play("staff", "list")] == [("zhao", "administrator")]


@pytest.mark.parametrize(
    ("staff", "code"),
    [
        ("王测试", "staff_id_personal"),
        ("13800000000", "staff_id_personal"),
        ("../zhao", "id_unusable"),
        ("z hao", "id_unusable"),
        ("", "id_unusable"),
    ],
)
def test_the_first_administrator_has_an_id_like_everybody_else(player: Player, staff: str, code: str) -> None:
    """It stands plain in every record and names their key file."""
    assert player.run("init", "--plan", "fuxin-2020", "--administrator", staff).refused == code
    assert not player.ledger.exists()


def test_whoever_comes_later_is_appointed_by_the_administrator(player: Player) -> None:
    player.play("init", "--plan", "fuxin-2020", "--administrator", "zhao")
    words = ["staff", "appoint", "wang", "--role", "surveyor", "--unit", "shifan", "--name", "王测试"]
    assert refusal(player.run(*words, actor="wang")) == properly("staff_unknown")
    player.play(*words, actor="zhao")
    assert refusal(player.run(*words, actor="zhao")) == properly("staff_already_appointed")
    assert [row["name"] for row in player.play("staff", "list") if row["staff"] == "wang"] == ["王**"]


def test_the_keys_lie_apart_and_only_their_owner_reads_them(player: Player) -> None:
    player.play("init", "--rehearsal", "--plan", "fuxin-2020", at=AT)
    keys = player.ledger / "keys"
    assert {path.name: path.stat().st_mode & 0o777 for path in (keys, keys / "master.key", keys / "vault.db")} == {
        "keys": 0o700,
        "master.key": 0o600,
        "vault.db": 0o600,
    }


def test_what_a_rehearsal_prints_is_marked(player: Player) -> None:
    player.play("init", "--rehearsal", "--plan", "fuxin-2020", at=AT)
    assert player.play("status")["rehearsal"] is True
    assert {row["rehearsal"] for row in player.play("unit", "list")} == {True}


def test_a_second_init_leaves_the_first_as_it_is(player: Player) -> None:
    player.play("init", "--rehearsal", "--plan", "fuxin-2020", at=AT)
    kept = {path.name: path.read_bytes() for path in player.ledger.rglob("*") if path.is_file()}
    assert refusal(player.run("init", "--rehearsal", "--plan", "fuxin-2020", at=AT)) == properly("ledger_exists")
    assert {path.name: path.read_bytes() for path in player.ledger.rglob("*") if path.is_file()} == kept


def test_a_folder_with_other_things_in_it_is_left_alone(player: Player) -> None:
    player.ledger.mkdir()
    (player.ledger / "照片.jpg").write_bytes(b"x")
    assert refusal(player.run("init", "--unit", "市教育局")) == properly("folder_not_empty")
    assert [path.name for path in player.ledger.iterdir()] == ["照片.jpg"]


def test_a_file_is_no_place_for_a_ledger(player: Player) -> None:
    player.ledger.write_bytes(b"x")
    assert refusal(player.run("init", "--unit", "市教育局")) == properly("folder_not_empty")


def test_an_empty_folder_will_do(player: Player) -> None:
    player.ledger.mkdir()
    player.play("init", "--unit", "市教育局")


@pytest.mark.parametrize(
    ("words", "code"), [(("--plan", "nowhere-1999"), "plan_unknown"), ((), "unit_name_needed"), (("--rehearsal",), "unit_name_needed")]
)
def test_what_cannot_be_made_leaves_no_folder(player: Player, words: tuple[str, ...], code: str) -> None:
    assert refusal(player.run("init", *words)) == properly(code)
    assert not player.ledger.exists()


def test_a_passphrase_guards_the_key(player: Player, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSPHRASE, "春风化雨 2020")
    new_ledger(player.ledger)
    assert "key" not in json.loads((player.ledger / "keys" / "master.key").read_text(encoding="utf-8"))
    words = import_words(survey_file(tmp_path / "师范系.xlsx", range(3)))
    before = player.size()
    monkeypatch.setenv(PASSPHRASE, "秋风扫叶")
    assert refusal(player.run(*words, actor="surveyor", at="2020-03-16T10:00:00")) == properly("passphrase_wrong")
    monkeypatch.delenv(PASSPHRASE)
    assert refusal(player.run(*words, actor="surveyor", at="2020-03-16T10:00:00")) == properly("passphrase_needed")
    monkeypatch.setenv(PASSPHRASE, "春风化雨 2020")
    assert player.size() == before
    assert player.play(*words, actor="surveyor", at="2020-03-16T10:00:00")["recorded"] == 3


def test_a_passphrase_of_blanks_is_none(player: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSPHRASE, "   ")
    assert refusal(player.run("init", "--unit", "市教育局")) == properly("passphrase_needed")
    monkeypatch.delenv(PASSPHRASE)
    player.play("init", "--unit", "市教育局")
