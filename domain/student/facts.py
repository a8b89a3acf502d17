"""What can happen to a student's file; names, numbers, addresses and all free text are sealed under the student's own key."""

from __future__ import annotations

from datetime import date
from typing import Literal

from ..facts import Fact
from ..sealed import Sealed

Enrolment = Literal["在读", "休学", "退学", "转学", "毕业", "死亡", "复学"]


class StudentRegistered(Fact):
    """A file is opened. `source` says by what: the school's register, or a survey that named somebody no register knew."""

    topic = "student.registered"
    source: Literal["register", "survey", "list"]
    unit: str
    stage: str | None = None
    person: Sealed


class IdentityMerged(Fact):
    """Two files turned out to be one person: `other` is answered for by this one from now on."""

    topic = "student.identity_merged"
    other: str
    reason: Sealed


class IdentityMergedInto(Fact):
    """The other half of a merge, in the stream of the file given up."""

    topic = "student.identity_merged_into"
    survivor: str


class IdentitySplit(Fact):
    """A merge was wrong: `other` stands alone again."""

    topic = "student.identity_split"
    other: str
    corrects: str
    reason: Sealed


class DetailsCorrected(Fact):
    """Personal details as they are now (`person`: the changed fields only); `corrects` names the fact that had them wrong."""

    topic = "student.details_corrected"
    corrects: str
    fields: tuple[str, ...]
    person: Sealed


class EnrolmentChanged(Fact):
    """学籍异动. `registered_on` is when the school learned of it: a field, not the ledger's own recorded time."""

    topic = "student.enrolment_changed"
    status: Enrolment
    unit: str | None = None
    registered_on: str | None = None
    corrects: str | None = None
    note: Sealed | None = None


class CategoryDetermined(Fact):
    """认定: recognised as of these categories, at this level, by a round or by a decision of its own."""

    topic = "student.category_determined"
    categories: tuple[str, ...]
    level: str | None = None
    unit: str | None = None


class CategoryEnded(Fact):
    """脱贫, 退出, or no longer named by the round after."""

    topic = "student.category_ended"
    reason: Literal["lifted", "left", "not_in_round", "error"]


class PersonErased(Fact):
    """The person's key is destroyed after this fact; boxes stay, and so does every proof."""

    topic = "student.person_erased"
    reason: Literal["requested", "retention_ended", "recorded_in_error"]


class PersonRestricted(Fact):
    """Kept but not shown until the day, for one of three reasons."""

    topic = "student.person_restricted"
    until: date
    reason: Literal["requested", "retention_ended", "legal_hold"]
