"""What the ledger itself must keep to itself lies wrapped in the vault, beside what the vault says about itself; made once, it stays."""

from __future__ import annotations

from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ..refusal import Refused
from .sealing import NONCE_BYTES
from .store import SqliteStore

_TAG = b"mingzhang/secret/1\x00"


class OwnSecrets:
    """The secrets of one vault by name; each is authenticated under its name, so that none can stand in for another."""

    def __init__(self, store: SqliteStore, wrapping: AESGCM, random_bytes: Callable[[int], bytes]) -> None:
        self._store = store
        self._wrapping = wrapping
        self._random = random_bytes

    def find(self, name: str) -> bytes | None:
        """What was kept under this name; None where nothing was. Refused `vault_secret_damaged` (secret)."""
        wrapped = self._store.about(name)
        if wrapped is None:
            return None
        try:
            return self._wrapping.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _TAG + name.encode())
        except (InvalidTag, ValueError):
            raise Refused("vault_secret_damaged", secret=name) from None

    def keep(self, name: str, count: int) -> bytes:
        """So many random bytes, made now and kept; those that were kept before, where some were. Refused as `find`, and `vault_busy`."""
        with self._store.writing():
            kept = self.find(name)
            if kept is None:
                kept, nonce = self._random(count), self._random(NONCE_BYTES)
                self._store.add_about(name, nonce + self._wrapping.encrypt(nonce, kept, _TAG + name.encode()))
        return kept
