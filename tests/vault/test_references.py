"""One person has one reference, whoever asks and however the number is written."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import multiprocessing
import os
import re
from pathlib import Path

import pytest

from mingzhang.domain.refusal import Refused
from mingzhang.domain.vault import Vault
from mingzhang.domain.vault.tokens import normalised, token_of

NUMBERS = [f"999999200001{at:05d}0" for at in range(600)]


def import_numbers(path: Path, master_key: bytes, numbers: list[str]) -> list[str]:
    vault = Vault.open(path, master_key, os.urandom)
    found = list(itertools.chain.from_iterable(vault.subjects_for(numbers[at : at + 7]) for at in range(0, 600, 7)))
    vault.close()
    return found


def test_the_same_number_is_always_the_same_person(vault: Vault) -> None:
    first = vault.subjects_for(NUMBERS[:3])
    assert vault.subjects_for([NUMBERS[2], NUMBERS[0], NUMBERS[2], NUMBERS[5]])[:3] == [first[2], first[0], first[2]]


def test_references_are_opaque_and_typable(vault: Vault) -> None:
    references = vault.subjects_for(NUMBERS) + vault.new_subjects(3) + [vault.new_subject("s")]
    assert len(set(references)) == 604
    assert all(re.fullmatch("[sp]-[0-9A-HJKMNP-TV-Z]{10}", reference) for reference in references)


def test_a_reference_already_given_is_drawn_again(tmp_path: Path, master_key: bytes) -> None:
    drawn = iter([bytes(7), bytes(7), bytes(6) + b"\x01"])

    def random_bytes(count: int) -> bytes:
        return next(drawn) if count == 7 else os.urandom(count)

    vault = Vault.create(tmp_path / "v.db", master_key, random_bytes)
    assert [vault.new_subject(), vault.new_subject()] == ["p-0000000000", "p-1000000000"]
    vault.close()


def test_two_processes_importing_the_same_people_agree(vault: Vault, vault_path: Path, master_key: bytes) -> None:
    there, back = (vault_path, master_key, NUMBERS), (vault_path, master_key, NUMBERS[::-1])
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        one, other = pool.starmap(import_numbers, [there, back], chunksize=1)
    assert one == other[::-1] == vault.subjects_for(NUMBERS)
    assert len(set(one)) == len(NUMBERS)


@pytest.mark.parametrize(
    ("kind", "written", "looked_up"),
    [
        ("id_number", "99999920000101001x", "99999920000101001X"),
        ("id_number", " 999999 20000101 0011 ", "999999200001010011"),
        ("id_number", "９９９９９９200001010011", "999999200001010011"),
        ("id_number", "110105491231002", "11010519491231002X"),  # the example GB 11643 itself prints
        ("xueji", "g999999200001010011", "G999999200001010011"),
        ("account", "9999 0000-1111 2222", "9999000011112222"),
        ("phone", "+86 100-0000-0000", "10000000000"),
        ("phone", "008610000000000", "10000000000"),
    ],
)
def test_a_number_is_found_however_it_is_written(kind: str, written: str, looked_up: str) -> None:
    assert normalised(kind, written) == looked_up  # type: ignore[arg-type]


def test_the_token_is_the_documented_one() -> None:
    expected = hmac.new(b"t" * 32, b"phone\x0010000000000", hashlib.sha256).digest()
    assert token_of(b"t" * 32, "phone", "100-0000-0000") == expected


def test_an_empty_number_belongs_to_nobody(vault: Vault) -> None:
    with pytest.raises(Refused, match="number_missing"):
        vault.subjects_for([NUMBERS[0], " "])
    with pytest.raises(Refused, match="number_missing"):
        vault.find("phone", "")


def test_an_account_may_be_shared_and_finds_everybody_who_has_it(vault: Vault) -> None:
    people = vault.new_subjects(3)
    account = "9999000011112222"
    vault.add_tokens([("account", account, people[0]), ("account", account, people[1]), ("phone", account, people[2])])
    vault.add_tokens([("account", account, people[0])])
    assert vault.find("account", account) == sorted(people[:2])
    assert vault.find_many("account", ["9999", account]) == [[], sorted(people[:2])]


def test_whoever_shares_an_account_is_found_without_it(vault: Vault) -> None:
    people = vault.new_subjects(4)
    vault.add_tokens([("account", "9999000011112222", one) for one in people[:2]])
    vault.add_tokens([("account", "9999000011113333", people[2]), ("phone", "9999000011112222", people[3])])
    shared = vault.shared("account")
    assert sorted(subject for _token, subject in shared) == sorted(people[:2])
    assert len({token for token, _subject in shared}) == 1
    vault.erase(people[0])
    assert vault.shared("account") == []


def test_a_corrected_id_number_finds_the_same_person(vault: Vault) -> None:
    (subject,) = vault.subjects_for(NUMBERS[:1])
    vault.add_tokens([("id_number", NUMBERS[1], subject)])
    assert vault.subjects_for(NUMBERS[:2]) == [subject, subject]
    assert vault.find("id_number", NUMBERS[1]) == [subject]


def test_an_id_number_that_is_somebody_elses_is_refused_and_nothing_is_written(vault: Vault) -> None:
    one, other = vault.subjects_for(NUMBERS[:2])
    with pytest.raises(Refused, match="id_number_taken") as refusal:
        vault.add_tokens([("phone", "10000000000", other), ("id_number", NUMBERS[0], other)])
    assert refusal.value.context == {"subject": other, "held_by": one}
    assert vault.find("phone", "10000000000") == []


def test_one_new_id_number_cannot_be_given_to_two_people_at_once(vault: Vault) -> None:
    one, other = vault.new_subjects(2)
    with pytest.raises(Refused, match="id_number_taken"):
        vault.add_tokens([("id_number", NUMBERS[0], one), ("id_number", NUMBERS[0], other)])


def test_a_number_cannot_be_given_to_somebody_unknown(vault: Vault) -> None:
    with pytest.raises(Refused, match="person_unknown"):
        vault.add_tokens([("phone", "10000000000", "s-TEST000001")])


def test_no_message_quotes_the_number(vault: Vault) -> None:
    with pytest.raises(Refused) as refusal:
        vault.find("phone", "1000\ud800")
    assert refusal.value.code == "text_not_unicode" and "1000" not in str(refusal.value)
