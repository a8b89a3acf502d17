"""Which key signs for whom: a file somebody named, the one beside the ledger, or, in a rehearsal, the one derived for everybody."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mingzhang.domain.refusal import Refused
from mingzhang.domain.signing import SEED_BYTES, SeedSigner, Signer
from mingzhang.domain.values.base64_text import base64_text

from ..folder import LedgerFolder
from .key_file import KeyFile, make_practice_key, practice_signer, write_key_file
from .passphrases import passphrase_to_sign


@dataclass(frozen=True)
class NewKey:
    """A key just made: its id, its public half (base64), and its file; None in a rehearsal, where nothing is kept for it."""

    key: str
    public_key: str
    file: Path | None


class KeyRing:
    """The signing keys of one ledger folder. `chosen`: a key file named by whoever acts."""

    def __init__(
        self, folder: LedgerFolder, chosen: Path | None = None, passphrase: Callable[[str], str | None] = passphrase_to_sign
    ) -> None:
        self.folder = folder
        self.chosen = chosen
        self._passphrase = passphrase
        self._found: dict[tuple[str, str], Signer | None] = {}

    @property
    def practice(self) -> Path:
        return self.folder.keys / "practice.key"

    def path_of(self, staff: str) -> Path:
        """Where somebody's key lies if they have not taken it elsewhere."""
        return self.folder.keys / "staff" / f"{staff}.key"

    def signer(self, staff: str, wanted: str) -> Signer | None:
        """Who signs for them, preferably with the key of the id wanted; else with another one found, which the ledger will refuse by name.

        Refused `signing_key_not_found`, `signing_key_of_another` and `signing_key_file_damaged` for a file named with --key.
        """
        if (staff, wanted) not in self._found:
            self._found[staff, wanted] = self._find(staff, wanted)
        return self._found[staff, wanted]

    def file_of(self, staff: str, wanted: str) -> Path | None:
        """Where the file of somebody's key lies, if there is one here."""
        home = self.chosen or self.path_of(staff)
        return next((path for path in (_next(home, staff, wanted), home) if path.is_file()), None)

    def _find(self, staff: str, wanted: str) -> Signer | None:
        home = self.chosen or self.path_of(staff)
        # The log says that a waiting key counts, if the command that made it was cut off in between.
        files = [KeyFile(path, self._passphrase) for path in (_next(home, staff, wanted), home) if path.is_file()]
        if self.chosen is not None and not files:
            raise Refused("signing_key_not_found", file=home.name)
        if any(file.staff != staff for file in files):
            raise Refused("signing_key_of_another", file=home.name, staff=staff)
        derived = practice_signer(self.practice, staff) if self.folder.rehearsal and self.chosen is None else None
        found: list[Signer] = [*files, *([derived] if derived is not None else [])]
        return next((one for one in found if one.key == wanted), found[0] if found else None)

    @contextmanager
    def making(self, staff: str, passphrase: str | None, home: Path | None = None) -> Iterator[NewKey]:
        """A new key for somebody, which counts if what is done with it succeeds, and is thrown away if that is refused.

        `passphrase` None, in a rehearsal, gives the key that is derived for them. home: its file, if not the usual one.
        """
        home = home or self.path_of(staff)
        if passphrase is None:
            derived = self.practice_key(staff)
            yield NewKey(derived.key, base64_text(derived.public_key), None)
            return
        seed = secrets.token_bytes(SEED_BYTES)
        signer = SeedSigner(seed)
        waiting = _next(home, staff, signer.key)
        write_key_file(waiting, staff, seed, passphrase, secrets.token_bytes)
        try:
            yield NewKey(signer.key, base64_text(signer.public_key), home)
        except Refused:
            waiting.unlink()
            raise
        waiting.replace(home)
        self._found.clear()

    def practice_key(self, staff: str) -> SeedSigner:
        """The rehearsal's key for somebody; the secret behind it is made where there is none yet."""
        if not self.practice.is_file():
            make_practice_key(self.practice, secrets.token_bytes)
        signer = practice_signer(self.practice, staff)
        if signer is None:
            raise Refused("signing_key_not_found", file=self.practice.name)
        return signer


def _next(home: Path, staff: str, key: str) -> Path:
    return home.with_name(f"{staff}.{key}.next")
