"""What each student not yet out of poverty has in the file: plan, layers, card; for one by name or a whole department at once."""

from __future__ import annotations

from tests.cli.aid_office import Office

YEAR = ("--period", "2020")


def test_a_department_s_cards_are_filled_in_and_filed_at_one_go_and_the_rest_shows_as_lacking(surveyed: Office) -> None:
    assert surveyed.done("clerk", "student", "info-card", "--unit", "师范系", *YEAR, day="2020-07-10")["done"] == 2
    scan = surveyed.folder / "cards.pdf"
    scan.write_bytes(b"synthetic scan")
    filed = surveyed.done("clerk", "student", "info-card", "--unit", "师范系", *YEAR, "--filed", "--scan", scan, day="2020-07-20")
    assert filed["done"] == 2
    rows = surveyed.done("clerk", "student", "care", *YEAR, "--on", "2020-07-31", day="2020-07-31")
    assert [(row["unit"], row["card_filed_on"]) for row in rows] == [("师范系", "2020-07-20")] * 2 + [("综职系", None)] * 2
    earlier = surveyed.done("clerk", "student", "care", *YEAR, "--on", "2020-07-15", day="2020-07-31")
    assert [row["card_filed_on"] for row in earlier] == [None] * 4


def test_one_student_s_plan_and_layers_are_recorded_in_order(surveyed: Office) -> None:
    student = surveyed.student(1)
    surveyed.done("surveyor", "student", "care-plan", student, *YEAR, "--measures", "测试措施", day="2020-07-01")
    early = surveyed.do("surveyor", "student", "safety-net", student, *YEAR, "--layer", "society", "--what", "测试", day="2020-07-01")
    assert early.refused == "layer_out_of_order"
    surveyed.done("surveyor", "student", "safety-net", student, *YEAR, "--layer", "state-aid", "--what", "测试", day="2020-07-01")
    row = next(row for row in surveyed.done("clerk", "student", "care", *YEAR, day="2020-07-02") if row["student"] == student)
    assert (row["care_plan_on"], row["layers"], row["lacks"]) == (
        "2020-07-01",
        [{"layer": "state-aid", "helped": True}],
        ["card", "card_filed"],
    )
