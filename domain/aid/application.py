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
    AwardReassessed,
    AwardRefused,
    AwardResumed,
    AwardRevoked,
    AwardSuspended,
    CaseCompared,
    CaseFreed,
    CaseHeld,
    CaseNoticed,
    CaseUnnoticed,
    DocumentsChecked,
    ExceptionGranted,
    FormRecorded,
    NoticePassed,
    ReviewPassed,
    ReviewRejected,
)

Stand = Literal["none", "submitted", "returned", "rejected", "approved", "refused", "suspended", "revoked"]
STOPPED: tuple[Stand, ...] = ("rejected", "refused", "revoked")


@dataclass(frozen=True)
class Review:
    """`step` is the plan's name for it: by that it counts, since an amendment may move it to another place than its 0-based `number`."""

    step: str
    number: int
    actor: str
    ref: str
    on: date


@dataclass(frozen=True)
class Noticed:
    """A public notice that ran its length for this case; `step` is the plan's name for it."""

    step: str
    notice: str
    ref: str
    on: date


@dataclass(frozen=True)
class Application(State):
    """`application/<scheme>/<student>/<period>`. `held_by` are objections not yet decided.

    form: the row of the application form it rests on, None where it rests on a survey; compared: the newest comparison of it with lists;
    resolutions: the facts that resolved a difference in one of its matches, once the lists have been read (`as_lists_stand`);
    running: the notice that is hung up for it now, with the last day it must stay; returned, freed: since when, and the fact;
    stopped: by whom it was rejected, refused or revoked last, from when on, the fact, what that relied on, and how the case stood before;
    appeals: against which such decision there was an appeal, and in which stream; amount_ref, amount_on, amount_because: the fact that says
    what the award comes to now (its approval or the newest reassessment), since when, and what that relied on, by `plan_version`.
    """

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
    notices: tuple[Noticed, ...] = ()
    running: tuple[str, date] | None = None
    form: FormRecorded | None = None
    form_ref: str = ""
    recorders: tuple[str, ...] = ()
    compared: CaseCompared | None = None
    compared_ref: str = ""
    resolutions: tuple[str, ...] = ()
    returned_on: date | None = None
    returned_ref: str = ""
    exception_on: date | None = None
    exception_ref: str = ""
    granted_by: str = ""
    documents_present: tuple[str, ...] | None = None
    documents_missing: tuple[str, ...] = ()
    suspended_on: date | None = None
    suspended_ref: str = ""
    held_by: tuple[str, ...] = ()
    freed_on: date | None = None
    freed_ref: str = ""
    kind: str = ""
    tier: str | None = None
    amount_fen: int = 0
    approved_ref: str = ""
    approver: str = ""
    amount_ref: str = ""
    amount_on: date | None = None
    amount_because: tuple[str, ...] = ()
    plan_version: str = ""
    stopped_by: str = ""
    stopped_on: date | None = None
    stopped_ref: str = ""
    stopped_because: tuple[str, ...] = ()
    stood_before: Stand = "none"
    appeals: tuple[tuple[str, str], ...] = ()

    def evolve(self, fact: Fact, ref: str) -> Application:
        match fact:
            case FormRecorded():
                recorders = tuple(dict.fromkeys((*self.recorders, fact.actor)))
                anew = replace(self, form=fact, form_ref=ref, unit=fact.unit, recorders=recorders, compared=None, compared_ref="")
                return replace(anew, documents_present=None, documents_missing=())
            case CaseCompared():
                return replace(self, compared=fact, compared_ref=ref)
            case CaseNoticed():
                return replace(self, running=(fact.notice, fact.last_day))
            case CaseUnnoticed():
                return replace(self, running=None)
            case NoticePassed():
                passed = Noticed(fact.step, fact.notice, ref, fact.effective_on)
                return replace(self, notices=(*self.notices, passed), running=None)
            case ExceptionGranted():
                return replace(self, exception_on=fact.effective_on, exception_ref=ref, granted_by=fact.actor)
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
                    notices=(),
                    exception_on=None,
                    exception_ref="",
                    granted_by="",
                )
            case DocumentsChecked():
                return replace(self, documents_present=fact.present, documents_missing=fact.missing)
            case ReviewPassed():
                return replace(self, reviews=(*self.reviews, Review(fact.step, fact.number, fact.actor, ref, fact.effective_on)))
            case ReviewRejected():
                return self._stopped("rejected", fact, ref)
            case ApplicationReturned():
                back = replace(self, stand="returned", returned_on=fact.effective_on, returned_ref=ref)
                return replace(back, reviews=(), notices=(), running=None)
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
                    amount_ref=ref,
                    amount_on=fact.effective_on,
                    amount_because=fact.because,
                    plan_version=fact.plan_version,
                )
            case AwardReassessed():
                return replace(
                    self,
                    tier=fact.tier,
                    amount_fen=fact.amount_fen,
                    amount_ref=ref,
                    amount_on=fact.effective_on,
                    amount_because=fact.because,
                    plan_version=fact.plan_version,
                )
            case AwardRefused():
                return self._stopped("refused", fact, ref)
            case AwardSuspended():
                return replace(self, stand="suspended", suspended_on=fact.effective_on, suspended_ref=ref)
            case AwardResumed():
                return replace(self, stand="approved")
            case AwardRevoked():
                return self._stopped("revoked", fact, ref)
            case CaseHeld():
                held = replace(self, held_by=(*self.held_by, fact.objection))
                if self.stand not in STOPPED:
                    return held
                return replace(held, appeals=(*self.appeals, (self.stopped_ref, fact.objection)))
            case CaseFreed():
                left = tuple(o for o in self.held_by if o != fact.objection)
                return replace(self, held_by=left, freed_on=fact.effective_on, freed_ref=ref)
        return self

    def _stopped(self, stand: Stand, fact: Fact, ref: str) -> Application:
        by = replace(self, stand=stand, stood_before=self.stand, stopped_by=fact.actor, stopped_on=fact.effective_on)
        return replace(by, stopped_ref=ref, stopped_because=fact.because)

    @property
    def bases(self) -> tuple[tuple[date | None, str], ...]:
        """Since when each step so far holds, and its fact: what is decided next rests on them."""
        reviews, notices = ((one.on, one.ref) for one in self.reviews), ((one.on, one.ref) for one in self.notices)
        compared = self.compared.effective_on if self.compared is not None else None
        checks = (compared, self.compared_ref), (self.exception_on, self.exception_ref), (self.freed_on, self.freed_ref)
        return (self.submitted_on, self.submitted_ref), *reviews, *notices, *checks

    @property
    def compared_because(self) -> tuple[str, ...]:
        """The comparison, and how its differences were resolved."""
        return (*self.resolutions, self.compared_ref)

    @property
    def steps_because(self) -> tuple[str, ...]:
        """The facts of every step so far: what the next one rests on."""
        taken = (*(review.ref for review in self.reviews), *(notice.ref for notice in self.notices))
        refs = (*taken, *self.compared_because, self.exception_ref)
        return tuple(ref for ref in refs if ref)

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
