"""A note counts under a known key's signature only, and its bytes are those of c2sp.org/signed-note."""

from __future__ import annotations

import base64
import hashlib

import pytest

from mingzhang.domain.proof.signed_note import Note, Signature, Verifier, read_note, signed
from mingzhang.domain.refusal import Refused
from mingzhang.domain.signing import SeedSigner
from mingzhang.domain.values.base64_text import base64_bytes

from .made import LOG, LOG_VERIFIER, ORIGIN

# The example of Go's sumdb/note, from which the specification was written: its keys, its text, its signature.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
LINE = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
# The specification's own example; it gives no key.
QUASIMODO = (
    "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
    "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
)


def refused(raw: str | bytes) -> str:
    with pytest.raises(Refused) as caught:
        read_note(raw.encode() if isinstance(raw, str) else raw)
    return caught.value.code


def test_the_published_example_is_read_checked_and_made_again_to_the_byte() -> None:
    peter = Verifier.read(PETER)
    assert peter.vkey == PETER
    note = read_note((TEXT + "\n" + LINE).encode())
    assert note.text == TEXT
    assert note.need_signature([peter]) == (peter,)
    assert signed(TEXT, SeedSigner(PETER_SEED), "PeterNeumann").written == TEXT + "\n" + LINE == note.written


def test_the_text_of_a_note_may_hold_empty_lines_and_ends_at_the_last_one() -> None:
    note = read_note(QUASIMODO.encode())
    assert note.text.endswith("di sole:\n\ned è subito sera.\n")
    assert [one.name for one in note.signatures] == ["quasimodo.example/salvatore"]
    assert note.written == QUASIMODO


def test_the_key_id_is_the_beginning_of_the_hash_of_name_type_and_key() -> None:
    expected = hashlib.sha256(ORIGIN.encode() + b"\n\x01" + LOG.public_key).digest()[:4]
    assert LOG_VERIFIER.key_id == expected
    assert LOG_VERIFIER.vkey == f"{ORIGIN}+{expected.hex()}+{base64.b64encode(bytes([1]) + LOG.public_key).decode()}"


def test_no_mangled_key_is_taken_for_a_key() -> None:
    mangled = {PETER[start:end] for start in range(len(PETER)) for end in range(start + 1, len(PETER) + 1)} - {PETER}
    mangled |= {PETER[:at] + chr(ord(PETER[at]) + 1) + PETER[at + 1 :] for at in range(len(PETER))}
    # a key of another length and one of another type, each with its right key id
    mangled |= {PETER[:13] + "cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=="}
    mangled |= {PETER[:13] + "173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"}
    for text in mangled:
        with pytest.raises(Refused) as caught:
            Verifier.read(text)
        assert caught.value.code == "vkey_format"


@pytest.mark.parametrize(
    ("why", "raw"),
    [
        ("nothing", ""),
        ("no signature", TEXT),
        ("no signature below the empty line", TEXT + "\n"),
        ("no empty line", TEXT + LINE),
        ("a line that is no signature", TEXT + "\n" + LINE + "and more\n"),
        ("no line break at the end", TEXT + "\n" + LINE.rstrip("\n")),
        ("a hyphen for the dash", TEXT + "\n" + LINE.replace("—", "-")),
        ("two spaces", TEXT + "\n" + LINE.replace("— ", "—  ")),
        ("no name", TEXT + "\n— x08go/ZJkuBS\n"),
        ("a plus in the name", TEXT + "\n" + LINE.replace("PeterNeumann", "Peter+Neumann")),
        ("a space of another script in the name", TEXT + "\n" + LINE.replace("PeterNeumann", "Peter\u3000Neumann")),
        ("a tab in the text", "If\tyou\n\n" + LINE),
        ("a carriage return", (TEXT + "\n" + LINE).replace("\n", "\r\n")),
        ("no more than a key id", TEXT + "\n— PeterNeumann x08goA==\n"),
        ("base64 without its padding", TEXT + "\n" + LINE.replace("AM=", "AM")),
        ("base64 with spare bits set", TEXT + "\n" + LINE.replace("AM=", "AN=")),
        ("a hundred and one signatures", TEXT + "\n" + LINE * 101),
    ],
)
def test_what_is_no_note_is_refused(why: str, raw: str) -> None:
    assert refused(raw) == "note_format", why


def test_bytes_that_are_no_utf8_are_no_note() -> None:
    assert refused(b"\xff\n\n" + LINE.encode()) == "note_format"


def test_a_note_of_a_million_bytes_is_not_even_read() -> None:
    assert refused("x" * 1_000_000 + "\n\n" + LINE) == "note_format"


def test_a_changed_letter_is_found() -> None:
    note = read_note((TEXT.replace("cryptography", "cryptographY") + "\n" + LINE).encode())
    with pytest.raises(Refused) as caught:
        note.need_signature([Verifier.read(PETER)])
    assert (caught.value.code, caught.value.context) == ("note_signature_wrong", {"key_name": "PeterNeumann"})


def test_lines_of_unknown_keys_are_kept_and_mean_nothing() -> None:
    note = read_note((TEXT + "\n" + LINE).encode())
    with pytest.raises(Refused) as caught:
        note.need_signature([LOG_VERIFIER])
    assert caught.value.code == "note_not_signed"
    both = note.with_signature(signed(TEXT, LOG, ORIGIN).signatures[0])
    assert read_note(both.written.encode()) == both
    assert both.need_signature([LOG_VERIFIER]) == (LOG_VERIFIER,)


def test_a_key_of_the_same_name_and_another_id_is_unknown() -> None:
    forged = signed(TEXT, SeedSigner(b"f" * 32), "PeterNeumann")
    assert forged.signatures_of(Verifier.read(PETER)) == ()


def test_a_wrong_line_of_a_known_key_spoils_the_note_though_a_good_one_stands_beside_it() -> None:
    good = read_note((TEXT + "\n" + LINE).encode())
    bad = Signature("PeterNeumann", good.signatures[0].raw[:4] + bytes(64))
    for lines in ((good.signatures[0], bad), (bad, good.signatures[0])):
        with pytest.raises(Refused) as caught:
            Note(TEXT, lines).need_signature([Verifier.read(PETER)])
        assert caught.value.code == "note_signature_wrong"


def test_signing_again_replaces_the_line_of_that_key() -> None:
    once = signed(TEXT, LOG, ORIGIN)
    assert once.with_signature(once.signatures[0]) == once


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\u3000b", "a\nb"])
def test_a_key_has_a_name_without_blanks_and_plus_signs(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        signed(TEXT, LOG, name)


@pytest.mark.parametrize("text", ["no line break", "a\ttab\n", ""])
def test_only_a_text_that_can_be_read_again_is_signed(text: str) -> None:
    with pytest.raises(ValueError, match="line break"):
        signed(text, LOG, ORIGIN)


@pytest.mark.parametrize("text", ["AA=", "AA", "AB==", "AA==\n", " AA==", "A A==", "é"])
def test_bytes_have_one_spelling_in_base64(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        base64_bytes(text)
