"""The audit finds what was planted in plan S0's year, rule by rule, student by student, row by row: nothing missed, nothing invented."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.audit.conftest import Audited, place
from tests.stories.fuxin_2020 import AUDIT, TERMS, TRUTH

ONE_BY_ONE = ("account_belongs_to_staff", "account_name_not_student", "duplicate_identity", "eligible_but_unpaid", "paid_but_not_on_list")
PLANTED = sorted(AUDIT["counts"])


def of_term(rows: list[dict[str, Any]], term: str) -> list[dict[str, Any]]:
    period = TRUTH["rounds"][term]["round"]
    return [row for row in rows if (row["payment"].split("/")[3] if row["payment"] else row["period"]) == period]


def prevented(audited: Audited, rule: str, term: str) -> list[dict[str, Any]]:
    """The truth's cases that the ledger knew of when the batch was prepared, and therefore left out of it."""
    return [row for row in audited.truth(rule, term) if row.get("known_at_payment")]


@pytest.mark.parametrize("term", TERMS)
@pytest.mark.parametrize("rule", ONE_BY_ONE)
def test_each_planted_student_is_found_with_the_amount_and_nobody_else(audited: Audited, rule: str, term: str) -> None:
    found = {(row["subject"], row["amount_fen"]) for row in of_term(audited.by(rule), term)}
    assert found == {(audited.ref(row["id"]), row["amount_fen"]) for row in audited.truth(rule, term)}
    assert len(of_term(audited.by(rule), term)) == len(audited.truth(rule, term))


@pytest.mark.parametrize("term", TERMS)
def test_money_paid_to_somebody_gone_is_found_or_was_prevented(audited: Audited, term: str) -> None:
    rule = "paid_while_not_enrolled"
    known = {audited.ref(row["id"]) for row in prevented(audited, rule, term)}
    found = {
        (row["subject"], row["amount_fen"], row["status"], row["effective_on"], row["known_at_payment"])
        for row in of_term(audited.by(rule), term)
    }
    names = ("amount_fen", "status", "effective_on", "known_at_payment")
    learned_late = [row for row in audited.truth(rule, term) if not row["known_at_payment"]]
    assert found == {(audited.ref(row["id"]), *(row[name] for name in names)) for row in learned_late}
    excluded = {row["student"] for row in audited.year.prepared[term]["excluded"] if row["code"] == rule}
    assert excluded == known


@pytest.mark.parametrize("term", TERMS)
def test_each_shared_account_is_found_once_with_everybody_who_shares_it(audited: Audited, term: str) -> None:
    rule = "account_shared_by_several_students"
    found = {(frozenset(row["students"]), row["amount_fen"]) for row in of_term(audited.by(rule), term)}
    wanted = {
        (frozenset(audited.ref(student["id"]) for student in row["students"]), row["amount_fen"]) for row in audited.truth(rule, term)
    }
    assert found == wanted
    assert len(of_term(audited.by(rule), term)) == len(wanted)


def test_nothing_else_is_found(audited: Audited) -> None:
    found = Counter(row["rule"] for row in audited.found)
    truth = Counter(row["rule"] for row in AUDIT["findings"])
    truth["paid_while_not_enrolled"] -= sum(len(prevented(audited, "paid_while_not_enrolled", term)) for term in TERMS)
    assert found == truth


@pytest.mark.parametrize("term", TERMS)
@pytest.mark.parametrize("rule", PLANTED)
def test_a_finding_cites_the_rows_that_show_it(audited: Audited, rule: str, term: str) -> None:
    shown = {row["subject"]: audited.rows(row) for row in of_term(audited.by(rule), term)}
    for row in audited.truth(rule, term):
        if row.get("known_at_payment"):
            continue
        cited = shown.get(audited.ref(row["id"])) if "id" in row else _cited_by_several(audited, shown, row)
        assert cited is not None
        wanted = {place(one) for one in row["evidence"]}
        if rule == "duplicate_identity":  # the second row was not recorded as a fact of its own: the import names it
            told = next(one for one in of_term(audited.by(rule), term) if one["subject"] == audited.ref(row["id"]))
            cited = {(one["file"], one["row"]) for one in told["rows"]}
        assert wanted & cited
        assert rule in ("paid_while_not_enrolled",) or wanted <= cited


