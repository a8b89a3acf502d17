"""A witness's line under a checkpoint says when it saw that the log had only grown: c2sp.org/tlog-cosignature, version 1 with Ed25519.

What is signed: `cosignature/v1`, a line break, `time ` and the POSIX time, a line break, the checkpoint's text. What stands in the line
after the key id: the time as 8 bytes, big-endian, and the 64 bytes of the signature. The key's type is 0x04, so its id is another than that
of the same key for ordinary notes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..refusal import Refused
from .signed_note import SIGNATURE_BYTES, NoteSigner, Signature, Verifier, key_name, signed_by

COSIGNATURE = 0x04
TIME_BYTES = 8
LATEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class WitnessVerifier(Verifier):
    """The public key of a witness; its vkey begins, after the id, with base64 of 0x04."""

    TYPE: ClassVar[int] = COSIGNATURE

    def accepts(self, text: str, signature: bytes) -> bool:
        at = int.from_bytes(signature[:TIME_BYTES], "big")
        if len(signature) != TIME_BYTES + SIGNATURE_BYTES or at > LATEST:
            return False
        return signed_by(self.public_key, cosigned_message(text, at), signature[TIME_BYTES:])


def read_vkey(text: str) -> Verifier:
    """A log's or a witness's key, whichever the text is. Refused `vkey_format`."""
    try:
        return Verifier.read(text)
    except Refused:
        return WitnessVerifier.read(text)


def cosign(text: str, signer: NoteSigner, name: str, at: int) -> Signature:
    """The line that a witness adds to a checkpoint whose text this is; `at` in whole seconds since 1970, UTC."""
    if not 0 < at <= LATEST:
        raise ValueError("no time")
    verifier = WitnessVerifier(key_name(name), signer.public_key)
    return Signature(name, verifier.key_id + at.to_bytes(TIME_BYTES, "big") + signer.sign(cosigned_message(text, at)))


def cosigned_at(line: Signature) -> int:
    """When a witness says it signed: whole seconds since 1970, UTC. For a line whose signature is known to be good."""
    return int.from_bytes(line.signature[:TIME_BYTES], "big")


def cosigned_message(text: str, at: int) -> bytes:
    """The bytes a witness signs for a checkpoint's text."""
    return f"cosignature/v1\ntime {at}\n".encode() + text.encode()
