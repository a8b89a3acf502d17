"""An answer stays with its finding when files are merged, and when they are split again."""

from __future__ import annotations

from datetime import date
from typing import Any

from mingzhang.domain.inspection.answering import AuditFindingAnswered
from mingzhang.domain.student.facts import IdentitySplit
from mingzhang.projections.findings import Found, audit, numbered
from tests.college import S1, S2, S3
from tests.findings.asked import END, case, listed, merged, money, repeated, said
from tests.given import sealed
from tests.projections.recorded import Event, Recorded, approved, day, enrolled, entry, registered, reviewed, submitted
from tests.projections.test_separation import declared, of

UNPAID = "eligible_but_unpaid"
TWICE = "duplicate_identity"
S4 = "s-0000000004"


def answered(finding: str, subject: str, on: date = date(2020, 6, 2), rule: Any = UNPAID) -> Event:
    fact = AuditFindingAnswered(
        actor="clerk-1", effective_on=on, rule=rule, subject=subject, kind="explained", text=sealed(subject, text="synthetic")
    )
    return f"finding/{finding}", fact


def split(given_up: str, survivor: str, on: date = date(2020, 6, 10)) -> list[Event]:
    fact = IdentitySplit(**said(on), other=given_up, corrects=f"student/{given_up}@1", reason=sealed(given_up))
    return [(f"student/{given_up}", fact), (f"student/{survivor}", fact)]


def told(log: Recorded, rule: str = UNPAID, on: date = END, known_at: int | None = None) -> dict[str, Found]:
    with log.view(on, known_at) as view:
        return {one.finding.subject: one for one in audit(view, log.journal, (rule,)).found}


def by(one: Found) -> list[str]:
    return [answer.finding for answer in one.answers]


def missed(log: Recorded, *students: str) -> None:
    """Somebody was paid, and these, whom a list names, were not."""
    here = [fact for student in students for fact in (registered(student), enrolled(student, "在读", day(3, 1)))]
    log.record(*listed(*students), *case(S3), *money(S3), *here)


def test_answered_before_the_merge_it_stays_answered_under_the_other_file(log: Recorded) -> None:
    missed(log, S2)
    before = told(log)[S2]
    log.record(answered(before.id, S2))
    size = log.size
    log.record(merged(S2, S1))
    after = told(log)[S1]
    assert after.id != before.id and after.also == (before.id,)
    assert after.answer is not None and by(after) == [before.id]
    earlier = told(log, known_at=size)[S2]
    assert (earlier.id, earlier.also, by(earlier)) == (before.id, (), [before.id])


def test_answered_after_the_merge_it_is_open_in_what_was_known_before_and_answered_once_they_are_split(log: Recorded) -> None:
    missed(log, S2)
    before, size = told(log)[S2], log.size
    log.record(merged(S2, S1))
    log.record(answered(told(log)[S1].id, S1))
    assert told(log, known_at=size)[S2].answer is None
    assert told(log, on=day(5, 31))[S2].answer is None
    log.record(*split(S2, S1))
    apart = told(log)
    assert set(apart) == {S2}
    assert apart[S2].id == before.id and apart[S2].answer is not None


def test_an_answer_about_the_other_file_from_before_the_merge_goes_with_it_when_they_are_split(log: Recorded) -> None:
    missed(log, S1, S2)
    log.record(answered(told(log)[S1].id, S1), merged(S2, S1))
    assert told(log)[S1].answer is not None
    log.record(*split(S2, S1))
    apart = told(log)
    assert (apart[S1].answer is not None, apart[S2].answer, apart[S2].also) == (True, None, ())


def test_a_number_is_first_of_all_that_of_its_own_finding(log: Recorded) -> None:
    """Answered while they were one person's, the other file's finding has the number beside its own."""
    missed(log, S1, S2)
    log.record(merged(S1, S2))
    log.record(answered(told(log)[S2].id, S2))
    log.record(*split(S1, S2))
    apart = told(log)
    assert apart[S1].also == (apart[S2].id,) and apart[S1].answer is not None
    one = numbered(list(apart.values()), apart[S2].id)
    assert one is not None and one.finding.subject == S2
    assert numbered([apart[S1]], apart[S2].id) is apart[S1]
    assert numbered([apart[S1]], "finding-222222222222") is None


def test_an_answer_given_before_a_chain_of_merges_stays(log: Recorded) -> None:
    missed(log, S2)
    log.record(answered(told(log)[S2].id, S2), merged(S2, S1), merged(S1, S4))
    one = told(log)[S4]
    assert one.answer is not None and len(one.also) == 2


def test_two_that_were_answered_and_become_one_keep_both_answers_and_the_newer_counts(log: Recorded) -> None:
    missed(log, S1, S2)
    found = told(log)
    log.record(answered(found[S2].id, S2), answered(found[S1].id, S1, day(6, 3)), merged(S2, S1))
    [one] = told(log).values()
    assert by(one) == [found[S2].id, found[S1].id]
    assert one.answer is not None and one.answer.on == "2020-06-03"


def test_a_pair_of_entries_keeps_its_number_when_a_third_file_turns_up(log: Recorded) -> None:
    log.record(entry(S3, unit="jixie"), entry(S1), entry(S2, unit="zongzhi"), merged(S2, S1))
    [before] = told(log, TWICE).values()
    log.record(merged(S1, S3))
    with log.view(END) as view:
        after = {one.id for one in audit(view, log.journal, (TWICE,)).found}
    assert before.id in after and len(after) == 2


def test_a_repeated_row_keeps_its_number_when_an_earlier_file_turns_up(log: Recorded) -> None:
    log.record(entry(S3), entry(S1), repeated(S1, "zongzhi"))
    [before] = told(log, TWICE).values()
    log.record(merged(S1, S3))
    with log.view(END) as view:
        assert before.id in {one.id for one in audit(view, log.journal, (TWICE,)).found}


def test_who_decided_twice_keeps_its_number_when_an_earlier_file_is_merged_into_it(log: Recorded) -> None:
    """What was done in the student's own file is named, though the same hand had been in the other one before."""
    log.record(of("x", entry(S2)), of("x", entry(S1)), of("a", submitted(S1)), of("x", reviewed(S1)))
    [before] = told(log, "same_person_decided_twice").values()
    log.record(merged(S2, S1))
    assert told(log, "same_person_decided_twice")[S1].id == before.id


def test_an_interest_declared_in_both_files_is_one_finding_once_they_are_one_person_s_and_keeps_its_answer(log: Recorded) -> None:
    rule = "decided_on_own_family"
    log.record(of("s", entry(S2)), of("a", submitted(S2)), of("x", approved(S2)), declared("x", S2), declared("x", S1))
    before = told(log, rule)[S2]
    log.record(answered(before.id, S2, rule=rule), merged(S2, S1))
    with log.view(END) as view:
        [after] = audit(view, log.journal, (rule,)).found
    assert (after.finding.subject, after.also) == (S1, (before.id,)) and after.answer is not None
