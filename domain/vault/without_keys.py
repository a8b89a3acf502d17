"""A ledger whose keys are lost, or not this reader's business, can still be read: every box stays shut, and what needs one is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from ..refusal import Refused
from ..sealed import Sealed
from .vault import Vault


class WithoutKeys(Vault):
    """Stands where a vault is expected. A list comes out without names; all else is refused (`keys_left_out`)."""

    def __init__(self) -> None:
        """Has no store and no key: whatever looks for one meets `__getattr__`."""

    def __getattr__(self, name: str) -> NoReturn:
        raise Refused("keys_left_out")

    def need_key(self) -> None:
        raise Refused("keys_left_out")

    def open_many(self, boxes: Sequence[Sealed], *, also_restricted: bool = False) -> list[dict[str, str] | None]:
        """None for each box, as for an erased person."""
        return [None for _box in boxes]

    @property
    def restricted(self) -> frozenset[str]:
        """Nobody's: no box is opened anyway."""
        return frozenset()

    def close(self) -> None:
        """Nothing was opened."""
