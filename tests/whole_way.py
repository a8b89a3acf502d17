"""A made-up county's whole way of an award: a form out of a file, two notices, a comparison, an exception, and a signed list at the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from mingzhang.domain.aid.awarding import ApproveAward, ResumeAward, SuspendAward
from mingzhang.domain.aid.facts import ListMatch
from mingzhang.domain.aid.notice import AddNoticeEvidence, CompleteNotice, PostNotice
from mingzhang.domain.aid.reviewing import GrantException, PassReview
from mingzhang.domain.aid.submitting import CheckDocuments
from mingzhang.domain.command import Command
from mingzhang.domain.crosscheck.comparing import CompareCase, CompareLists
from mingzhang.domain.crosscheck.crosscheck import ListPerson, ReceiveList, ResolveDifference, WithdrawList
from mingzhang.domain.crosscheck.facts import Finding
from mingzhang.domain.evidence.erasing import EraseDocument
from mingzhang.domain.evidence.keeping import KeepForFacts, NameShown, SealedDocument
from mingzhang.domain.money.banking import ExportBatch
from mingzhang.domain.money.closing import CloseMonth
from mingzhang.domain.money.fund import OpenFund, RecordArrival
from mingzhang.domain.money.opening import TakeOverFund
from mingzhang.domain.money.preparing import CheckBatch, PrepareBatch, ReleaseBatch
from mingzhang.domain.money.receipts import RecordReceipts
from mingzhang.domain.money.voucher import BookMonth, PostVoucher, ReverseVoucher
from mingzhang.domain.plan.adoption import PlanAdopted
from mingzhang.domain.student.commands import RegisterListedStudent
from mingzhang.domain.survey.intake import ImportFile
from tests.college import S1, S2, S3, appointed, sha
from tests.county import PERIOD, PLAN, TEXT, county, form
from tests.given import By, Known, by, sealed

SCHEME = f"{PLAN}.signed"
REASON = sealed("t-1", text="synthetic")
FORMS, LIST = f"import/forms/{sha('forms')}", f"import/lists/{sha('list')}"
_SIGNED = """
[[schemes]]
code = "signed"
name = "synthetic aid that is signed for"
basis = "form"
period = "year"
channel = "signed"
clause = "c"
tiers = [{ code = "t", name = "t", yuan_per_year = 3000 }]
conditions = { lists = [{ kind = "建档立卡" }], enrolled = false }
documents = [{ any_of = ["申请表"] }]
steps = [
    { kind = "review", name = "村审核", role = "reviewer", level = "village" },
    { kind = "notice", name = "村公示", level = "village", days = 2, day_kind = "calendar", photo = true },
    { kind = "crosscheck", name = "自动比对", exception = true },
    { kind = "notice", name = "县公示", level = "bureau", days = 2, day_kind = "calendar" },
    { kind = "approve", name = "县审批", role = "approver" },
]
"""


def plan_text() -> str:
    return TEXT + _SIGNED


def adopted() -> Iterator[Known]:
    """The county, its plan with that scheme too."""
    for one in county():
        if isinstance(one, tuple) and isinstance(one[1], PlanAdopted):
            text = plan_text()
            yield one[0], one[1].model_copy(update={"text": text, "sha256": sha(text)})
        else:
            yield one
    yield appointed("approver-2", "approver", "bureau")


def case(student: str) -> str:
    return f"application/{SCHEME}/{student}/{PERIOD}"


def payment(student: str) -> str:
    return f"payment/{SCHEME}/{student}/{PERIOD}/1"


def finding(student: str) -> Finding:
    """The first is on the list, under another name; the others are not."""
    if student != S1:
        return Finding(student=student, basis=f"{case(student)}@1", missing=("建档立卡",), why="not_found")
    row = ListMatch(crosscheck="l1", kind="建档立卡", says=f"listing/l1/{S1}@1", name_differs=True)
    return Finding(student=S1, basis=f"{case(S1)}@1", matches=(row,))


def decided() -> Iterator[By]:
    """Two awards, the first by the list, the second by the leading group's exception; a third form is left without its documents."""

    def day(number: int) -> date:
        return date(2020, 9, number)

    for student in (S1, S2, S3):
        yield by("applicant-clerk-1", RegisterListedStudent(student=student, unit="village", person=sealed(student)), day(1))
    file = ImportFile(context="forms", kind="applications", file="forms.xlsx", sha256=sha("forms"), rows=3, accepted=3)
    yield by("applicant-clerk-1", file, day(1))
    for row, student in enumerate((S1, S2, S3), 3):
        papers = () if student == S3 else ("申请表",)
        yield by("applicant-clerk-1", form("signed", student, documents=papers, source=f"{FORMS}@1", sheet="Sheet1", row=row), day(1))
    yield by("applicant-clerk-1", CheckDocuments(application=case(S3), present=("申请表",)), day(2))
    both = (case(S1), case(S2))
    for one in both:
        yield by("village-reviewer", PassReview(application=one), day(2))
    village = PostNotice(notice="n1", scheme=SCHEME, period=PERIOD, unit="village", place="公示栏", applications=both)
    yield by("clerk-1", village, day(3))
    yield by("clerk-1", AddNoticeEvidence(notice="n1", evidence=(sha("photo"),)), day(3))
    yield by("clerk-1", CompleteNotice(notice="n1"), day(6))
    listed = ImportFile(context="lists", kind="crosscheck", file="list.xlsx", sha256=sha("list"), rows=1, accepted=1)
    yield by("clerk-1", listed, day(7))
    for name in ("l1", "l2"):
        received = ReceiveList(crosscheck=name, kind="建档立卡", sources=(f"{LIST}@1",), files=1, rows=1, accepted=1, refused=0)
        yield by("clerk-1", received, day(7))
    yield by("clerk-1", ListPerson(crosscheck="l1", student=S1, person=sealed(S1), source=f"{LIST}@1", sheet="Sheet1", row=2), day(7))
    yield by("clerk-1", WithdrawList(crosscheck="l2", reason=REASON), day(7))
    findings = (finding(S1), finding(S2))
    against = f"scheme/{SCHEME}/{PERIOD}"
    compared = CompareLists(comparison="c1", against=against, covers=("bureau",), lists=("l1",), students=2, findings=findings)
    yield by("clerk-1", compared, day(8))
    for student in (S1, S2):
        write = CompareCase(application=case(student), comparison="c1", lists=("l1",), matches=finding(student).matches)
        yield by("clerk-1", write, day(8))
    resolved = ResolveDifference(comparison="c1", crosscheck="l1", student=S1, right="theirs", reason=REASON)
    yield by("clerk-1", resolved, day(8))
    yield by("approver-2", GrantException(application=case(S2), reason=REASON), day(9))
    above = PostNotice(notice="n2", scheme=SCHEME, period=PERIOD, unit="bureau", place="公示栏", applications=both)
    yield by("clerk-1", above, day(10))
    yield by("clerk-1", CompleteNotice(notice="n2"), day(13))
    for one in both:
        yield by("approver-1", ApproveAward(application=one), day(14))
    yield by("approver-1", SuspendAward(application=case(S2), reason=REASON), day(15))
    yield by("approver-1", ResumeAward(application=case(S2)), day(16))


