"""What is sealed comes out again with the right key, and in no other way."""

from __future__ import annotations

import base64
import hashlib
import os
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from mingzhang.domain.refusal import Refused
from mingzhang.domain.sealed import Sealed, check_disclosure, commit, field_record
from mingzhang.domain.vault import Vault
from mingzhang.domain.vault.sealing import noise_needed, open_fields, seal_fields
from tests.conftest import CHECKOUT

KEY = b"k" * 32
FIELDS = {"name": "测试甲", "id_number": "999999200001010011", "note": ""}

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


def sealed(fields: dict[str, str] = FIELDS, subject: str = "s-TEST000001", key: bytes = KEY) -> Sealed:
    return seal_fields(key, subject, fields, os.urandom(noise_needed(len(fields))))


def plain(box: Sealed, key: bytes = KEY) -> dict[str, str]:
    return {field: opened.value for field, opened in open_fields(key, box).items()}


def changed(text: str, at: int, bit: int = 0) -> str:
    raw = bytearray(base64.b64decode(text))
    raw[at] ^= 1 << bit
    return base64.b64encode(raw).decode()


def refused_code(box: Sealed, key: bytes = KEY) -> str:
    with pytest.raises(Refused) as refusal:
        open_fields(key, box)
    return refusal.value.code


@given(st.dictionaries(names, texts, max_size=12))
def test_what_is_sealed_comes_out_again_in_order(fields: dict[str, str]) -> None:
    assert list(plain(sealed(fields)).items()) == list(fields.items())


@given(st.dictionaries(names, texts, min_size=1, max_size=5))
def test_a_box_survives_its_json(fields: dict[str, str]) -> None:
    box = sealed(fields)
    assert plain(Sealed.model_validate_json(box.model_dump_json())) == fields


@given(st.data())
def test_any_flipped_bit_in_a_box_is_found(data: st.DataObject) -> None:
    box = sealed()
    at = data.draw(st.integers(0, len(base64.b64decode(box.box)) - 1))
    bent = box.model_copy(update={"box": changed(box.box, at, data.draw(st.integers(0, 7)))})
    assert refused_code(bent) == "box_damaged"


@pytest.mark.parametrize("box", ["", "AAAA", "not base64", "AA\nAA"])
def test_what_is_no_box_at_all_is_refused_as_damaged(box: str) -> None:
    assert refused_code(sealed().model_copy(update={"box": box})) == "box_damaged"


def test_a_box_moved_to_another_person_is_refused_even_under_the_same_key() -> None:
    assert refused_code(sealed().model_copy(update={"subject": "s-TEST000002"})) == "box_damaged"


NAME = field_record(bytes(16), "name", "测试甲")


@pytest.mark.parametrize(
    "plain_text",
    [
        (b"\x02\x00\x01" + NAME).ljust(64, b"\x00"),
        b"\x01\x00\x01" + NAME,
        (b"\x01\x00\x01" + NAME).ljust(63, b"\x00") + b"\x01",
        (b"\x01\x00\x01" + NAME).ljust(128, b"\x00"),
        (b"\x01\x00\x02" + NAME + NAME).ljust(128, b"\x00"),
        (b"\x01\x00\x01" + NAME[:-9]).ljust(64, b"\x00"),
        b"",
    ],
    ids=["version", "unpadded", "padding not zero", "padded twice", "field twice", "value missing", "empty"],
)
def test_a_box_laid_out_otherwise_is_refused_even_from_a_holder_of_the_key(plain_text: bytes) -> None:
    cipher = AESGCM(KEY).encrypt(bytes(12), plain_text, b"mingzhang/box/1\x00A256GCM\x00s-TEST000001")
    box = base64.b64encode(bytes(12) + cipher).decode()
    assert refused_code(Sealed(subject="s-TEST000001", box=box, commitment={"name": commit(NAME)})) == "box_damaged"


def test_one_field_twice_does_not_stand_in_for_two() -> None:
    plain_text = (b"\x01\x00\x02" + NAME + NAME).ljust(128, b"\x00")
    cipher = AESGCM(KEY).encrypt(bytes(12), plain_text, b"mingzhang/box/1\x00A256GCM\x00s-TEST000001")
    box = base64.b64encode(bytes(12) + cipher).decode()
    commitment = {"name": commit(NAME), "phone": commit(NAME)}
    assert refused_code(Sealed(subject="s-TEST000001", box=box, commitment=commitment)) == "box_damaged"


def test_another_persons_key_does_not_open_a_box() -> None:
    assert refused_code(sealed(), b"x" * 32) == "box_damaged"


def test_a_commitment_that_is_not_to_this_text_is_refused() -> None:
    box = sealed()
    other = {**box.commitment, "name": changed(box.commitment["name"], 3)}
    assert refused_code(box.model_copy(update={"commitment": other})) == "box_damaged"


def test_a_commitment_too_many_or_too_few_is_refused() -> None:
    box = sealed()
    fewer = {field: box.commitment[field] for field in ("name", "note")}
    more = {**box.commitment, "phone": box.commitment["name"]}
    assert refused_code(box.model_copy(update={"commitment": fewer})) == "box_damaged"
    assert refused_code(box.model_copy(update={"commitment": more})) == "box_damaged"


