"""A person is matched on the identity number, else on the 学籍号, never on a name; a name tells only that a row may have been refused.

The number decides (sunan-2022: "a name that differs does not make the student ineligible, but must be reported").
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from ..aid.facts import ListMatch
from ..values.identity import is_id_number
from .comparing import in_effect
from .facts import Finding, NamedBy, RefusedPlace, Why

_FEWEST_EQUAL = 12
"""Characters in their place that a mistyped number must share with the right one, of 18, to be taken for it."""

_FEWEST_READABLE = 15
"""Characters below which a text is no identity number at all, but what a spreadsheet left of one."""


class Ours(NamedTuple):
    """Somebody we compare. refs: every reference the person has; claims: groups of kinds of list, on one of each of which they should
    stand; None where any compared list will do (an application)."""

    student: str
    refs: frozenset[str]
    basis: str
    name: str
    id_number: str
    xueji: str
    claims: tuple[tuple[str, ...], ...] | None = None


class Theirs(NamedTuple):
    """A row of a list. `name` empty where the box cannot be opened (any more)."""

    crosscheck: str
    kind: str
    says: str
    subject: str
    named_by: NamedBy
    value: str | None
    entitled: bool | None
    name: str


class RefusedNaming(NamedTuple):
    """A refused row of a list (`crosscheck`, `kind`) or of a survey file (both empty), with whom it named, as far as it can be read."""

    crosscheck: str
    kind: str
    place: RefusedPlace
    subject: str
    name: str
    id_number: str


class Matcher:
    """The lists of one comparison, ready to be asked about one person after the other.

    same_xueji: 学籍号 -> references of everybody known by it; parted: (reference of ours, row) that were found to be different people.
    """

    def __init__(
        self,
        theirs: Iterable[Theirs],
        refused: Iterable[RefusedNaming],
        kinds: Sequence[str],
        same_xueji: Mapping[str, Collection[str]],
        parted: Collection[tuple[str, str]] = (),
    ) -> None:
        self._rows: dict[str, list[Theirs]] = {}
        for row in theirs:
            self._rows.setdefault(row.subject, []).append(row)
        self._refused = Refusals(refused)
        self._kinds = tuple(kinds)
        self._same_xueji = same_xueji
        self._parted = frozenset(parted)

    def about(self, ours: Ours) -> Finding | None:
        """What the lists say about them; None where they say nothing and nothing was to be expected."""
        rows: list[tuple[Theirs, NamedBy]] = [(row, row.named_by) for ref in sorted(ours.refs) for row in self._rows.get(ref, ())]
        others: Iterable[str] = self._same_xueji.get(ours.xueji, ()) if ours.xueji else ()
        for ref in sorted(set(others) - ours.refs):
            rows += [(row, "xueji") for row in self._rows.get(ref, ())]
        apart = [row for row, _ in rows if (ours.student, row.says) in self._parted]
        rows = [(row, number) for row, number in rows if (ours.student, row.says) not in self._parted]
        matches = {_match(row, number, ours.name): None for row, number in rows}
        in_force = {match.kind for match in matches if in_effect(match)}
        groups = (self._kinds,) if ours.claims is None else ours.claims
        missing = tuple(dict.fromkeys(kind for group in groups if in_force.isdisjoint(group) for kind in group))
        found = [one for one in self._refused.naming(ours) if one.kind not in in_force] if missing or ours.claims is None else []
        if ours.claims is not None:
            found = [one for one in found if one.kind in missing]
        for one in found:
            refused = ListMatch(crosscheck=one.crosscheck, kind=one.kind, says=one.place.source, refused=True)
            matches[refused] = None
        if not matches and not missing:
            return None
        claimed = {kind for group in groups for kind in group}
        return Finding(
            student=ours.student,
            basis=ours.basis,
            matches=tuple(sorted(matches, key=lambda match: (self._kinds.index(match.kind), match.says, match.value or ""))),
            missing=missing,
            why=_why(missing, matches, apart) if missing else None,
            unclaimed=tuple(kind for kind in self._kinds if kind in in_force and kind not in claimed),
            refused=tuple(one.place for one in found),
        )


class Refusals:
    """Refused rows, found by the person's reference where the number was right, else by the name beside a number that was not."""

    def __init__(self, rows: Iterable[RefusedNaming]) -> None:
        self._by_ref: dict[str, list[RefusedNaming]] = {}
        self._by_name: dict[str, list[RefusedNaming]] = {}
        for row in rows:
            self._by_ref.setdefault(row.subject, []).append(row)
            if row.name and not is_id_number(row.id_number):
                self._by_name.setdefault(row.name, []).append(row)

    def naming(self, ours: Ours) -> list[RefusedNaming]:
        """The refused rows that name this person, or are most likely to."""
        found = [row for ref in sorted(ours.refs) for row in self._by_ref.get(ref, ())]
        by_name = self._by_name.get(ours.name, ())
        return [*found, *(row for row in by_name if row not in found and may_be(row.id_number, ours.id_number))]


def may_be(written: str, right: str) -> bool:
    """Whether a number that could not be taken may stand for this one: little can be read of it (2.10902E+17), or it is close to it."""
    if sum(character in "0123456789X" for character in written) < _FEWEST_READABLE:
        return True
    if len(written) != len(right):
        return written[:6] == right[:6]
    return sum(one == other for one, other in zip(written, right, strict=True)) >= _FEWEST_EQUAL


def _match(row: Theirs, number: NamedBy, name: str) -> ListMatch:
    return ListMatch(
        crosscheck=row.crosscheck,
        kind=row.kind,
        says=row.says,
        value=row.value,
        entitled=row.entitled,
        matched_on=number,
        name_differs=bool(row.name and name) and row.name != name,
    )


def _why(missing: Sequence[str], matches: Iterable[ListMatch], apart: Sequence[Theirs]) -> Why:
    of_these = [match for match in matches if match.kind in missing]
    if any(not match.refused for match in of_these):
        return "no_longer_entitled"
    if of_these:
        return "list_row_refused"
    return "different_people" if any(row.kind in missing for row in apart) else "not_found"
