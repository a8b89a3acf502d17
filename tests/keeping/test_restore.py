"""A restore believes nothing it was not shown, makes a new ledger or none, and brings nobody back who was erased."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mingzhang.domain.vault.master import load_master_key
from mingzhang.domain.vault.vault import Vault
from tests.keeping.ledgers import kept_in, killed_at_sync, more, without
from tests.stories import log
from tests.stories.player import Player
from tests.stories.practice import new_ledger


def vault_of(ledger: Path) -> Vault:
    return Vault.open(ledger / "keys" / "vault.db", load_master_key(ledger / "keys" / "master.key"), secrets.token_bytes)


def somebody(ledger: Path) -> str:
    """The reference of one of the people in a ledger."""
    return log.streams(log.rows(ledger), "student.registered")[0].removeprefix("student/")


def checkpoint_file(player: Player, to: Path) -> Path:
    player.play("checkpoint")
    (newest,) = [path for path in (player.ledger / "checkpoints").glob("*.txt") if path.stem == str(player.size())]
    return Path(shutil.copy(newest, to))


def test_a_restored_ledger_has_the_same_log_answers_the_same_and_goes_on(
    player: Player, events: Path, keys: Path, tmp_path: Path
) -> None:
    said = player.play("restore", str(events), "--into", str(tmp_path / "again"), "--keys", str(keys))
    again = Player(tmp_path / "again")
    assert log.rows(again.ledger) == log.rows(player.ledger)
    assert (said["size"], said["keys"], said["erased_again"]) == (player.size(), True, [])
    for words in (["roster", "--on", "2020-03-31"], ["survey", "totals", "--round", "2020-spring"], ["status"]):
        ours, theirs = (one.play(*words, at="2020-04-01T09:00:00") for one in (player, again))
        if words == ["status"]:
            ours, theirs = ({**one, "ledger": "", "journal_bytes": 0} for one in (ours, theirs))
        assert ours == theirs
    more(again, 1)
    assert log.problems(log.rows(again.ledger)) == []


def test_whoever_gives_no_checkpoint_is_told_that_nothing_was_compared(player: Player, events: Path, tmp_path: Path) -> None:
    said = player.run("restore", str(events), "--into", str(tmp_path / "again"))
    assert (said.document["compared_with"], said.document["older_than"]) == ([], [])


def test_a_checkpoint_kept_elsewhere_is_compared_with(player: Player, events: Path, tmp_path: Path) -> None:
    kept = checkpoint_file(player, tmp_path / "kept.txt")
    said = player.play("restore", str(events), "--into", str(tmp_path / "again"), "--against", str(kept))
    assert said["compared_with"] == [player.size()]


def test_a_backup_older_than_a_checkpoint_is_restored_only_where_that_is_meant(player: Player, events: Path, tmp_path: Path) -> None:
    size, into = player.size(), tmp_path / "again"
    more(player, 1)
    kept = checkpoint_file(player, tmp_path / "kept.txt")
    words = ["restore", str(events), "--into", str(into), "--against", str(kept)]
    said = player.run(*words)
    assert (said.refused, said.document["context"]) == ("backup_older_than_checkpoint", {"size": size, "last": player.size()})
    assert not into.exists()
    assert player.play(*words, "--older")["older_than"] == [player.size()]
    assert Player(into).play("--without-names", "status")["size"] == size  # looked at deliberately, it is a ledger like any other


def test_a_checkpoint_of_another_log_is_refused(player: Player, events: Path, tmp_path: Path) -> None:
    other = new_ledger(tmp_path / "other" / "ledger")
    kept = checkpoint_file(other, tmp_path / "kept.txt")
    said = player.run("restore", str(events), "--into", str(tmp_path / "again"), "--against", str(kept))
    assert said.refused == "checkpoint_of_other_log"


def test_a_checkpoint_nobody_signed_counts_for_nothing(player: Player, events: Path, tmp_path: Path) -> None:
    kept = checkpoint_file(player, tmp_path / "kept.txt")
    lines = kept.read_text(encoding="utf-8").split("\n")
    lines[1] = str(player.size() + 7)
    kept.write_text("\n".join(lines), encoding="utf-8")
    said = player.run("restore", str(events), "--into", str(tmp_path / "again"), "--against", str(kept))
    assert said.refused == "note_signature_wrong"


def test_size_and_root_copied_from_paper_count_as_for_verify(player: Player, events: Path, tmp_path: Path) -> None:
    head = player.ask("checkpoint")
    paper = tmp_path / "paper.txt"
    paper.write_text(f"{head['size']}\n{head['root_hex']}\n", encoding="utf-8")
    said = player.play("restore", str(events), "--into", str(tmp_path / "again"), "--against", str(paper))
    assert said["compared_with"] == [player.size()]
    paper.write_text(f"{head['size']}\n{'0' * 64}\n", encoding="utf-8")
    said = player.run("restore", str(events), "--into", str(tmp_path / "more"), "--against", str(paper))
    assert (said.refused, (tmp_path / "more").exists()) == ("backup_contradicts_checkpoint", False)


def test_a_log_that_was_written_anew_contradicts_the_checkpoint(player: Player, tmp_path: Path) -> None:
    """Both logs are the ledger's own, signed with its key: one copy went one way, the other another."""
    fork = Player(Path(shutil.copytree(player.ledger, tmp_path / "fork" / "ledger")))
    more(player, 1)
    more(fork, 2)
    kept = checkpoint_file(player, tmp_path / "kept.txt")
    fork.play("backup", "--out", str(tmp_path / "events"))
    said = player.run("restore", str(tmp_path / "events"), "--into", str(tmp_path / "again"), "--against", str(kept))
    assert (said.refused, said.document["context"]) == ("backup_contradicts_checkpoint", {"size": player.size()})