def _cited_by_several(audited: Audited, shown: dict[str, set[tuple[str, int]]], row: dict[str, Any]) -> set[tuple[str, int]] | None:
    students = {audited.ref(one["id"]) for one in row["students"]}
    return next((cited for subject, cited in shown.items() if subject in students), None)


@pytest.mark.parametrize("term", TERMS)
def test_whoever_was_missed_is_told_the_row_that_was_refused(audited: Audited, term: str) -> None:
    def told(row: dict[str, Any] | None) -> tuple[str, int, str] | None:
        return None if row is None else (*place(row), row["code"])

    rule = "eligible_but_unpaid"
    found = {row["subject"]: (told(row["refused_row"]), sorted(row["categories"])) for row in of_term(audited.by(rule), term)}
    truth = audited.truth(rule, term)
    assert found == {audited.ref(row["id"]): (told(row["refused_row"]), sorted(row["categories"])) for row in truth}


@pytest.mark.parametrize("term", TERMS)
def test_the_category_without_its_list_is_named(audited: Audited, term: str) -> None:
    found = {(row["subject"], row["category"]) for row in of_term(audited.by("paid_but_not_on_list"), term)}
    assert found == {(audited.ref(row["id"]), row["category"]) for row in audited.truth("paid_but_not_on_list", term)}


def test_a_list_that_came_after_the_payment_could_not_be_known(audited: Audited) -> None:
    assert {row["known_at_payment"] for row in audited.by("paid_but_not_on_list")} == {False}


def test_no_sentence_names_anybody(audited: Audited) -> None:
    numbers = {row["id"] for term in TERMS for row in TRUTH["rounds"][term]["recorded"]}
    names = {row["name"] for term in TERMS for row in TRUTH["rounds"][term]["recorded"] if len(row["name"]) > 2}
    said = " ".join(row["message"] for row in audited.found)
    assert not [one for one in names | numbers if one in said]


def test_every_finding_has_a_number_of_its_own(audited: Audited) -> None:
    assert len({row["id"] for row in audited.found}) == len(audited.found)


@pytest.mark.parametrize("term", TERMS)
def test_each_change_of_enrolment_was_registered_on_the_day_of_the_truth(audited: Audited, term: str) -> None:
    """Found ones cite it; for those that were prevented it stands in the student's file."""
    rule, names = "paid_while_not_enrolled", ("status", "effective_on", "registered_on")
    cited = {row["subject"]: row["events"][1] for row in of_term(audited.by(rule), term)}
    for row in audited.truth(rule, term):
        ref = audited.ref(row["id"])
        facts = audited.enrolments(ref)
        [event] = [event for event, said in facts.items() if all(said.get(name) == row[name] for name in names)]
        assert row["known_at_payment"] or cited[ref] == event


@pytest.mark.parametrize("term", TERMS)
def test_who_was_registered_as_gone_by_the_day_of_payment_was_left_out_and_who_later_is_found(audited: Audited, term: str) -> None:
    """The day on which the change was registered decides, and money went out on the truth's day."""
    rule, paid_on = "paid_while_not_enrolled", AUDIT["pay_dates"][term]
    found = of_term(audited.by(rule), term)
    registered = [audited.enrolments(row["subject"])[row["events"][1]]["registered_on"] for row in found]
    assert found and {row["paid_on"] for row in found} == {paid_on} and min(registered) > paid_on
    for row in audited.truth(rule, term):
        left_out = audited.ref(row["id"]) not in {one["subject"] for one in found}
        assert left_out is row["known_at_payment"] is (row["registered_on"] <= paid_on)
