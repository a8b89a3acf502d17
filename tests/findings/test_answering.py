"""An answer to an audit finding is a fact; the finding stays, as answered."""

from __future__ import annotations

from datetime import date
from typing import Any

from mingzhang.domain.inspection.answering import AnswerAuditFinding, AuditFindingAnswered
from mingzhang.projections.findings import audit
from tests.college import S1, appointed, house
from tests.findings.asked import END, case, found, money
from tests.given import given, sealed
from tests.projections.recorded import Event, Recorded, day, enrolled

DAY = date(2020, 6, 1)
TEXT = sealed(S1, text="synthetic")
ABOUT: dict[str, Any] = {"finding": "finding-2", "rule": "paid_late", "subject": "b1", "events": ("plan/fuxin-2020@1",), "text": TEXT}


def answer(**more: Any) -> AnswerAuditFinding:
    return AnswerAuditFinding(**{**ABOUT, "kind": "explained", **more})


def test_an_answer_is_recorded_with_what_it_rests_on() -> None:
    given(house()).when(answer(), actor="clerk-1", at=DAY).then(
        (
            "finding/finding-2",
            AuditFindingAnswered(
                actor="clerk-1", effective_on=DAY, because=ABOUT["events"], rule="paid_late", subject="b1", kind="explained", text=TEXT
            ),
        )
    )


def test_a_further_answer_names_the_one_whose_place_it_takes() -> None:
    told = given(house()).when(answer(), answer(kind="corrected"), actor="clerk-1", at=DAY)
    assert told.accepted().recorded[-1].fact.because == ("plan/fuxin-2020@1", "finding/finding-2@1")


def test_nobody_answers_for_what_they_did_themselves() -> None:
    given(house()).when(answer(concerned=("clerk-1",)), actor="clerk-1", at=DAY).refused("answers_for_oneself")


def test_only_those_who_answer_for_the_unit_may() -> None:
    story = given(house(), appointed("away", "clerk", at="zongzhi"))
    story.when(answer(about_units=("shifan",)), actor="away", at=DAY).refused("unit_not_covered")
    refused = story.when(answer(about_units=("shifan", "zongzhi")), actor="away", at=DAY)
    refused.refused("unit_not_covered", units=["shifan"])
    story.when(answer(), actor="surveyor-1", at=DAY).refused("role_missing")


def answered(finding: str, kind: Any, on: date) -> Event:
    fact = AuditFindingAnswered(
        actor="clerk-1", effective_on=on, rule="paid_while_not_enrolled", subject=S1, kind=kind, text=sealed(S1, text="synthetic")
    )
    return f"finding/{finding}", fact


def test_an_answered_finding_stays_and_says_so(log: Recorded) -> None:
    log.record(*case(), enrolled(S1, "退学", day(4, 1)), *money())
    rule = ("paid_while_not_enrolled",)
    with log.view(END) as view:
        [before] = audit(view, log.journal, rule).found
    log.record(answered(before.id, "explained", day(6, 2)), answered(before.id, "referred", day(6, 20)))
    with log.view(END) as view:
        [after] = audit(view, log.journal, rule).found
    with log.view(day(6, 10)) as view:
        [between] = audit(view, log.journal, rule).found
    assert before.answer is None and after.answer is not None and between.answer is not None
    assert (after.id, after.answer.kind, after.answer.on, after.answer.by) == (before.id, "referred", "2020-06-20", "clerk-1")
    assert between.answer.kind == "explained"
    assert found(log, *rule) == [after.finding]
