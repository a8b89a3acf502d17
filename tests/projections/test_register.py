"""Who was recognised on a day, and what of it was known when: one rule a test."""

from __future__ import annotations

from typing import Any

from mingzhang.domain.student.facts import (
    CategoryDetermined,
    CategoryEnded,
    DetailsCorrected,
    IdentityMerged,
    IdentityMergedInto,
    IdentitySplit,
)
from mingzhang.domain.survey.intake import FileImported
from mingzhang.domain.survey.round import RoundOpened
from mingzhang.projections.register import (
    enrolments,
    entries,
    first_seen,
    identified,
    plan_codes,
    roster,
    rounds,
    staff_rows,
    student_events,
    student_streams,
    survey_totals,
    unit_by_name,
    unit_rows,
)
from tests.college import GRANT, S1, S2, S3, SPRING, sha
from tests.given import sealed
from tests.projections.recorded import (
    AUTUMN,
    Recorded,
    approved,
    corrected,
    day,
    enrolled,
    entry,
    instructed,
    paid,
    registered,
    returned,
    revoked,
    submitted,
    withdrawn,
)

SAID: dict[str, Any] = {"actor": "staff-1"}


def recognised_on(log: Recorded, month: int, number: int, known_at: int | None = None) -> list[str]:
    with log.view(day(month, number), known_at) as view:
        return [row.student for row in identified(view)]


def test_a_survey_entry_recognises_from_its_day_on(log: Recorded) -> None:
    log.record(entry(S1, day(3, 10)))
    assert [recognised_on(log, 3, 9), recognised_on(log, 3, 10), recognised_on(log, 12, 31)] == [[], [S1], [S1]]


def test_recognition_ends_where_a_fact_ends_it(log: Recorded) -> None:
    log.record(entry(S1), (f"student/{S1}", CategoryEnded(**SAID, effective_on=day(9, 1), reason="lifted")))
    assert [recognised_on(log, 8, 31), recognised_on(log, 9, 1)] == [[S1], []]


def test_a_determination_outside_a_round_recognises_too(log: Recorded) -> None:
    log.record(registered(S1))
    fact = CategoryDetermined(**SAID, effective_on=day(5, 1), categories=("疫情返贫",), unit="shifan")
    log.record((f"student/{S1}", fact))
    with log.view(day(5, 1)) as view:
        (row,) = identified(view)
    assert (row.student, row.categories, row.person) == (S1, ("疫情返贫",), sealed(S1))


def test_a_later_rounds_entry_takes_the_place_of_the_earlier(log: Recorded) -> None:
    log.record(entry(S1, categories=("低保",)), entry(S1, day(10, 15), AUTUMN, categories=("特困",)))
    with log.view(day(10, 14)) as before, log.view(day(10, 15)) as after:
        assert [row.categories for row in (*identified(before), *identified(after))] == [("低保",), ("特困",)]


def test_a_correction_changes_the_entry_from_its_own_day_on(log: Recorded) -> None:
    log.record(entry(S1), corrected(S1, day(3, 25), {"categories": ("低保",)}, {"categories": ("特困",)}))
    with log.view(day(3, 24)) as before, log.view(day(3, 25)) as after:
        assert [entries(view, SPRING)[0].categories for view in (before, after)] == [("低保",), ("特困",)]
        assert [identified(view)[0].categories for view in (before, after)] == [("低保",), ("特困",)]
        assert entries(after, SPRING)[0].ref == f"entry/{SPRING}/{S1}@2"
        assert set(identified(after)[0].person.commitment) == {"phone"}


def test_a_correction_to_nothing_leaves_nothing(log: Recorded) -> None:
    log.record(entry(S1, income_fen=5), corrected(S1, day(3, 25), {"income_fen": 5}, {"income_fen": None}))
    with log.view(day(3, 25)) as view:
        assert entries(view, SPRING)[0].income_fen is None


def test_a_withdrawn_entry_never_was_but_was_once_known(log: Recorded) -> None:
    log.record(entry(S1), corrected(S1, day(3, 12), {"unit": "shifan"}, {"unit": "zongzhi"}))
    size = log.size
    log.record(withdrawn(S1, day(4, 1)))
    assert [recognised_on(log, 3, 20), recognised_on(log, 3, 20, size)] == [[], [S1]]
    with log.view(day(3, 20)) as view:
        assert (entries(view, SPRING), survey_totals(view, SPRING).entries) == ([], 0)


