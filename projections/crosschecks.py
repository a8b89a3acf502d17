"""比对: which lists of other offices count on a day, whom they name, and what each comparison with them found, person by person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import orjson
from sqlalchemy import select

from mingzhang.domain.sealed import Sealed
from mingzhang.domain.student.student import PRESENT

from .boxes import boxes_of, sealed
from .crosschecks_tables import COMPARED, COMPARISON, LISTED, RECEIVED, REFUSED_ROW, RESOLVED
from .projection import View
from .register.offices import import_files, units_below
from .register.recognition import STUDENT, survivors
from .register.roster import enrolment_by_person


class ListRow(NamedTuple):
    """A list that counts from `as_of` (ISO) on. superseded_by: newer lists of its kind; imports: the references of its files' imports."""

    crosscheck: str
    kind: str
    as_of: str
    files: int
    rows: int
    accepted: int
    refused: int
    imports: tuple[str, ...]
    superseded_by: tuple[str, ...]
    ref: str


class ListedRow(NamedTuple):
    """A person on a list. entitled None: the list does not say. `leaf`: of the fact whose box names them; file, sheet, row: where."""

    crosscheck: str
    student: str
    kind: str
    category: str | None
    support: str | None
    entitled: bool | None
    household: str | None
    named_by: str
    file: str | None
    sheet: str | None
    row: int | None
    ref: str
    leaf: int


class RefusedRow(NamedTuple):
    """A row of an imported file that was refused and could be told whom it named; `subject` is the person's own reference where the number
    in it was right."""

    import_ref: str
    file: str
    sheet: str | None
    row: int
    code: str
    subject: str
    person: Sealed


class ComparisonRow(NamedTuple):
    """A comparison and what it counted; `on` is its day (ISO)."""

    comparison: str
    against: str
    unit: str | None
    on: str
    lists: tuple[str, ...]
    kinds: tuple[str, ...]
    kinds_without_list: tuple[str, ...]
    students: int
    matched: int
    unmatched: int
    differing: int
    not_ours: int
    ref: str


class ComparedRow(NamedTuple):
    """One thing a comparison found about one person; see `crosschecks_tables.COMPARED` for `finding`. file, sheet and row name the refused
    row, where there is one."""

    student: str
    finding: str
    basis: str | None
    kind: str
    crosscheck: str | None
    says: str | None
    value: str | None
    entitled: bool | None
    matched_on: str | None
    name_differs: bool
    why: str | None
    unclaimed: bool
    refused_file: str | None
    refused_sheet: str | None
    refused_row: int | None
    refused_code: str | None


class ResolutionRow(NamedTuple):
    """The newest resolution of a difference: `says` is the list's row."""

    student: str
    says: str
    right: str
    on: str
    ref: str


class Change(NamedTuple):
    """What a newer comparison found otherwise than an older one about one student and one kind of list: `what` is new_match, lost_match or
    changed_class; before and after are the classes (类别 or 保障类型), or None."""

    student: str
    kind: str
    what: str
    before: str | None
    after: str | None


def lists(view: View, kinds: Collection[str] | None = None) -> list[ListRow]:
    """The lists that came as of the day or earlier and were not withdrawn, by kind and day."""
    held = view.held(RECEIVED)
    rows = [
        row
        for row in view.rows(select(held).order_by(held.c.kind, held.c.effective_from, held.c.fact_leaf))
        if kinds is None or row.kind in kinds
    ]
    return [
        ListRow(
            row.crosscheck,
            row.kind,
            row.effective_from,
            row.files,
            row.rows,
            row.accepted,
            row.refused,
            tuple(one for one in orjson.loads(row.imports) if one.startswith("import/")),
            tuple(one.crosscheck for one in rows if one.kind == row.kind and one.effective_from > row.effective_from),
            row.ref,
        )
        for row in rows
    ]


def current_lists(view: View, kinds: Collection[str] | None = None) -> list[ListRow]:
    """Of each kind the newest list, or the several of the newest day."""
    return [row for row in lists(view, kinds) if not row.superseded_by]


def listed(view: View, crosschecks: Sequence[str]) -> list[ListedRow]:
    """Everybody these lists name, in the order of recording."""
    wanted = list(crosschecks)
    points = view.points(LISTED, lambda c: c.crosscheck.in_(wanted))
    files = import_files(view)
    return [
        ListedRow(
            row.crosscheck,
            row.student,
            row.kind,
            row.category,
            row.support,
            _yes(row.entitled),
            row.household,
            row.named_by or "id_number",
            files.get(row.import_ref),
            row.sheet,
            row.row,
            row.ref,
            row.fact_leaf,
        )
        for row in view.rows(select(points).order_by(points.c.fact_leaf))
    ]


def listed_by_ref(view: View, refs: Iterable[str]) -> dict[str, tuple[ListedRow, Sealed]]:
    """Rows of lists by the fact that says them, each with its box."""
    wanted = set(refs)
    by_list = sorted({ref.split("/")[1] for ref in wanted if ref.startswith("listing/")})
    rows = [row for row in listed(view, by_list) if row.ref in wanted]
    boxes = boxes_of(view, [row.leaf for row in rows])
    return {row.ref: (row, boxes[row.leaf]) for row in rows}


