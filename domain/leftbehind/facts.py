"""What can happen to a child on the register of left-behind children; whom they live with and where parents are is sealed."""

from __future__ import annotations

from typing import Literal

from ..facts import Fact
from ..sealed import Sealed

CareKind = Literal["call", "visit", "meeting", "activity", "other"]


class LeftBehindRegistered(Fact):
    """On the register from `effective_on`, for `term` (`2018-autumn`). `person` seals guardian, phone and where the parents are."""

    topic = "leftbehind.registered"
    unit: str
    term: str
    person: Sealed


class LeftBehindFileOpened(Fact):
    """一人一档: the child's file, by the SHA-256 of its scan."""

    topic = "leftbehind.file_opened"
    sha256: str


class ContactCardIssued(Fact):
    """联系卡: `person` seals the names and numbers on it."""

    topic = "leftbehind.contact_card_issued"
    person: Sealed


class CareRecorded(Fact):
    """Somebody called, visited or did something for the child that day."""

    topic = "leftbehind.care_recorded"
    kind: CareKind
    text: Sealed


class LeftBehindEnded(Fact):
    """From `effective_on` on the child is left behind no longer."""

    topic = "leftbehind.ended"
    reason: Sealed
