"""A text counts only under the signature of a key one knew before: notes as c2sp.org/signed-note writes them, with Ed25519.

A note is its text (which ends in a line break), an empty line, and one line for each signature: em dash, space, key name, space, base64 of
key id ‖ signature. The key id is the first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key). Lines of keys one does not know are kept
and mean nothing. docs/concepts/checkpoints.md writes the bytes out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ..refusal import Refused
from ..values.base64_text import base64_bytes, base64_text

ED25519 = 0x01
KEY_ID_BYTES, PUBLIC_KEY_BYTES, SIGNATURE_BYTES = 4, 32, 64
MOST_SIGNATURES = 100  # as Go's sumdb/note; the specification asks for 16 at least
LARGEST_NOTE_BYTES = 1_000_000
_DASH = "— "


class NoteSigner(Protocol):
    """Whoever holds an Ed25519 private key."""

    @property
    def public_key(self) -> bytes: ...  # the 32 bytes of RFC 8032

    def sign(self, message: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line. `raw` is key id ‖ signature; what follows the key id is the signature type's own affair."""

    name: str
    raw: bytes

    @property
    def key_id(self) -> bytes:
        return self.raw[:KEY_ID_BYTES]

    @property
    def signature(self) -> bytes:
        return self.raw[KEY_ID_BYTES:]

    @property
    def line(self) -> str:
        """As it stands in the note, with its line break."""
        return f"{_DASH}{self.name} {base64_text(self.raw)}\n"


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key under its name. `vkey` is the text by which it is handed on: `name+key id in hex+base64(type ‖ public key)`."""

    name: str
    public_key: bytes
    TYPE: ClassVar[int] = ED25519

    @property
    def key_id(self) -> bytes:
        encoded = bytes([self.TYPE]) + self.public_key
        return hashlib.sha256(self.name.encode() + b"\n" + encoded).digest()[:KEY_ID_BYTES]

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64_text(bytes([self.TYPE]) + self.public_key)}"

    @classmethod
    def read(cls, vkey: str) -> Verifier:
        """The key that a vkey text names. Refused `vkey_format` for another type of key, and for a key id that is not this key's."""
        name, _plus, rest = vkey.strip().partition("+")
        hexadecimal, _plus, encoded = rest.partition("+")
        try:
            raw = base64_bytes(encoded)
            found = cls(key_name(name), raw[1:])
            if raw[:1] != bytes([cls.TYPE]) or len(found.public_key) != PUBLIC_KEY_BYTES or found.key_id.hex() != hexadecimal.lower():
                raise ValueError("not this key's id")
        except ValueError:
            raise Refused("vkey_format", key_name=name) from None
        return found

    def accepts(self, text: str, signature: bytes) -> bool:
        """Whether `signature` (without key id) is this key's over the note text."""
        return signed_by(self.public_key, text.encode(), signature)

    def made(self, one: Signature) -> bool:
        """Whether a line claims to be this key's: both name and key id are."""
        return one.name == self.name and one.key_id == self.key_id


@dataclass(frozen=True, slots=True)
class Note:
    """A text with the signatures under it, in the order of their lines."""

    text: str
    signatures: tuple[Signature, ...] = ()

    @property
    def written(self) -> str:
        """The whole note as text; its UTF-8 bytes are the file."""
        return self.text + "\n" + "".join(one.line for one in self.signatures)

    def with_signature(self, added: Signature) -> Note:
        """The note with one more line; an older line of the same key gives way."""
        kept = [one for one in self.signatures if (one.name, one.key_id) != (added.name, added.key_id)]
        return Note(self.text, (*kept, added))

    def signatures_of(self, verifier: Verifier) -> tuple[Signature, ...]:
        """The lines of this key, every one of them good; none where it has not signed.

        Refused `note_signature_wrong` (key_name) where a line of this key is not its signature over this text.
        """
        lines = tuple(one for one in self.signatures if verifier.made(one))
        if not all(verifier.accepts(self.text, one.signature) for one in lines):
            raise Refused("note_signature_wrong", key_name=verifier.name)
        return lines

    def need_signature(self, verifiers: Iterable[Verifier]) -> tuple[Verifier, ...]:
        """Which of these keys have signed. Refused `note_signature_wrong`, and `note_not_signed` (key_names) where none has."""
        known = tuple(verifiers)
        signed = tuple(verifier for verifier in known if self.signatures_of(verifier))
        if not signed:
            raise Refused("note_not_signed", key_names=[verifier.name for verifier in known])
        return signed


def read_note(raw: bytes) -> Note:
    """A note from its bytes, not yet believed. Refused `note_format`: no UTF-8, control characters, no signature line."""
    try:
        if len(raw) > LARGEST_NOTE_BYTES:
            raise ValueError("too large")
        whole = raw.decode()
        if any(character < " " and character != "\n" for character in whole):
            raise ValueError("control characters")
        text, empty_line, below = whole.rpartition("\n\n")
        if not empty_line or not below.endswith("\n"):
            raise ValueError("no signature block")
        lines = below[:-1].split("\n")
        if len(lines) > MOST_SIGNATURES:
            raise ValueError("too many signatures")
        return Note(text + "\n", tuple(_signature(line) for line in lines))
    except ValueError:
        raise Refused("note_format") from None


def signed(text: str, signer: NoteSigner, name: str) -> Note:
    """A note under one signature. `text` ends in a line break; ValueError for one that no note can hold."""
    if not text.endswith("\n") or any(character < " " and character != "\n" for character in text):
        raise ValueError("a note's text ends in a line break and has no other control characters")
    verifier = Verifier(key_name(name), signer.public_key)
    return Note(text, (Signature(name, verifier.key_id + signer.sign(text.encode())),))


def signed_by(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Ed25519 (RFC 8032); False also for what is no key and no signature at all."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def key_name(name: str) -> str:
    """The name, where a key may have it: not empty, without spaces of any script, without a plus sign. ValueError otherwise."""
    if not name or "+" in name or any(character.isspace() or character < " " for character in name):
        raise ValueError("no name for a key")
    name.encode()  # half a surrogate pair is a UnicodeEncodeError, which is a ValueError
    return name


def _signature(line: str) -> Signature:
    if not line.startswith(_DASH):
        raise ValueError("no signature line")
    name, space, encoded = line[len(_DASH) :].partition(" ")
    raw = base64_bytes(encoded)
    if not space or len(raw) <= KEY_ID_BYTES:
        raise ValueError("no signature")
    return Signature(key_name(name), raw)
