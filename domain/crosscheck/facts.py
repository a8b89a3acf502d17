"""What is recorded of lists and comparisons: a list once with each of its rows, and what a comparison found, by reference only.

Both texts of a difference stay sealed where they came from, in the row of the list and in the entry or form; a comparison says that
they differ, never what they are.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ..aid.facts import ListMatch
from ..facts import Fact
from ..sealed import Sealed

Why = Literal["not_found", "list_row_refused", "no_longer_entitled", "different_people"]
"""Why a student counts as on no list: nobody of that number; only in a row that had to be refused; named, but 不再享受 or 风险已消除;
named, and found to be somebody else."""
NamedBy = Literal["id_number", "xueji"]
Right = Literal["ours", "theirs", "different-people"]
"""Which side of a difference is right: our name or the list's; or the two are not one person, and the row does not count."""


class ListReceived(Fact):
    """A list of one kind as of `as_of`, which is its effective day. `files` of it came at once; rows = accepted + refused.

    A list of the same kind with a later day supersedes it; two of one day stand side by side (the towns of one county). unit: whose clerk
    took it in.
    """

    topic = "crosscheck.list_received"
    kind: str
    unit: str
    as_of: date
    files: int
    rows: int
    accepted: int
    refused: int


class ListWithdrawn(Fact):
    """It was no such list, or not of that day: it counts in no comparison from now on, and stays on file."""

    topic = "crosscheck.list_withdrawn"
    corrects: str
    reason: Sealed


class PersonListed(Fact):
    """A row of a list. `person` seals name, numbers, household head, 与户主关系, township and village.

    category: 类别 as written (一类); support: 保障类型 (全额); entitled: 享受政策, else whether the risk (风险状态) remains, None where the
    list says neither; household: the household's reference, the same in every list that names it alike;
    named_by: which number the row has, 学籍号 only where it has no identity number.
    """

    topic = "listing.person_listed"
    crosscheck: str
    student: str
    kind: str
    category: str | None = None
    support: str | None = None
    entitled: bool | None = None
    household: str | None = None
    named_by: NamedBy = "id_number"
    person: Sealed


class RefusedPlace(BaseModel):
    """A row that names the person and had to be refused: the import it stands in, and where."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    sheet: str | None = None
    row: int
    code: str


class Finding(BaseModel):
    """What a comparison found about one student. `basis`: our fact that was compared (survey entry, application form).

    matches: the rows that name the student, those no longer entitled included; missing: the kinds of list they should stand on and do not,
    `why` not; unclaimed: kinds of list that name them although the survey does not say so; refused: where `why` is list_row_refused.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    student: str
    basis: str
    matches: tuple[ListMatch, ...] = ()
    missing: tuple[str, ...] = ()
    why: Why | None = None
    unclaimed: tuple[str, ...] = ()
    refused: tuple[RefusedPlace, ...] = ()


class OnlyListed(BaseModel):
    """One of our own students whom a list names as entitled and the survey does not have; `refused`: where the survey named them in a row
    that had to be refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    student: str
    crosscheck: str
    kind: str
    says: str
    refused: RefusedPlace | None = None


class ListCompared(Fact):
    """A comparison. `against`: `round/<round>` or `scheme/<plan.scheme>/<period>`, of `unit` and those below where one is given.

    students: how many were compared; matched and unmatched count students, differing the matches whose name differs (they are matched);
    not_ours: entitled people of the lists who are none of our students; findings: those with a match or a missing kind.
    kinds: the kind of each list, in their order; kinds_without_list: those that were to be compared and of which no list has come.
    """

    topic = "crosscheck.compared"
    against: str
    unit: str | None = None
    lists: tuple[str, ...]
    kinds: tuple[str, ...]
    kinds_without_list: tuple[str, ...] = ()
    students: int
    matched: int
    unmatched: int
    differing: int
    not_ours: int = 0
    findings: tuple[Finding, ...] = ()
    only_listed: tuple[OnlyListed, ...] = ()


class DifferenceResolved(Fact):
    """Stands in the stream of the list: `says` is its row, `ours` our fact it was compared with, `right` the side that is right."""

    topic = "crosscheck.difference_resolved"
    student: str
    comparison: str
    says: str
    ours: str
    right: Right
    corrects: str | None = None
    reason: Sealed