def paid() -> Iterator[By]:
    """The batch of the two, signed for by the first; the second did not come."""

    def on(number: int, role: str, command: Command) -> By:
        return by(f"{role}-1", command, date(2020, 9, number))

    yield on(17, "treasurer", OpenFund(fund="f1", title="synthetic", unit="bureau", year=2020, schemes=(SCHEME,)))
    taken = TakeOverFund(fund="f1", received_fen=5, available_fen=2, paid_fen=2, returned_fen=1, evidence=(sha("old books"),))
    yield on(17, "treasurer", taken)
    yield on(18, "treasurer", RecordArrival(fund="f1", amount_fen=1_000_000, source="synthetic"))
    pay = PrepareBatch(batch="b1", scheme=SCHEME, period=PERIOD, fund="f1", pay_on=date(2020, 9, 20), students=(S1, S2))
    yield on(18, "preparer", pay)
    yield on(18, "checker", CheckBatch(batch="b1"))
    yield on(18, "releaser", ReleaseBatch(batch="b1"))
    yield on(18, "cashier", ExportBatch(batch="b1", profile="sign-list", file="b1.xlsx", sha256=sha("b1")))
    yield on(21, "cashier", RecordReceipts(batch="b1", file="scan.pdf", sha256=sha("scan"), signed=(1,), not_collected=(2,)))


def booked() -> Iterator[By]:
    """The month's vouchers, one of them wrong, and the month's close."""

    def on(day: date, command: Command) -> By:
        return by("treasurer-1", command, day)

    yield on(date(2020, 9, 22), BookMonth(fund="f1", month="2020-09"))
    yield on(date(2020, 9, 22), ReverseVoucher(fund="f1", year=2020, number=1, reason=REASON))
    yield on(date(2020, 9, 22), PostVoucher(fund="f1", movements=("fund/f1@2",)))
    yield on(date(2020, 10, 9), CloseMonth(fund="f1", month="2020-09"))


def kept() -> Iterator[By]:
    """The photo is handed in after all, somebody is seen on it, and it is given up for their sake."""
    photo = SealedDocument(sha("photo"), "d-1", 5, "image/jpeg", sha("sealed photo"), sealed("d-1", title="photo.jpg"))
    yield by("clerk-1", KeepForFacts(document=photo, named_by=("notice/n1@2",)), date(2020, 9, 22))
    yield by("clerk-1", NameShown(sha256=photo.sha256, shows=(S1,)), date(2020, 9, 22))
    yield by("privacy-officer-1", EraseDocument(sha256=photo.sha256, of=(S1,), reason=REASON), date(2020, 9, 23))


def whole() -> Iterator[Known]:
    yield from adopted()
    yield from decided()
    yield from paid()
    yield from kept()
    yield from booked()
