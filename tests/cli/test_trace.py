"""`trace`: recorded references lead from the bank's line to the survey row and the clause, and nothing is guessed."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner

from mingzhang.cli.app import cli
from mingzhang.cli.width import columns
from tests.cli.aid_office import ACCOUNTS, Office

PAYMENT = "fuxin-2020.grant/{}/2020-spring/1"


def payment(office: Office, person: int) -> str:
    return PAYMENT.format(office.student(person))


def trace(office: Office, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = office.done("inspector", "trace", *words, day="2020-06-30")
    return found


def told(office: Office, *words: str, lang: str = "zh", width: str = "100") -> str:
    result = CliRunner().invoke(cli, ["--ledger", str(office.ledger), "--lang", lang, *words], env={"COLUMNS": width})
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_paid_payment_leads_back_to_file_row_and_clause(answered: Office) -> None:
    trail = trace(answered, payment(answered, 1))
    assert (trail["payment"], trail["complete"], trail["gaps"]) == (f"payment/{payment(answered, 1)}", True, [])
    by_topic = {step["topic"]: step for step in trail["steps"]}
    entry, award, paid = by_topic["entry.recorded"], by_topic["award.approved"], by_topic["payment.paid"]
    assert (entry["source"]["file"], entry["source"]["row"]) == ("survey.csv", 2)
    assert (award["acting_as"]["role"], award["acting_as"]["unit"]) == ("approver", "bureau")
    assert award["facts"]["clause_text"].startswith("建档立卡学生免学费")
    assert paid["effective_on"] == "2020-04-10" and paid["recorded_at"].startswith("2020-04-11T")


def test_every_step_has_the_fields_other_programs_rely_on(answered: Office) -> None:
    steps = trace(answered, payment(answered, 1))["steps"]
    wanted = {"event", "leaf", "topic", "effective_on", "recorded_at", "actor", "acting_as", "summary", "because", "source"}
    assert all(wanted <= set(step) for step in steps)
    leaves = [step["leaf"] for step in steps]
    assert leaves == sorted(leaves, reverse=True)
    assert all(step["summary"] != step["topic"] for step in steps)


def test_as_known_before_the_bank_answered_it_is_not_paid_yet(answered: Office) -> None:
    topics = {step["topic"] for step in trace(answered, payment(answered, 1), "--known-at", "2020-04-05")["steps"]}
    assert "batch.released" not in topics and "payment.instructed" in topics and "payment.paid" not in topics


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_story_fits_the_screen_and_shows_no_name(answered: Office, lang: str) -> None:
    story = told(answered, "trace", payment(answered, 1), lang=lang)
    assert max(map(columns, story.splitlines())) <= 100
    assert "survey.csv" in story and "建档立卡学生免学费" in story
    assert "测试1" not in story and "测**" in story
    assert story.count("测试资金") == 1


def test_a_student_with_one_payment_is_traced_at_once(answered: Office) -> None:
    assert trace(answered, "--student", answered.student(1))["payment"].endswith(payment(answered, 1))


def test_a_payment_is_found_by_its_account(answered: Office) -> None:
    assert trace(answered, "--account", ACCOUNTS[3])["payment"].endswith(payment(answered, 3))


def test_a_payment_is_found_by_the_banks_number(answered: Office) -> None:
    paid = next(step for step in trace(answered, payment(answered, 1))["steps"] if step["topic"] == "payment.paid")
    assert trace(answered, "--bank-ref", paid["facts"]["bank_ref"])["payment"].endswith(payment(answered, 1))


def test_several_payments_are_listed_for_people_and_all_traced_for_programs(answered: Office) -> None:
    waiver = ("--scheme", "tuition-waiver", "--period", "2020-spring")
    ref = answered.student(1)
    case = f"fuxin-2020.tuition-waiver/{ref}/2020-spring"
    answered.done("applicant-clerk", "application", "submit", *waiver, day="2020-05-01")
    answered.done("reviewer", "application", "review", case, day="2020-05-02")
    answered.done("approver", "award", "approve", case, "--amount", "1100", day="2020-05-03")
    assert len(trace(answered, "--student", ref)["payments"]) == 2
    listed = told(answered, "trace", "--student", ref)
    assert "mingzhang trace fuxin-2020." in listed and listed.count(ref) == 3


def test_an_unknown_payment_and_an_unknown_account_are_refused(answered: Office) -> None:
    unknown = answered.do("inspector", "trace", PAYMENT.format("s-0000000000"), day="2020-06-30")
    assert unknown.refused == "payment_unknown"
    assert answered.do("inspector", "trace", "--account", "6299000000000999", day="2020-06-30").refused == "payment_not_found"


def test_two_ways_of_naming_the_payment_are_too_many(answered: Office) -> None:
    said = answered.do("inspector", "trace", "x", "--account", "6299000000000999", day="2020-06-30")
    assert (said.code, said.refused) == (2, "usage")
