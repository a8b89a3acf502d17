"""What can happen to a person's data as such; reasons are sealed under keys of their own, since the person's own key may go."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict

from ..facts import Fact
from ..sealed import Sealed


class RemovedFile(BaseModel):
    """A file of the ledger's folder that named the person: its path from there, and the SHA-256 of what it held."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    sha256: str


class PersonsErased(Fact):
    """In the ledger's list: these references, one person all of them, are erased, and with them `files` and `documents` (by SHA-256).

    `basis` is the clause that was named. The list is what opening a ledger carries out, should the erasure have been cut off.
    """

    topic = "privacy.persons_erased"
    persons: tuple[str, ...]
    reason: Sealed
    basis: str | None = None
    files: tuple[RemovedFile, ...] = ()
    documents: tuple[str, ...] = ()


class PersonsRestricted(Fact):
    """In the ledger's list: what is kept of these references is not shown."""

    topic = "privacy.persons_restricted"
    persons: tuple[str, ...]
    reason: Sealed
    basis: str | None = None


class PersonsUnrestricted(Fact):
    """In the ledger's list: they may be shown again."""

    topic = "privacy.persons_unrestricted"
    persons: tuple[str, ...]
    reason: Sealed


class RestrictionLifted(Fact):
    """In the person's own stream."""

    topic = "student.restriction_lifted"


class PersonHeld(Fact):
    """Legal hold (诉讼、审计、检查期间): not to be erased before `until`, or before it is released."""

    topic = "student.held"
    until: date | None = None
    reason: Sealed


class HoldReleased(Fact):
    """The hold has ended."""

    topic = "student.hold_released"
    reason: Sealed


class RetentionSet(Fact):
    """The office's own decision how long a class of records is kept, from `effective_on` on; `basis` says by which clause."""

    topic = "retention.set"
    years: int
    basis: str
