"""Rules about who decided, and about whether each person is one person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from .. import separation
from ..crosschecks_tables import REPEATED_ROW
from ..finding import Finding
from ..register.offices import import_files
from ..register.recognition import ENTRY, MERGED
from .chains import Chain
from .sources import Sources


def same_person_decided_twice(sources: Sources) -> list[Finding]:
    """Somebody judged a case, a loan or a batch in which they had had a hand before."""
    return separation.same_person_decided_twice(sources.view)


def decided_on_own_family(sources: Sources) -> list[Finding]:
    """Somebody judged a case of their own family, or passed a batch that pays it; by all interests declared up to now."""
    return separation.decided_on_own_family(sources.view)


def one_person_under_two_units_or_files(sources: Sources) -> list[Finding]:
    """In one round, two departments reported one person; or two files that were later found to be one person's were both surveyed."""
    view = sources.view
    points = view.points(REPEATED_ROW)
    repeated = view.rows(select(points).order_by(points.c.fact_leaf, points.c.seq))
    twins = {*sources.merged, *sources.merged.values()}
    if not repeated and not twins:
        return []
    wanted = sorted({row.student for row in repeated} | twins)
    held = view.held(ENTRY, (lambda c: c.student.in_(wanted)) if len(wanted) <= _FEW else None)
    entries: dict[tuple[str, str], list[Any]] = {}
    for row in view.rows(select(held).order_by(held.c.fact_leaf)):
        entries.setdefault((row.round, sources.person(row.student)), []).append(row)
    paid: dict[tuple[str, str], list[Chain]] = {}
    for chain in sources.chains:
        paid.setdefault((chain.period, chain.person), []).append(chain)
    files = import_files(view)
    found = []
    for row in repeated:
        of_person = entries.get((row.round, sources.person(row.student)), ())
        first = next((one for one in of_person if one.student == row.student), next(iter(of_person), None))
        if first is not None and first.unit != row.unit:
            second = (row.import_ref, row.fact_leaf, {"file": files.get(row.import_ref), "sheet": row.sheet, "row": row.row})
            found.append(_duplicate(sources, row.round, first, row.unit, second, (), paid, files))
    into = {row.student: row.survivor for row in view.rows(select(view.held(MERGED)))} if twins else {}
    for (round_id, _person), own in entries.items():
        for first, other in _pairs(own, into):
            source = {"file": files.get(other.import_ref), "sheet": other.sheet, "row": other.row}
            merges = tuple(sources.merges[one.student] for one in own if one.student in sources.merges)
            found.append(_duplicate(sources, round_id, first, other.unit, (other.ref, other.fact_leaf, source), merges, paid, files))
    return found


def _pairs(own: list[Any], into: dict[str, str]) -> Iterator[tuple[Any, Any]]:
    """Each entry of a file given up beside that of the file it was merged into, the earlier one first: a pair that stays the same when a
    third file turns up. Where that file has none, beside the next one's above it, and else beside the person's first."""
    by_file = {one.student: one for one in own}
    for one in own:
        if one.student not in into:
            continue
        seen, above = {one.student}, into[one.student]
        while above not in by_file and above in into and above not in seen:
            seen.add(above)
            above = into[above]
        other = by_file.get(above, own[0])
        if other is not one:
            first, second = sorted((one, other), key=lambda entry: entry.fact_leaf)
            yield first, second


_FEW = 500
"""How many people a database is asked for by name."""


def _duplicate(
    sources: Sources,
    round_id: str,
    first: Any,
    unit: str,
    second: tuple[str, int, dict[str, Any]],
    merges: tuple[tuple[int, str], ...],
    paid: dict[tuple[str, str], list[Chain]],
    files: dict[str, str],
) -> Finding:
    person = sources.person(first.student)
    chains = paid.get((round_id, person), [])
    chain = chains[0] if chains else None
    ref, leaf, source = second
    known = None if chain is None else max(leaf, *(one for one, _ref in merges), -1) < chain.first.left_at
    return Finding(
        rule="duplicate_identity",
        severity="medium" if chain is not None else "low",
        subject=person,
        payment=chain.payment if chain is not None else None,
        amount_fen=sum(one.kept_fen for one in chains),
        events=(first.ref, ref, *(one for _leaf, one in merges)),
        known_at_payment=known,
        facts={
            "period": round_id,
            "units": [first.unit, unit],
            "rows": [{"file": files.get(first.import_ref), "sheet": first.sheet, "row": first.row}, source],
            "on": first.effective_from,
        },
    )
