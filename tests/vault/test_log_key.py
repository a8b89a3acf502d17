"""The log's own key is made with the vault, lies in it wrapped, and is the same for good."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from os import urandom
from pathlib import Path

import pytest

from mingzhang.domain.refusal import Refused
from mingzhang.domain.signing import check_signature
from mingzhang.domain.vault.log_key import log_key, make_log_key
from mingzhang.domain.vault.vault import Vault
from mingzhang.domain.vault.without_keys import WithoutKeys

MASTER = b"m" * 32


def made(folder: Path) -> Vault:
    return Vault.create(folder / "vault.db", MASTER, urandom)


def change(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "vault.db", isolation_level=None)) as db:
        db.execute(statement)


def test_every_new_vault_has_one_and_keeps_it(tmp_path: Path) -> None:
    vault = made(tmp_path)
    first = log_key(vault).public_key
    assert make_log_key(vault).public_key == first
    vault.close()
    again = Vault.open(tmp_path / "vault.db", MASTER, urandom)
    assert log_key(again).public_key == first
    assert check_signature(first, b"message", log_key(again).sign(b"message"))


def test_an_older_vault_gets_one_once(tmp_path: Path) -> None:
    vault = made(tmp_path)
    change(tmp_path, "DELETE FROM vault WHERE name = 'log_key'")
    with pytest.raises(Refused) as caught:
        log_key(vault)
    assert caught.value.code == "log_key_missing"
    assert make_log_key(vault).public_key == make_log_key(vault).public_key == log_key(vault).public_key


def test_it_is_not_plain_in_the_file(tmp_path: Path) -> None:
    vault = made(tmp_path)
    seed = vault.secrets.find("log_key")
    vault.close()
    assert seed is not None and len(seed) == 32
    assert all(seed not in file.read_bytes() for file in tmp_path.iterdir())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE vault SET content = zeroblob(60) WHERE name = 'log_key'",
        "UPDATE vault SET content = x'00' WHERE name = 'log_key'",
        "UPDATE vault SET content = CAST(substr(content, 1, 59) || x'00' AS BLOB) WHERE name = 'log_key'",
    ],
)
def test_a_changed_one_is_not_used(tmp_path: Path, statement: str) -> None:
    vault = made(tmp_path)
    change(tmp_path, statement)
    with pytest.raises(Refused) as caught:
        log_key(vault)
    assert (caught.value.code, caught.value.context) == ("vault_secret_damaged", {"secret": "log_key"})


def test_a_secret_does_not_open_under_another_name(tmp_path: Path) -> None:
    vault = made(tmp_path)
    change(tmp_path, "INSERT INTO vault SELECT 'other', content FROM vault WHERE name = 'log_key'")
    with pytest.raises(Refused) as caught:
        vault.secrets.find("other")
    assert caught.value.code == "vault_secret_damaged"


def test_whoever_leaves_the_keys_alone_signs_nothing() -> None:
    with pytest.raises(Refused) as caught:
        log_key(WithoutKeys())
    assert caught.value.code == "keys_left_out"
