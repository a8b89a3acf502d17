"""A vault opens with its own master key and says plainly why it does not."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

import pytest

from mingzhang.domain.refusal import Refused
from mingzhang.domain.vault import Vault, load_master_key, make_master_key, wrapping

FIELDS = {"name": "测试甲"}


@pytest.fixture
def key_path(tmp_path: Path) -> Path:
    return tmp_path / "master.key"


@pytest.fixture
def quick_scrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parameters stand in the file, so a cheap one is as good for everything but guessing."""
    monkeypatch.setattr(wrapping, "SCRYPT_N", 2**10)


def refused_to_load(path: Path, passphrase: str | None = None) -> str:
    with pytest.raises(Refused) as refusal:
        load_master_key(path, passphrase)
    assert refusal.value.context == {}
    return refusal.value.code


def refused_to_open(path: Path, key: bytes) -> str:
    with pytest.raises(Refused) as refusal:
        Vault.open(path, key, os.urandom)
    return refusal.value.code


def test_another_master_key_is_refused(vault: Vault, vault_path: Path) -> None:
    assert refused_to_open(vault_path, bytes(32)) == "master_key_wrong"


def test_a_missing_vault_is_not_answered_with_an_empty_one(vault_path: Path, master_key: bytes) -> None:
    assert refused_to_open(vault_path, master_key) == "vault_missing"
    assert not vault_path.exists()


@pytest.mark.parametrize("content", [b"", b"no database, but longer than the hundred bytes of a header" * 5])
def test_what_is_no_vault_is_refused(vault_path: Path, master_key: bytes, content: bytes) -> None:
    vault_path.write_bytes(content)
    assert refused_to_open(vault_path, master_key) == "vault_format"


@pytest.mark.parametrize("content", [b"mingzhang-vault/9", "mingzhang-vault/1", 1])
def test_a_vault_of_another_format_is_refused(
    vault: Vault, vault_path: Path, master_key: bytes, content: object
) -> None:
    vault.close()
    with sqlite3.connect(vault_path) as connection:
        connection.execute("UPDATE vault SET content = ? WHERE name = 'format'", (content,))
    connection.close()
    assert refused_to_open(vault_path, master_key) == "vault_format"


def test_a_vault_is_never_made_over_another(vault: Vault, vault_path: Path, master_key: bytes) -> None:
    before = vault_path.read_bytes()
    with pytest.raises(Refused, match="vault_exists"):
        Vault.create(vault_path, master_key, os.urandom)
    assert vault_path.read_bytes() == before


def test_a_vault_and_its_log_are_their_owners_alone(vault: Vault, vault_path: Path) -> None:
    vault.new_subject()
    files = sorted(vault_path.parent.glob("vault.db*"))
    assert len(files) == 3
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_wrapped_key_moved_to_another_person_is_refused(vault: Vault, vault_path: Path) -> None:
    one, other = vault.new_subjects(2)
    with sqlite3.connect(vault_path) as connection:
        connection.execute(
            "UPDATE persons SET wrapped_key = (SELECT wrapped_key FROM persons WHERE subject = ?) WHERE subject = ?",
            (one, other),
        )
    connection.close()
    vault.seal(one, FIELDS)
    with pytest.raises(Refused, match="person_key_damaged"):
        vault.seal(other, FIELDS)


def test_a_writer_that_finds_the_vault_locked_says_so(vault: Vault, vault_path: Path) -> None:
    vault._store._connection.execute("PRAGMA busy_timeout = 50")
    holder = sqlite3.connect(vault_path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(Refused, match="vault_busy"):
        vault.new_subject()
    holder.close()
    assert vault.new_subject()


def test_a_master_key_comes_back_from_its_file(key_path: Path) -> None:
    made = make_master_key(key_path, os.urandom)
    assert len(made) == 32 and load_master_key(key_path) == made
    assert stat.S_IMODE(key_path.stat().st_mode) == 0o600


def test_a_lost_master_key_is_said_to_be_missing(key_path: Path) -> None:
    assert refused_to_load(key_path) == "master_key_missing"


def test_a_master_key_is_never_overwritten(key_path: Path) -> None:
    made = make_master_key(key_path, os.urandom)
    with pytest.raises(Refused, match="master_key_exists"):
        make_master_key(key_path, os.urandom)
    assert load_master_key(key_path) == made


def test_keys_are_not_written_where_there_is_no_folder(tmp_path: Path, master_key: bytes) -> None:
    with pytest.raises(Refused, match="keys_folder_missing"):
        make_master_key(tmp_path / "keys" / "master.key", os.urandom)
    with pytest.raises(Refused, match="keys_folder_missing"):
        Vault.create(tmp_path / "keys" / "vault.db", master_key, os.urandom)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o620])
def test_a_plain_key_that_others_can_reach_is_not_used(key_path: Path, mode: int) -> None:
    make_master_key(key_path, os.urandom)
    key_path.chmod(mode)
    assert refused_to_load(key_path) == "master_key_exposed"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b'{"format": "mingzhang-master-key/9", "key": ""}',
        b'{"format": "mingzhang-master-key/1", "key": "AAAA"}',
        b'{"format": "mingzhang-master-key/1", "kdf": "scrypt", "n": 1099511627776, "r": 8, "p": 1,'
        b' "salt": "AAAA", "wrapped": "AAAA"}',
        b'{"format": "mingzhang-master-key/1", "kdf": "md5", "n": 2, "r": 8, "p": 1,'
        b' "salt": "AAAA", "wrapped": "AAAA"}',
    ],
)
def test_a_file_that_holds_no_master_key_is_refused(key_path: Path, content: bytes) -> None:
    key_path.write_bytes(content)
    key_path.chmod(0o600)
    assert refused_to_load(key_path, "口令") == "master_key_format"


def test_a_passphrase_opens_what_it_closed(key_path: Path, quick_scrypt: None) -> None:
    made = make_master_key(key_path, os.urandom, "测试口令 one")
    assert load_master_key(key_path, "测试口令 one") == made
    assert made not in key_path.read_bytes()
    assert refused_to_load(key_path) == "passphrase_needed"
    assert refused_to_load(key_path, " ") == "passphrase_needed"
    assert refused_to_load(key_path, "测试口令 two") == "passphrase_wrong"


def test_an_empty_passphrase_protects_nothing_and_is_refused(key_path: Path) -> None:
    with pytest.raises(Refused, match="passphrase_needed"):
        make_master_key(key_path, os.urandom, "")
    assert not key_path.exists()


def test_the_cost_of_guessing_a_passphrase_is_not_lowered(key_path: Path) -> None:
    make_master_key(key_path, os.urandom, "测试口令")
    assert b'"kdf": "scrypt", "n": 131072, "r": 8, "p": 1' in key_path.read_bytes()
