"""Every decision says what it relied on; only what opens something may rely on nothing, and those are listed here."""

from __future__ import annotations

from datetime import date

import pytest

from mingzhang.domain.aid.awarding import ApproveAward, RefuseAward, RevokeAward
from mingzhang.domain.aid.objection import DismissObjection, RaiseObjection, UpholdObjection
from mingzhang.domain.aid.reviewing import PassReview, RejectReview, ReturnApplication
from mingzhang.domain.command import Command
from mingzhang.domain.disclosure import ExportBundle, RevealData
from mingzhang.domain.facts import decode, topics
from mingzhang.domain.money.banking import RaiseClawback, ReceiveClawback, ReturnedLine, ReversePayment, TakeReturns
from mingzhang.domain.money.fund import RequestFunds, ReturnFunds, SetBudget
from mingzhang.domain.money.preparing import CancelBatch
from mingzhang.domain.money.reissuing import ReissuePayments
from mingzhang.domain.pairing.contact import RecordContact, StrikeOutContact
from mingzhang.domain.pairing.pairing import AgreeHelpPlan, EndPairing, EstablishPairing, ReplaceHelper
from mingzhang.domain.plan.adoption import AmendPlan
from mingzhang.domain.plan.bundled import bundled_text
from mingzhang.domain.staff import AppointStaff, DeclareInterest, RegisterStaff, RelieveStaff
from mingzhang.domain.student.commands import (
    ChangeEnrolment,
    CorrectDetails,
    DetermineCategory,
    EndCategory,
    MergeIdentities,
    SplitIdentities,
)
from mingzhang.domain.survey.entry import CorrectEntry, WithdrawEntry
from mingzhang.domain.survey.intake import ImportFile
from mingzhang.domain.survey.round import CloseRound, ConsolidateRound, ReportRound, SubmitUnitSurvey, Totals
from mingzhang.domain.unit import CloseUnit, RegisterUnit, RenameUnit
from tests.college import PLAN, S1, S2, S3, SPRING, answer, applied, case, line, opened, paid, payment, reviewed, sent, sha
from tests.given import By, Given, by, given, sealed
from tests.lives import lives
from tests.notices import lives as noticed

OPENS = {
    "calendar.recorded": "a year's working days: the State Council's notice is the reason",
    "ledger.opened": "the ledger itself",
    "transaction.recorded": "one execution; it names its appointment in `authority`",
    "plan.adopted": "a plan: its own text is the reason",
    "unit.registered": "a unit at the top, which stands under none",
    "student.registered": "a file, where no import named the student",
    "staff.known": "a person of the staff register, where no import named them",
    "import.file_imported": "an import: the file's own digest is the reason",
    "disclosure.revealed": "a disclosure",
    "retention.set": "how long a class of records is kept: the clause stands in its basis",
}
"""Topics that may rely on nothing, and what they open."""

DAY = date(2020, 5, 20)
TEXT = sealed(S1, reason="synthetic")
COUNTED = Totals(entries=1, by_category={}, new=0, counted_at=9)
AMENDED = bundled_text(PLAN).replace('version = "2020.1"', 'version = "2020.2"')

HANDED_OUT = ExportBundle(
    disclosure="d2",
    query="trace --bundle",
    students=(S1,),
    shown_units=("shifan",),
    about=f"{payment(S1)}@1",
    fields=("name",),
    size=90,
    manifest=sha("manifest"),
)


