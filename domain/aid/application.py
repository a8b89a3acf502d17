"""One application and the award it may become, folded from its stream; the place where every later decision looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from ..facts import Fact
from ..refusal import Refused
from ..streams import State, Streams, replace
from .facts import (
    ApplicationReturned,
    ApplicationSubmitted,
    AwardApproved,
    AwardRefused,
    AwardResumed,
    AwardRevoked,
    AwardSuspended,
    CaseFreed,
    CaseHeld,
    DocumentsChecked,
    ReviewPassed,
    ReviewRejected,
)

Stand = Literal["none", "submitted", "returned", "rejected", "approved", "refused", "suspended", "revoked"]


@dataclass(frozen=True)
class Review:
    number: int
    actor: str
    ref: str
    on: date


@dataclass(frozen=True)
class Application(State):
    """`application/<scheme>/<student>/<period>`. `held_by` are objections not yet decided."""

    prefix: ClassVar[str] = "application"
    stand: Stand = "none"
    scheme: str = ""
    student: str = ""
    period: str = ""
    unit: str = ""
    basis: str = ""
    submitted_ref: str = ""
    submitted_on: date | None = None
    decided_on: date | None = None
    applicants: tuple[str, ...] = ()
    reviews: tuple[Review, ...] = ()
    documents_missing: tuple[str, ...] = ()
    held_by: tuple[str, ...] = ()
    kind: str = ""
    tier: str | None = None
    amount_fen: int = 0
    approved_ref: str = ""
    approver: str = ""

    def evolve(self, fact: Fact, ref: str) -> Application:
        match fact:
            case ApplicationSubmitted():
                return replace(
                    self,
                    stand="submitted",
                    scheme=fact.scheme,
                    student=fact.student,
                    period=fact.period,
                    unit=fact.unit,
                    basis=fact.basis,
                    submitted_ref=ref,
                    submitted_on=fact.effective_on,
                    applicants=(*self.applicants, fact.actor),
                    reviews=(),
                )
            case DocumentsChecked():
                return replace(self, documents_missing=fact.missing)
            case ReviewPassed():
                return replace(self, reviews=(*self.reviews, Review(fact.number, fact.actor, ref, fact.effective_on)))
            case ReviewRejected():
                return replace(self, stand="rejected")
            case ApplicationReturned():
                return replace(self, stand="returned", reviews=())
            case AwardApproved():
                return replace(
                    self,
                    stand="approved",
                    kind=fact.kind,
                    tier=fact.tier,
                    amount_fen=fact.amount_fen,
                    approved_ref=ref,
                    approver=fact.actor,
                    unit=fact.unit,
                    decided_on=fact.effective_on,
                )
            case AwardRefused():
                return replace(self, stand="refused")
            case AwardSuspended():
                return replace(self, stand="suspended")
            case AwardResumed():
                return replace(self, stand="approved")
            case AwardRevoked():
                return replace(self, stand="revoked")
            case CaseHeld():
                return replace(self, held_by=(*self.held_by, fact.objection))
            case CaseFreed():
                return replace(self, held_by=tuple(o for o in self.held_by if o != fact.objection))
        return self

    @property
    def bases(self) -> tuple[tuple[date | None, str], ...]:
        """Since when each step so far holds, and its fact: what is decided next rests on them."""
        return (self.submitted_on, self.submitted_ref), *((review.on, review.ref) for review in self.reviews)

    def refuse_if_held(self) -> None:
        """An open objection stops the case, and only that case: `case_held`."""
        if self.held_by:
            raise Refused("case_held", application=self.stream, objections=list(self.held_by))


def application_parts(reference: str) -> tuple[str, str, str]:
    """`[application/]<scheme>/<student>/<period>` taken apart; `reference_malformed` for anything else."""
    parts = reference.removeprefix("application/").split("/")
    if len(parts) != 3 or not all(parts):
        raise Refused("reference_malformed", reference=reference, wanted="application/<scheme>/<student>/<period>")
    return parts[0], parts[1], parts[2]


def existing_application(streams: Streams, reference: str) -> Application:
    """The application, or `application_unknown`."""
    found = streams.read(Application, *application_parts(reference))
    if not found.exists:
        raise Refused("application_unknown", application=reference)
    return found
