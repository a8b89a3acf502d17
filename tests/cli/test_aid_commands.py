"""`application`, `award`, `objection`: bulk runs do what can be done and name the rest; a single case answers for itself."""

from __future__ import annotations

from pathlib import Path

from tests.cli.aid_office import SPRING, Office

WAIVER = ("--scheme", "tuition-waiver", "--period", "2020-spring")


def case(office: Office, person: int, scheme: str = "fuxin-2020.grant") -> str:
    return f"application/{scheme}/{office.student(person)}/2020-spring"


def test_a_bulk_application_is_submitted_for_everybody_surveyed(surveyed: Office) -> None:
    said = surveyed.done("applicant-clerk", "application", "submit", *SPRING, day="2020-03-16")
    assert (said["done"], said["refused"]) == (4, [])


def test_a_second_bulk_application_finds_nothing_left_to_do(surveyed: Office) -> None:
    surveyed.done("applicant-clerk", "application", "submit", *SPRING, day="2020-03-16")
    again = surveyed.done("applicant-clerk", "application", "submit", *SPRING, day="2020-03-16")
    assert (again["done"], again["refused"], again["already_applied"]) == (0, [], 4)


def test_a_bulk_application_counts_whom_the_scheme_does_not_cover(surveyed: Office) -> None:
    said = surveyed.done("applicant-clerk", "application", "submit", *WAIVER, day="2020-03-16")
    assert (said["done"], said["not_eligible"], said["refused"]) == (2, 2, [])


def test_a_named_student_whom_the_scheme_does_not_cover_is_refused(surveyed: Office) -> None:
    student = surveyed.student(2)
    said = surveyed.do("applicant-clerk", "application", "submit", *WAIVER, student, day="2020-06-30")
    assert (said.code, said.refused) == (1, "category_not_covered")


def test_several_named_students_are_answered_one_by_one(surveyed: Office) -> None:
    one, two = surveyed.student(1), surveyed.student(2)
    said = surveyed.do("applicant-clerk", "application", "submit", *WAIVER, one, two, day="2020-06-30")
    assert said.code == 3
    assert said.document["done"] == 1
    assert [(r["application"], r["code"]) for r in said.document["refused"]] == [
        (f"application/fuxin-2020.tuition-waiver/{two}/2020-spring", "category_not_covered")
    ]


def test_only_the_unit_asked_for_applies(surveyed: Office) -> None:
    said = surveyed.done("applicant-clerk", "application", "submit", *SPRING, "--unit", "师范系", day="2020-03-16")
    assert said["done"] == 2


def test_a_period_of_another_kind_is_refused_and_not_taken_for_an_empty_one(surveyed: Office) -> None:
    said = surveyed.do("applicant-clerk", "application", "submit", "--scheme", "grant", "--period", "2020", day="2020-03-16")
    assert (said.code, said.refused) == (1, "period_kind_differs")


def test_a_wrong_role_is_said_once_and_not_for_every_case(surveyed: Office) -> None:
    surveyed.done("applicant-clerk", "application", "submit", *SPRING, day="2020-03-16")
    said = surveyed.do("surveyor", "application", "review", *SPRING, day="2020-03-17")
    assert (said.code, said.refused) == (1, "role_missing")


def test_awards_without_their_review_are_named_with_the_reason(surveyed: Office) -> None:
    surveyed.done("applicant-clerk", "application", "submit", *SPRING, day="2020-03-16")
    surveyed.done("reviewer", "application", "review", *SPRING, "--unit", "师范系", day="2020-03-17")
    said = surveyed.do("approver", "award", "approve", *SPRING, day="2020-03-18")
    assert (said.code, said.document["done"]) == (3, 2)
    assert {refused["code"] for refused in said.document["refused"]} == {"review_missing"}