def test_two_boxes_of_one_person_from_one_moment_cannot_exchange_commitments() -> None:
    assert refused_code(sealed().model_copy(update={"commitment": sealed().commitment})) == "box_damaged"


def test_an_unknown_algorithm_is_refused_by_name() -> None:
    assert refused_code(sealed().model_copy(update={"alg": "A512"})) == "box_algorithm_unknown"


def test_the_same_text_sealed_twice_shows_nothing_in_common() -> None:
    first, second = sealed(), sealed()
    assert first.box != second.box
    assert not set(first.commitment.values()) & set(second.commitment.values())


def test_a_name_of_two_characters_and_one_of_three_make_boxes_of_one_length() -> None:
    assert len(sealed({"name": "测试"}).box) == len(sealed({"name": "测试甲"}).box)


def test_text_that_no_file_can_hold_is_refused_without_quoting_it() -> None:
    with pytest.raises(Refused) as refusal:
        sealed({"name": "测试\ud800"})
    assert refusal.value.code == "text_not_unicode"
    assert "测试" not in str(refusal.value) and refusal.value.__suppress_context__


def test_a_field_is_disclosed_and_proved_without_the_others(vault: Vault) -> None:
    subject = vault.new_subject("s")
    box = vault.seal(subject, FIELDS)
    salt, value = vault.disclose(box, "name")
    assert value == "测试甲"
    assert check_disclosure(box.commitment, "name", salt, value)


@given(texts)
def test_no_other_value_can_be_proved(claimed: str) -> None:
    box = sealed()
    salt, value = open_fields(KEY, box)["name"]
    assert check_disclosure(box.commitment, "name", salt, claimed) is (claimed == value)


def test_a_disclosed_value_proves_nothing_about_another_field_or_under_another_salt() -> None:
    box = sealed({"name": "测试甲", "guardian": "测试甲"})
    salt, value = open_fields(KEY, box)["name"]
    assert not check_disclosure(box.commitment, "guardian", salt, value)
    assert not check_disclosure(box.commitment, "name", bytes(16), value)
    assert not check_disclosure(box.commitment, "name", salt + b"\x00", value)
    assert not check_disclosure(box.commitment, "phone", salt, value)
    assert not check_disclosure(box.commitment, "name", salt, "\ud800")


def test_a_salt_of_another_length_proves_nothing_although_its_hash_agrees() -> None:
    long_salt = bytes(20)
    commitment = {"name": commit(field_record(long_salt, "name", "测试甲"))}
    assert not check_disclosure(commitment, "name", long_salt, "测试甲")


def test_a_field_that_was_never_sealed_cannot_be_disclosed(vault: Vault) -> None:
    box = vault.seal(vault.new_subject(), FIELDS)
    with pytest.raises(Refused, match="field_not_sealed"):
        vault.disclose(box, "phone")


def test_the_documented_byte_format_is_the_one_written() -> None:
    """An independent reading of docs/concepts/personal-data.md, with fixed noise."""
    noise = bytes(range(12 + 16))
    box = seal_fields(KEY, "s-TEST000001", {"name": "测试甲"}, noise)
    record = noise[12:] + b"\x00\x04name" + b"\x00\x00\x00\x09" + "测试甲".encode()
    raw = base64.b64decode(box.box)
    inside = AESGCM(KEY).decrypt(raw[:12], raw[12:], b"mingzhang/box/1\x00A256GCM\x00s-TEST000001")
    assert raw[:12] == noise[:12]
    assert inside == (b"\x01\x00\x01" + record).ljust(64, b"\x00")
    digest = hashlib.sha256(b"mingzhang/field/1\x00" + record).digest()
    assert box.commitment == {"name": base64.b64encode(digest).decode()}


def test_the_checker_printed_in_the_documentation_checks() -> None:
    page = (CHECKOUT / "docs" / "concepts" / "personal-data.md").read_text(encoding="utf-8")
    printed: dict[str, Any] = {}
    exec(page.partition("```python\n")[2].partition("```")[0], printed)
    box = sealed()
    salt, value = open_fields(KEY, box)["name"]
    assert printed["check"](box.commitment, "name", salt, value)
    assert not printed["check"](box.commitment, "name", salt, "测试乙")
    assert not printed["check"](box.commitment, "note", salt, value)


def test_a_vault_opened_again_opens_its_boxes(vault: Vault, vault_path: Path, master_key: bytes) -> None:
    box = vault.seal(vault.new_subject(), FIELDS)
    vault.close()
    again = Vault.open(vault_path, master_key, os.urandom)
    assert again.open_box(box) == FIELDS
    again.close()


def test_many_boxes_come_out_in_the_order_they_went_in(vault: Vault) -> None:
    people = vault.new_subjects(1200)
    boxes = vault.seal_many([(subject, {"name": f"测试{at}"}) for at, subject in enumerate(people)])
    assert [box.subject for box in boxes] == people
    assert vault.open_many(boxes[::-1]) == [{"name": f"测试{at}"} for at in reversed(range(1200))]


def test_nothing_is_sealed_or_opened_for_an_unknown_person(vault: Vault) -> None:
    with pytest.raises(Refused, match="person_unknown"):
        vault.seal("s-TEST000001", FIELDS)
    with pytest.raises(Refused, match="person_unknown"):
        vault.open_many([sealed()])