def change(file: Path) -> None:
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)


def half(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


SPOILT: dict[str, tuple[Callable[[Path], object], str]] = {
    "a byte of the journal": (lambda backup: change(backup / "journal.db"), "backup_damaged"),
    "half of the journal": (lambda backup: half(backup / "journal.db"), "backup_damaged"),
    "an empty journal": (lambda backup: (backup / "journal.db").write_bytes(b""), "backup_damaged"),
    "no journal": (lambda backup: (backup / "journal.db").unlink(), "backup_damaged"),
    "no description": (lambda backup: (backup / "ledger.json").unlink(), "backup_damaged"),
    "no list of files": (lambda backup: (backup / "backup.json").unlink(), "backup_missing"),
    "a torn list of files": (lambda backup: half(backup / "backup.json"), "backup_damaged"),
    "another version": (lambda backup: edited(backup, version=2), "backup_format"),
    "a path that leads out": (lambda backup: edited(backup, files=[{"path": "../x", "bytes": 0, "sha256": ""}]), "backup_format"),
    "no list of erasures": (lambda backup: (backup / "erasures.json").unlink(), "file_missing"),
    "another root": (lambda backup: edited(backup, root="AAAA"), "backup_damaged"),
    "another ledger's id": (lambda backup: edited(backup, ledger_id="x"), "erasure_list_of_other_ledger"),
}


def edited(backup: Path, **said: object) -> None:
    file = backup / "backup.json"
    file.write_text(json.dumps(json.loads(file.read_bytes()) | said), encoding="utf-8")


@pytest.mark.parametrize("kind", SPOILT)
def test_a_backup_that_is_not_as_it_was_made_gives_no_ledger(player: Player, events: Path, tmp_path: Path, kind: str) -> None:
    backup = Path(shutil.copytree(events, tmp_path / "events"))
    spoil, code = SPOILT[kind]
    spoil(backup)
    assert player.run("restore", str(backup), "--into", str(tmp_path / "again")).refused == code
    assert not (tmp_path / "again").exists()


def test_a_restore_takes_nothings_place(player: Player, events: Path, keys: Path) -> None:
    before = kept_in(player.ledger)
    assert player.run("restore", str(events), "--into", str(player.ledger)).refused == "restore_into_existing"
    assert player.run("restore", "--keys", str(keys), "--into", str(player.ledger)).refused == "keys_in_place"
    assert kept_in(player.ledger) == before


def test_keys_of_another_ledger_are_refused(player: Player, events: Path, tmp_path: Path) -> None:
    other = new_ledger(tmp_path / "other" / "ledger")
    other.play("backup", "--keys", "--out", str(tmp_path / "safe" / "keys"))
    words = ["--into", str(tmp_path / "again"), "--keys", str(tmp_path / "safe" / "keys")]
    assert player.run("restore", str(events), *words).refused == "keys_of_other_ledger"
    assert not (tmp_path / "again").exists()
    assert player.run("restore", "--into", str(player.ledger), "--keys", str(tmp_path / "safe" / "keys")).refused == "keys_of_other_ledger"


def test_a_master_key_of_another_ledger_is_found_out_by_opening_the_store(
    player: Player, events: Path, keys: Path, tmp_path: Path
) -> None:
    other = new_ledger(tmp_path / "other" / "ledger")
    mixed = Path(shutil.copytree(keys, tmp_path / "keys"))
    shutil.copy(other.ledger / "keys" / "master.key", mixed / "keys" / "master.key")
    from mingzhang.cli.keeping.manifest import hashed

    found = hashed(mixed, mixed / "keys" / "master.key")
    files = [one for one in json.loads((mixed / "backup.json").read_bytes())["files"] if one["path"] != found.path]
    edited(mixed, files=[*files, found.__dict__])
    said = player.run("restore", str(events), "--into", str(tmp_path / "again"), "--keys", str(mixed))
    assert said.refused == "master_key_wrong"
    assert not (tmp_path / "again").exists()


def test_events_are_not_taken_for_keys_nor_keys_for_events(player: Player, events: Path, keys: Path, tmp_path: Path) -> None:
    into = ["--into", str(tmp_path / "again")]
    assert player.run("restore", str(keys), *into).refused == "backup_other_kind"
    assert player.run("restore", str(events), *into, "--keys", str(events)).refused == "backup_other_kind"


def test_a_ledger_without_keys_is_read_without_names_until_they_are_put_in(
    player: Player, events: Path, keys: Path, tmp_path: Path
) -> None:
    again = Player(tmp_path / "again")
    player.play("restore", str(events), "--into", str(again.ledger))
    assert again.run("status").refused == "master_key_missing"
    assert again.play("--without-names", "status")["size"] == player.size()
    again.play("restore", "--keys", str(keys), "--into", str(again.ledger))
    assert again.play("status")["size"] == player.size()
    assert {path.stat().st_mode & 0o777 for path in (again.ledger / "keys").iterdir()} == {0o600}


def test_whoever_was_erased_after_the_backup_of_the_keys_is_erased_again(
    player: Player, events: Path, keys: Path, tmp_path: Path
) -> None:
    """The list comes from a later backup; the old keys would open the person's boxes."""
    erased = somebody(player.ledger)
    vault = vault_of(player.ledger)
    vault.erase(erased)
    vault.close()
    player.play("backup", "--out", str(tmp_path / "later"))
    words = ["restore", str(events), "--into", str(tmp_path / "again"), "--keys", str(keys)]
    said = player.play(*words, "--erasures", str(tmp_path / "later"))
    assert said["erased_again"] == [erased]
    vault = vault_of(tmp_path / "again")
    assert (vault.erased(), vault.is_erased(erased)) == ([erased], True)
    vault.close()
    said = player.play("restore", str(tmp_path / "later"), "--into", str(tmp_path / "third"), "--keys", str(keys))
    assert said["erased_again"] == [erased]  # a later backup of the events brings its list by itself


def test_a_list_of_erasures_of_another_ledger_is_refused(player: Player, events: Path, keys: Path, tmp_path: Path) -> None:
    other = new_ledger(tmp_path / "other" / "ledger")
    other.play("backup", "--out", str(tmp_path / "theirs"))
    words = ["restore", str(events), "--into", str(tmp_path / "again"), "--keys", str(keys), "--erasures", str(tmp_path / "theirs")]
    assert player.run(*words).refused == "erasure_list_of_other_ledger"


def test_older_keys_are_told_about(player: Player, keys: Path, tmp_path: Path) -> None:
    more(player, 1)
    player.play("backup", "--out", str(tmp_path / "later"))
    said = player.play("restore", str(tmp_path / "later"), "--into", str(tmp_path / "again"), "--keys", str(keys))
    assert said["keys_size"] < said["size"]


@pytest.mark.parametrize("number", range(1, 13))
def test_a_restore_that_is_killed_has_made_no_ledger_and_can_be_run_again(
    player: Player, events: Path, keys: Path, tmp_path: Path, number: int
) -> None:
    again = Player(tmp_path / "again")
    words = ["restore", str(events), "--into", str(again.ledger), "--keys", str(keys)]
    if killed_at_sync(number, *words) and not (again.ledger / "ledger.json").exists():
        assert again.run("status").refused == "ledger_missing"
        again.play(*words)
    assert log.rows(again.ledger) == log.rows(player.ledger)
    assert again.play("status")["size"] == player.size()
    assert not (again.ledger / "unfinished").exists()


@pytest.mark.parametrize("number", range(1, 6))
def test_keys_whose_putting_in_was_killed_are_put_in_by_the_next_try(
    player: Player, events: Path, keys: Path, tmp_path: Path, number: int
) -> None:
    again = Player(without(tmp_path / "again"))
    player.play("restore", str(events), "--into", str(again.ledger))
    killed_at_sync(number, "restore", "--into", str(again.ledger), "--keys", str(keys))
    if not (again.ledger / "keys").exists():
        again.play("restore", "--into", str(again.ledger), "--keys", str(keys))
    assert again.play("status")["size"] == player.size()
    assert not list(again.ledger.glob("keys.*"))
