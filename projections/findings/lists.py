"""Rules about the lists of other offices: whom they name and nobody paid, and who was paid though the list does not name them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import orjson
from sqlalchemy import func, select

from mingzhang.domain.aid.basis import Basis
from mingzhang.domain.aid.eligibility import unmet_by_person
from mingzhang.domain.crosscheck.kinds import category_of, claimed_kinds
from mingzhang.domain.plan.schemes import Scheme
from mingzhang.domain.values.periods import period as period_of

from ..aid_steps import APPLICATION_STEP
from ..applications import all_equal
from ..asof import AsOf
from ..crosschecks import own_students
from ..crosschecks_tables import COMPARED, COMPARISON, REFUSED_ROW
from ..finding import Finding
from ..projection import View
from ..register.offices import import_files
from ..register.recognition import ENTRY, ENTRY_FIX, fixes
from .chains import Chain
from .listed import Listed, Lists
from .sources import Sources

_AT_ONCE = 500


class _Entry(NamedTuple):
    student: str
    unit: str
    stage: str | None
    categories: tuple[str, ...]
    kinds: tuple[str, ...]
    ref: str
    leaf: int


@dataclass
class _Season:
    """What was paid of one scheme for one period, and the first day on which it was."""

    scheme: str
    period: str
    first_paid_on: str
    left_at: int
    chains: list[Chain] = field(default_factory=list)


def _seasons(sources: Sources) -> list[_Season]:
    found: dict[tuple[str, str], _Season] = {}
    for chain in sources.chains:
        first = chain.first
        season = found.get((chain.scheme, chain.period))
        if season is None:
            season = found[chain.scheme, chain.period] = _Season(chain.scheme, chain.period, first.on, first.left_at)
        season.chains.append(chain)
        if first.on < season.first_paid_on:
            season.first_paid_on, season.left_at = first.on, first.left_at
    return [found[place] for place in sorted(found)]


def _entries(sources: Sources, round_id: str) -> dict[str, _Entry]:
    """Whom the round recorded, corrections taken in, by the file that answers for them."""
    return sources.once(f"entries of {round_id}", lambda: _read_entries(sources, round_id, sources.view))


def _entries_on(sources: Sources, round_id: str, day: str) -> dict[str, _Entry]:
    """As the round stood on that day (ISO): a correction that holds from later on does not change what somebody had been
    paid under."""
    if sources.once(f"last change of {round_id}", lambda: _last_change(sources.view, round_id)) <= day:
        return _entries(sources, round_id)
    return sources.once(f"entries of {round_id} on {day}", lambda: _read_entries(sources, round_id, _on(sources.view, day)))


def _last_change(view: View, round_id: str) -> str:
    """The last day (ISO) from which a correction of the round holds; empty where there is none."""
    fixed = view.history(ENTRY_FIX, lambda c: c.round == round_id)
    return next((row.day or "" for row in view.rows(select(func.max(fixed.c.effective_from).label("day")))), "")


def _read_entries(sources: Sources, round_id: str, view: View) -> dict[str, _Entry]:
    merged = sources.merged
    held = view.held(ENTRY, lambda c: c.round == round_id)
    c = held.c
    corrected = fixes(view, lambda c: c.round == round_id)
    found: dict[str, _Entry] = {}
    read: dict[str, tuple[str, ...]] = {}
    columns = (c.student, c.unit, c.stage, c.categories, c.kinds, c.ref, c.fact_leaf)
    for student, unit, stage, categories, kinds, ref, leaf in view.each(select(*columns).order_by(c.fact_leaf)):
        person = merged.get(student, student)
        if person in found and person != student:
            continue
        fix = corrected.get((round_id, student)) if corrected else None
        if fix is None:
            found[person] = _Entry(student, unit, stage, _words(read, categories), _words(read, kinds), ref, leaf)
            continue
        said = {"unit": unit, "stage": stage, "categories": _words(read, categories), "kinds": _words(read, kinds)} | fix.plain
        found[person] = _Entry(
            student, said["unit"], said["stage"], tuple(said["categories"] or ()), tuple(said["kinds"] or ()), fix.ref, leaf
        )
    return found


def _words(read: dict[str, tuple[str, ...]], text: str) -> tuple[str, ...]:
    """A list of terms from its JSON; there are few different ones."""
    if text not in read:
        read[text] = tuple(orjson.loads(text))
    return read[text]


class _Claim(NamedTuple):
    """Kinds of lists of which one has to name the person, the lists of them that count, and whom these name as entitled."""

    kinds: tuple[str, ...]
    ids: tuple[str, ...]
    entitled: set[str]


def paid_but_not_on_the_list(sources: Sources) -> list[Finding]:
    """Paid under a category that is the business of another office, whose list of the pay day does not name them, or says that they are no
    longer entitled. Categories of which no list has come are not judged."""
    lists = sources.once("lists", lambda: Lists(sources))
    if not lists:
        return []
    found: list[Finding] = []
    for season in sources.once("seasons", lambda: _seasons(sources)):
        scheme = sources.scheme_on(season.scheme, season.first_paid_on)
        if scheme is None or scheme.basis != "survey":
            continue
        entries = _entries(sources, season.period)
        by_day: dict[str, tuple[dict[str, list[str]], dict[str, _Entry]]] = {}
        claims: dict[tuple[object, ...], list[_Claim]] = {}
        entitled: dict[tuple[str, ...], set[str]] = {}
        for chain in season.chains:
            paid = chain.last
            if paid.on not in by_day:
                by_day[paid.on] = lists.on(paid.on), _entries_on(sources, season.period, paid.on)
            current, then = by_day[paid.on]
            entry = then.get(chain.person) or entries.get(chain.person)
            if entry is None:
                continue
            key = (entry.categories, entry.kinds, paid.on)
            if key not in claims:
                claims[key] = []
                for kinds in claimed_kinds(entry.categories, entry.kinds, current):
                    ids = tuple(one for kind in kinds for one in current[kind])
                    if ids not in entitled:
                        entitled[ids] = lists.entitled(ids)
                    claims[key].append(_Claim(kinds, ids, entitled[ids]))
            for kinds, ids, by_right in claims[key]:
                if chain.person in by_right:
                    continue
                named = [row for one in ids for row in lists.rows(one).get(chain.person, ())]
                says = [(row.ref, row.leaf) for row in named] or [lists.received(one) for one in ids]
                found.append(_not_on_list(sources, chain, entry, category_of(kinds[0]), kinds, says, ended=bool(named)))
    return found


def _not_on_list(
    sources: Sources, chain: Chain, entry: _Entry, category: str, kinds: tuple[str, ...], says: list[tuple[str, int]], *, ended: bool
) -> Finding:
    paid = chain.last
    known = max(leaf for _ref, leaf in says) < paid.left_at
    return Finding(
        rule="paid_but_not_on_list",
        severity=("high" if known else "medium") if chain.kept_fen > 0 else "low",
        subject=chain.student,
        payment=chain.payment,
        amount_fen=chain.kept_fen,
        events=(paid.ref, entry.ref, *(ref for ref, _leaf in says)),
        known_at_payment=known,
        facts={
            "category": category,
            "kinds": list(kinds),
            "ended": ended,
            "paid_on": paid.on,
            "paid_fen": chain.paid_fen,
            "returned_fen": chain.paid_fen - chain.kept_fen,
            "period": chain.period,
        },
    )


def eligible_but_not_paid(sources: Sources) -> list[Finding]:
    """Of a scheme that rests on the survey, and for a period in which it was paid: enrolled here on the pay day, and either named by a list
    as entitled though no survey recorded them, or recorded though nobody applied for them; and due an amount. What was decided and not yet
    paid is no finding of this rule: `gaps` and `due` have it."""
    lists = sources.once("lists", lambda: Lists(sources))
    found: list[Finding] = []
    for season in sources.once("seasons", lambda: _seasons(sources)):
        scheme = sources.scheme_on(season.scheme, season.first_paid_on)
        if scheme is not None and scheme.basis == "survey" and scheme.kind == "grant":
            found += _unpaid(sources, lists, season, scheme)
    return found


def _unpaid(sources: Sources, lists: Lists, season: _Season, scheme: Scheme) -> Iterable[Finding]:
    entries = _entries(sources, season.period)
    named: dict[str, list[Listed]] = {}
    for ids in lists.on(season.first_paid_on).values():
        for one in ids:
            for person, rows in lists.rows(one).items():
                if person not in entries and (entitled := [row for row in rows if row.entitled]):
                    named.setdefault(person, []).extend(entitled)
    this = (season.scheme, season.period)
    awarded = {sources.person(student) for of_scheme, student, period in sources.awards if (of_scheme, period) == this}
    missed = [person for person in (*named, *entries) if person not in awarded]
    decided = _decided(sources, season, missed)
    missed = [person for person in missed if person not in decided]
    if not missed:
        return
    refused = _Refused(sources, season.period)
    ours = own_students(_on(sources.view, season.first_paid_on), merged=sources.merged)
    otherwise = _aided_otherwise(sources, season, scheme)
    for person in missed:
        place = refused.of(person)
        if not ours.get(person, place is not None) or person in otherwise:
            continue
        entry, rows = entries.get(person), named.get(person, [])
        categories = entry.categories if entry is not None else tuple(dict.fromkeys(category_of(row.kind) for row in rows))
        basis = _basis(person, categories, entry.stage if entry is not None else None, entry.unit if entry is not None else "")
        if unmet_by_person(scheme, basis) is not None or not (due := _due_fen(scheme, basis, season)):
            continue
        says = [(row.ref, row.leaf) for row in rows]
        known = all(leaf < season.left_at for leaf in (*(leaf for _ref, leaf in says), *((entry.leaf,) if entry is not None else ())))
        yield Finding(
            rule="eligible_but_unpaid",
            severity="high" if known else "medium",
            subject=person,
            payment=None,
            amount_fen=due,
            events=(
                *(ref for ref, _leaf in says),
                *((entry.ref,) if entry is not None else ()),
                *((place["event"],) if place is not None else ()),
            ),
            known_at_payment=known,
            facts={
                "scheme": season.scheme,
                "period": season.period,
                "categories": list(categories),
                "paid_on": season.first_paid_on,
                "recorded": entry is not None,
                "refused_row": {name: value for name, value in place.items() if name != "event"} if place is not None else None,
            },
        )


def _due_fen(scheme: Scheme, basis: Basis, season: _Season) -> int | None:
    """What the plan gives; 0 where it leaves the amount to the office, since then nobody can say what is due."""
    tier = scheme.tier_for(basis) if scheme.amount == "tiers" else None
    return scheme.fen_per_period(tier, season.period) if tier is not None else None


def _decided(sources: Sources, season: _Season, people: Collection[str]) -> set[str]:
    """For whom of these people somebody applied, by the file that answers for them."""
    view, wanted = sources.view, set(people)
    files = sorted(wanted | {file for file, survivor in sources.merged.items() if survivor in wanted})
    found: set[str] = set()
    for start in range(0, len(files), _AT_ONCE):
        some = files[start : start + _AT_ONCE]
        points = view.points(APPLICATION_STEP, all_equal(scheme=season.scheme, period=season.period, student=some))
        found.update(sources.person(student) for (student,) in view.each(select(points.c.student)))
    return found


def _aided_otherwise(sources: Sources, season: _Season, scheme: Scheme) -> set[str]:
    """Who has an award of another scheme of the plan that does not stack with this one, for a time that overlaps."""
    when, plan = period_of(season.period), season.scheme.partition(".")[0]
    found = set()
    for other, student, period in sources.awards:
        code = other.partition(".")[2]
        if other != season.scheme and other.startswith(plan + ".") and code not in scheme.stacks_with:
            theirs = period_of(period)
            if theirs.first <= when.last and when.first <= theirs.last:
                found.add(sources.person(student))
    return found


class _Refused:
    """Rows of the round's files that were refused, by whom they named: where the number was right, by reference; else as the comparison
    with the lists, which opens names, found them."""

    def __init__(self, sources: Sources, round_id: str) -> None:
        view = sources.view
        self._places: dict[str, dict[str, object]] = {}
        rows = view.points(REFUSED_ROW, lambda c: c.context == round_id)
        for row in view.rows(select(rows).order_by(rows.c.fact_leaf, rows.c.seq)):
            self._take(sources.person(row.subject), row.file, row.sheet, row.row, row.code, row.import_ref)
        made = view.points(COMPARISON, lambda c: c.against == f"round/{round_id}")
        ids = [row.comparison for row in view.rows(select(made.c.comparison))]
        if not ids:
            return
        files = import_files(view)
        points = view.points(COMPARED, lambda c: c.comparison.in_(ids) & (c.finding == "only_listed"))
        for row in view.rows(select(points).order_by(points.c.fact_leaf, points.c.seq)):
            if row.refused_in is not None:
                file = files.get(row.refused_in, "")
                self._take(sources.person(row.student), file, row.refused_sheet, row.refused_row, row.refused_code, row.refused_in)

    def _take(self, person: str, file: str, sheet: str | None, row: int, code: str, event: str) -> None:
        self._places.setdefault(person, {"file": file, "sheet": sheet, "row": row, "code": code, "event": event})

    def of(self, person: str) -> dict[str, object] | None:
        return self._places.get(person)


def _on(view: View, day: str) -> View:
    return View(view.connection, AsOf(date.fromisoformat(day), view.as_of.known_at), view.size)


def _basis(person: str, categories: tuple[str, ...], stage: str | None, unit: str) -> Basis:
    return Basis(
        student=person,
        unit=unit,
        ref="",
        since=date.min,
        recorders=(),
        withdrawn=False,
        account_given=False,
        person=None,
        categories=categories,
        stage=stage,
    )
