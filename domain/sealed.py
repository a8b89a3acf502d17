"""Personal data lies in an event only as a sealed box, and one field of it can be disclosed and proved without the
others.

This file holds what anybody may know: the shape of a box, and the check of a disclosed field. It needs no key and
imports no cipher, so that events, projections and a stand-alone checker can use it. Making and opening boxes is
`vault.sealing`; the byte formats are written out in docs/concepts/personal-data.md.

A field's *record* is `salt(16) ‖ len(name) as 2 bytes ‖ name ‖ len(value) as 4 bytes ‖ value`, lengths big-endian and
in bytes, texts in UTF-8. The same bytes stand in the box and, after a tag, are what the commitment hashes.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
from collections.abc import Mapping
from functools import cache

from pydantic import BaseModel, ConfigDict

ALGORITHM = "A256GCM"
SALT_BYTES = 16
COMMITMENT_TAG = b"mingzhang/field/1\x00"


class Sealed(BaseModel):
    """Named text fields of one person, readable only with that person's key.

    alg: always "A256GCM" (AES-256-GCM, 12-byte nonce, 16-byte tag).
    subject: the person's reference ("s-7KQ2M4PX0A"); it is authenticated, so a box cannot be moved to another person.
    box: base64 of nonce ‖ ciphertext ‖ tag.
    commitment: field name -> base64 of SHA-256(COMMITMENT_TAG ‖ record of that field). Names are plain, values are not.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    alg: str = ALGORITHM
    subject: str
    box: str
    commitment: dict[str, str]


@cache
def name_frame(field: str) -> bytes:
    """Length and UTF-8 bytes of a field name; names are few and come from the programs, so each is framed once."""
    name = field.encode()
    if not 0 < len(name) < 65536:
        raise ValueError(f"a field name has 1 to 65535 bytes, this one {len(name)}")
    return len(name).to_bytes(2, "big") + name


def field_record(salt: bytes, field: str, value: str) -> bytes:
    """The bytes that stand for one field. Every part has a length of its own, so no two triples share a record."""
    text = value.encode()
    return b"".join((salt, name_frame(field), len(text).to_bytes(4, "big"), text))


def commit(record: bytes) -> str:
    """Base64 of the commitment to one field record; the salt in it keeps short values from being guessed."""
    return binascii.b2a_base64(hashlib.sha256(COMMITMENT_TAG + record).digest(), newline=False).decode("ascii")


def check_disclosure(commitment: Mapping[str, str], field: str, salt: bytes, value: str) -> bool:
    """Whether `value` is what was sealed as `field`, by `sealed.commitment` and the salt disclosed with it.

    False as well for a field that was never sealed and for a salt that is not 16 bytes long.
    """
    promised = commitment.get(field)
    if promised is None or len(salt) != SALT_BYTES:
        return False
    try:
        record = field_record(salt, field, value)
    except UnicodeEncodeError:  # half a surrogate pair cannot have been sealed
        return False
    return hmac.compare_digest(commit(record).encode("ascii"), promised.encode())
