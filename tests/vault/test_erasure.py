"""An erased person is gone from the vault's files, and nothing more can be written about them."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from mingzhang.domain.refusal import Refused
from mingzhang.domain.vault import Vault

NUMBERS = [f"999999200001{at:05d}0" for at in range(2000)]
FIELDS = {"name": "测试甲乙丙", "id_number": NUMBERS[0], "address": "某省某市某县某村九十九号"}


def written(path: Path) -> bytes:
    """Everything that lies on the disk: the file, its write-ahead log, and any journal."""
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(path.name + "*")))


def secrets_of(path: Path, subjects: list[str]) -> list[bytes]:
    """Pieces of 16 bytes of these people's wrapped keys and tokens, as a thief would look for them."""
    marks = ", ".join("?" * len(subjects))
    connection = sqlite3.connect(path)
    rows = connection.execute(f"SELECT wrapped_key FROM persons WHERE subject IN ({marks})", subjects).fetchall()
    rows += connection.execute(f"SELECT token FROM tokens WHERE subject IN ({marks})", subjects).fetchall()
    connection.close()
    return [secret[at : at + 16] for (secret,) in rows for at in range(0, len(secret) - 15, 16)]


def test_no_plaintext_and_no_key_ever_reaches_the_files(vault: Vault, vault_path: Path, master_key: bytes) -> None:
    (subject,) = vault.subjects_for([NUMBERS[0]])
    vault.add_tokens([("phone", "10000000000", subject), ("account", "9999000011112222", subject)])
    vault.open_box(vault.seal(subject, FIELDS))
    on_disk = written(vault_path)
    assert (vault_path.parent / "vault.db-wal").stat().st_size > 0
    for text in [*FIELDS.values(), "10000000000", "9999000011112222", "测试"]:
        assert text.encode() not in on_disk
    assert master_key not in on_disk
    assert vault._keys[subject] not in on_disk


def test_an_erased_persons_key_and_tokens_are_gone_from_the_files(vault: Vault, vault_path: Path) -> None:
    people = [subject for at in range(0, 2000, 40) for subject in vault.subjects_for(NUMBERS[at : at + 40])]
    erased = people[::100]
    secrets = secrets_of(vault_path, erased)
    assert len(secrets) == 20 * 5 and all(secret in written(vault_path) for secret in secrets)
    for subject in erased:
        vault.erase(subject)
    left = written(vault_path)
    assert not [secret for secret in secrets if secret in left]
    assert vault.erased() == sorted(erased)


def test_an_erased_person_is_refused_ever_after(vault: Vault, vault_path: Path, master_key: bytes) -> None:
    (subject,) = vault.subjects_for([NUMBERS[0]])
    box = vault.seal(subject, FIELDS)
    vault.erase(subject)
    vault.close()
    again = Vault.open(vault_path, master_key, os.urandom)
    for attempt in (
        lambda: again.seal(subject, FIELDS),
        lambda: again.open_box(box),
        lambda: again.disclose(box, "name"),
        lambda: again.add_tokens([("phone", "10000000000", subject)]),
    ):
        with pytest.raises(Refused, match="person_erased") as refusal:
            attempt()
        assert refusal.value.context == {"subject": subject}
    again.close()


def test_the_others_are_untouched_and_a_list_still_comes_out(vault: Vault) -> None:
    gone, stays = vault.subjects_for(NUMBERS[:2])
    boxes = vault.seal_many([(gone, FIELDS), (stays, FIELDS)])
    vault.erase(gone)
    assert vault.open_many(boxes) == [None, FIELDS]
    assert vault.is_erased(gone) and not vault.is_erased(stays) and not vault.is_erased("s-TEST000001")


def test_an_erased_persons_number_finds_nobody_and_comes_back_as_somebody_new(vault: Vault) -> None:
    (subject,) = vault.subjects_for(NUMBERS[:1])
    vault.erase(subject)
    assert vault.find("id_number", NUMBERS[0]) == []
    assert vault.subjects_for(NUMBERS[:1]) != [subject]


def test_another_process_that_had_the_key_in_memory_is_refused_too(
    vault: Vault, vault_path: Path, master_key: bytes
) -> None:
    subject = vault.new_subject()
    box = vault.seal(subject, FIELDS)
    other = Vault.open(vault_path, master_key, os.urandom)
    other.erase(subject)
    other.close()
    with pytest.raises(Refused, match="person_erased"):
        vault.seal(subject, FIELDS)
    with pytest.raises(Refused, match="person_erased"):
        vault.open_box(box)


def test_erasing_twice_is_erasing_once(vault: Vault) -> None:
    subject = vault.new_subject()
    vault.erase(subject)
    vault.erase(subject)
    assert vault.erased() == [subject]


def test_a_person_taken_in_after_the_backup_is_refused_by_the_restored_vault(vault: Vault) -> None:
    vault.erase("s-TEST000001")
    with pytest.raises(Refused, match="person_erased"):
        vault.seal("s-TEST000001", FIELDS)


def test_an_erasure_kept_from_finishing_says_so_and_opening_the_vault_finishes_it(
    vault: Vault, vault_path: Path, master_key: bytes
) -> None:
    (subject,) = vault.subjects_for(NUMBERS[:1])
    secrets = secrets_of(vault_path, [subject])
    vault._store._connection.execute("PRAGMA busy_timeout = 50")
    reader = sqlite3.connect(vault_path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM persons").fetchone()
    with pytest.raises(Refused, match="erasure_unfinished"):
        vault.erase(subject)
    with pytest.raises(Refused, match="person_erased"):
        vault.seal(subject, FIELDS)
    assert any(secret in written(vault_path) for secret in secrets)
    reader.execute("COMMIT")
    again = Vault.open(vault_path, master_key, os.urandom)
    assert not any(secret in written(vault_path) for secret in secrets)
    again.close()
    reader.close()
