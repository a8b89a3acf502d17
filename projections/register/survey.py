"""摸底排查 as it stood: the entries of a round on a day, its totals by department and category, and where a student was first named."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import orjson
from sqlalchemy import select

from mingzhang.domain.sealed import Sealed
from mingzhang.domain.values.categories import CATEGORIES

from ..boxes import boxes_of, sealed, with_box
from ..projection import View
from .offices import ROUND, import_files, unit_rows, units_below
from .recognition import ENTRY, fixes, same_person, survivors

_ORDER = {category: place for place, category in enumerate(CATEGORIES)}


class EntryRow(NamedTuple):
    """A survey entry as it stood on the day, corrections taken in. `ref` is the newest fact that says so; sheet, row and file are where
    it was first read from; income_fen is per head and year."""

    student: str
    unit: str
    categories: tuple[str, ...]
    kinds: tuple[str, ...]
    level: str | None
    stage: str | None
    new: bool | None
    lifted: bool | None
    income_fen: int | None
    household_size: int | None
    account_given: bool
    person: Sealed
    ref: str
    sheet: str | None
    row: int | None
    file: str | None


class UnitTotals(NamedTuple):
    """by_category counts a student of two categories in both."""

    unit: str
    name: str
    entries: int
    by_category: dict[str, int]
    new: int


class SurveyTotals(NamedTuple):
    round: str
    units: list[UnitTotals]
    entries: int
    by_category: dict[str, int]
    new: int


class FirstSeen(NamedTuple):
    """Where a round first named a student."""

    file: str | None
    sheet: str | None
    row: int | None
    ref: str


def entries(view: View, round_id: str, unit: str | None = None, category: str | None = None) -> list[EntryRow]:
    """The round's entries on the day, in the order of unit and of recording. A unit means itself and those below it."""
    held = view.held(ENTRY, lambda c: c.round == round_id)
    rows = view.rows(with_box(held).order_by(held.c.fact_leaf))
    corrected = fixes(view, lambda c: c.round == round_id)
    boxes = boxes_of(view, [fix.leaf for fix in corrected.values()])
    files = import_files(view)
    wanted = units_below(view, unit) if unit is not None else None
    found: list[EntryRow] = []
    for row in rows:
        plain = {
            "unit": row.unit,
            "categories": orjson.loads(row.categories),
            "kinds": orjson.loads(row.kinds),
            "level": row.level,
            "stage": row.stage,
            "new": _truth(row.new),
            "lifted": _truth(row.lifted),
            "income_fen": row.income_fen,
            "household_size": row.household_size,
            "account_given": bool(row.account_given),
        }
        fix = corrected.get((round_id, row.student))
        if fix is not None:
            plain |= fix.plain
        if wanted is not None and plain["unit"] not in wanted:
            continue
        categories = tuple(plain["categories"] or ())
        if category is not None and category not in categories:
            continue
        found.append(
            EntryRow(
                student=row.student,
                person=boxes[fix.leaf] if fix is not None else sealed(row.box),
                ref=fix.ref if fix is not None else row.ref,
                sheet=row.sheet,
                row=row.row,
                file=files.get(row.import_ref),
                **(plain | {"categories": categories, "kinds": tuple(plain["kinds"] or ())}),
            )
        )
    found.sort(key=lambda one: one.unit)  # stable: the order of recording stays within a unit
    return found


def _truth(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def survey_totals(view: View, round_id: str) -> SurveyTotals:
    """What the round counts on the day. A department of the round's school that named nobody is listed too."""
    opened = view.rows(select(view.held(ROUND, lambda c: c.round == round_id)))
    units = {row.id: row for row in unit_rows(view)}
    below = units_below(view, opened[0].unit) if opened else set()
    counts: dict[str, tuple[list[int], dict[str, int]]] = {
        unit: ([0, 0], {}) for unit, row in units.items() if unit in below and row.kind == "department" and row.open
    }
    held = view.held(ENTRY, lambda c: c.round == round_id)
    corrected = fixes(view, lambda c: c.round == round_id)
    for row in view.rows(select(held.c.student, held.c.unit, held.c.categories, held.c.new)):
        fix = corrected.get((round_id, row.student))
        plain = fix.plain if fix is not None else {}
        unit, new = plain.get("unit", row.unit), plain.get("new", row.new)
        categories = plain["categories"] if "categories" in plain else orjson.loads(row.categories)
        numbers, by_category = counts.setdefault(unit, ([0, 0], {}))
        numbers[0] += 1
        numbers[1] += bool(new)
        for category in categories or ():
            by_category[category] = by_category.get(category, 0) + 1
    totals = [
        UnitTotals(unit, units[unit].name if unit in units else unit, numbers[0], _ordered(by_category), numbers[1])
        for unit, (numbers, by_category) in sorted(counts.items())
    ]
    all_categories: dict[str, int] = {}
    for one in totals:
        for category, number in one.by_category.items():
            all_categories[category] = all_categories.get(category, 0) + number
    entered, new_entries = sum(one.entries for one in totals), sum(one.new for one in totals)
    return SurveyTotals(round_id, totals, entered, _ordered(all_categories), new_entries)


def _ordered(by_category: dict[str, int]) -> dict[str, int]:
    return dict(sorted(by_category.items(), key=lambda item: (_ORDER.get(item[0], len(_ORDER)), item[0])))


def first_seen(view: View, round_id: str, students: Iterable[str]) -> dict[str, FirstSeen]:
    """Where the round named each of these students first, whatever the day; a student it has not named is left out."""
    wanted = set(students)
    merged = survivors(view)
    history = view.history(ENTRY, lambda c: c.round == round_id)
    files = import_files(view)
    by_person: dict[str, FirstSeen] = {}
    columns = (history.c.student, history.c.import_ref, history.c.sheet, history.c.row, history.c.ref)
    for row in view.rows(select(*columns).order_by(history.c.fact_leaf)):
        person = merged.get(row.student, row.student)
        by_person.setdefault(person, FirstSeen(files.get(row.import_ref), row.sheet, row.row, row.ref))
    found = {student: by_person.get(merged.get(student, student)) for student in wanted}
    return {student: seen for student, seen in sorted(found.items()) if seen is not None}


def entries_of(view: View, student: str) -> list[tuple[str, str, str]]:
    """All entries of the person by the day: (round, student, ref), in the order of recording."""
    refs = same_person(view, student)
    held = view.held(ENTRY, lambda c: c.student.in_(refs))
    return [(row.round, row.student, row.ref) for row in view.rows(select(held).order_by(held.c.fact_leaf))]


def lifted_students(view: View, merged: dict[str, str]) -> set[str]:
    """Whom the newest survey that names them calls lifted out of poverty (已脱贫), under the reference that answers for them."""
    corrected = fixes(view)
    held = view.held(ENTRY)
    newest: dict[str, bool] = {}
    columns = (held.c.round, held.c.student, held.c.lifted)
    for row in view.rows(select(*columns).order_by(held.c.effective_from, held.c.fact_leaf)):
        fix = corrected.get((row.round, row.student))
        said = fix.plain.get("lifted", row.lifted) if fix is not None else row.lifted
        newest[merged.get(row.student, row.student)] = bool(said)
    return {student for student, lifted in newest.items() if lifted}
