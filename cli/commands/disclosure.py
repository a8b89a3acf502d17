"""`disclosure list`: who was shown whose personal data in full, when, and acting as what (查询留痕)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import click
import orjson

from mingzhang.domain.money.batch import Batch
from mingzhang.domain.transaction import TransactionRecorded

from ..i18n import _, ngettext
from ..intake.units import UnitNames
from ..options import DAY, Globals, KnownAt, Noun, as_of_options, example, table_file_options
from ..output import Answer, Column, Table, instant_text, show
from ..session import Session
from ..words.trail import role_word


@click.group(cls=Noun, help=_("Who was shown whose personal data, when, and as what."))
@example("mingzhang disclosure list --student s-7KQ2M4PX0A")
def disclosure() -> None:
    pass


@disclosure.command("list", help=_("Every look at personal data in full: revealed answers, bank files, lists for the wall, bundles."))
@click.option("--student", metavar="REF", help=_("Only looks at this student, under any reference."))
@click.option("--staff", metavar="STAFF", help=_("Only looks by this staff member."))
@click.option("--from", "first", type=DAY, metavar="DATE", help=_("Only on or after this day."))
@click.option("--until", "last", type=DAY, metavar="DATE", help=_("Only on or before this day."))
@as_of_options
@table_file_options
@example(
    "mingzhang disclosure list --student s-7KQ2M4PX0A",
    "mingzhang --json disclosure list --staff cashier --from 2020-04-01 --until 2020-06-30",
)
@click.pass_obj
def list_(
    globals: Globals,
    student: str | None,
    staff: str | None,
    first: date | None,
    last: date | None,
    on: date | None,
    known_at: KnownAt | None,
) -> int:
    from mingzhang.domain.privacy.person import references_of

    with Session(globals) as session:
        asked = session.as_of(on, known_at)
        refs = frozenset(references_of(session.streams, student)) if student else None
        latest = min(asked.effective_on, last) if last else asked.effective_on
        rows = []
        for look in _looks(session, asked.known_at):
            day = look.said["effective_on"]
            if day > latest.isoformat() or (first and day < first.isoformat()) or (staff and look.said["actor"] != staff):
                continue
            if refs is None or not refs.isdisjoint(look.persons):
                rows.append(_row(session, look, refs))
        heads = [
            Column(_("Recorded at"), "recorded"),
            Column(_("By"), "actor"),
            Column(_("Acting as"), "acting"),
            Column(_("What"), "query"),
            Column(_("Persons"), "count", "right"),
            Column("#", "leaf", "right"),
        ]
        units = UnitNames(session)
        shown = [{**row, "recorded": instant_text(row["recorded_at"]), "acting": _acting(row["acting_as"], units)} for row in rows]
        foot = ngettext("{count} look.", "{count} looks.", len(rows)).format(count=len(rows))
        return show(globals, Answer(rows, (Table(heads, shown, foot=foot),)), rehearsal=session.rehearsal)


class _Look(NamedTuple):
    leaf: int
    ref: str
    recorded_at: str
    said: dict[str, Any]
    query: str
    persons: tuple[str, ...]


def _looks(session: Session, size: int) -> Iterator[_Look]:
    from mingzhang.projections.looks import looks

    with session.engine.view(session.as_of(None, None)) as view:
        leaves = [row.fact_leaf for row in looks(view)]
    for leaf in sorted(leaves):
        if leaf >= size:
            return
        for row in session.ledger.journal.select_rows(leaf, 1):
            said = orjson.loads(row.state)
            if row.topic == "batch.exported":
                batch = session.streams.at(Batch, row.originator_id)
                query, persons = f"payment export {batch.id} ({said['file']})", [name.split("/")[2] for name in batch.payments]
            else:
                query, persons = said.get("query") or row.topic, said.get("students") or said.get("persons") or []
            yield _Look(leaf, f"{row.originator_id}@{row.originator_version}", row.recorded_at, said, query, tuple(dict.fromkeys(persons)))


def _row(session: Session, look: _Look, refs: frozenset[str] | None) -> dict[str, Any]:
    shown = look.persons if refs is None else tuple(one for one in look.persons if one in refs)
    return {
        "event": look.ref,
        "leaf": look.leaf,
        "effective_on": look.said["effective_on"],
        "recorded_at": look.recorded_at,
        "actor": look.said["actor"],
        "acting_as": _capacity(session, look.leaf),
        "query": look.query,
        "count": len(look.persons),
        "students": list(shown),
    }


def _capacity(session: Session, leaf: int) -> dict[str, str] | None:
    """As what it was done: the capacity that its transaction, which stands right before its members, says for it."""
    first = leaf
    while first >= 0:
        [row] = session.ledger.journal.select_rows(first, 1)
        if row.topic == TransactionRecorded.topic:
            held = [one for one in orjson.loads(row.state).get("capacities", ()) if one["since"] <= leaf - first - 1]
            return {"role": held[-1]["role"], "unit": held[-1]["unit"]} if held else None
        first -= 1
    return None


def _acting(capacity: dict[str, str] | None, units: UnitNames) -> str:
    return _("{role}, {unit}").format(role=role_word(capacity["role"]), unit=units.title(capacity["unit"])) if capacity else ""
