"""A time-stamping authority is asked with a few bytes that anybody can carry to it: RFC 3161 §2.4.1, SHA-256, its certificate wanted.

No nonce: the request goes by hand and the same checkpoint asks the same question; what the authority answers is checked against the
checkpoint itself.
"""

from __future__ import annotations

import hashlib

# DER: TimeStampReq { version 1, messageImprint { { sha256, NULL }, 32 bytes }, certReq TRUE }
_BEFORE = bytes.fromhex("3039 0201 01 3031 300d 0609 608648016503040201 0500 0420")
_AFTER = bytes.fromhex("0101ff")


def stamp_request(content: bytes) -> bytes:
    """The request for a file with this content, as `openssl ts -query -sha256 -no_nonce -cert` makes it."""
    return _BEFORE + hashlib.sha256(content).digest() + _AFTER