def refused_rows(view: View, *, context: str | None = None, imports: Collection[str] | None = None) -> list[RefusedRow]:
    """Refused rows of the files imported into a context (a round), or of these imports, by the order of recording."""
    wanted = list(imports or ())
    points = view.points(REFUSED_ROW, lambda c: c.context == context if context is not None else c.import_ref.in_(wanted))
    return [
        RefusedRow(row.import_ref, row.file, row.sheet, row.row, row.code, row.subject, sealed(row.box))
        for row in view.rows(select(points).order_by(points.c.fact_leaf, points.c.seq))
    ]


def comparisons(view: View, against: str | None = None) -> list[ComparisonRow]:
    """All comparisons made by the day, in the order of recording."""
    points = view.points(COMPARISON, (lambda c: c.against == against) if against is not None else None)
    return [
        ComparisonRow(
            row.comparison,
            row.against,
            row.unit,
            row.effective_on,
            tuple(orjson.loads(row.lists)),
            tuple(orjson.loads(row.kinds)),
            tuple(orjson.loads(row.kinds_without_list)),
            row.students,
            row.matched,
            row.unmatched,
            row.differing,
            row.not_ours,
            row.ref,
        )
        for row in view.rows(select(points).order_by(points.c.fact_leaf))
    ]


def compared(view: View, comparison: str) -> list[ComparedRow]:
    """What one comparison found, in its order."""
    points = view.points(COMPARED, lambda c: c.comparison == comparison)
    files = import_files(view)
    return [
        ComparedRow(
            row.student,
            row.finding,
            row.basis,
            row.kind,
            row.crosscheck,
            row.says,
            row.value,
            _yes(row.entitled),
            row.matched_on,
            bool(row.name_differs),
            row.why,
            bool(row.unclaimed),
            files.get(row.refused_in),
            row.refused_sheet,
            row.refused_row,
            row.refused_code,
        )
        for row in view.rows(select(points).order_by(points.c.fact_leaf, points.c.seq))
    ]


def resolutions(view: View, says: Collection[str] | None = None) -> dict[tuple[str, str], ResolutionRow]:
    """The newest resolution of each difference by (student, row of the list)."""
    points = view.points(RESOLVED)
    return {
        (row.student, row.says): ResolutionRow(row.student, row.says, row.right, row.effective_on, row.ref)
        for row in view.rows(select(points).order_by(points.c.fact_leaf))
        if says is None or row.says in says
    }


def own_students(view: View, unit: str | None = None, merged: dict[str, str] | None = None) -> dict[str, bool]:
    """Whose file we keep, and whether they are enrolled on the day, also by a register that came in later; whom only a survey knows by
    then counts as enrolled, as when paying. merged: which files are one person's, where that is not to be of the day."""
    merged = survivors(view) if merged is None else merged
    wanted = units_below(view, unit) if unit is not None else None
    standing = enrolment_by_person(view, merged)
    found: dict[str, bool] = {}
    for row in view.rows(select(view.history(STUDENT))):
        person = merged.get(row.student, row.student)
        if wanted is None or row.unit in wanted:
            vouched_for = row.source == "survey" and row.effective_from <= view.as_of.day
            enrolled = standing[person] in PRESENT if person in standing else vouched_for
            found[person] = found.get(person, False) or enrolled
    return found


def previous(rows: Sequence[ComparisonRow], comparison: ComparisonRow) -> ComparisonRow | None:
    """The comparison of the same people (and unit) that was recorded last before this one."""
    found = None
    for row in rows:
        if row.comparison == comparison.comparison:
            return found
        if (row.against, row.unit) == (comparison.against, comparison.unit):
            found = row
    return found


def changes(before: Iterable[ComparedRow], after: Iterable[ComparedRow], kinds: Collection[str]) -> list[Change]:
    """What is otherwise than before, for the kinds of list that both comparisons used, by student and kind."""
    old, new = _standing(before, kinds), _standing(after, kinds)
    found = []
    for student, kind in sorted({*old, *new}):
        one, other = old.get((student, kind)), new.get((student, kind))
        if one == other:
            continue
        what = "new_match" if one is None else "lost_match" if other is None else "changed_class"
        found.append(Change(student, kind, what, _said(one), _said(other)))
    return found


def _standing(rows: Iterable[ComparedRow], kinds: Collection[str]) -> dict[tuple[str, str], tuple[str, ...]]:
    """(student, kind) -> the classes under which they stand on it."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        if row.finding == "matched" and row.kind in kinds:
            found.setdefault((row.student, row.kind), set()).add(row.value or "")
    return {place: tuple(sorted(values)) for place, values in found.items()}


def _said(values: tuple[str, ...] | None) -> str | None:
    return None if values is None else "、".join(value for value in values if value) or None


def _yes(value: int | None) -> bool | None:
    return None if value is None else bool(value)
