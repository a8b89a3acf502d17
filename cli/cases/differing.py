"""Differences as they are asked for and shown: the query on the ledger of a day, and each one as a document with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from mingzhang.domain.refusal import Refused

from ..clock import KnownAt
from ..intake.units import UnitNames
from ..session import Session
from ..words.differences import reason_text
from .named import masked_names

if TYPE_CHECKING:
    from mingzhang.projections.differences import Asked


def difference_parts(written: str) -> tuple[str, str, str]:
    """`[difference/]<scheme>/<student>/<period>` taken apart; `reference_malformed` for anything else."""
    parts = written.removeprefix("difference/").removeprefix("application/").split("/")
    if len(parts) != 3 or not all(parts):
        raise Refused("reference_malformed", reference=written, wanted="<scheme>/<student>/<period>")
    return parts[0], parts[1], parts[2]


def differences_at(
    session: Session,
    on: date | None,
    known_at: KnownAt | None,
    scheme: str | None = None,
    period: str | None = None,
    unit: str | None = None,
    student: str | None = None,
) -> list[Asked]:
    """The differences of the ledger as it was on the day, as known at the point."""
    from mingzhang.projections.differences import differences

    as_of = session.as_of(on, known_at)
    with session.engine.view(as_of) as view:
        return differences(view, session.ledger.streams(as_of.known_at), scheme, period, unit, student)


def difference_of(session: Session, written: str, on: date | None, known_at: KnownAt | None) -> Asked | None:
    """The one a reference means; None where there is none."""
    scheme, student, period = difference_parts(written)
    found = differences_at(session, on, known_at, scheme, period, None, student)
    return found[0] if found else None


def documents(session: Session, found: Sequence[Asked]) -> list[dict[str, object]]:
    """Each with its reasons and, for every fact that says so, the day it holds from and when it was recorded."""
    said = [reason.says for one in found for reason in one.found.reasons]
    rows = session.ledger.journal.select_streams({ref.rpartition("@")[0] for ref in said})
    recorded = {f"{row.originator_id}@{row.originator_version}": row.recorded_at for row in rows}
    streams = session.streams
    days = {f.ref: f.fact.effective_on.isoformat() for name in {ref.rpartition("@")[0] for ref in said} for f in streams.stored(name)}
    names = masked_names(session, [one.found.student for one in found])
    units = UnitNames(session)
    return [
        {
            "difference": f"{one.scheme}/{one.student}/{one.period}",
            "scheme": one.scheme,
            "period": one.period,
            "student": one.student,
            "name": names.get(one.student, ""),
            **units.said(one.unit),
            "application": one.award,
            "paid_fen": one.paid_fen,
            "asked_back_fen": one.asked_back_fen,
            "due_fen": one.due_fen,
            "difference_fen": one.difference_fen,
            "state": "decided" if one.decided else "open",
            "remedy": one.remedy,
            "decided_by": one.decided or None,
            "obstacle": one.obstacle.code if one.obstacle is not None else None,
            "reasons": [
                {
                    "code": reason.code,
                    "message": reason_text(reason.code),
                    "event": reason.says,
                    "effective_on": days.get(reason.says),
                    "recorded_at": recorded.get(reason.says),
                }
                for reason in one.reasons
            ],
            "payments": [{"payment": name, "held_fen": fen} for name, fen in one.take_back],
        }
        for one in (asked.found for asked in found)
    ]
