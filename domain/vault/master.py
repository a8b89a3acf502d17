"""The master key is made once, never overwritten, and not used from a file that others on the machine can read.

It lies beside the vault as a short JSON file, plain (mode 0600) or wrapped with a passphrase (scrypt, then
AES-256-GCM). Losing it, or the passphrase, means losing every name in the ledger: see docs/concepts/personal-data.md.
"""

from __future__ import annotations

import base64
import json
import os
import stat
import unicodedata
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from ..refusal import Refused
from .private_file import write_private_file

FORMAT = "mingzhang-master-key/1"
MASTER_KEY_BYTES = 32
SALT_BYTES = 16
NONCE_BYTES = 12
SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**17, 8, 1  # 128 MiB and some 0.4 s for one guess
# A file somebody has put in our way must not make us take all the memory there is.
LARGEST_N, LARGEST_R, LARGEST_P = 2**20, 16, 4


def make_master_key(path: str | Path, random_bytes: Callable[[int], bytes], passphrase: str | None = None) -> bytes:
    """Make a 32-byte master key, write it to a new file (0600, on the disk before this returns) and return it.

    Refuses `master_key_exists`, `keys_folder_missing`, and `passphrase_needed` for an empty passphrase.
    """
    key = random_bytes(MASTER_KEY_BYTES)
    if passphrase is None:
        content: dict[str, object] = {"format": FORMAT, "key": _text(key)}
    else:
        salt, nonce = random_bytes(SALT_BYTES), random_bytes(NONCE_BYTES)
        content = {"format": FORMAT, "kdf": "scrypt", "n": SCRYPT_N, "r": SCRYPT_R, "p": SCRYPT_P, "salt": _text(salt)}
        wrapping = AESGCM(_stretched(passphrase, salt, SCRYPT_N, SCRYPT_R, SCRYPT_P))
        content["wrapped"] = _text(nonce + wrapping.encrypt(nonce, key, FORMAT.encode("ascii")))
    write_private_file(Path(path), json.dumps(content).encode("ascii") + b"\n", exists="master_key_exists")
    return key


def load_master_key(path: str | Path, passphrase: str | None = None) -> bytes:
    """The master key from its file; a passphrase given for a plain file is not needed and not looked at.

    Refuses, in this order: `master_key_missing`, `master_key_format`, `master_key_exposed` (a plain file that group
    or others can read or write), `passphrase_needed`, `passphrase_wrong` (also for a damaged file: the two cannot be
    told apart).
    """
    try:
        with open(path, "rb") as file:
            mode = os.fstat(file.fileno()).st_mode  # of the open file: a path could be exchanged in between
            content = json.loads(file.read(65536))
        if content["format"] != FORMAT:
            raise Refused("master_key_format")
        if "kdf" not in content:
            key = _exactly(MASTER_KEY_BYTES, _bytes(content["key"]))
            if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
                raise Refused("master_key_exposed")
            return key
        n, r, p = int(content["n"]), int(content["r"]), int(content["p"])
        salt, wrapped = _bytes(content["salt"]), _bytes(content["wrapped"])
        known = content["kdf"] == "scrypt" and n & (n - 1) == 0
    except FileNotFoundError:
        raise Refused("master_key_missing") from None
    except (ValueError, KeyError, TypeError):
        raise Refused("master_key_format") from None
    if not (known and 1 < n <= LARGEST_N and 0 < r <= LARGEST_R and 0 < p <= LARGEST_P):
        raise Refused("master_key_format")
    if passphrase is None:
        raise Refused("passphrase_needed")
    wrapping = AESGCM(_stretched(passphrase, salt, n, r, p))
    try:
        key = wrapping.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], FORMAT.encode("ascii"))
    except (InvalidTag, ValueError):
        raise Refused("passphrase_wrong") from None
    return _exactly(MASTER_KEY_BYTES, key)


def _stretched(passphrase: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    """32 bytes from a passphrase. NFKC first: the same words typed on another keyboard are the same passphrase."""
    if not passphrase.strip():
        raise Refused("passphrase_needed")
    words = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
    return Scrypt(salt=salt, length=MASTER_KEY_BYTES, n=n, r=r, p=p).derive(words)


def _exactly(count: int, key: bytes) -> bytes:
    if len(key) != count:
        raise Refused("master_key_format")
    return key


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