def life() -> list[By]:
    """Nearly every command there is, in an order in which each is allowed, after three students' way to the bank."""

    def deed(role: str, command: Command) -> By:
        return by(f"{role}-1", command, DAY)

    backs = TakeReturns(batch="b1", file="r", sha256=sha("r"), returned=(ReturnedLine(1, 200_000, DAY),))
    return [
        deed("administrator", RegisterUnit(unit="canteen", title="x", kind="office", parent="college")),
        deed("administrator", RenameUnit(unit="canteen", title="y")),
        deed("administrator", CloseUnit(unit="canteen", reason=TEXT)),
        deed("administrator", AppointStaff(staff="t-1", role="clerk", unit="shifan")),
        deed("administrator", RelieveStaff(staff="t-1", role="clerk", unit="shifan")),
        deed("administrator", AmendPlan(text=AMENDED, reason=TEXT)),
        deed("clerk", RegisterStaff(staff="p-0000000001", person=sealed("p-0000000001"))),
        deed("clerk", DeclareInterest(staff="clerk-1", student=S3)),
        deed("clerk", CorrectEntry(round=SPRING, student=S1, after=(("level", "困难"),), account_given=True, person=TEXT)),
        deed("surveyor", SubmitUnitSurvey(round=SPRING, unit="shifan", totals=COUNTED)),
        deed("clerk", ConsolidateRound(round=SPRING, totals=COUNTED)),
        deed("clerk", ReportRound(round=SPRING, to="bureau", totals=COUNTED)),
        deed("clerk", ReportRound(round=SPRING, to="bureau", totals=COUNTED, reason=TEXT)),
        deed("cashier", backs),
        deed("preparer", ReissuePayments(batch="b2", fund="f1", pay_on=DAY, payments=(payment(S1),), accounts=((S1, TEXT),))),
        deed("preparer", CancelBatch(batch="b2", reason=TEXT)),
        deed("approver", RaiseClawback(payment=payment(S2), amount_fen=5, reason=TEXT)),
        deed("cashier", ReceiveClawback(payment=payment(S2), amount_fen=5)),
        deed("cashier", ReversePayment(payment=payment(S3), reason=TEXT)),
        deed("treasurer", SetBudget(fund="f1", amount_fen=5)),
        deed("treasurer", RequestFunds(fund="f1", amount_fen=5, of="bureau")),
        deed("treasurer", ReturnFunds(fund="f1", amount_fen=5, to="bureau")),
        deed("clerk", RaiseObjection(objection="o1", application=case(S1), statement=TEXT)),
        deed("inspector", DismissObjection(objection="o1", finding=TEXT)),
        deed("clerk", RaiseObjection(objection="o2", application=case(S2), statement=TEXT)),
        deed("inspector", UpholdObjection(objection="o2", finding=TEXT)),
        deed("approver", RevokeAward(application=case(S3), reason=TEXT)),
        deed("clerk", WithdrawEntry(round=SPRING, student=S3, reason=TEXT)),
        deed("clerk", CloseRound(round=SPRING)),
        deed("clerk", ChangeEnrolment(student=S1, status="休学")),
        deed("clerk", CorrectDetails(student=S1, fields=("name",), person=TEXT)),
        deed("clerk", DetermineCategory(student=S1, categories=("低保",))),
        deed("clerk", EndCategory(student=S1, reason="lifted")),
        deed("helper-clerk", EstablishPairing(pairing="p1", student=S1, unit="shifan", helpers=("t-1",), person=TEXT)),
        deed("helper-clerk", ReplaceHelper(pairing="p1", outgoing="t-1", incoming="t-2")),
        deed("helper-clerk", AgreeHelpPlan(pairing="p1", findings=TEXT, measures=TEXT)),
        deed("helper-clerk", RecordContact(pairing="p1", contact="c1", helper="t-2", kind="call")),
        deed("helper-clerk", StrikeOutContact(pairing="p1", contact="c1", reason=TEXT)),
        deed("helper-clerk", EndPairing(pairing="p1", reason=TEXT)),
        deed("clerk", MergeIdentities(student=S1, other=S2, reason=TEXT)),
        deed("privacy-officer", RevealData(disclosure="d1", query="student", students=(S1,), shown_units=("shifan",))),
        deed("privacy-officer", HANDED_OUT),
    ]


def merged_and_split() -> Given:
    known = given(paid(S1, S2, S3), life())
    merge = f"student/{S1}@{len(known.store.rows[f'student/{S1}'])}"
    return known.add(by("administrator-1", SplitIdentities(student=S1, other=S2, corrects=merge, reason=TEXT), DAY))


def others() -> list[Given]:
    """What cannot happen to the same three students: a rejection, a return, a refusal, a failure."""
    decided = [
        given(opened(), applied(), by("reviewer-1", RejectReview(application=case(), reason=TEXT))),
        given(opened(), applied(), by("reviewer-1", ReturnApplication(application=case(), reason=TEXT))),
        given(opened(), reviewed(), by("approver-1", RefuseAward(application=case(), reason=TEXT))),
        given(sent(S1, S2), by("cashier-1", answer(line(1, "failed"), line(2, "pending")), DAY)),
        given(opened(), by("surveyor-1", IMPORT)),
    ]
    waiver = case(scheme=f"{PLAN}.tuition-waiver")
    steps = [by("reviewer-1", PassReview(application=waiver)), by("approver-1", ApproveAward(application=waiver, amount_fen=9))]
    return [*decided, given(opened(), applied(scheme=f"{PLAN}.tuition-waiver"), steps)]


IMPORT = ImportFile(context=SPRING, kind="survey", file="synthetic.xlsx", sha256=sha("x"), rows=0, accepted=0)


def happened() -> dict[str, list[tuple[str, ...]]]:
    """Every topic that was decided, with what its facts relied on; what the founder put down is left out."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for known in (merged_and_split(), *others(), *noticed(), *lives()):
        for rows in known.store.rows.values():
            for topic, state in rows:
                fact = decode(topic, state)
                if fact.actor != "founder":
                    found.setdefault(topic, []).append(fact.because)
    return found


def test_every_decided_fact_says_what_it_relied_on() -> None:
    silent = {topic for topic, reasons in happened().items() if () in reasons}
    assert silent - OPENS.keys() == set()


def test_these_lives_decide_nearly_every_topic() -> None:
    """So that a new topic is looked at here; what is left is decided by no command yet, or only on a real ledger."""
    mine = {topic for topic, kind in topics().items() if kind.__module__.startswith("mingzhang.")}
    by_nobody = {"ledger.opened", "transaction.recorded", "plan.adopted", "student.person_erased", "student.person_restricted"}
    assert mine - happened().keys() <= by_nobody


@pytest.mark.parametrize("topic", sorted(OPENS))
def test_every_exception_is_a_topic(topic: str) -> None:
    assert topic in topics()
