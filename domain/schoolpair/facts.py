"""What can happen between two paired schools. Schools are institutions and named plainly; texts and persons are sealed."""

from __future__ import annotations

from typing import Literal

from ..facts import Fact
from ..sealed import Sealed

Side = Literal["town", "village"]


class SchoolsPaired(Fact):
    """The two schools are a pair from `effective_on`; `unit` is whose business the pair is."""

    topic = "schoolpair.paired"
    town: str
    village: str
    unit: str


class JointResearchHeld(Fact):
    """联合教研. `subject` is sealed text; subject_digest: a keyed digest of it, so that the same meeting is not recorded twice."""

    topic = "schoolpair.joint_research_held"
    participants: int | None = None
    subject: Sealed | None = None
    subject_digest: str | None = None


class StaffExchanged(Fact):
    """挂职: the `sender`'s school sends somebody to the other from `effective_on`, counted in `year`. `person` seals who, if known."""

    topic = "schoolpair.staff_exchanged"
    sender: Side
    year: int
    post: str | None = None
    person: Sealed | None = None


class EquipmentDonated(Fact):
    """One school hands something on to the other; worth in fen, 0 where nobody says."""

    topic = "schoolpair.equipment_donated"
    giver: Side
    worth_fen: int = 0
    items: Sealed


class SchoolPairEnded(Fact):
    """From `effective_on` on the two are a pair no longer."""

    topic = "schoolpair.ended"
    reason: Sealed
