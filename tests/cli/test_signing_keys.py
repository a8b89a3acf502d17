"""Nobody records as somebody else: the key lies in a file, the passphrase with its owner, and what is lost is replaced in the open."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from mingzhang.cli.signing import passphrases
from mingzhang.cli.signing.key_file import KeyFile
from mingzhang.cli.signing.key_ring import KeyRing
from mingzhang.domain.refusal import Refused
from mingzhang.domain.vault import wrapping
from tests.stories import log
from tests.stories.player import Player
from tests.stories.practice import properly, refusal

SIGN, NEW = passphrases.TO_SIGN, passphrases.NEW
ACT = ("staff", "declare", "wang", "s-7KQ2M4PX0A")
AT = "2020-03-02T09:00:00"


@pytest.fixture(autouse=True)
def quick_scrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parameters stand in the file, so a cheap one is as good for everything but guessing."""
    monkeypatch.setattr(wrapping, "SCRYPT_N", 2**10)


@pytest.fixture
def real(tmp_path: Path) -> Player:
    """An office's ledger: zhao administers, wang surveys; both passphrases are the tests' own."""
    player = Player(tmp_path / "ledger")
    player.play("init", "--plan", "fuxin-2020", "--administrator", "zhao")
    player.play("staff", "appoint", "wang", "--role", "surveyor", "--unit", "shifan", actor="zhao")
    return player


@pytest.fixture
def rehearsal(tmp_path: Path) -> Player:
    player = Player(tmp_path / "ledger")
    player.play("init", "--rehearsal", "--plan", "fuxin-2020", at=AT)
    return player


def key_file(player: Player, staff: str) -> Path:
    return player.ledger / "keys" / "staff" / f"{staff}.key"


def keys(player: Player, staff: str) -> list[tuple[str, str | None]]:
    """Who issued each key of somebody, and why it ended."""
    return [(row["issued_by"], row["reason"]) for row in player.play("staff", "key", "list") if row["staff"] == staff]


def signers(player: Player) -> list[tuple[str, bool]]:
    states = [json.loads(row.state) for row in log.rows(player.ledger) if row.topic == "transaction.recorded"]
    return [(state["actor"], bool(state["signature"])) for state in states]


def test_the_first_administrator_signs_the_ledger_they_open(real: Player) -> None:
    assert signers(real)[:3] == [("zhao", True)] * 3
    assert keys(real, "zhao") == [("self", None)]
    assert {path.name: path.stat().st_mode & 0o777 for path in (key_file(real, "zhao"), key_file(real, "zhao").parent)} == {
        "zhao.key": 0o600,
        "staff": 0o700,
    }


def test_a_passphrase_that_is_made_up_is_told_once_and_opens_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NEW)
    player = Player(tmp_path / "ledger")
    said = player.play("init", "--unit", "市教育局", "--administrator", "zhao")
    assert len(said["signing_passphrase"]) == 24 and said["key"].startswith("k-")
    unit = ("unit", "register", "zhongxue", "--name", "synthetic", "--kind", "school", "--under", "office")
    assert refusal(player.run(*unit, actor="zhao")) == properly("signing_passphrase_wrong")
    monkeypatch.setenv(SIGN, said["signing_passphrase"])
    player.play(*unit, actor="zhao")
    assert said["signing_passphrase"].encode() not in b"".join(path.read_bytes() for path in player.ledger.rglob("*") if path.is_file())


def test_nobody_acts_as_somebody_whose_key_they_lack(real: Player) -> None:
    key_file(real, "wang").unlink()
    before = real.size()
    assert refusal(real.run(*ACT, actor="wang")) == properly("signing_key_missing")
    assert real.size() == before


def test_nobody_acts_as_somebody_whose_passphrase_they_lack(real: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SIGN, "guessed")
    assert refusal(real.run(*ACT, actor="wang")) == properly("signing_passphrase_wrong")
    monkeypatch.delenv(SIGN)
    assert refusal(real.run(*ACT, actor="wang")) == properly("signing_passphrase_needed")


