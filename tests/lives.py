"""What can befall each concept, every fact decided by a command: for tests that look at all of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from mingzhang.domain.attesting import AttestClock, AttestLoss
from mingzhang.domain.command import Command
from mingzhang.domain.dropout.commands import AssignTeam, CountPupils
from mingzhang.domain.duty.duty import DischargeDuty, ExcuseDuty, ReopenDuty
from mingzhang.domain.inspection.answering import AnswerAuditFinding
from mingzhang.domain.inspection.drawing import CommitSeed, DrawSample
from mingzhang.domain.inspection.inspection import AnswerFinding, CloseInspection, OpenInspection, RaiseFinding, RectifyFinding
from mingzhang.domain.inspection.sampling import Stratum, commitment
from mingzhang.domain.leftbehind.commands import EndLeftBehind, IssueContactCard, OpenLeftBehindFile, RecordCare, RegisterLeftBehind
from mingzhang.domain.loan.loan import EndInterestSubsidy, RefuseLoan
from mingzhang.domain.log_key import EnrolLogKey
from mingzhang.domain.pairing.allocation import SetAllocation
from mingzhang.domain.pairing.contact import CorrectContact, RecordContact
from mingzhang.domain.pairing.pairing import EstablishPairing, FilePairingForm
from mingzhang.domain.pairing.tutoring import CheckTutoring, NotifyParents
from mingzhang.domain.plan.adoption import AmendPlan, RepealPlan
from mingzhang.domain.privacy.erasing import ErasePerson
from mingzhang.domain.privacy.escrow import EscrowKeys, RehearseEscrow
from mingzhang.domain.privacy.restricting import HoldPerson, ReleasePerson, RestrictPerson, UnrestrictPerson
from mingzhang.domain.privacy.retention import SetRetention
from mingzhang.domain.programme.commands import SetTarget
from mingzhang.domain.schoolpair.commands import DonateEquipment
from mingzhang.domain.staff_keys import BeginSigning, EnrolKey, RenewKey, RevokeKey
from mingzhang.domain.student.accounts import RecordHousehold
from mingzhang.domain.student.care import ApplySafetyNetLayer, DrawUpCarePlan, FileInfoCard, IssueInfoCard
from mingzhang.domain.student.commands import ChangeEnrolment
from mingzhang.domain.transaction import LedgerOpened
from tests import whole_way
from tests.college import PLAN, S1, SPRING, house, opened, registered, sha
from tests.domain import test_attempts as attempts
from tests.domain import test_differences as differences
from tests.domain import test_doubtful_accounts as accounts
from tests.domain import test_dropouts as dropouts
from tests.domain import test_duties as duties
from tests.domain import test_loans as loans
from tests.domain import test_programmes as programmes
from tests.domain import test_school_pairs as school_pairs
from tests.domain import test_tutoring as tutoring
from tests.given import Given, by, given, sealed
from tests.signers import public_text, signer_of

DAY = date(2020, 5, 20)
TEXT = sealed(S1, text="synthetic")


def _loans() -> list[Given]:
    over = by("clerk-1", ChangeEnrolment(student=S1, status="毕业"), date(2021, 7, 1))
    ended = loans.lent().add(over, by("clerk-1", EndInterestSubsidy(loan=loans.LOAN), date(2021, 7, 2)))
    refused = by("approver-1", RefuseLoan(loan=loans.LOAN, reason=TEXT), loans.MONDAY)
    anew = by("applicant-clerk-1", loans.asked(), loans.MONDAY)
    return [ended, given(loans.county(), by("applicant-clerk-1", loans.asked(), loans.MONDAY), refused, anew)]


def _schools() -> list[Given]:
    helper = sealed("p-0000000001")
    found = dropouts.found(
        AssignTeam(case="CX001", teacher=helper, on=dropouts.LEFT),
        dropouts.visit(dropouts.VISITED),
        dropouts.RETURN,
        dropouts.CLOSE,
        dropouts.REOPEN,
        CountPupils(unit="shifan", stage="初中", year=2020, pupils=800),
    )
    goods = DonateEquipment(pair="JD01", items=school_pairs.TEXT, on=date(2020, 3, 12))
    paired = school_pairs.paired(school_pairs.RESEARCH, school_pairs.SEND, goods, school_pairs.END)
    stay: list[Command] = [
        RegisterLeftBehind(student=S1, unit="shifan", term=SPRING, person=TEXT),
        OpenLeftBehindFile(student=S1, sha256=sha("scan")),
        IssueContactCard(student=S1, person=TEXT),
        RecordCare(student=S1, kind="call", text=TEXT),
        EndLeftBehind(student=S1, reason=TEXT),
    ]
    return [found, paired, given(opened(), registered(), *(by("helper-clerk-1", one, DAY) for one in stay))]


def _tutoring() -> Given:
    checked = CheckTutoring(plan=tutoring.PLAN, pairing="p1", check="期中", findings=TEXT)
    told = NotifyParents(student=S1, period=tutoring.TERM, note=TEXT)
    passed = tutoring.course("75", name="语文")
    known = tutoring.helped()
    return known.add(*(by(tutoring.ACTOR, command, tutoring.DAY) for command in (checked, told, passed)))


def _programmes() -> list[Given]:
    clerk, later = "clerk-1", date(2018, 10, 10)
    set_anew: SetTarget = programmes.setting(value=Decimal(120))
    known = programmes.adopted().add(
        by(clerk, programmes.figure("99"), later),
        by(clerk, programmes.correction("100"), later),
        by(clerk, set_anew, later),
    )
    amended = AmendPlan(text=programmes.text(programmes.TRAINED, version="2"), reason=TEXT, on=later)
    return [known, programmes.adopted().add(by("administrator-1", amended, later))]


def _duties() -> Given:
    clerk, approver = "clerk-1", "approver-1"
    return given(
        house(),
        by(clerk, DischargeDuty(**duties.CARDS), DAY),
        by(approver, ReopenDuty(**duties.CARDS, reason=TEXT), date(2020, 6, 1)),
        by(approver, ExcuseDuty(**duties.CARDS, reason=TEXT), date(2020, 6, 10)),
        by("treasurer-1", duties.told(), date(2020, 6, 11)),
        by("treasurer-1", duties.told(day=date(2020, 6, 30)), date(2020, 6, 12)),
        by("administrator-1", RepealPlan(plan=PLAN, reason=TEXT), date(2020, 6, 20)),
    )


def _inspection() -> Given:
    inspector = "inspector-1"
    frame = (Stratum("shifan", ("fuxin-2020.grant",), (S1,)),)
    bound: dict[str, Any] = {"of": "students", "unit": "college", "as_of": DAY, "log_size": 10, "frame": frame}
    audit_finding: dict[str, Any] = {"finding": "finding-2", "rule": "paid_late", "subject": "b1", "kind": "explained"}
    return given(
        house(),
        by(inspector, OpenInspection(inspection="i1", kind="self-check", unit="college", by="college"), DAY),
        by(inspector, CommitSeed(inspection="i1", commitment=commitment("seed", None), **bound), DAY),
        by(inspector, DrawSample(inspection="i1", seed="seed", size=1, root="AAAA", root_size=12, frame=frame), DAY),
        by(inspector, RaiseFinding(inspection="i1", severity="low", text=TEXT), DAY),
        by("clerk-1", AnswerFinding(inspection="i1", number=1, text=TEXT), DAY),
        by(inspector, RectifyFinding(inspection="i1", number=1), DAY),
        by(inspector, CloseInspection(inspection="i1"), DAY),
        by(inspector, AnswerAuditFinding(**audit_finding, events=("inspection/i1@1",), text=TEXT), DAY),
        by("clerk-1", AnswerAuditFinding(**audit_finding | {"kind": "corrected"}, events=("inspection/i1@1",), text=TEXT), DAY),
    )


def _care() -> Given:
    card: dict[str, Any] = {"student": S1, "period": SPRING}
    done: list[Command] = [
        DrawUpCarePlan(**card, person=TEXT),
        ApplySafetyNetLayer(**card, layer="state-aid", helped=False, person=TEXT),
        ApplySafetyNetLayer(**card, layer="special-hardship", person=TEXT),
        IssueInfoCard(**card),
        FileInfoCard(**card),
    ]
    return given(opened(), registered(), *(by("clerk-1", one, DAY) for one in done))


def _accounts() -> Given:
    """A doubtful account cleared, and doubted again; the household whose head may have the money."""
    home = RecordHousehold(student=S1, household="h-1", person=TEXT)
    return accounts.cleared().add(accounts.DOUBTED, by("clerk-1", home, DAY))


def _privacy() -> Given:
    person: dict[str, Any] = {"person": S1, "reason": sealed("t-0000000001", text="synthetic")}
    streams = (f"student/{S1}",)
    done: list[Command] = [
        HoldPerson(**person),
        ReleasePerson(**person),
        SetRetention(record_class="student-files", years=3, basis="synthetic"),
        RestrictPerson(**person, streams_of=streams),
        UnrestrictPerson(**person),
        SetRetention(record_class="student-files", years=0, basis="synthetic"),
    ]
    known = given(opened(), registered(), *(by("privacy-officer-1", one, DAY) for one in done))
    escrow = EscrowKeys(custodians=("clerk-1", "approver-1"), threshold=2, fingerprint="synthetic")
    known = known.add(by("administrator-1", escrow, DAY), by("inspector-1", RehearseEscrow(fingerprint="synthetic", shares=2), DAY))
    return known.add(by("privacy-officer-1", ErasePerson(**person, streams_of=streams), date(2021, 1, 1)))


def _ledger() -> Given:
    """An older ledger begins to be signed; keys come, are renewed and lost; what only people know of the log is attested."""
    reason = sealed("t-0000000001", text="synthetic")
    begun = BeginSigning(ledger_id="l1", keys={one: public_text(signer_of(one)) for one in ("administrator-1", "surveyor-1")})
    done: list[tuple[str, Command]] = [
        ("administrator-1", EnrolLogKey(ledger_id="l1", public_key=public_text(signer_of("log")), origin="mingzhang/l1")),
        ("administrator-1", begun),
        ("surveyor-1", RenewKey(public_key=public_text(signer_of("surveyor-1", 2)))),
        ("administrator-1", RevokeKey(staff="surveyor-1", reason="lost")),
        ("administrator-1", EnrolKey(staff="surveyor-1", public_key=public_text(signer_of("surveyor-1", 3)))),
        ("administrator-1", AttestClock(ledger_id="l1", until="2030-01-01T00:00:00.000000Z", reason=reason)),
        ("administrator-1", AttestLoss(ledger_id="l1", held=5, answered=6, by="checkpoint", reason=reason)),
    ]
    opening = LedgerOpened(actor="founder", effective_on=date(2020, 1, 1), ledger_id="l1", rehearsal=False, format=1)
    return given(opened(), ("ledger/l1", opening), *(by(actor, one, DAY) for actor, one in done))


def _pairing() -> Given:
    contact: dict[str, Any] = {"pairing": "p1", "contact": "c1", "helper": "t-1"}
    done: list[Command] = [
        EstablishPairing(pairing="p1", student=S1, unit="shifan", helpers=("t-1",), person=TEXT),
        RecordContact(**contact, kind="call"),
        CorrectContact(**contact, kind="visit"),
        FilePairingForm(pairing="p1", sha256=sha("form")),
        SetAllocation(unit="shifan", cadres=2, students=2),
        SetAllocation(unit="shifan", cadres=3, students=2),
    ]
    return given(opened(), registered(), *(by("helper-clerk-1", one, DAY) for one in done))


def lives() -> list[Given]:
    """One or more of every concept beside survey, money and notices."""
    others = [_accounts(), _tutoring(), _duties(), _inspection(), _care(), _pairing(), _privacy(), _ledger()]
    return [given(whole_way.whole()), attempts.whole_life(), differences.whole_life(), *_loans(), *_schools(), *_programmes(), *others]
