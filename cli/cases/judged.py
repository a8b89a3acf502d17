"""Open cases judged by their scheme's conditions: who is eligible, who is not and why, who still lacks documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from mingzhang.domain.aid.application import Application, application_parts, existing_application
from mingzhang.domain.aid.basis import basis_of
from mingzhang.domain.aid.eligibility import missing_documents, unmet, unmet_by_person
from mingzhang.domain.plan.adoption import scheme_in_force
from mingzhang.domain.plan.schemes import Scheme
from mingzhang.domain.refusal import Refused

from ..session import Session

NOT_JUDGED = "not_compared"
"""The lists were not compared yet: neither eligible nor not."""


@dataclass
class Judged:
    """Each case by its stream. `missing` pairs a case with the documents it lacks, `ineligible` with the refusal that names the first
    condition it does not meet; `waiting` are those whose comparison is still to come; `others` are, for somebody of another stage, the
    codes of the plan's schemes whose stage, grade and category fit."""

    eligible: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    ineligible: list[tuple[Application, Refused]] = field(default_factory=list)
    missing: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    others: dict[str, list[str]] = field(default_factory=dict)


def judged(session: Session, references: Iterable[str], on: date | None) -> Judged:
    """The open cases among these, as the plan's version of that day judges them."""
    day, streams, found = on or session.today, session.streams, Judged()
    wanted = list(references)
    streams.fetch("application/" + "/".join(application_parts(reference)) for reference in wanted)
    for reference in wanted:
        case = existing_application(streams, reference)
        basis = basis_of(streams, case)
        if case.stand != "submitted" or basis is None:
            continue
        scheme, version = scheme_in_force(streams, case.scheme, day)
        if basis.is_form:
            had = case.documents_present if case.documents_present is not None else basis.documents or ()
            lacking = missing_documents(scheme, had)
            if lacking:
                found.missing.append((case.stream, lacking))
        refusal = unmet(scheme, basis, case)
        if refusal is None:
            found.eligible.append(case.stream)
        elif refusal.code == NOT_JUDGED:
            found.waiting.append(case.stream)
        else:
            found.ineligible.append((case, refusal))
            if refusal.code == "stage_not_covered":
                found.others[case.stream] = [one.code for one in version.plan.schemes if unmet_by_person(one, basis) is None]
    return found


def of_tier(session: Session, references: Iterable[str], written: str, scheme: str | None, on: date | None) -> list[str]:
    """Those of the cases to which the plan's version of that day gives the tier, by its code or its name, in their order.

    Refused `tier_unknown` where the scheme (stored as `<plan>.<scheme>`; None: one of the cases') has no such tier."""
    day, streams = on or session.today, session.streams
    if scheme is not None:
        _tier_code(scheme_in_force(streams, scheme, day)[0], written)
    wanted = list(references)
    streams.fetch("application/" + "/".join(application_parts(reference)) for reference in wanted)
    found = []
    for reference in wanted:
        case = existing_application(streams, reference)
        terms, _version = scheme_in_force(streams, case.scheme, day)
        code, basis = _tier_code(terms, written), basis_of(streams, case)
        tier = terms.tier_for(basis) if basis is not None else None
        if tier is not None and tier.code == code:
            found.append(reference)
    return found


def _tier_code(scheme: Scheme, written: str) -> str:
    for tier in scheme.tiers:
        if written in (tier.code, tier.name):
            return tier.code
    raise Refused("tier_unknown", scheme=scheme.code, tier=written, tiers=[tier.code for tier in scheme.tiers])
