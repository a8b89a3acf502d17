"""A helper (帮扶人) becomes known with the first pairing that names them: unit and post in plain, name and phone sealed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..staff import RegisterStaff


@dataclass(frozen=True, kw_only=True)
class KnowHelper(RegisterStaff):
    """Takes a helper into the staff register; one known already is left as they are."""

    name: ClassVar[str] = "KnowHelper"
    roles: ClassVar[frozenset[str]] = frozenset({"helper-clerk"})
