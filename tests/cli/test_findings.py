"""`findings`: what the facts say against a payment, and whether the office could have known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mingzhang.domain.plan.bundled import bundled_text
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


def test_an_answer_is_sealed_and_the_finding_stays_as_answered(answered: Office) -> None:
    withdrawn_late(answered)
    [found] = findings(answered, *RULE)
    assert (found["state"], found["answer_kind"]) == ("open", None)
    words = ("finding", "answer", found["id"], "--as-explained", "--text", "测试说明")
    said = answered.done("clerk", *words, day="2020-07-01")
    assert (said["id"], said["state"], said["answer_kind"], said["answered_by"]) == (found["id"], "answered", "explained", "clerk")
    [after] = answered.done("inspector", "findings", *RULE, day="2020-07-02")
    assert (after["state"], after["answered_on"]) == ("answered", "2020-07-01")
    assert answered.done("inspector", "findings", *RULE, "--open", day="2020-07-02") == []
    shown = answered.done("inspector", "finding", "show", found["id"], day="2020-07-02")
    assert [(one["kind"], "text" in one) for one in shown["answers"]] == [("explained", False)]
    [told] = answered.done("inspector", "finding", "show", found["id"], "--reveal", day="2020-07-02")["answers"]
    assert told["text"] == "测试说明"


def test_a_finding_is_answered_in_exactly_one_way(answered: Office) -> None:
    withdrawn_late(answered)
    [found] = findings(answered, *RULE)
    assert answered.do("clerk", "finding", "answer", found["id"], "--text", "测试", day="2020-07-01").code == 2


def test_what_is_not_found_cannot_be_answered(answered: Office) -> None:
    said = answered.do("clerk", "finding", "answer", "finding-222222222222", "--as-referred", "--text", "测试", day="2020-07-01")
    assert said.refused == "audit_finding_unknown"


def test_nobody_answers_for_their_own_family_s_award(answered: Office) -> None:
    ref = answered.student(1)
    answered.done("approver", "staff", "declare", "approver", ref, day="2020-06-29")
    [found] = findings(answered, "--rule", "decided_on_own_family")
    words = ("finding", "answer", found["id"], "--as-explained", "--text", "测试")
    assert answered.do("approver", *words, day="2020-07-01").refused == "answers_for_oneself"
    assert answered.done("clerk", *words, day="2020-07-01")["state"] == "answered"


def test_a_rule_the_plan_does_without_is_named_with_its_clause(answered: Office, tmp_path: Path) -> None:
    withdrawn_late(answered)
    text = bundled_text("fuxin-2020").replace("2020.1", "2020.2", 1)
    switched = "\n[[findings]]\nrule = \"paid_while_not_enrolled\"\noff = true\nclause = \"aid\"\n\n[clauses]"
    file = tmp_path / "plan.toml"
    file.write_text(text.replace("\n[clauses]", switched), encoding="utf-8")
    answered.done("administrator", "plan", "amend", str(file), "--reason", "测试", "--on", "2020-01-02", day="2020-07-01")
    assert answered.done("inspector", "findings", *RULE, day="2020-07-02") == []
    [found] = answered.done("inspector", "findings", *RULE, "--all", day="2020-07-02")
    assert found["switched_off"] is True
    remarks = answered.do("inspector", "findings", *RULE, day="2020-07-02").text
    assert "paid_while_not_enrolled is not applied by plan fuxin-2020" in remarks and "建档立卡学生免学费" in remarks
