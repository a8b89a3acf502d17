"""Rules about proof on paper: what a plan wants photographed or handed in, and what a fact names, must be there to be looked at."""

from __future__ import annotations

from ..evidence import evidence_rows
from ..finding import Finding
from ..notices import notices
from .sources import Sources


def evidence_missing(sources: Sources) -> list[Finding]:
    """A notice that the plan wants photographed was completed without a photo; or a fact names a document by its SHA-256 alone, and the
    file itself was never taken in. What was erased lawfully is not missing, and what a photo shows nobody can tell from here."""
    return [*_notices(sources), *_documents(sources)]


def _notices(sources: Sources) -> list[Finding]:
    found = []
    for row in notices(sources.view):
        if not row.photo or row.photos or row.completed_on is None:
            continue
        found.append(
            Finding(
                rule="evidence_missing",
                severity="medium",
                subject=row.notice,
                payment=None,
                amount_fen=0,
                events=(row.ref,),
                known_at_payment=None,
                facts={
                    "what": "photo",
                    "fact": row.ref,
                    "topic": "notice.posted",
                    "scheme": row.scheme,
                    "period": row.period,
                    "on": row.completed_on,
                    "sha256": None,
                },
            )
        )
    return found


def _documents(sources: Sources) -> list[Finding]:
    found = []
    for row in evidence_rows(sources.view):
        if row.state != "hashed":
            continue
        by = row.facts[0]
        kind, _, rest = by.ref.rpartition("@")[0].partition("/")
        scheme = rest.split("/")[0] if kind in ("payment", "application") else None
        found.append(
            Finding(
                rule="evidence_missing",
                severity="low",
                subject=by.student or kind + "/" + rest,
                payment=None,
                amount_fen=0,
                events=tuple(fact.ref for fact in row.facts),
                known_at_payment=None,
                facts={
                    "what": "document",
                    "fact": by.ref,
                    "topic": by.topic,
                    "scheme": scheme,
                    "on": by.effective_on,
                    "sha256": row.sha256,
                },
            )
        )
    return found
