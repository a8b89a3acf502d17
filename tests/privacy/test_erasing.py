"""Who may be erased, and when: not while the law keeps the records, a court holds them, or money is on its way."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzhang.domain.money.banking import RaiseClawback
from mingzhang.domain.privacy.erasing import LIST, ErasePerson
from mingzhang.domain.privacy.facts import PersonsErased, PersonsRestricted, RemovedFile
from mingzhang.domain.privacy.person import Person
from mingzhang.domain.privacy.restricting import HoldPerson, ReleasePerson, RestrictPerson, UnrestrictPerson
from mingzhang.domain.privacy.retention import Retention, SetRetention, class_of, record_class
from mingzhang.domain.student.commands import MergeIdentities
from mingzhang.domain.student.facts import PersonErased, PersonRestricted
from mingzhang.domain.student.student import Student
from tests.college import S1, S2, SPRING, answer, approved, case, line, opened, paid, payment, registered, sent
from tests.given import By, Given, by, given, sealed

OFFICER = "privacy-officer-1"
WHY = sealed("t-0000000001", text="synthetic")
HELPER = "p-0000000001"
LATER = date(2021, 1, 1)
CLASSES = ("vouchers", "bank-statements", "aid-files", "student-files", "loan-files", "help-records", "office-records")
KEPT_NO_LONGER = [by(OFFICER, SetRetention(record_class=one, years=0, basis="synthetic"), date(2020, 6, 1)) for one in CLASSES]
AS_THE_LAW_SAYS = [one for one in KEPT_NO_LONGER if one.command != SetRetention(record_class="vouchers", years=0, basis="synthetic")]
"""The office has decided about all classes but the one of which the law speaks."""
OF_S1 = (f"student/{S1}", f"entry/{SPRING}/{S1}", case(S1), payment(S1))


def erase(person: str = S1, **more: Any) -> ErasePerson:
    fields: dict[str, Any] = {"person": person, "reason": WHY, "streams_of": OF_S1 if person == S1 else (f"student/{person}",)}
    return ErasePerson(**fields | more)


def on_file(*more: By) -> Given:
    """A student of whom only the register speaks, and nothing is kept longer than its year."""
    return given(opened(), registered(), registered(S2), *KEPT_NO_LONGER, *more)


def test_the_list_and_every_file_of_the_person_say_so() -> None:
    files = (RemovedFile(path="exports/B1.csv", sha256="0" * 64),)
    known = on_file(by("clerk-1", MergeIdentities(student=S1, other=S2, reason=WHY), date(2020, 6, 2)))
    outcome = known.when(erase(basis="synthetic clause", files=files), actor=OFFICER, at=LATER)
    common: dict[str, Any] = {"actor": OFFICER, "effective_on": LATER}
    listed = outcome.only(PersonsErased)
    assert (listed.persons, listed.files, listed.basis) == ((S1, S2), files, "synthetic clause")
    own = PersonErased(**common, because=(f"{LIST}@1",), reason="requested")
    assert [(one.originator_id, one.fact) for one in outcome.recorded[1:]] == [(f"student/{S1}", own), (f"student/{S2}", own)]
    assert all(outcome.state(Student, ref).erased for ref in (S1, S2))


def test_a_merged_person_is_erased_whole_by_whichever_reference() -> None:
    known = on_file(by("clerk-1", MergeIdentities(student=S1, other=S2, reason=WHY), date(2020, 6, 2)))
    outcome = known.when(erase(S2), actor=OFFICER, at=LATER)
    assert set(outcome.only(PersonsErased).persons) == {S1, S2}


def test_somebody_who_is_no_student_is_erased_in_a_stream_of_their_own() -> None:
    outcome = given(opened(), *KEPT_NO_LONGER).when(erase(HELPER, streams_of=()), actor=OFFICER, at=LATER)
    assert outcome.topics() == ["privacy.persons_erased", "student.person_erased"]
    assert outcome.state(Person, HELPER).standing.erased


def test_nobody_is_erased_twice() -> None:
    on_file(by(OFFICER, erase(), LATER)).when(erase(), actor=OFFICER, at=LATER).refused("person_erased", student=S1)


@pytest.mark.parametrize("actor", ["administrator-1", "clerk-1", "inspector-1"])
def test_only_a_privacy_officer_erases(actor: str) -> None:
    on_file().when(erase(), actor=actor, at=LATER).refused("role_missing")


@pytest.mark.parametrize(
    ("until", "on", "held"),
    [
        (date(2021, 6, 1), date(2021, 5, 31), True),
        (date(2021, 6, 1), date(2021, 6, 1), False),
    ],
)
def test_a_hold_forbids_erasing_until_its_day(until: date, on: date, held: bool) -> None:
    known = on_file(by(OFFICER, HoldPerson(person=S1, reason=WHY, until=until), date(2020, 7, 1)))
    outcome = known.when(erase(), actor=OFFICER, at=on)
    outcome.refused("legal_hold", student=S1, until=until.isoformat()) if held else outcome.accepted()


def test_a_hold_without_a_day_forbids_erasing_until_it_is_released() -> None:
    known = on_file(by(OFFICER, HoldPerson(person=S1, reason=WHY), date(2020, 7, 1)))
    known.when(erase(), actor=OFFICER, at=date(2051, 1, 1)).refused("legal_hold", student=S1, until="open")


def test_a_hold_that_was_released_forbids_nothing() -> None:
    hold = by(OFFICER, HoldPerson(person=S1, reason=WHY), date(2020, 7, 1))
    known = on_file(hold, by(OFFICER, ReleasePerson(person=S1, reason=WHY), date(2020, 8, 1)))
    known.when(erase(), actor=OFFICER, at=LATER).accepted()


def test_a_hold_on_one_file_holds_the_whole_person() -> None:
    merge = by("clerk-1", MergeIdentities(student=S1, other=S2, reason=WHY), date(2020, 6, 2))
    hold = by(OFFICER, HoldPerson(person=S2, reason=WHY), date(2020, 6, 1))
    known = given(opened(), registered(S1), registered(S2), *KEPT_NO_LONGER, hold, merge)
    known.when(erase(), actor=OFFICER, at=LATER).refused("legal_hold", student=S2, until="open")


def test_a_hold_that_would_be_over_is_none() -> None:
    hold = HoldPerson(person=S1, reason=WHY, until=date(2020, 7, 1))
    on_file().when(hold, actor=OFFICER, at=date(2020, 7, 1)).refused("hold_over_already", until="2020-07-01")


# How long records are kept


def test_a_class_without_years_is_for_the_office_to_decide_first() -> None:
    given(opened(), registered()).when(erase(), actor=OFFICER, at=LATER).refused("retention_unset", student=S1, classes=["student-files"])


@pytest.mark.parametrize(("on", "free"), [(date(2020, 12, 31), False), (date(2021, 1, 1), True)])
def test_records_of_a_year_are_kept_to_its_end_at_the_least(on: date, free: bool) -> None:
    outcome = on_file().when(erase(), actor=OFFICER, at=on)
    outcome.accepted() if free else outcome.refused("retention_running", student=S1, until="2021-01-01", record_class="student-files")


def test_the_vouchers_of_a_payment_are_kept_for_thirty_years() -> None:
    known = given(paid(S1), AS_THE_LAW_SAYS)
    known.when(erase(), actor=OFFICER, at=LATER).refused("retention_running", until="2051-01-01", record_class="vouchers")
    known.when(erase(), actor=OFFICER, at=date(2051, 1, 1)).accepted()


@pytest.mark.parametrize(
    ("topic", "code"),
    [
        ("payment.paid", "vouchers"),
        ("payment.failed", "bank-statements"),
        ("payment.waiver_granted", "aid-files"),
        ("award.approved", "aid-files"),
        ("student.registered", "student-files"),
        ("loan.applied", "loan-files"),
        ("contact.recorded", "help-records"),
        ("staff.known", "office-records"),
        ("student.person_restricted", None),
        ("disclosure.revealed", None),
    ],
)
def test_the_longest_beginning_of_a_topic_says_its_class(topic: str, code: str | None) -> None:
    assert class_of(topic) == code


@pytest.mark.parametrize(
    ("counted_from", "last", "years", "free"),
    [
        ("year_end", date(2020, 1, 1), 30, date(2051, 1, 1)),
        ("year_end", date(2020, 12, 31), 30, date(2051, 1, 1)),
        ("year_end", date(2020, 12, 31), 0, date(2021, 1, 1)),
        ("fact", date(2020, 2, 29), 10, date(2030, 3, 1)),
        ("fact", date(2020, 4, 15), 10, date(2030, 4, 15)),
    ],
)
def test_years_are_counted_from_the_end_of_the_year_or_from_the_day(counted_from: Any, last: date, years: int, free: date) -> None:
    assert record_class("vouchers").model_copy(update={"counted_from": counted_from}).free_from(last, years) == free


def test_the_decision_of_the_day_counts_and_the_law_before_it() -> None:
    def setting(years: int, on: date, at: date) -> By:
        return by(OFFICER, SetRetention(record_class="vouchers", years=years, basis="synthetic", on=on), at)

    known = given(opened(), setting(20, date(2020, 6, 1), date(2020, 6, 1)), setting(25, date(2020, 9, 1), date(2020, 9, 1)))
    state = known.store.state(Retention, "vouchers")
    found = [state.on(day) for day in (date(2020, 5, 31), date(2020, 6, 1), date(2020, 9, 1))]
    assert [one.years for one in found if one is not None] == [30, 20, 25]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"record_class": "diaries"}, "retention_class_unknown"),
        ({"years": 101}, "retention_years_unusable"),
        ({"basis": " "}, "retention_basis_missing"),
        ({"on": date(2020, 7, 2)}, "effective_in_future"),
    ],
)
def test_a_decision_names_a_class_its_years_and_its_clause(more: dict[str, Any], code: str) -> None:
    fields: dict[str, Any] = {"record_class": "vouchers", "years": 10, "basis": "synthetic"}
    command = SetRetention(**fields | more)
    given(opened()).when(command, actor=OFFICER, at=date(2020, 7, 1)).refused(code)


# Open business


def test_an_award_that_has_not_been_paid_is_open() -> None:
    given(opened(), approved(), *KEPT_NO_LONGER).when(erase(), actor=OFFICER, at=LATER).refused("erasure_open_business", open=[case(S1)])


def test_a_payment_on_its_way_is_open_and_so_is_its_batch() -> None:
    known = given(sent(S1), *KEPT_NO_LONGER)
    known.when(erase(), actor=OFFICER, at=LATER).refused("erasure_open_business", student=S1, open=["batch/b1", payment(S1)])


def test_a_batch_stays_open_while_the_bank_has_yet_to_answer_about_others() -> None:
    half = by("cashier-1", answer(line(1), partial=True), date(2020, 4, 16))
    known = given(sent(S1, S2), half, *KEPT_NO_LONGER)
    known.when(erase(), actor=OFFICER, at=LATER).refused("erasure_open_business", open=["batch/b1"])


def test_money_asked_back_is_open() -> None:
    back = by("approver-1", RaiseClawback(payment=payment(S1), amount_fen=5, reason=WHY), date(2020, 5, 1))
    given(paid(S1), back, *KEPT_NO_LONGER).when(erase(), actor=OFFICER, at=LATER).refused("erasure_open_business", open=[payment(S1)])


def test_a_paid_student_is_erased_when_everything_is_over() -> None:
    given(paid(S1), *KEPT_NO_LONGER).when(erase(), actor=OFFICER, at=LATER).accepted()


# Kept, but not shown


def test_who_cannot_be_erased_yet_is_restricted_to_the_end_of_the_longest_period() -> None:
    outcome = given(paid(S1), AS_THE_LAW_SAYS).when(RestrictPerson(person=S1, reason=WHY, streams_of=OF_S1), actor=OFFICER, at=LATER)
    assert outcome.only(PersonRestricted).until == date(2051, 1, 1)
    assert outcome.only(PersonsRestricted).persons == (S1,)


def test_a_restriction_is_lifted_once() -> None:
    restrict = by(OFFICER, RestrictPerson(person=S1, reason=WHY, until=LATER), date(2020, 7, 1))
    lift = UnrestrictPerson(person=S1, reason=WHY)
    known = on_file(restrict, by(OFFICER, lift, date(2020, 7, 2)))
    known.when(lift, actor=OFFICER, at=date(2020, 7, 3)).refused("person_not_restricted", student=S1)
    assert not known.store.state(Student, S1).restricted


def test_somebody_restricted_may_be_erased() -> None:
    restrict = by(OFFICER, RestrictPerson(person=S1, reason=WHY, until=LATER), date(2020, 7, 1))
    on_file(restrict).when(erase(), actor=OFFICER, at=LATER).accepted()
