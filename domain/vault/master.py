"""The master key is made once, never overwritten, and not used from a file that others on the machine can read.

It lies beside the vault as a short JSON file, plain (mode 0600) or wrapped with a passphrase (wrapping.py). Losing it, or the passphrase,
means losing every name in the ledger: see docs/concepts/personal-data.md.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

from ..refusal import Refused
from ..values.base64_text import base64_bytes, base64_text
from .private_file import write_private_file
from .wrapping import SECRET_BYTES, Codes, exactly, unwrapped, wrapped

FORMAT = "mingzhang-master-key/1"
MASTER_KEY_BYTES = SECRET_BYTES
_CODES = Codes(form="master_key_format", needed="passphrase_needed", wrong="passphrase_wrong")


def make_master_key(path: str | Path, random_bytes: Callable[[int], bytes], passphrase: str | None = None) -> bytes:
    """Make a 32-byte master key, write it to a new file (0600, on the disk before this returns) and return it.

    Refuses `master_key_exists`, `keys_folder_missing`, and `passphrase_needed` for an empty passphrase.
    """
    key = random_bytes(MASTER_KEY_BYTES)
    write_master_key(path, key, random_bytes, passphrase)
    return key


def write_master_key(path: str | Path, key: bytes, random_bytes: Callable[[int], bytes], passphrase: str | None = None) -> None:
    """Write a master key that there was before, put together again from its custodians' shares, to a new file. Refuses as
    `make_master_key`."""
    content: dict[str, object] = {"format": FORMAT}
    content |= {"key": base64_text(key)} if passphrase is None else wrapped(key, passphrase, FORMAT, random_bytes, _CODES)
    write_private_file(Path(path), json.dumps(content).encode("ascii") + b"\n", exists="master_key_exists")


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
        plain = base64_bytes(content["key"]) if "kdf" not in content else None
    except FileNotFoundError:
        raise Refused("master_key_missing") from None
    except (ValueError, KeyError, TypeError):
        raise Refused("master_key_format") from None
    if plain is None:
        return unwrapped(content, passphrase, FORMAT, _CODES)
    key = exactly(MASTER_KEY_BYTES, plain, _CODES)
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise Refused("master_key_exposed")
    return key