def test_a_question_asks_for_no_passphrase(real: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SIGN)
    shutil.rmtree(real.ledger / "keys" / "staff")
    assert [row["staff"] for row in real.play("staff", "list")] == ["wang", "zhao"]


def test_somebody_elses_file_under_ones_own_name_is_not_ones_key(real: Player) -> None:
    content = json.loads(key_file(real, "zhao").read_text(encoding="utf-8"))
    key_file(real, "wang").write_text(json.dumps(content | {"staff": "wang"}), encoding="utf-8")
    assert refusal(real.run(*ACT, actor="wang")) == properly("signing_key_other")


def test_a_file_that_claims_another_public_key_is_found_out(real: Player) -> None:
    own = json.loads(key_file(real, "wang").read_text(encoding="utf-8"))
    other = json.loads(key_file(real, "zhao").read_text(encoding="utf-8"))
    swapped = other | {"staff": "wang", "public_key": own["public_key"]}
    key_file(real, "wang").write_text(json.dumps(swapped), encoding="utf-8")
    assert refusal(real.run(*ACT, actor="wang")) == properly("signing_key_file_damaged")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format":"mingzhang-signing-key/1"}', "\x00" * 9])
def test_a_file_that_is_no_key_is_said_to_be_none(real: Player, content: str) -> None:
    key_file(real, "wang").write_text(content, encoding="utf-8")
    assert refusal(real.run(*ACT, actor="wang")) == properly("signing_key_file_damaged")


