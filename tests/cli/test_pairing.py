"""`pairing` and `contact`: a register of pairings and a record of contacts, each row once, quotas counted from what was recorded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mingzhang.cli.options import Globals
from mingzhang.cli.session import Session
from tests.cli.aid_office import Office, Said
from tests.workbooks.made_up import number_of, write_csv

PAIRS = ["帮扶单位", "帮扶人", "职务", "联系电话", "学生姓名", "身份证号", "户主", "家庭住址", "致贫原因", "帮扶需求", "结对日期"]
CONTACTS = ["日期", "帮扶人", "学生姓名", "身份证号", "方式", "内容", "资金(元)", "物资", "物资折价(元)", "解决问题", "记录人", "记录日期"]
DAY = "2020-06-30"
ALLOCATION = ["帮扶单位", "党员干部人数", "分配学生数", "联络员", "联系电话"]
RULES = """
code = "pairs"
title = "结对"
title_en = "Pairs"
version = "1"
effective_from = 2020-01-01
issuer = "college"
source = "synthetic"
top = "college"

[[units]]
id = "college"
name = "学校"
kind = "school"

[pairing]
call = "monthly"
visit = "quarterly"
support = "yearly"
years = "calendar"
cadres_per_household = 3
recorded_within_days = 20
copied_from = 2
visits_a_day = 1
"""


def pair(person: int, helper: str = "帮扶甲", unit: str = "师范系", since: str = "2020-03-15") -> list[object]:
    named = [f"测试{person}", number_of(person), f"户主{person}", "测试村", "因病", "学习用品"]
    return [unit, helper, "干事", "19900000000", *named, since]


def contact(person: int, day: str, way: str = "电话", helper: str = "帮扶甲", money: str = "", noted: str = "") -> list[object]:
    return [day, helper, f"测试{person}", number_of(person), way, f"{day}了解情况", money, "", "", "", helper, noted or day]


def take(office: Office, group: str, head: list[str], *rows: list[object], name: str = "in.csv", more: tuple[str, ...] = ()) -> Said:
    file = write_csv(office.folder / f"{group}-{name}", [head, *rows])
    return office.do("helper-clerk", group, "import", file, *more, day=DAY)


def pairings(office: Office, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.done("inspector", "pairing", "list", *words, day=DAY)
    return found


@pytest.fixture
def paired(surveyed: Office) -> Office:
    """Student 1, whom the survey knows, and student 9, whom nobody knew, are helped by 帮扶甲 and 帮扶甲、帮扶乙, by the plan above."""
    plan = surveyed.folder / "pairs.toml"
    plan.write_text(RULES, encoding="utf-8")
    surveyed.done("administrator", "plan", "adopt", plan, day="2020-03-11")
    said = take(surveyed, "pairing", PAIRS, pair(1), pair(9, "帮扶甲、帮扶乙"))
    assert (said.code, said.document["recorded"]) == (0, 2)
    return surveyed


def test_a_register_makes_students_and_helpers_known(paired: Office) -> None:
    assert paired.student(9).startswith("s-")
    helpers = [{one["helper"] for one in row["helpers"]} for row in pairings(paired)]
    shared = set.intersection(*helpers)
    assert sorted(map(len, helpers)) == [1, 2] and len(shared) == 1 and shared.pop().startswith("p-")


def test_the_same_file_and_the_same_row_are_not_taken_twice(paired: Office) -> None:
    again = take(paired, "pairing", PAIRS, pair(1), pair(9, "帮扶甲、帮扶乙"))
    assert (again.code, again.document["recorded"], again.document["files"][0]["already_imported"]) == (0, 0, True)
    other = take(paired, "pairing", PAIRS, pair(1), pair(2), name="more.csv")
    [file] = other.document["files"]
    assert [one["code"] for one in file["duplicates"]] == ["pairing_exists"]
    assert (other.document["recorded"], file["rows"], file["accepted"]) == (1, 2, 1)


def test_an_unknown_unit_is_refused_unless_another_is_named(surveyed: Office) -> None:
    said = take(surveyed, "pairing", PAIRS, pair(1, unit="市委办"))
    assert (said.code, said.document["recorded"]) == (3, 0)
    assert [one["code"] for one in said.document["files"][0]["refused"]] == ["unit_unknown"]
    assert take(surveyed, "pairing", PAIRS, pair(1, unit="市委办"), more=("--unit", "college")).document["recorded"] == 1


def gaps(office: Office, *words: str, day: str = DAY) -> dict[str, Any]:
    found: dict[str, Any] = office.done("inspector", "pairing", "gaps", *words, day=day)
    return found


def test_a_table_of_shares_sets_each_unit_its_share(paired: Office) -> None:
    said = take(paired, "pairing", ALLOCATION, ["师范系", 7, 4, "联络员甲", "19900000001"], ["综职系", 3, 1, "", ""])
    assert (said.code, said.document["recorded"]) == (0, 2)
    rows = {row["unit"]: row for row in gaps(paired)["units"]}
    assert (rows["师范系"]["households"], rows["师范系"]["needed"], rows["师范系"]["kept"]) == (2, 3, False)
    assert (rows["综职系"]["households"], rows["综职系"]["needed"], rows["综职系"]["row"]) == (0, 1, 3)
    assert "联络员甲" not in paired.do("inspector", "pairing", "gaps", day=DAY).text
    again = take(paired, "pairing", ALLOCATION, ["师范系", 7, 4, "", ""], ["综职系", 3, 2, "", ""], name="more.csv")
    [file] = again.document["files"]
    assert ([one["code"] for one in file["duplicates"]], again.document["recorded"]) == (["allocation_unchanged"], 1)


@pytest.mark.parametrize(
    ("second", "code"),
    [(["师范系", 8, 4, "", ""], "row_repeated"), (["市委办", 8, 4, "", ""], "unit_unknown"), (["综职系", 0, 4, "", ""], "not_above_zero")],
)
def test_a_table_of_shares_is_all_or_nothing(surveyed: Office, second: list[object], code: str) -> None:
    said = take(surveyed, "pairing", ALLOCATION, ["师范系", 7, 4, "", ""], second)
    assert (said.code, said.document["recorded"]) == (3, 0)
    assert [one["code"] for one in said.document["files"][0]["refused"]] == [code]


def test_two_children_of_one_household_are_one_household(surveyed: Office) -> None:
    sibling = pair(2)
    sibling[6:8] = pair(1)[6:8]
    take(surveyed, "pairing", PAIRS, pair(1), sibling, pair(3))
    take(surveyed, "pairing", ALLOCATION, ["师范系", 7, 4, "", ""], name="shares.csv")
    [row] = gaps(surveyed)["units"]
    assert (row["pairings"], row["households"]) == (3, 2)


def test_without_a_plan_nothing_is_owed(surveyed: Office) -> None:
    take(surveyed, "pairing", PAIRS, pair(1))
    take(surveyed, "pairing", ALLOCATION, ["师范系", 99, 4, "", ""], name="shares.csv")
    said = gaps(surveyed)
    assert [any(row["missing"].values()) for row in said["pairings"]] == [False]
    assert [(row["needed"], row["kept"]) for row in said["units"]] == [(None, True)]


def test_a_plan_sets_what_is_late_copied_or_impossible(paired: Office) -> None:
    late = contact(1, "2020-04-03", noted="2020-04-24")
    rows = [late, contact(9, "2020-04-03"), contact(1, "2020-05-08", "入户"), contact(9, "2020-05-08", "走访")]
    take(paired, "contact", CONTACTS, *rows)
    said = gaps(paired)
    assert [(row["days"], row["file"], row["row"]) for row in said["late"]] == [(21, "contact-in.csv", 2)]
    assert [(row["on"], len(row["pairings"])) for row in said["copied"]] == [("2020-04-03", 2), ("2020-05-08", 2)]
    assert [(row["on"], row["visits"]) for row in said["impossible"]] == [("2020-05-08", 2)]
    earlier = gaps(paired, "--on", "2020-04-30")
    assert (len(earlier["late"]), len(earlier["copied"]), earlier["impossible"]) == (1, 1, [])


def test_an_amended_plan_decides_from_its_day_on(paired: Office) -> None:
    newer = paired.folder / "pairs-2.toml"
    text = RULES.replace('version = "1"', 'version = "2"').replace("2020-01-01", "2020-06-01").replace('call = "monthly"\n', "")
    newer.write_text(text, encoding="utf-8")
    paired.done("administrator", "plan", "amend", newer, "--reason", "测试", day=DAY)
    [first, *_] = gaps(paired)["pairings"]
    assert first["missing"]["call"] == ["2020-04", "2020-05"]


def test_goods_nobody_valued_are_help_all_the_same(paired: Office) -> None:
    row = contact(1, "2021-04-03")
    row[7] = "书包"
    students = paired.student(1), paired.student(9)
    file = write_csv(paired.folder / "goods.csv", [CONTACTS, row])
    paired.done("helper-clerk", "contact", "import", file, day="2021-04-05")
    end = {row["student"]: row["missing"]["support"] for row in gaps(paired, "--on", "2021-12-31", day="2022-01-03")["pairings"]}
    assert end == dict(zip(students, ([], ["2021"]), strict=True))
    [told] = paired.done("inspector", "contact", "list", day="2022-01-03")
    assert (told["goods_given"], told["goods_fen"]) == (True, 0)


def test_a_form_is_filed_for_all_pairings_of_a_unit_at_once(paired: Office) -> None:
    scan = paired.folder / "scan.pdf"
    scan.write_bytes(b"synthetic")
    filed = paired.done("helper-clerk", "pairing", "form", "--unit", "师范系", "--scan", scan, day=DAY)["pairings"]
    assert len(filed) == 2 and {row["form_filed_on"] for row in pairings(paired)} == {DAY}
    assert paired.done("helper-clerk", "pairing", "form", "--unit", "师范系", "--scan", scan, day=DAY)["pairings"] == []
    assert paired.do("helper-clerk", "pairing", "form", "--scan", scan, day=DAY).code == 2


def test_contacts_are_counted_in_the_month_they_happened(paired: Office) -> None:
    rows = [contact(1, "2020-04-03"), contact(1, "2020-05-08", "入户", money="200"), contact(1, "2020-06-01")]
    assert take(paired, "contact", CONTACTS, *rows).document["recorded"] == 3
    [row] = [row for row in pairings(paired) if row["student"] == paired.student(1)]
    assert (row["calls"], row["visits"], row["support_fen"]) == (2, 1, 20000)
    assert (row["months_without_call"], row["quarters_without_visit"]) == (["2020-05"], [])
    [other] = [row for row in pairings(paired) if row["student"] == paired.student(9)]
    assert (other["months_without_call"], other["quarters_without_visit"]) == (["2020-04", "2020-05", "2020-06"], ["2020-Q2"])


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (contact(2, "2020-04-03"), "student_not_paired"),
        (contact(1, "2020-04-03", helper="路人"), "helper_not_named"),
        (contact(1, "2020-03-14"), "contact_before_pairing"),
        (contact(1, "2020-07-01"), "contact_in_future"),
    ],
)
def test_a_contact_that_cannot_be_is_refused(paired: Office, row: list[object], code: str) -> None:
    said = take(paired, "contact", CONTACTS, row, contact(9, "2020-04-04"), more=("--accept-valid",))
    assert (said.code, said.document["recorded"]) == (3, 1)
    assert [one["code"] for one in said.document["files"][0]["refused"]] == [code]
    assert Path(paired.folder / "contact-in-问题.xlsx").exists()


def test_a_contact_in_a_second_file_is_the_same_contact(paired: Office) -> None:
    take(paired, "contact", CONTACTS, contact(1, "2020-04-03"))
    said = take(paired, "contact", CONTACTS, contact(1, "2020-04-03"), contact(1, "2020-04-04"), name="more.csv")
    assert said.document["recorded"] == 1
    assert [one["code"] for one in said.document["files"][0]["duplicates"]] == ["contact_exists"]


def test_a_dry_run_records_nothing(paired: Office) -> None:
    size = paired.done("inspector", "status", day=DAY)["size"]
    take(paired, "contact", CONTACTS, contact(1, "2020-04-03"), more=("--dry-run",))
    assert paired.done("inspector", "status", day=DAY)["size"] == size


def test_a_pairing_by_hand_goes_from_beginning_to_end(paired: Office) -> None:
    made = paired.done(
        "helper-clerk", "pairing", "establish", paired.student(2), "--unit", "综职系", "--helper", "帮扶丙", "--on", "2020-04-01", day=DAY
    )
    ref = made["pairing"]
    kept = ("--helper", "帮扶丙", "--kind", "visit", "--text", "家访", "--money", "100", "--on", "2020-05-02")
    one = paired.done("helper-clerk", "contact", "record", ref, *kept, day=DAY)
    paired.done("helper-clerk", "contact", "strike-out", one["contact"], "--reason", "重复", day=DAY)
    assert paired.done("inspector", "contact", "list", "--pairing", ref, day=DAY) == []
    swap = ("--outgoing", "帮扶丙", "--incoming", "帮扶丁")
    incoming = paired.done("helper-clerk", "pairing", "replace", ref, *swap, day=DAY)["incoming"]
    paired.done("helper-clerk", "pairing", "plan", ref, "--findings", "两孩在读", "--measures", "每月电话", day=DAY)
    [row] = pairings(paired, "--unit", "综职系")
    assert ([one["helper"] for one in row["helpers"]], row["plan_agreed_on"]) == ([incoming], DAY)
    paired.done("helper-clerk", "pairing", "end", ref, "--reason", "毕业", day=DAY)
    assert paired.do("helper-clerk", "pairing", "end", ref, "--reason", "毕业", day=DAY).refused == "pairing_ended"


def test_no_list_shows_a_whole_name(paired: Office) -> None:
    take(paired, "contact", CONTACTS, contact(1, "2020-04-03"))
    for words in (("pairing", "list"), ("contact", "list")):
        said = paired.do("inspector", *words, day=DAY).text
        assert "帮**" in said and "帮扶甲" not in said and "测试1" not in said


def test_the_pairing_of_a_student_erased_comes_to_its_end(surveyed: Office) -> None:
    take(surveyed, "pairing", PAIRS, pair(1))
    [row] = pairings(surveyed)
    with Session(Globals(str(surveyed.ledger), None, "en", True, True, None)) as session:
        session.vault.erase(row["student"])
    words = ("pairing", "end", row["pairing"], "--reason", "synthetic")
    assert surveyed.do("helper-clerk", *words, day=DAY).code == 0
