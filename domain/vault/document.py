"""A document is sealed whole, under a key that seals nothing else; the same bytes under the same key give the same file again.

Sealed file: FILE_TAG ‖ ciphertext ‖ tag (16), AES-256-GCM under the document's key for PURPOSE, associated data FILE_TAG ‖ reference, nonce
zero. The nonce may stand still because the key does: a document's reference is the keyed digest of its SHA-256, so a key never meets other
bytes. That is why a lost file can be made anew from the original, and a crash between file and fact leaves nothing that is in the way.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ..refusal import Refused
from .vault import Vault

FILE_TAG = b"mingzhang/document/1\x00"
PREFIX, PURPOSE = "d", "document"
_NONCE = bytes(12)


def document_reference(vault: Vault, sha256: str) -> str:
    """`d-…`, by the SHA-256 (hex) of the document's bytes; with a key from the first time on."""
    return vault.keyed_subject(PREFIX, PURPOSE, sha256)


def seal_document(vault: Vault, reference: str, content: bytes) -> bytes:
    """The bytes of the sealed file. `content` must be what the reference was made of. Refuses `person_erased`, `person_unknown`."""
    return FILE_TAG + _cipher(vault, reference).encrypt(_NONCE, content, FILE_TAG + reference.encode())


def open_sealed_document(vault: Vault, reference: str, sealed: bytes) -> bytes:
    """The document's bytes. Refuses `person_erased`, `person_unknown`, `evidence_damaged` (document): a changed byte, or another's file."""
    cipher = _cipher(vault, reference)
    try:
        if not sealed.startswith(FILE_TAG):
            raise ValueError("not a sealed document")
        return cipher.decrypt(_NONCE, sealed[len(FILE_TAG) :], FILE_TAG + reference.encode())
    except (InvalidTag, ValueError):
        raise Refused("evidence_damaged", document=reference) from None


def _cipher(vault: Vault, reference: str) -> AESGCM:
    return AESGCM(vault.key_for(reference, PURPOSE))