def test_after_a_renewal_whoever_gave_the_key_can_sign_no_more(real: Player, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "kept-by-the-office.key"
    shutil.copy(key_file(real, "wang"), kept)
    monkeypatch.setenv(NEW, "of wang's own")
    real.play("staff", "key", "renew", actor="wang")
    assert keys(real, "wang") == [("office", "replaced"), ("self", None)]
    assert refusal(real.run("--key", str(kept), *ACT, actor="wang")) == properly("signing_key_replaced")
    assert refusal(real.run(*ACT, actor="wang")) == properly("signing_passphrase_wrong")
    monkeypatch.setenv(SIGN, "of wang's own")
    real.play(*ACT, actor="wang")


def test_ones_own_key_is_never_under_a_passphrase_made_up_here(real: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NEW)
    assert refusal(real.run("staff", "key", "renew", actor="wang")) == properly("signing_passphrase_new_needed")


def test_a_lost_key_is_replaced_by_an_administrator(real: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    key_file(real, "wang").unlink()
    assert refusal(real.run("staff", "key", "enrol", "wang", actor="zhao")) == properly("signing_key_live")
    monkeypatch.delenv(NEW)
    said = real.play("staff", "key", "replace", "wang", "--lost", actor="zhao")
    monkeypatch.setenv(SIGN, said["signing_passphrase"])
    real.play(*ACT, actor="wang")
    assert keys(real, "wang") == [("office", "lost"), ("office", None)]


def test_a_revoked_key_waits_for_another(real: Player) -> None:
    real.play("staff", "key", "revoke", "wang", actor="wang")
    assert refusal(real.run(*ACT, actor="wang")) == properly("signing_key_revoked")
    real.play("staff", "key", "enrol", "wang", actor="zhao")
    real.play(*ACT, actor="wang")
    assert refusal(real.run("staff", "key", "revoke", "zhao", actor="zhao")) == properly("signing_key_own")


def test_a_refused_appointment_leaves_no_key(real: Player) -> None:
    before = sorted(path.name for path in (real.ledger / "keys" / "staff").iterdir())
    words = ("staff", "appoint", "li", "--role", "clerk", "--unit", "shifan")
    assert refusal(real.run(*words, actor="wang")) == properly("role_missing")
    assert sorted(path.name for path in (real.ledger / "keys" / "staff").iterdir()) == before


def test_a_wrong_passphrase_at_an_appointment_leaves_no_key(real: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SIGN, "guessed")
    words = ("staff", "appoint", "li", "--role", "clerk", "--unit", "shifan")
    assert refusal(real.run(*words, actor="zhao")) == properly("signing_passphrase_wrong")
    assert sorted(path.name for path in (real.ledger / "keys" / "staff").iterdir()) == ["wang.key", "zhao.key"]


def test_a_second_role_is_signed_with_the_same_key(real: Player) -> None:
    first = [row["key"] for row in real.play("staff", "list") if row["staff"] == "wang"]
    said = real.play("staff", "appoint", "wang", "--role", "clerk", "--unit", "shifan", actor="zhao")
    assert [said["key"]] == first
    assert keys(real, "wang") == [("office", None)]


def test_a_key_is_carried_on_a_stick_and_renewed_there(real: Player, tmp_path: Path) -> None:
    stick = tmp_path / "stick" / "wang.key"
    assert refusal(real.run("staff", "key", "export", "wang", str(stick))) == properly("output_folder_missing")
    stick.parent.mkdir()
    real.play("staff", "key", "export", "wang", str(stick), "--move")
    assert not key_file(real, "wang").exists()
    assert refusal(real.run(*ACT, actor="wang")) == properly("signing_key_missing")
    assert refusal(real.run("--key", str(stick.with_name("none.key")), *ACT, actor="wang")) == properly("signing_key_not_found")
    assert refusal(real.run("--key", str(stick), "plan", "adopt", "funan-2020", actor="zhao")) == properly("signing_key_of_another")
    real.play("--key", str(stick), *ACT, actor="wang")
    real.play("--key", str(stick), "staff", "key", "renew", actor="wang")
    assert [path.name for path in stick.parent.iterdir()] == ["wang.key"]
    real.play("--key", str(stick), "staff", "declare", "wang", "s-7KQ2M4PX0B", actor="wang")
    assert refusal(real.run("staff", "key", "export", "wang", str(stick))) == properly("signing_key_not_found")


def test_a_key_file_is_not_overwritten(real: Player, tmp_path: Path) -> None:
    taken = tmp_path / "taken.key"
    taken.write_bytes(b"x")
    assert refusal(real.run("staff", "key", "export", "wang", str(taken))) == properly("signing_key_exists")
    assert taken.read_bytes() == b"x"


def test_a_new_key_whose_command_was_cut_off_after_recording_still_signs(real: Player) -> None:
    """Between the record and the new name of the file: what waits under the key's own name counts, since the log says so."""
    live = next(row["key"] for row in real.play("staff", "list") if row["staff"] == "wang")
    key_file(real, "wang").rename(key_file(real, "wang").with_name(f"wang.{live}.next"))
    real.play(*ACT, actor="wang")


def test_a_passphrase_is_asked_for_once_in_a_command(tmp_path: Path, real: Player) -> None:
    asked: list[str] = []

    def ask(staff: str) -> str:
        asked.append(staff)
        return "synthetic passphrase"

    file = KeyFile(key_file(real, "wang"), ask)
    assert asked == []
    assert file.sign(b"one") != file.sign(b"two")
    assert asked == ["wang"]


def test_in_a_rehearsal_everybody_signs_without_a_passphrase(rehearsal: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SIGN)
    monkeypatch.delenv(NEW)
    rehearsal.play("survey", "open", "2020-spring", actor="clerk", at="2020-03-02T10:00:00")
    assert {signed for _actor, signed in signers(rehearsal)} == {True}
    assert not (rehearsal.ledger / "keys" / "staff").exists()


def test_a_loss_can_be_practised(rehearsal: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the derived key is taken away, somebody has a file and a passphrase as in earnest."""
    rehearsal.play("staff", "key", "replace", "clerk", "--lost", actor="administrator", at="2020-03-02T10:00:00")
    monkeypatch.delenv(SIGN)
    words = ("survey", "open", "2020-spring")
    assert refusal(rehearsal.run(*words, actor="clerk", at="2020-03-02T10:01:00")) == properly("signing_passphrase_needed")
    monkeypatch.setenv(SIGN, "synthetic passphrase")
    rehearsal.play(*words, actor="clerk", at="2020-03-02T10:01:00")


def test_a_rehearsals_key_of_another_rehearsal_is_not_taken(rehearsal: Player, tmp_path: Path) -> None:
    other = Player(tmp_path / "other")
    other.play("init", "--rehearsal", "--plan", "fuxin-2020", at=AT)
    shutil.copy(other.ledger / "keys" / "practice.key", rehearsal.ledger / "keys" / "practice.key")
    words, at = ("survey", "open", "2020-spring"), "2020-03-02T10:00:00"
    assert refusal(rehearsal.run(*words, actor="clerk", at=at)) == properly("signing_key_other")
    (rehearsal.ledger / "keys" / "practice.key").unlink()
    assert refusal(rehearsal.run(*words, actor="clerk", at=at)) == properly("signing_key_missing")


def rows_of(player: Player, *words: str) -> Any:
    return player.play("staff", "show", "wang", *words)


def test_somebody_is_shown_as_they_were_on_any_day(rehearsal: Player) -> None:
    """Appointed in March, relieved in June, and the relief was recorded in July."""
    appoint = ("staff", "appoint", "wang", "--role", "surveyor", "--unit", "shifan", "--name", "王测试")
    rehearsal.play(*appoint, "--on", "2020-03-05", actor="administrator", at="2020-03-05T09:00:00")
    rehearsal.play("staff", "declare", "wang", "s-7KQ2M4PX0A", actor="wang", at="2020-04-01T09:00:00")
    relieve = ("staff", "relieve", "wang", "--role", "surveyor", "--unit", "shifan", "--on", "2020-06-01")
    rehearsal.play(*relieve, actor="administrator", at="2020-07-01T09:00:00")
    rehearsal.play("staff", "key", "revoke", "wang", "--reason", "relieved", actor="administrator", at="2020-07-01T09:01:00")

    def shown(on: str, *known: str) -> tuple[list[tuple[str, str | None, bool]], list[str | None], int]:
        said = rows_of(rehearsal, "--on", on, *known)
        held = [(one["since"], one["until"], one["holds"]) for one in said["appointments"]]
        return held, [one["until"] for one in said["keys"]], len(said["interests"])

    assert shown("2020-03-04") == ([], [], 0)
    assert shown("2020-03-31") == ([("2020-03-05", "2020-06-01", True)], ["2020-07-01"], 0)
    assert shown("2020-06-01") == ([("2020-03-05", "2020-06-01", False)], ["2020-07-01"], 1)
    assert shown("2020-06-01", "--known-at", "2020-06-30") == ([("2020-03-05", None, True)], [None], 1)
    assert rows_of(rehearsal)["name"] == "王**"
    listed = [row for row in rehearsal.play("staff", "list", "--on", "2020-06-15") if row["staff"] == "wang"]
    assert [(row["until"], row["key_issued_by"]) for row in listed] == [("2020-06-01", "office")]
    assert refusal(rehearsal.run("staff", "show", "nobody")) == properly("staff_unknown")


def test_an_empty_passphrase_is_none(real: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NEW, "   ")
    words = ("staff", "appoint", "li", "--role", "clerk", "--unit", "shifan")
    assert refusal(real.run(*words, actor="zhao")) == properly("signing_passphrase_needed")


def test_a_key_ring_without_a_key_has_no_signer(tmp_path: Path, real: Player) -> None:
    from mingzhang.cli.folder import read_folder

    ring = KeyRing(read_folder(real.ledger))
    assert ring.signer("li", "k-0000000000000000") is None
    with pytest.raises(Refused, match="signing_key_not_found"):
        KeyRing(read_folder(real.ledger), tmp_path / "none.key").signer("wang", "k-0000000000000000")
