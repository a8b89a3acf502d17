"""A passphrase protects a secret in a file in one way only: scrypt, then AES-256-GCM, with the format's name bound in.

The file says the parameters it was made with, so that they can be raised; what a file may ask for has a limit.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from ..refusal import Refused
from ..values.base64_text import base64_bytes, base64_text

SECRET_BYTES = 32
SALT_BYTES = 16
NONCE_BYTES = 12
SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**17, 8, 1  # 128 MiB and some 0.4 s for one guess
# A file somebody has put in our way must not make us take all the memory there is.
LARGEST_N, LARGEST_R, LARGEST_P = 2**20, 16, 4


@dataclass(frozen=True)
class Codes:
    """What a secret's own refusals are called: its file is not in its form, it needs a passphrase, the passphrase does not open it."""

    form: str
    needed: str
    wrong: str


def wrapped(secret: bytes, passphrase: str, form: str, random_bytes: Callable[[int], bytes], codes: Codes) -> dict[str, object]:
    """The fields of a file that hold the secret under a passphrase. Refuses an empty passphrase."""
    salt, nonce = random_bytes(SALT_BYTES), random_bytes(NONCE_BYTES)
    box = AESGCM(_stretched(passphrase, salt, SCRYPT_N, SCRYPT_R, SCRYPT_P, codes)).encrypt(nonce, secret, form.encode("ascii"))
    return {"kdf": "scrypt", "n": SCRYPT_N, "r": SCRYPT_R, "p": SCRYPT_P, "salt": base64_text(salt), "wrapped": base64_text(nonce + box)}


def unwrapped(content: Mapping[str, object], passphrase: str | None, form: str, codes: Codes) -> bytes:
    """The 32 bytes again. Refuses by `codes`, in their order; a damaged box and a wrong passphrase cannot be told apart."""
    try:
        n, r, p = (int(str(content[name])) for name in "nrp")
        salt, box = base64_bytes(str(content["salt"])), base64_bytes(str(content["wrapped"]))
        known = content["kdf"] == "scrypt" and n & (n - 1) == 0
    except (ValueError, KeyError):
        raise Refused(codes.form) from None
    if not (known and 1 < n <= LARGEST_N and 0 < r <= LARGEST_R and 0 < p <= LARGEST_P):
        raise Refused(codes.form)
    if passphrase is None:
        raise Refused(codes.needed)
    wrapping = AESGCM(_stretched(passphrase, salt, n, r, p, codes))
    try:
        secret = wrapping.decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], form.encode("ascii"))
    except (InvalidTag, ValueError):
        raise Refused(codes.wrong) from None
    return exactly(SECRET_BYTES, secret, codes)


def exactly(count: int, secret: bytes, codes: Codes) -> bytes:
    if len(secret) != count:
        raise Refused(codes.form)
    return secret


def _stretched(passphrase: str, salt: bytes, n: int, r: int, p: int, codes: Codes) -> bytes:
    """32 bytes from a passphrase. NFKC first: the same words typed on another keyboard are the same passphrase."""
    if not passphrase.strip():
        raise Refused(codes.needed)
    words = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
    return Scrypt(salt=salt, length=SECRET_BYTES, n=n, r=r, p=p).derive(words)
