"""Whoever records something signs for it: an Ed25519 key of their own over the transaction as it is stored, and so over all it vouches for.

What is signed are the stored bytes of the transaction's first event with the text of its signature emptied; nothing is serialised anew.
These bytes name the members (by digest) and the log the actor saw (size and root): one signature vouches for the whole history before it.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from .values.base64_text import base64_bytes, base64_text

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

DOMAIN = b"mingzhang/transaction/1\x00"
PRACTICE = b"mingzhang/practice-key/1\x00"
SEED_BYTES = 32
PUBLIC_KEY_BYTES = 32
SIGNATURE_BYTES = 64
_SIGNATURE_LAST = re.compile(rb'"signature":"([A-Za-z0-9+/=]*)"}\Z')


class Signer(Protocol):
    """Whoever can sign: `public_key` (32 bytes), `key` its short id, `sign` gives 64 bytes."""

    @property
    def public_key(self) -> bytes: ...

    @property
    def key(self) -> str: ...

    def sign(self, message: bytes) -> bytes: ...


class SeedSigner:
    """Signs with the private key that a 32-byte seed is. ValueError for a seed of another length."""

    def __init__(self, seed: bytes) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public_key: bytes = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.key: str = key_id(self.public_key)

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)


def key_id(public_key: bytes) -> str:
    """What a key is called where people compare it: `k-` and the first 16 hex digits of its SHA-256."""
    return "k-" + hashlib.sha256(public_key).hexdigest()[:16]


def practice_seed(seed: bytes, staff: str) -> bytes:
    """The seed of one person's key in a rehearsal, where one file stands for everybody's keys (HKDF-SHA256, the staff id in its info)."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=SEED_BYTES, salt=None, info=PRACTICE + staff.encode()).derive(seed)


def signed_message(stream: str, state: bytes) -> bytes:
    """What the signature of the transaction in `stream` covers: a prefix of its own, the stream's name after its length (4 bytes,
    big-endian), and the stored bytes with the signature's text emptied. ValueError where they do not end with a signature."""
    head, _ = _cut(state)
    name = stream.encode()
    return DOMAIN + len(name).to_bytes(4, "big") + name + head + b'"signature":""}'


def with_signature(state: bytes, signature: bytes) -> bytes:
    """The stored bytes with the signature in its place."""
    head, _ = _cut(state)
    return head + b'"signature":"' + base64_text(signature).encode() + b'"}'


def signature_in(state: bytes) -> bytes:
    """The signature in the stored bytes; none is no bytes. ValueError where they do not end with one."""
    return base64_bytes(_cut(state)[1].decode("ascii"))


def check_signature(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature is this key's over this message. False, too, for keys and signatures of a wrong length."""
    from cryptography.exceptions import InvalidSignature

    if len(public_key) != PUBLIC_KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    try:
        _public(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def check_transaction(public_key: bytes, stream: str, state: bytes) -> bool:
    """Whether the stored transaction bears this key's signature."""
    try:
        return check_signature(public_key, signed_message(stream, state), signature_in(state))
    except ValueError:
        return False


@lru_cache(maxsize=256)
def _public(public_key: bytes) -> Ed25519PublicKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    return Ed25519PublicKey.from_public_bytes(public_key)


def _cut(state: bytes) -> tuple[bytes, bytes]:
    found = _SIGNATURE_LAST.search(state, max(0, len(state) - 256))
    if found is None:
        raise ValueError("the stored transaction does not end with its signature")
    return state[: found.start()], found.group(1)