def test_an_entry_recorded_anew_after_a_withdrawal_has_none_of_the_old_corrections(log: Recorded) -> None:
    log.record(entry(S1), corrected(S1, day(3, 12), {"unit": "shifan"}, {"unit": "zongzhi"}), withdrawn(S1, day(3, 13)))
    log.record(entry(S1, day(3, 14)))
    with log.view(day(3, 20)) as view:
        assert [row.unit for row in entries(view, SPRING)] == ["shifan"]


def test_withdrawing_the_autumn_entry_lets_the_spring_entry_hold_on(log: Recorded) -> None:
    log.record(entry(S1, unit="zongzhi"), entry(S1, day(10, 15), AUTUMN), withdrawn(S1, day(10, 20), AUTUMN))
    with log.view(day(11, 1)) as view:
        assert [row.unit for row in identified(view)] == ["zongzhi"]


def test_totals_list_departments_that_named_nobody(log: Recorded) -> None:
    opening = RoundOpened(**SAID, effective_on=day(3, 1), plan="fuxin-2020", period=SPRING, unit="college")
    log.record((f"round/{SPRING}", opening))
    log.record(entry(S1, categories=("建档立卡", "低保"), new=True), entry(S2))
    with log.view(day(3, 20)) as view:
        totals = survey_totals(view, SPRING)
        assert [(one.unit, one.entries, one.new) for one in totals.units] == [("shifan", 2, 1), ("zongzhi", 0, 0)]
        assert (totals.entries, totals.by_category, totals.new) == (2, {"建档立卡": 1, "低保": 2}, 1)
        assert [(row.round, row.stand) for row in rounds(view)] == [(SPRING, "open")]


def test_first_seen_names_the_file_and_row(log: Recorded) -> None:
    stream = f"import/{SPRING}/{sha('x')}"
    fact = FileImported(
        **SAID, effective_on=day(3, 10), context=SPRING, kind="survey", file="x.xlsx", sha256=sha("x"), rows=1, accepted=1, duplicates=0
    )
    log.record((stream, fact), entry(S1, because=(f"{stream}@1",), sheet="Sheet1", row=7))
    with log.view(day(3, 1)) as view:
        assert first_seen(view, SPRING, [S1, S2]) == {S1: ("x.xlsx", "Sheet1", 7, f"entry/{SPRING}/{S1}@1")}
    with log.view(day(3, 10)) as view:
        assert [row.file for row in entries(view, SPRING)] == ["x.xlsx"]


def test_the_roster_has_standing_awards_and_money_kept_by_the_day(log: Recorded) -> None:
    log.record(entry(S1), submitted(S1), approved(S1), instructed(S1), paid(S1), returned(S1, day(4, 20)))
    with log.view(day(4, 19)) as then, log.view(day(4, 20)) as later:
        (row,), (after,) = roster(then), roster(later)
    assert row.awards == [{"scheme": GRANT, "period": SPRING, "amount_fen": 150_000, "state": "approved"}]
    assert (row.paid_fen, after.paid_fen, row.person) == (150_000, 0, sealed(S1))


def test_a_revoked_award_stands_no_longer_also_where_the_revocation_reaches_back(log: Recorded) -> None:
    log.record(entry(S1), submitted(S1), approved(S1, day(3, 20)), entry(S2), submitted(S2), approved(S2, day(3, 20)))
    log.record(revoked(S1, day(4, 1)), revoked(S2, day(3, 11)))
    with log.view(day(3, 31)) as before, log.view(day(4, 1)) as after:
        assert [len(row.awards) for row in roster(before)] == [1, 0]
        assert [len(row.awards) for row in roster(after)] == [0, 0]


def test_the_roster_of_a_scheme_names_those_it_is_awarded_to(log: Recorded) -> None:
    log.record(entry(S1), entry(S2), submitted(S1), approved(S1))
    with log.view(day(4, 1)) as view:
        assert [row.student for row in roster(view, scheme=GRANT)] == [S1]


