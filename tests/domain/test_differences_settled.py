"""Whatever comes to be known late, once every difference is decided and carried out nothing is left of any, and nobody holds too much."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count

from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from mingzhang.domain.aid.application import Application
from mingzhang.domain.aid.awarding import RevokeAward
from mingzhang.domain.aid.reassessing import ReassessAward
from mingzhang.domain.command import Command
from mingzhang.domain.money.banking import ExportBatch, ReceiveClawback
from mingzhang.domain.money.batch import Batch
from mingzhang.domain.money.chain import payments_of
from mingzhang.domain.money.difference import Remedy
from mingzhang.domain.money.differing import Differing, differing
from mingzhang.domain.money.fund import RecordArrival
from mingzhang.domain.money.payment import Payment
from mingzhang.domain.money.preparing import CheckBatch, PrepareBatch, ReleaseBatch
from mingzhang.domain.money.settling import DecideDifference
from mingzhang.domain.plan.adoption import AmendPlan
from mingzhang.domain.plan.bundled import bundled_text
from mingzhang.domain.refusal import Refused
from mingzhang.domain.student.commands import ChangeEnrolment, MergeIdentities
from mingzhang.domain.survey.entry import CorrectEntry, WithdrawEntry
from tests.college import GRANT, PLAN, S1, S2, S3, SPRING, answer, appointed, case, line, paid, sha
from tests.given import Given, by, given, sealed

LATE, DECIDED = date(2020, 5, 6), date(2020, 5, 20)
STUDENTS = (S1, S2, S3)
TEXT = sealed(S1, reason="synthetic")
_ids = count()


def amended(yuan: int) -> str:
    text = bundled_text(PLAN).replace('version = "2020.1"', f'version = "v-{yuan}"')
    return text.replace("yuan_per_year = 4000", f"yuan_per_year = {yuan}")


def corrected(student: str, category: str) -> CorrectEntry:
    after = (("categories", (category,)),)
    return CorrectEntry(round=SPRING, student=student, after=after, account_given=True, person=TEXT)


def late(student: str) -> st.SearchStrategy[tuple[str, Command]]:
    """Who records what about a student long after the payment."""
    statuses = st.sampled_from(["退学", "死亡", "休学", "复学"])
    days = st.dates(date(2020, 4, 1), date(2020, 5, 5))
    left = st.builds(lambda status, on: ChangeEnrolment(student=student, status=status, on=on), statuses, days)
    tiers = st.sampled_from(["建档立卡", "二档", "三档"])
    again = tiers.map(lambda tier: ReassessAward(application=case(student), tier=tier, reason=TEXT))
    nothing = st.just(ReassessAward(application=case(student), amount_fen=0, reason=TEXT))
    right = st.sampled_from(["低保", "其他", "建档立卡"]).map(lambda category: corrected(student, category))
    merge = st.sampled_from([one for one in STUDENTS if one != student]).map(
        lambda other: MergeIdentities(student=student, other=other, reason=TEXT)
    )
    return st.one_of(
        st.tuples(st.just("clerk-1"), left),
        st.tuples(st.just("approver-1"), again),
        st.tuples(st.just("approver-1"), nothing),
        st.tuples(st.just("clerk-1"), right),
        st.tuples(st.just("clerk-1"), merge),
        st.tuples(st.just("approver-1"), st.just(RevokeAward(application=case(student), reason=TEXT))),
        st.tuples(st.just("clerk-1"), st.just(WithdrawEntry(round=SPRING, student=student, reason=TEXT))),
        st.tuples(st.just("administrator-1"), st.sampled_from([3600, 4400]).map(lambda yuan: AmendPlan(text=amended(yuan), reason=TEXT))),
    )


LATE_FACTS = st.lists(st.sampled_from(STUDENTS).flatmap(late), max_size=6)


def open_differences(story: Given) -> Iterator[Differing]:
    for student in STUDENTS:
        found = differing(story.store.streams(), GRANT, student, SPRING, DECIDED)
        if found is not None and found.student == student and found.difference_fen and not found.decided:
            yield found


def attempt(story: Given, actor: str, command: Command) -> str:
    """Empty where it was done, else why not."""
    try:
        story.add(by(actor, command, DECIDED))
    except Refused as refused:
        return refused.code
    return ""


def decide(story: Given, found: Differing, remedy: Remedy) -> str:
    command = DecideDifference(
        scheme=found.scheme,
        student=found.student,
        period=found.period,
        remedy=remedy,
        difference_fen=found.difference_fen,
        reasons=found.reasons,
        reason=TEXT,
    )
    return attempt(story, "approver-2", command)


def settle(story: Given) -> bool:
    """Decides and carries out what is open; False where nothing was."""
    todo = list(open_differences(story))
    for found in todo:
        refused = decide(story, found, "claw-back" if found.difference_fen < 0 else "top-up")
        if refused == "award_not_reassessed" and not attempt(story, "approver-3", ReassessAward(application=found.award, reason=TEXT)):
            continue  # its reasons are others now
        if refused:
            assert decide(story, found, "let-stand") == ""
    receive(story)
    pay(story)
    return bool(todo)


def payments(story: Given) -> list[Payment]:
    streams = story.store.streams()
    return [payment for student in STUDENTS for payment in payments_of(streams, GRANT, student, SPRING)]


def receive(story: Given) -> None:
    for payment in payments(story):
        asked = payment.clawback_fen - payment.clawed_back_fen
        if asked:
            story.add(by("cashier-1", ReceiveClawback(payment=payment.stream, amount_fen=asked), DECIDED))


def pay(story: Given) -> None:
    batch = f"b-{next(_ids)}"
    prepare = PrepareBatch(batch=batch, scheme=GRANT, period=SPRING, fund="f1", pay_on=DECIDED, students=STUDENTS, instalment=0)
    if attempt(story, "preparer-1", prepare):
        return
    story.add(by("checker-1", CheckBatch(batch=batch), DECIDED), by("releaser-1", ReleaseBatch(batch=batch), DECIDED))
    story.add(by("cashier-1", ExportBatch(batch=batch, profile="pipe", file=batch, sha256=sha(batch)), DECIDED))
    streams = story.store.streams()
    names = streams.read(Batch, batch).payments
    lines = [line(n, fen=streams.at(Payment, name).amount_fen, on=DECIDED) for n, name in enumerate(names, 1)]
    story.add(by("cashier-1", answer(*lines, batch=batch, file=f"{batch}.txt"), DECIDED))


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@drawn(LATE_FACTS)
def test_nothing_is_left_when_every_difference_is_carried_out(facts: list[tuple[str, Command]]) -> None:
    story = given(paid(*STUDENTS), appointed("approver-2", "approver"), appointed("approver-3", "approver"))
    story.add(by("treasurer-1", RecordArrival(fund="f1", amount_fen=10_000_000, source="synthetic"), LATE))
    for actor, command in facts:
        attempt(story, actor, command)
    rounds = 0
    while settle(story):
        rounds += 1
        assert rounds < 5, list(open_differences(story))
    streams = story.store.streams()
    for student in STUDENTS:
        found = differing(streams, GRANT, student, SPRING, DECIDED)
        assert found is not None
        if found.remedy != "let-stand" and found.reasons:
            assert found.paid_fen - found.asked_back_fen == found.due_fen
    for payment in payments(story):
        assert payment.paid_fen >= 0 and payment.paid_fen >= payment.clawback_fen - payment.clawed_back_fen
    for student in STUDENTS:
        award = streams.read(Application, GRANT, student, SPRING)
        topped = [one for one in payments_of(streams, GRANT, student, SPRING) if one.instalment.startswith("t")]
        if topped:
            kept = sum(one.committed_fen for one in payments_of(streams, GRANT, student, SPRING))
            assert kept <= max(award.amount_fen, 200_000)
