"""A signing key lies in a file of its own, under a passphrase; what the file says about the key is plain, so that it is found without one.

One file for each person: `keys/staff/<staff>.key` beside the ledger, or wherever somebody carries it. A new key has a name of its own
(`<staff>.<key>.next`) until the log says that it counts, so that a command cut off half-way never leaves somebody without a key.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

from mingzhang.domain.refusal import Refused
from mingzhang.domain.signing import SEED_BYTES, SeedSigner, key_id, practice_seed
from mingzhang.domain.values.base64_text import base64_bytes, base64_text
from mingzhang.domain.vault.private_file import write_private_file
from mingzhang.domain.vault.wrapping import Codes, unwrapped, wrapped

FORMAT = "mingzhang-signing-key/1"
PRACTICE_FORMAT = "mingzhang-practice-key/1"
CODES = Codes(form="signing_key_file_damaged", needed="signing_passphrase_needed", wrong="signing_passphrase_wrong")
_LONGEST = 65536

RandomBytes = Callable[[int], bytes]


class KeyFile:
    """A signer whose passphrase is asked for when it first signs. Refused `signing_key_file_damaged` for a file that is none."""

    def __init__(self, path: Path, passphrase: Callable[[str], str | None]) -> None:
        self.path = path
        self._passphrase = passphrase
        self._opened: SeedSigner | None = None
        try:
            self._content = _read(path, FORMAT)
            self.staff = str(self._content["staff"])
            self.public_key = base64_bytes(str(self._content["public_key"]))
        except (ValueError, KeyError):
            raise Refused("signing_key_file_damaged") from None
        self.key = key_id(self.public_key)

    def sign(self, message: bytes) -> bytes:
        """Refused `signing_passphrase_needed`, `signing_passphrase_wrong`, `signing_key_file_damaged`."""
        if self._opened is None:
            try:
                opened = SeedSigner(unwrapped(self._content, self._passphrase(self.staff), FORMAT, CODES))
            except Refused as refused:
                raise Refused(refused.code, staff=self.staff, file=self.path.name) from None
            if opened.public_key != self.public_key:
                raise Refused("signing_key_file_damaged")
            self._opened = opened
        return self._opened.sign(message)


def write_key_file(path: Path, staff: str, seed: bytes, passphrase: str, random_bytes: RandomBytes) -> SeedSigner:
    """A new file (0600, on the disk before this returns). Refused `signing_key_exists`, `signing_passphrase_needed`."""
    signer = SeedSigner(seed)
    about = {"format": FORMAT, "staff": staff, "key": signer.key, "public_key": base64_text(signer.public_key)}
    content = {**about, **wrapped(seed, passphrase, FORMAT, random_bytes, CODES)}
    _make_folder(path.parent)
    write_private_file(path, json.dumps(content, ensure_ascii=False).encode("utf-8") + b"\n", exists="signing_key_exists")
    return signer


def copy_key_file(source: Path, target: Path) -> None:
    """The file as it is, to a stick. Refused `signing_key_exists`, `output_folder_missing`."""
    if not target.parent.is_dir():
        raise Refused("output_folder_missing", folder=str(target.parent))
    write_private_file(target, source.read_bytes(), exists="signing_key_exists")


def make_practice_key(path: Path, random_bytes: RandomBytes) -> bytes:
    """The one secret from which everybody's key of a rehearsal comes."""
    seed = random_bytes(SEED_BYTES)
    content = {"format": PRACTICE_FORMAT, "key": base64_text(seed)}
    write_private_file(path, json.dumps(content).encode("ascii") + b"\n", exists="signing_key_exists")
    return seed


def practice_signer(path: Path, staff: str) -> SeedSigner | None:
    """Somebody's key of a rehearsal; None where the rehearsal has none to derive it from."""
    if not path.is_file():
        return None
    try:
        seed = base64_bytes(str(_read(path, PRACTICE_FORMAT)["key"]))
        return SeedSigner(practice_seed(seed, staff))
    except (ValueError, KeyError):
        raise Refused("signing_key_file_damaged") from None


def _read(path: Path, form: str) -> dict[str, object]:
    with open(path, "rb") as file:
        content = json.loads(file.read(_LONGEST))
    if not isinstance(content, dict) or content.get("format") != form:
        raise ValueError(form)
    return content


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(mode=0o700)
        os.chmod(folder, 0o700)