def test_a_file_of_references_names_the_cases(surveyed: Office, tmp_path: Path) -> None:
    surveyed.done("applicant-clerk", "application", "submit", *SPRING, day="2020-03-16")
    references = tmp_path / "references.txt"
    references.write_text(f"# two of them\n{case(surveyed, 1)}\n\n{case(surveyed, 2)}\n", encoding="utf-8")
    said = surveyed.done("reviewer", "application", "review", "--file", references, day="2020-06-30")
    assert said["done"] == 2


def test_a_returned_application_can_be_submitted_again_by_name(surveyed: Office) -> None:
    surveyed.done("applicant-clerk", "application", "submit", *SPRING, day="2020-03-16")
    one = case(surveyed, 1)
    surveyed.done("reviewer", "application", "return", one, "--reason", "缺材料", day="2020-06-30")
    bulk = surveyed.done("applicant-clerk", "application", "submit", *SPRING, day="2020-06-30")
    named = surveyed.done("applicant-clerk", "application", "submit", *SPRING, surveyed.student(1), day="2020-06-30")
    assert (bulk["done"], named["done"]) == (0, 1)


def test_nobody_is_rejected_by_the_list(surveyed: Office) -> None:
    said = surveyed.do("reviewer", "application", "review", *SPRING, "--reject", "--reason", "x", day="2020-03-18")
    assert said.code == 2


def test_a_reason_is_sealed_and_not_shown(surveyed: Office) -> None:
    surveyed.done("applicant-clerk", "application", "submit", *SPRING, day="2020-03-16")
    one = case(surveyed, 1)
    surveyed.done("reviewer", "application", "review", one, "--reject", "--reason", "测试理由", day="2020-06-30")
    shown = surveyed.do("clerk", "application", "show", one, day="2020-06-30")
    assert shown.document["stand"] == "rejected"
    assert "测试理由" not in shown.text
    assert "测试理由".encode() not in (surveyed.ledger / "journal.db").read_bytes()


def test_an_amount_the_plan_leaves_open_must_be_given(surveyed: Office) -> None:
    surveyed.done("applicant-clerk", "application", "submit", *WAIVER, day="2020-03-16")
    surveyed.done("reviewer", "application", "review", *WAIVER, day="2020-03-17")
    without = surveyed.do("approver", "award", "approve", *WAIVER, day="2020-03-18")
    given = surveyed.done("approver", "award", "approve", *WAIVER, "--amount", "1000", day="2020-03-18")
    assert (without.code, without.refused, given["done"]) == (1, "amount_needed", 2)


def test_an_objection_holds_its_case_and_no_other(surveyed: Office) -> None:
    surveyed.done("applicant-clerk", "application", "submit", *SPRING, day="2020-03-16")
    surveyed.done("reviewer", "application", "review", *SPRING, day="2020-03-17")
    one = case(surveyed, 1)
    raised = surveyed.done("clerk", "objection", "raise", one, "--statement", "测试异议", day="2020-06-30")
    held = surveyed.do("approver", "award", "approve", *SPRING, day="2020-06-30")
    assert (held.document["done"], [r["code"] for r in held.document["refused"]]) == (3, ["case_held"])
    surveyed.done("approver", "objection", "dismiss", raised["objection"], "--finding", "测试", day="2020-06-30")
    assert surveyed.done("approver", "award", "approve", *SPRING, day="2020-06-30")["done"] == 1


def test_an_upheld_objection_revokes_the_award(awarded: Office) -> None:
    raised = awarded.done("clerk", "objection", "raise", case(awarded, 1), "--statement", "测试异议", day="2020-06-30")
    said = awarded.done("inspector", "objection", "uphold", raised["objection"], "--finding", "测试", day="2020-06-30")
    assert (said["decision"], said["application_stand"]) == ("upheld", "revoked")


def test_lists_show_names_masked(awarded: Office) -> None:
    said = awarded.do("clerk", "application", "list", *SPRING, day="2020-03-21")
    assert {row["name"] for row in said.document} == {"测**"}
    assert "测试1" not in said.text