def test_a_unit_means_itself_and_those_below_it_and_rows_stand_in_order(log: Recorded) -> None:
    log.record(entry(S2, unit="zongzhi"), entry(S3), entry(S1))
    with log.view(day(4, 1)) as view:
        assert [row.student for row in roster(view, unit="college")] == [S1, S3, S2]
        assert [row.student for row in roster(view, unit="zongzhi")] == [S2]
        assert [row.student for row in roster(view, category="特困")] == []


def test_merged_files_are_one_person_with_all_awards_and_payments(log: Recorded) -> None:
    log.record(entry(S1), entry(S2), submitted(S2), approved(S2), instructed(S2), paid(S2), enrolled(S2, "在读", day(3, 1)))
    size = log.size
    reason = sealed(S1)
    (merge, _) = log.record(
        (f"student/{S1}", IdentityMerged(**SAID, effective_on=day(5, 1), other=S2, reason=reason)),
        (f"student/{S2}", IdentityMergedInto(**SAID, effective_on=day(5, 1), survivor=S1)),
    )
    with log.view(day(5, 1)) as view:
        (row,) = roster(view)
    assert (row.student, len(row.awards), row.paid_fen, row.enrolment) == (S1, 1, 150_000, "在读")
    assert recognised_on(log, 5, 1, size) == [S1, S2]
    split = IdentitySplit(**SAID, effective_on=day(6, 1), other=S2, corrects=merge, reason=reason)
    log.record((f"student/{S1}", split), (f"student/{S2}", split))
    assert recognised_on(log, 5, 1) == [S1, S2]


def test_a_corrected_change_of_enrolment_was_never_true(log: Recorded) -> None:
    (first,) = log.record(enrolled(S1, "退学", day(4, 1)))
    size = log.size
    log.record(enrolled(S1, "休学", day(5, 1), corrects=first))
    with log.view(day(4, 15)) as now, log.view(day(4, 15), size) as then, log.view(day(5, 1)) as later:
        assert enrolments(now) == {}
        assert [enrolments(view)[S1].status for view in (then, later)] == ["退学", "休学"]


def test_corrected_details_come_beside_the_box_of_the_entry(log: Recorded) -> None:
    person = sealed(S1, name="synthetic")
    log.record(registered(S1), entry(S1))
    log.record((f"student/{S1}", DetailsCorrected(**SAID, effective_on=day(4, 1), corrects="x@1", fields=("name",), person=person)))
    with log.view(day(4, 1)) as view:
        assert roster(view)[0].details == (person,)


def test_a_late_fact_never_changes_what_was_known_before(log: Recorded) -> None:
    log.record(entry(S1))
    size = log.size
    with log.view(day(4, 1)) as view:
        before = roster(view)
    log.record((f"student/{S1}", CategoryEnded(**SAID, effective_on=day(3, 11), reason="error")), entry(S2, day(3, 1)))
    with log.view(day(4, 1), size) as view:
        assert roster(view) == before
    assert recognised_on(log, 4, 1) == [S2]


def test_a_students_file_is_whole_with_and_without_an_index(log: Recorded) -> None:
    log.record(registered(S1), entry(S1), entry(S2), submitted(S1), approved(S1), instructed(S1), paid(S1))
    looked_through = student_events(log.journal, S1, log.size)
    with log.view(day(3, 1)) as view:
        streams = student_streams(view, S1)
    assert student_events(log.journal, S1, streams=streams) == looked_through
    assert [event.topic for event in looked_through] == [
        "student.registered", "entry.recorded", "application.submitted", "award.approved", "payment.instructed", "payment.paid",
    ]  # fmt: skip
    assert (looked_through[0].person, looked_through[-1].effective_on) == (sealed(S1), "2020-04-15")


def test_units_plans_and_staff_are_listed(log: Recorded) -> None:
    with log.view(day(3, 1)) as view:
        assert [row.id for row in unit_rows(view)] == ["bureau", "college", "shifan", "zongzhi"]
        assert (unit_by_name(view, "synthetic shifan"), unit_by_name(view, "nowhere")) == ("shifan", None)
        assert plan_codes(view.connection) == ["fuxin-2020"]
        assert ("clerk-1", "clerk", "college", "2020-01-01", None, None) in staff_rows(view)
