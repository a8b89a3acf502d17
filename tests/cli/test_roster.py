"""`roster`: the recognised of a day with what stands awarded and paid, masked unless somebody answers for seeing more."""

from __future__ import annotations

from typing import Any

from tests.cli.aid_office import Office
from tests.workbooks.made_up import number_of


def roster(office: Office, *words: str, staff: str = "inspector") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.done(staff, "roster", *words, day="2020-06-30")
    return found


def test_a_line_has_what_other_programs_rely_on(answered: Office) -> None:
    [line] = [row for row in roster(answered) if row["student"] == answered.student(1)]
    assert {name: line[name] for name in ("name", "unit", "unit_id", "categories", "level", "paid_fen")} == {
        "name": "测**",
        "unit_id": "shifan",
        "unit": "师范系",
        "categories": ["建档立卡"],
        "level": None,
        "paid_fen": 200000,
    }
    award = {"scheme": "fuxin-2020.grant", "period": "2020-spring", "amount_fen": 200000, "state": "approved"}
    assert line["awards"] == [award]


def test_the_order_is_that_of_units_and_references(answered: Office) -> None:
    places = [(row["unit"], row["student"]) for row in roster(answered)]
    assert len(places) == 4 and places == sorted(places)


def test_a_failed_payment_is_not_paid(answered: Office) -> None:
    paid = {row["student"]: row["paid_fen"] for row in roster(answered)}
    assert [paid[answered.student(person)] for person in (1, 2, 3, 4)] == [200000, 0, 100000, 0]


def test_before_the_pay_day_nothing_was_paid(answered: Office) -> None:
    assert {row["paid_fen"] for row in roster(answered, "--on", "2020-04-09")} == {0}


def test_before_the_survey_was_recorded_nobody_was_known(answered: Office) -> None:
    assert roster(answered, "--known-at", "2020-03-09") == []


def test_unit_and_category_narrow_the_list(answered: Office) -> None:
    assert [row["student"] for row in roster(answered, "--category", "低保")] == [answered.student(2)]
    assert {row["unit"] for row in roster(answered, "--unit", "师范系")} == {"师范系"}
    assert len(roster(answered, "--unit", "college")) == 4


def test_a_log_size_beyond_the_log_is_refused(answered: Office) -> None:
    assert answered.do("inspector", "roster", "--known-at", "99999", day="2020-06-30").refused == "log_size_unknown"


def test_revealing_adds_name_and_number_and_is_recorded(answered: Office) -> None:
    size = answered.done("inspector", "status", day="2020-06-30")["size"]
    [line] = roster(answered, "--category", "低保", "--reveal")
    assert (line["name"], line["id_number"]) == ("测试2", number_of(2))
    assert answered.done("inspector", "status", day="2020-06-30")["size"] == size + 2


def test_without_the_role_nothing_is_revealed_and_nothing_recorded(answered: Office) -> None:
    said = answered.do("surveyor", "roster", "--reveal", day="2020-06-30")
    assert (said.code, said.refused) == (1, "role_missing")
    assert "测试" not in said.text
