"""`findings`: what the facts say against a payment, and whether the office could have known."""

from __future__ import annotations

from typing import Any

from tests.cli.aid_office import Office
from tests.cli.test_diff import withdrawn_late

RULE = ("--rule", "paid_while_not_enrolled")


def findings(office: Office, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.done("inspector", "findings", *words, day="2020-06-30")
    return found


def test_a_payment_to_somebody_who_had_left_is_found(answered: Office) -> None:
    withdrawn_late(answered)
    [found] = findings(answered, *RULE)
    ref = answered.student(1)
    assert {name: found[name] for name in ("rule", "subject", "amount_fen", "known_at_payment", "severity")} == {
        "rule": "paid_while_not_enrolled",
        "subject": ref,
        "amount_fen": 200000,
        "known_at_payment": False,
        "severity": "medium",
    }
    assert [event.partition("/")[0] for event in found["events"]] == ["payment", "student"]
    assert "2020-04-08" in found["message"] and "测试" not in found["message"]


def test_it_is_not_found_by_what_was_known_before(answered: Office) -> None:
    withdrawn_late(answered)
    assert findings(answered, *RULE, "--known-at", "2020-05-19") == []


def test_money_paid_by_the_rules_has_a_complete_trail(answered: Office) -> None:
    assert findings(answered, "--rule", "paid_without_complete_trail") == []
    assert findings(answered) == []


def test_an_unknown_rule_is_refused_with_those_there_are(answered: Office) -> None:
    said = answered.do("inspector", "findings", "--rule", "paid_too_little", day="2020-06-30")
    assert said.refused == "rule_unknown"
    assert "paid_while_not_enrolled" in said.document["context"]["rules"]


def test_family_declared_after_the_payment_is_found_with_every_decision(answered: Office) -> None:
    ref = answered.student(1)
    before = findings(answered, "--rule", "decided_on_own_family")
    answered.done("approver", "staff", "declare", "approver", ref, day="2020-06-29")
    [found] = findings(answered, "--rule", "decided_on_own_family")
    assert before == []
    assert (found["subject"], found["staff"], found["known_at_payment"], found["severity"]) == (ref, "approver", False, "medium")
    assert [event.partition("/")[0] for event in found["events"]] == ["staff", "application"]
    assert found["declared_on"] == "2020-06-29" and "2020-06-29" in found["message"] and "approval" in found["message"]
    assert findings(answered, "--rule", "decided_on_own_family", "--known-at", "2020-06-28") == []
    assert findings(answered, "--rule", "same_person_decided_twice") == []
