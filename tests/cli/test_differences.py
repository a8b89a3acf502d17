"""`difference list`, `show`, `decide`: each kind of late fact becomes a difference that somebody decides, and nothing is left of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mingzhang.domain.plan.bundled import bundled_text
from tests.cli.aid_office import ACCOUNTS, SPRING, Office, bank_answer, export
from tests.workbooks.made_up import HEADER, number_of, row_of, write_csv

PAID, LATE, AFTER = "2020-04-11", "2020-05-06", "2020-05-20"
WHY = ("--reason", "synthetic")
FIRST, SECOND, THIRD = 200_000, 150_000, 100_000
"""The tiers of students 1 to 3, fen a term."""


def reference(office: Office, person: int) -> str:
    return f"fuxin-2020.grant/{office.student(person)}/2020-spring"


def listed(office: Office, *words: object, day: str = AFTER) -> Any:
    return office.done("inspector", "difference", "list", *words, day=day)


def decide(office: Office, person: int, remedy: str, staff: str = "second-approver", day: str = AFTER) -> Any:
    return office.do(staff, "difference", "decide", reference(office, person), f"--{remedy}", *WHY, day=day)


def pay(office: Office, batch: str, *words: object, day: str = AFTER) -> Any:
    """Prepared, checked, released, exported and paid; what `payment prepare` answered."""
    said = office.done("preparer", "payment", "prepare", *SPRING, *words, "--batch", batch, day=day)
    office.done("checker", "payment", "check", batch, day=day)
    office.done("releaser", "payment", "release", batch, day=day)
    answer = bank_answer(export(office, batch, day=day), {}, f"回盘-{batch}.csv", on=day)
    office.done("cashier", "payment", "reconcile", answer, "--batch", batch, day=day)
    return said


def received(office: Office, person: int, yuan: str, instalment: str = "1") -> None:
    name = f"{reference(office, person)}/{instalment}"
    office.done("cashier", "payment", "clawback-received", name, "--amount", yuan, day=AFTER)


def left(office: Office, person: int, status: str = "退学", on: str = "2020-04-05", day: str = LATE) -> None:
    rows = [["姓名", "身份证号", "异动类型", "发生日期"], [f"测试{person}", number_of(person), status, on]]
    office.done("clerk", "student", "import", write_csv(office.folder / f"{status}-{person}.csv", rows), day=day)


def reassess(office: Office, person: int, *words: object, day: str = LATE) -> Any:
    return office.do("approver", "award", "reassess", reference(office, person), *words, *WHY, day=day)


def amend(office: Office, yuan: int, version: str = "2020.2") -> None:
    file = office.folder / f"{version}.toml"
    text = bundled_text("fuxin-2020").replace('version = "2020.1"', f'version = "{version}"')
    file.write_text(text.replace("yuan_per_year = 4000", f"yuan_per_year = {yuan}"), encoding="utf-8")
    office.done("administrator", "plan", "amend", file, *WHY, "--on", "2020-03-01", day=LATE)


@pytest.fixture(scope="session")
def _all_paid(_released: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = _released.copied_to(tmp_path_factory.mktemp("all-paid"))
    office.done("cashier", "payment", "reconcile", bank_answer(export(office), {}), "--batch", "B1", day=PAID)
    words = ("second-approver", "--role", "approver", "--unit", "college", "--name", "测试")
    office.done("administrator", "staff", "appoint", *words, day=PAID)
    return office


@pytest.fixture
def office(_all_paid: Office, tmp_path: Path) -> Office:
    """Students 1 to 3 are paid 2000, 1500 and 1000 yuan; a second approver is appointed."""
    return _all_paid.copied_to(tmp_path)


def only(office: Office, **wanted: Any) -> Any:
    """The one difference there is, which has these values."""
    [found] = listed(office)
    assert {name: found[name] for name in wanted} == wanted
    return found


def test_what_was_paid_as_it_was_due_is_no_difference(office: Office) -> None:
    assert listed(office) == []


@pytest.mark.parametrize("status", ["退学", "死亡", "休学"])
def test_somebody_who_had_left_by_the_pay_day_is_to_give_it_back(office: Office, status: str) -> None:
    left(office, 1, status)
    found = only(office, paid_fen=FIRST, due_fen=0, difference_fen=-FIRST, state="open")
    [reason] = found["reasons"]
    assert (reason["code"], reason["effective_on"]) == ("paid_while_not_enrolled", "2020-04-05")
    assert reason["recorded_at"].startswith(LATE)


def test_leaving_after_the_pay_day_changes_nothing(office: Office) -> None:
    left(office, 1, on="2020-04-11")
    assert listed(office) == []


def test_what_is_asked_back_is_decided_and_stays_decided_when_it_has_come(office: Office) -> None:
    left(office, 1)
    said = decide(office, 1, "claw-back").document
    assert (said["done"], said["asked_back_fen"], said["top_ups"]) == (1, FIRST, [])
    only(office, asked_back_fen=FIRST, difference_fen=0, state="decided", remedy="claw-back")
    received(office, 1, "2000")
    only(office, paid_fen=0, asked_back_fen=0, difference_fen=0, state="decided", remedy="claw-back")


def test_what_was_let_stand_comes_back_when_something_new_is_known(office: Office) -> None:
    left(office, 1)
    decide(office, 1, "let-stand")
    only(office, difference_fen=-FIRST, state="decided", remedy="let-stand")
    assert listed(office, "--open") == []
    assert decide(office, 1, "claw-back").refused == "difference_decided"
    office.done("approver", "award", "revoke", reference(office, 1), *WHY, day=AFTER)
    found = only(office, difference_fen=-FIRST, state="open")
    assert {reason["code"] for reason in found["reasons"]} == {"paid_while_not_enrolled", "award_revoked"}


def test_what_was_known_then_does_not_change(office: Office) -> None:
    size = office.done("clerk", "status", day=PAID)["size"]
    left(office, 1)
    assert listed(office, "--known-at", size) == []
    assert listed(office, "--on", "2020-04-04") == []
    decide(office, 1, "claw-back")
    assert listed(office, "--known-at", office.done("clerk", "status", day=AFTER)["size"])[0]["state"] == "decided"


def test_whoever_recorded_the_late_fact_does_not_decide_what_follows(office: Office) -> None:
    office.done("approver", "award", "revoke", reference(office, 1), *WHY, day=LATE)
    assert decide(office, 1, "claw-back", staff="approver").refused == "same_person_decided_twice"
    assert decide(office, 1, "claw-back").code == 0


def test_a_revoked_award_is_to_be_given_back(office: Office) -> None:
    office.done("approver", "award", "revoke", reference(office, 1), *WHY, day=LATE)
    only(office, difference_fen=-FIRST)


def test_an_upheld_objection_asks_back_by_itself_and_nothing_is_left_to_decide(office: Office) -> None:
    words = ("--statement", "synthetic")
    objection = office.done("clerk", "objection", "raise", reference(office, 1), *words, day=LATE)["objection"]
    office.done("second-approver", "objection", "uphold", objection, "--finding", "synthetic", day=LATE)
    assert listed(office) == []


def test_an_entry_withdrawn_later_is_a_difference(office: Office) -> None:
    office.done("clerk", "survey", "withdraw", office.student(2), "--round", "2020-spring", *WHY, day=LATE)
    found = only(office, difference_fen=-SECOND)
    assert [reason["code"] for reason in found["reasons"]] == ["entry_withdrawn"]


def test_an_entry_put_right_is_judged_by_the_tier_it_then_has(office: Office) -> None:
    rows = [HEADER, row_of(1, 院系="师范系", 困难类别="低保", 银行卡号=ACCOUNTS[1])]
    file = write_csv(office.folder / "right.csv", rows)
    office.done("surveyor", "survey", "correct", file, "--round", "2020-spring", *WHY, day=LATE)
    found = only(office, due_fen=SECOND, difference_fen=SECOND - FIRST)
    assert [reason["code"] for reason in found["reasons"]] == ["basis_corrected"]


@pytest.mark.parametrize(("yuan", "difference"), [(4400, 20_000), (3600, -20_000)])
def test_an_amendment_dated_back_gives_more_or_less(office: Office, yuan: int, difference: int) -> None:
    amend(office, yuan)
    found = only(office, due_fen=yuan * 50, difference_fen=difference)
    assert [reason["code"] for reason in found["reasons"]] == ["plan_amended"]


def test_what_an_amendment_gives_more_is_paid_after_once_the_award_is_reassessed(office: Office) -> None:
    amend(office, 4400)
    refused = decide(office, 1, "top-up")
    assert refused.refused == "award_not_reassessed"
    assert reassess(office, 1).code == 0
    assert decide(office, 1, "top-up", day=AFTER).document["top_ups"] == [f"payment/{reference(office, 1)}/t1"]
    said = pay(office, "B2", "--top-ups")
    assert (said["payments"], said["amount_fen"], said["excluded"]) == (1, 20_000, [])
    only(office, paid_fen=220_000, due_fen=220_000, difference_fen=0, state="decided")
    traced = office.done("inspector", "trace", f"{reference(office, 1)}/t1", day=AFTER)
    assert traced["complete"], traced["gaps"]
    assert "difference.decided" in {step["topic"] for step in traced["steps"]}


def test_two_files_of_one_person_are_due_one_award(office: Office) -> None:
    first, second = office.student(1), office.student(2)
    office.done("clerk", "student", "merge", first, second, *WHY, day=LATE)
    found = only(office, student=first, paid_fen=FIRST + SECOND, due_fen=FIRST, difference_fen=-SECOND)
    assert [reason["code"] for reason in found["reasons"]] == ["identity_merged"]
    assert found["payments"][0]["payment"] == f"payment/fuxin-2020.grant/{second}/2020-spring/1"
    assert decide(office, 1, "claw-back").document["asked_back_fen"] == SECOND
    office.done("cashier", "payment", "clawback-received", found["payments"][0]["payment"], "--amount", "1500", day=AFTER)
    only(office, paid_fen=FIRST, difference_fen=0, state="decided")


def test_an_award_may_come_to_nothing_and_still_stand(office: Office) -> None:
    assert reassess(office, 3, "--amount", "0").code == 0
    [case] = [one for one in office.done("clerk", "application", "list", *SPRING, day=AFTER) if one["student"] == office.student(3)]
    assert (case["stand"], case["amount_fen"]) == ("approved", 0)
    only(office, due_fen=0, difference_fen=-THIRD)


def test_a_further_reassessment_sets_aside_what_was_decided(office: Office) -> None:
    reassess(office, 3, "--amount", "0")
    decide(office, 3, "claw-back")
    received(office, 3, "1000")
    reassess(office, 3, "--tier", "二档", day=AFTER)
    only(office, paid_fen=0, due_fen=SECOND, difference_fen=SECOND, state="open")
    decide(office, 3, "top-up")
    assert pay(office, "B2", "--top-ups")["amount_fen"] == SECOND


def test_a_top_up_is_in_one_batch_only(office: Office) -> None:
    reassess(office, 2, "--tier", "建档立卡")
    decide(office, 2, "top-up")
    pay(office, "B2", "--top-ups")
    assert office.do("preparer", "payment", "prepare", *SPRING, "--top-ups", day=AFTER).refused == "nothing_to_pay"


def test_a_top_up_whose_batch_was_cancelled_can_be_prepared_again(office: Office) -> None:
    reassess(office, 2, "--tier", "建档立卡")
    decide(office, 2, "top-up")
    office.done("preparer", "payment", "prepare", *SPRING, "--top-ups", "--batch", "B2", day=AFTER)
    office.done("preparer", "payment", "cancel", "B2", *WHY, day=AFTER)
    assert pay(office, "B3", "--top-ups")["amount_fen"] == FIRST - SECOND


def test_a_batch_that_would_exceed_the_award_as_it_now_stands_is_not_released(office: Office) -> None:
    reassess(office, 2, "--tier", "建档立卡")
    decide(office, 2, "top-up")
    office.done("preparer", "payment", "prepare", *SPRING, "--top-ups", "--batch", "B2", day=AFTER)
    reassess(office, 2, "--tier", "三档", day=AFTER)
    assert office.do("checker", "payment", "check", "B2", day=AFTER).refused == "payment_obstructed"


def test_somebody_who_has_left_cannot_be_topped_up(office: Office) -> None:
    reassess(office, 2, "--tier", "建档立卡")
    left(office, 2, on="2020-05-01")
    only(office, difference_fen=FIRST - SECOND, obstacle="paid_while_not_enrolled")
    assert decide(office, 2, "top-up").refused == "payment_obstructed"
    assert decide(office, 2, "let-stand").code == 0


@pytest.mark.parametrize(("person", "remedy"), [(1, "top-up"), (2, "claw-back")])
def test_a_remedy_of_the_wrong_sign_is_refused(office: Office, person: int, remedy: str) -> None:
    left(office, 1)
    reassess(office, 2, "--tier", "建档立卡")
    assert decide(office, person, remedy).refused == "remedy_differs"


def test_all_that_is_open_is_decided_at_one_go(office: Office) -> None:
    left(office, 1)
    left(office, 3)
    reassess(office, 2, "--tier", "建档立卡")
    words = ("difference", "decide", "--all", *SPRING, *WHY)
    assert office.done("second-approver", *words, "--claw-back", day=AFTER)["asked_back_fen"] == FIRST + THIRD
    assert office.done("second-approver", *words, "--top-up", day=AFTER)["done"] == 1
    assert listed(office, "--open") == []


def test_one_difference_is_shown_with_its_facts(office: Office) -> None:
    left(office, 1)
    said = office.done("inspector", "difference", "show", reference(office, 1), day=AFTER)
    assert (said["difference_fen"], said["reasons"][0]["event"].split("@")[0]) == (-FIRST, f"student/{office.student(1)}")
    assert office.do("inspector", "difference", "show", reference(office, 2), day=AFTER).refused == "no_difference"
    assert "-2,000.00" in office.plain("inspector", "difference", "show", reference(office, 1), day=AFTER)
    assert "-2,000.00" in office.plain("inspector", "difference", "list", day=AFTER)


def test_a_file_of_references_is_reassessed_by_a_version_that_is_named(office: Office) -> None:
    amend(office, 4400)
    file = office.folder / "cases.txt"
    file.write_text("\n".join(reference(office, person) for person in (1, 2)), encoding="utf-8")
    words = ("award", "reassess", "--file", file, *WHY)
    assert office.do("approver", *words, "--version", "2020.1", day=LATE).document["done"] == 0
    said = office.do("approver", *words, "--version", "2020.2", day=LATE).document
    assert (said["done"], [one["code"] for one in said["refused"]]) == (1, ["reassessment_changes_nothing"])
    assert office.do("approver", *words, "--version", "2020.9", day=LATE).document["refused"][0]["code"] == "plan_version_unknown"


def test_the_roster_of_any_day_has_the_award_as_it_then_stood(office: Office) -> None:
    size = office.done("clerk", "status", day=PAID)["size"]
    reassess(office, 3, "--tier", "二档")

    def awarded(*words: object) -> list[int]:
        rows = office.done("inspector", "roster", *words, day=AFTER)
        return [award["amount_fen"] for row in rows if row["student"] == office.student(3) for award in row["awards"]]

    assert [awarded(), awarded("--on", "2020-05-05"), awarded("--known-at", size)] == [[SECOND], [THIRD], [THIRD]]


def test_what_is_waived_can_be_reassessed_and_no_money_moves(awarded: Office) -> None:
    waiver = ("--scheme", "tuition-waiver", "--period", "2020-spring")
    awarded.done("applicant-clerk", "application", "submit", *waiver, day="2020-03-23")
    awarded.done("reviewer", "application", "review", *waiver, day="2020-03-24")
    awarded.done("approver", "award", "approve", *waiver, "--amount", "1000", day="2020-03-25")
    name = f"fuxin-2020.tuition-waiver/{awarded.student(1)}/2020-spring"
    awarded.done("approver", "award", "reassess", name, "--amount", "1200", *WHY, day="2020-03-26")
    [row] = awarded.done("inspector", "payment", "list", "--student", awarded.student(1), day=AFTER)
    assert (row["stand"], row["amount_fen"]) == ("waived", 120_000)
    assert listed(awarded) == []
