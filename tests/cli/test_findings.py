"""`findings`: what the facts say against a payment, and whether the office could have known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mingzhang.domain.plan.bundled import bundled_text
from mingzhang.projections.findings import ABOUT_ACCOUNTS
from tests.cli.aid_office import Office, bank_answer, export
from tests.cli.test_diff import withdrawn_late
from tests.workbooks.made_up import number_of, write_csv

RULE = ("--rule", "paid_while_not_enrolled")
FAMILY = ("--rule", "decided_on_own_family")


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


def switched(office: Office, folder: Path, on: str, day: str, version: str = "2020.2") -> None:
    """The plan amended so that it does without the rule."""
    text = bundled_text("fuxin-2020").replace("2020.1", version, 1)
    rule = "\n[[findings]]\nrule = \"paid_while_not_enrolled\"\noff = true\nclause = \"aid\"\n\n[clauses]"
    file = folder / f"{version}.toml"
    file.write_text(text.replace("\n[clauses]", rule), encoding="utf-8")
    office.done("administrator", "plan", "amend", str(file), "--reason", "测试理由", "--on", on, day=day)


def test_a_rule_the_plan_did_without_in_time_is_named_with_its_clause_and_what_it_leaves_out(released: Office, tmp_path: Path) -> None:
    office = released
    switched(office, tmp_path, "2020-04-02", "2020-04-02")
    office.done("cashier", "payment", "reconcile", bank_answer(export(office), {}), "--batch", "B1", day="2020-04-11")
    withdrawn_late(office)
    assert office.done("inspector", "findings", *RULE, day="2020-07-02") == []
    [found] = office.done("inspector", "findings", *RULE, "--all", day="2020-07-02")
    assert (found["switched_off"], found["switched_late"]) == (True, [])
    remarks = office.do("inspector", "findings", *RULE, day="2020-07-02").text
    assert "paid_while_not_enrolled is not applied by plan fuxin-2020" in remarks and "建档立卡学生免学费" in remarks
    assert "1 finding is left out by it; --all shows it." in remarks and "Laid down later" not in remarks


def test_a_rule_switched_off_afterwards_hides_nothing_and_says_who_did_it_when_and_why(answered: Office, tmp_path: Path) -> None:
    withdrawn_late(answered)
    before = findings(answered, *RULE)
    switched(answered, tmp_path, "2020-01-02", "2020-07-01")
    [found] = answered.done("inspector", "findings", *RULE, day="2020-07-02")
    assert [found["id"]] == [one["id"] for one in before]
    assert (found["switched_off"], found["switched_late"]) == (False, ["plan/fuxin-2020@2"])
    said = answered.do("inspector", "findings", *RULE, day="2020-07-02").text
    assert "plan/fuxin-2020@2, recorded on 2020-07-01 by administrator" in said and "stays a finding (1 such)" in said
    assert "测试理由" not in said
    assert "测试理由" in answered.do("inspector", "findings", *RULE, "--with-reasons", day="2020-07-02").text
    assert answered.do("clerk", "findings", *RULE, "--with-reasons", day="2020-07-02").refused == "role_missing"


def test_findings_are_counted_gravest_first_open_and_answered(answered: Office) -> None:
    withdrawn_late(answered)
    [found] = findings(answered, *RULE)
    before = answered.done("inspector", "findings", "--totals", day="2020-06-30")
    answered.done("clerk", "finding", "answer", found["id"], "--as-referred", "--text", "测试", day="2020-07-01")
    row = {"severity": "medium", "rule": "paid_while_not_enrolled", "open": 1, "answered": 0, "amount_fen": 200000}
    row |= {"rehearsal": True}
    assert before == [row]
    assert answered.done("inspector", "findings", "--totals", day="2020-07-01") == [row | {"open": 0, "answered": 1}]
    assert answered.done("inspector", "findings", "--totals", "--open", day="2020-07-01") == []


def test_status_says_how_many_findings_there_are_and_which_rules_were_not_asked(answered: Office) -> None:
    withdrawn_late(answered)
    said = answered.done("inspector", "status", day="2020-06-30")
    rows = answered.done("inspector", "findings", "--totals", day="2020-06-30")
    assert [row | {"rehearsal": True} for row in said["findings"]] == rows != []
    assert said["findings_not_looked_at"] == []
    assert "1 open (medium 1), 0 answered; on 2020-06-30" in answered.plain("inspector", "status", day="2020-06-30")
    closed = answered.done("inspector", "--without-names", "status", day="2020-06-30")
    assert set(closed["findings_not_looked_at"]) == set(ABOUT_ACCOUNTS)


def test_a_unit_sees_what_concerns_it_and_another_does_not(answered: Office) -> None:
    withdrawn_late(answered)
    assert [row["rule"] for row in findings(answered, "--unit", "师范系")] == ["paid_while_not_enrolled"]
    assert findings(answered, "--unit", "综职系") == []
    assert len(findings(answered, "--unit", "college")) == 1
    assert answered.do("inspector", "findings", "--unit", "别处", day="2020-06-30").refused == "unit_unknown"


def test_without_a_plan_it_is_said_what_was_not_judged(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.done("administrator", "init", "--rehearsal", "--unit", "测试学校", day="2020-03-01")
    said = office.plain("administrator", "findings", day="2020-03-01")
    assert "No plan is adopted" in said and "0 findings" in said


def test_an_answer_to_what_the_facts_no_longer_show_can_still_be_read(answered: Office) -> None:
    withdrawn_late(answered)
    [found] = findings(answered, *RULE)
    answered.done("clerk", "finding", "answer", found["id"], "--as-explained", "--text", "测试", day="2020-07-01")
    head = ["姓名", "身份证号", "异动类型", "发生日期", "登记日期"]
    back = write_csv(answered.folder / "back.csv", [head, ["测试1", number_of(1), "复学", "2020-04-09", "2020-07-02"]])
    answered.done("clerk", "student", "import", back, day="2020-07-02")
    said = answered.do("inspector", "finding", "show", found["id"], day="2020-07-03")
    assert (said.refused, said.document["context"]["answered_on"]) == ("audit_finding_gone", "2020-07-01")
    words = said.document["next"].split("`")[1].split()[1:]
    shown = answered.done("inspector", *words, day="2020-07-03")
    assert (shown["id"], [one["kind"] for one in shown["answers"]]) == (found["id"], ["explained"])


def test_an_answer_stays_with_its_finding_when_the_student_s_file_is_merged(answered: Office) -> None:
    first, other = answered.student(1), answered.student(4)
    answered.done("approver", "staff", "declare", "approver", first, day="2020-06-29")
    [found] = findings(answered, *FAMILY)
    answered.done("clerk", "finding", "answer", found["id"], "--as-referred", "--text", "测试", day="2020-07-01")
    answered.done("clerk", "student", "merge", other, first, "--reason", "测试", day="2020-07-02")
    [after] = answered.done("inspector", "findings", *FAMILY, day="2020-07-03")
    assert (after["subject"], after["also"], after["state"]) == (other, [found["id"]], "answered")
    again = answered.done("clerk", "finding", "answer", found["id"], "--as-corrected", "--text", "测试", day="2020-07-03")
    assert again["id"] == after["id"]
    shown = answered.done("inspector", "finding", "show", found["id"], day="2020-07-04")
    assert [one["kind"] for one in shown["answers"]] == ["referred", "corrected"]


def test_an_amendment_recorded_late_is_named_and_how_to_judge_without_it(answered: Office, tmp_path: Path) -> None:
    file = tmp_path / "later.toml"
    file.write_text(bundled_text("fuxin-2020").replace("2020.1", "2020.2", 1), encoding="utf-8")
    answered.done("administrator", "plan", "amend", str(file), "--reason", "测试", "--on", "2020-01-02", day="2020-07-01")
    said = answered.plain("inspector", "findings", day="2020-07-02").replace("\n", " ")
    assert "plan/fuxin-2020@2 decides from 2020-01-02 on and was recorded on 2020-07-01 by administrator" in said
    size = said.partition("--known-at ")[2].split("`")[0]
    assert "recorded on 2020-07-01" not in answered.plain("inspector", "findings", "--known-at", size, day="2020-07-02")


def test_what_concerns_no_unit_is_counted_apart_and_answered_by_those_over_the_plan(answered: Office, tmp_path: Path) -> None:
    stacks = '\nstacks_with = ["tuition-waiver"]\n'
    text = bundled_text("fuxin-2020").replace("2020.1", "2020.2", 1)
    file = tmp_path / "pays.toml"
    file.write_text(text.replace(stacks, f"{stacks}payment = {{ days_after_arrival = 10 }}\n", 1), encoding="utf-8")
    answered.done("administrator", "plan", "amend", str(file), "--reason", "测试", "--on", "2020-01-02", day="2020-07-01")
    [held] = answered.done("inspector", "findings", "--rule", "money_held_too_long", day="2020-07-02")
    assert held["subject"] == "F1"
    said = answered.do("inspector", "findings", "--rule", "money_held_too_long", "--unit", "college", day="2020-07-02")
    assert said.document == [] and "1 more finding is about no unit" in said.text
    answered.done("administrator", "staff", "appoint", "away", "--role", "clerk", "--unit", "shifan", day="2020-07-02")
    words = ("finding", "answer", held["id"], "--as-explained", "--text", "测试")
    assert answered.do("away", *words, day="2020-07-02").refused == "unit_not_covered"
    assert answered.done("clerk", *words, day="2020-07-02")["state"] == "answered"
