"""Bytes in text are standard base64 in its one spelling, so that one key, hash or signature is one text everywhere."""

from __future__ import annotations

import binascii


def base64_text(raw: bytes) -> str:
    return binascii.b2a_base64(raw, newline=False).decode("ascii")


def base64_bytes(text: str) -> bytes:
    """Padded, without spaces, spare bits zero. ValueError for anything else."""
    raw = binascii.a2b_base64(text.encode("ascii"), strict_mode=True)
    if base64_text(raw) != text:
        raise ValueError("not the one spelling")
    return raw
