"""The course of a case: every fact of its stream in order, with the day it holds from and the instant it was recorded."""

from __future__ import annotations

import orjson
from pydantic import BaseModel

from mingzhang.domain.facts import Fact, decode
from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.sealed import Sealed

from ..i18n import _
from ..output import Column, Table
from ..output.words import instant_text
from ..session import Session
from ..words.trail import Naming

_COMMON = frozenset(Fact.model_fields)


def facts_of(session: Session, stream: str, size: int | None = None) -> list[tuple[LogRow, Fact]]:
    """The facts of a stream within the first `size` events of the log (None: all)."""
    rows = session.ledger.journal.select_streams([stream])
    return [(row, decode(row.topic, row.state)) for row in rows if size is None or row.leaf_index < size]


def course_document(facts: list[tuple[LogRow, Fact]]) -> list[dict[str, object]]:
    """`{"event","leaf","topic","effective_on","recorded_at","actor","because","facts"}`; boxes stay closed and unsaid."""
    return [
        {
            "event": f"{row.originator_id}@{row.originator_version}",
            "leaf": row.leaf_index,
            "topic": row.topic,
            "effective_on": fact.effective_on.isoformat(),
            "recorded_at": row.recorded_at,
            "actor": fact.actor,
            "because": list(fact.because),
            "facts": plain_fields(fact),
        }
        for row, fact in facts
    ]


def plain_fields(fact: Fact) -> dict[str, object]:
    """The fact's own fields that are not sealed and say something."""
    found = {}
    for name in type(fact).model_fields:
        value = getattr(fact, name)
        if name not in _COMMON and value is not None and not isinstance(value, Sealed):
            found[name] = [_plain(one) for one in value] if isinstance(value, tuple) else value
    return found


def _plain(value: object) -> object:
    """As JSON knows it; of a value made of several, those that are not sealed and say something."""
    if not isinstance(value, BaseModel):
        return value
    return {name: one for name, one in value if one is not None and not isinstance(one, Sealed)}


def course_table(session: Session, facts: list[tuple[LogRow, Fact]], caption: str = "") -> Table:
    """The same for people: what happened in words, the amount among them."""
    naming = Naming(session)
    columns = [
        Column(_("Holds from"), "effective_on"),
        Column(_("Recorded at"), "recorded_at"),
        Column(_("What"), "summary"),
        Column(_("By"), "actor"),
    ]
    rows = [
        {
            "effective_on": fact.effective_on,
            "recorded_at": instant_text(row.recorded_at),
            "summary": naming.summary(row.topic, orjson.loads(row.state)),
            "actor": fact.actor,
        }
        for row, fact in facts
    ]
    return Table(columns, rows, caption=caption)
