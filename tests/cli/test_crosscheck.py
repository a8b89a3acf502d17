"""`crosscheck`: a list comes in once, a round is compared with the newest, differences are resolved, and a newer list says what changed."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.cli.aid_office import SPRING, Office, Said
from tests.workbooks.made_up import HEADER as SURVEY
from tests.workbooks.made_up import number_of, row_of, write_csv

HEADER = ["姓名", "身份证号", "类别", "户主", "与户主关系", "乡镇", "村", "享受政策"]
DAY = "2020-06-30"
PEOPLE = {1: "测试1", 2: "测试2", 3: "测试3", 4: "测试4"}


def row(person: int, category: str = "一类", name: str = "", entitled: str = "", number: str = "") -> list[object]:
    return [name or f"测试{person}", number or number_of(person), category, "户主甲", "子", "测试镇", "测试村", entitled]


def take(
    office: Office, *rows: list[object], kind: str = "建档立卡", on: str = "2020-02-29", name: str = "名单", more: tuple[str, ...] = ()
) -> Said:
    file = write_csv(office.folder / f"{name}.csv", [["某县名单"], HEADER, *rows])
    return office.do("reviewer", "crosscheck", "import", file, "--kind", kind, "--on", on, *more, day=DAY)


def compare(office: Office, *words: str, staff: str = "clerk", day: str = DAY) -> Any:
    return office.done(staff, "crosscheck", "compare", "--round", "2020-spring", *words, day=day)


def students(rows: list[dict[str, Any]]) -> set[str]:
    return {one["student"] for one in rows}


def test_the_same_file_records_nothing_the_second_time(surveyed: Office) -> None:
    first = take(surveyed, row(1), row(9))
    assert (first.code, first.document["recorded"], first.document["kind"]) == (0, 2, "建档立卡")
    again = take(surveyed, row(1), row(9))
    assert (again.code, again.document["recorded"], again.document["crosscheck"]) == (0, 0, None)
    assert again.document["files"][0]["already_imported"] is True


def test_a_list_is_taken_in_whole_or_not_at_all(surveyed: Office) -> None:
    bad = row(2, number="210911200012175671")
    refused = take(surveyed, row(1), bad)
    assert (refused.code, refused.document["recorded"]) == (3, 0)
    assert surveyed.done("clerk", "crosscheck", "list", day=DAY)["lists"] == []
    taken = take(surveyed, row(1), bad, more=("--accept-valid",))
    assert (taken.code, taken.document["recorded"]) == (3, 1)
    assert (surveyed.folder / "名单-问题.xlsx").exists()


def test_a_dry_run_records_nothing(surveyed: Office) -> None:
    take(surveyed, row(1), more=("--dry-run",))
    assert surveyed.done("clerk", "crosscheck", "list", day=DAY)["lists"] == []


def test_what_an_office_writes_into_the_relation_to_the_household_head_is_sealed(surveyed: Office) -> None:
    listed = row(1)
    listed[HEADER.index("与户主关系")] = "外公王德福"
    assert take(surveyed, listed).code == 0
    surveyed.done("clerk", "crosscheck", "list", day=DAY)
    files = [path for path in surveyed.ledger.glob("*") if path.is_file()]
    assert [path.name for path in files if "王德福".encode() in path.read_bytes()] == []


def test_several_files_are_one_list(surveyed: Office) -> None:
    files = [write_csv(surveyed.folder / f"{n}.csv", [HEADER, row(n)]) for n in (1, 2)]
    said = surveyed.done("reviewer", "crosscheck", "import", *files, "--kind", "特困", "--on", "2020-02-29", day=DAY)
    [found] = surveyed.done("clerk", "crosscheck", "list", day=DAY)["lists"]
    assert (found["crosscheck"], found["files"], found["accepted"]) == (said["crosscheck"], 2, 2)


@pytest.mark.parametrize(
    ("staff", "words", "code"),
    [
        ("reviewer", ("--kind", "花名册", "--on", "2020-02-29"), "list_kind_unknown"),
        ("reviewer", ("--kind", "特困", "--on", "2020-07-01"), "effective_in_future"),
        ("cashier", ("--kind", "特困", "--on", "2020-02-29"), "role_missing"),
    ],
)
def test_an_import_that_makes_no_sense_is_refused(surveyed: Office, staff: str, words: tuple[str, ...], code: str) -> None:
    file = write_csv(surveyed.folder / "名单.csv", [HEADER, row(1)])
    assert surveyed.do(staff, "crosscheck", "import", file, *words, day=DAY).refused == code


def test_nobody_on_a_list_becomes_a_student(surveyed: Office) -> None:
    take(surveyed, row(9))
    assert surveyed.do("clerk", "student", "find", "--id-number", number_of(9), day=DAY).refused == "student_not_found"


def test_a_round_is_compared_person_by_person(surveyed: Office) -> None:
    """Students 1 and 4 claim 建档立卡, 2 does not and is listed all the same; 9 is none of ours."""
    take(surveyed, row(1), row(2), row(4, entitled="不再享受"), row(9))
    said = compare(surveyed)
    assert (said["students"], said["not_ours"], said["recorded"]) == (4, 1, True)
    by_student = {one["student"]: one for one in said["matched"]}
    assert by_student.keys() == {surveyed.student(1), surveyed.student(2)}
    assert by_student[surveyed.student(2)]["unclaimed"] == ["建档立卡"]
    assert by_student[surveyed.student(1)]["explanation"] == "matched_on_id_number"
    [gone] = said["unmatched"]
    assert (gone["student"], gone["explanation"], gone["kinds"]) == (surveyed.student(4), "no_longer_entitled", ["建档立卡"])
    assert (said["differing"], said["only_listed"]) == ([], [])


def test_a_comparison_that_finds_the_same_again_is_not_recorded_twice(surveyed: Office) -> None:
    take(surveyed, row(1))
    first, again = compare(surveyed), compare(surveyed)
    assert (again["recorded"], again["comparison"]) == (False, first["comparison"])


def test_names_that_differ_are_shown_masked_with_both_sources(surveyed: Office) -> None:
    take(surveyed, row(1, name="假名一"))
    said = surveyed.do("clerk", "crosscheck", "compare", "--round", "2020-spring", day=DAY)
    [one] = said.document["differing"]
    assert (one["student"], one["field"], one["ours"], one["theirs"]) == (surveyed.student(1), "name", "测**", "假**")
    assert one["source"] == {"file": "名单.csv", "sheet": None, "row": 3}
    assert one["our_fact"].startswith("entry/2020-spring/") and one["their_fact"].startswith("listing/")
    assert "假名一" not in said.text and "测试1" not in said.text
    assert said.document["matched"][0]["explanation"] == "name_differs"


def test_the_headline_says_how_many_differences_are_still_open(surveyed: Office) -> None:
    take(surveyed, row(1, name="假名一"), row(4, name="假名四"))
    first, who = compare(surveyed), surveyed.student(1)
    show = partial(surveyed.plain, "clerk", "crosscheck", "show", first["comparison"], day=DAY)
    assert "resolved." not in show()
    surveyed.done("reviewer", "crosscheck", "resolve", first["comparison"], who, "--right", "ours", "--reason", "核对户口簿", day=DAY)
    assert "Names that differ: 1 open, 1 resolved." in show()


@pytest.mark.parametrize(("right", "matched"), [("ours", True), ("theirs", True), ("different-people", False)])
def test_a_resolved_difference_counts_in_the_next_comparison(surveyed: Office, right: str, matched: bool) -> None:
    take(surveyed, row(1, name="假名一"), row(4))
    first, who = compare(surveyed), surveyed.student(1)
    surveyed.done("reviewer", "crosscheck", "resolve", first["comparison"], who, "--right", right, "--reason", "核对户口簿", day=DAY)
    shown = surveyed.done("clerk", "crosscheck", "show", first["comparison"], day=DAY)
    assert shown["differing"][0]["resolved"]["right"] == right
    said = compare(surveyed)
    assert (who in students(said["matched"])) is matched
    if not matched:
        assert [(one["student"], one["explanation"]) for one in said["unmatched"]] == [(who, "different_people")]
        assert [one["student"] for one in said["changes"]["lost_matches"]] == [who]


def test_a_newer_list_says_what_changed(surveyed: Office) -> None:
    old = take(surveyed, row(1), row(2), row(3)).document["crosscheck"]
    first = compare(surveyed)
    new = take(surveyed, row(1, "二类"), row(2), row(4), on="2020-05-31", name="新名单")
    assert new.document["supersedes"] == [old]
    changes = compare(surveyed)["changes"]
    said = {key: [one["student"] for one in changes[key]] for key in ("new_matches", "lost_matches", "changed_class")}
    assert said == {"new_matches": [surveyed.student(4)], "lost_matches": [surveyed.student(3)], "changed_class": [surveyed.student(1)]}
    assert (changes["since"], changes["changed_class"][0]["before"], changes["changed_class"][0]["after"]) == (
        first["comparison"],
        "一类",
        "二类",
    )
    lists = surveyed.done("clerk", "crosscheck", "list", day=DAY)["lists"]
    assert [(one["crosscheck"], one["superseded_by"]) for one in lists] == [
        (old, [new.document["crosscheck"]]),
        (new.document["crosscheck"], []),
    ]


def test_a_comparison_of_an_earlier_day_uses_the_list_of_that_day(surveyed: Office) -> None:
    old = take(surveyed, row(1)).document["crosscheck"]
    take(surveyed, row(4), on="2020-05-31", name="新名单")
    assert [one["crosscheck"] for one in compare(surveyed, "--on", "2020-04-30")["lists"]] == [old]


def test_a_withdrawn_list_counts_no_more_and_what_was_known_before_stays(surveyed: Office) -> None:
    wrong = take(surveyed, row(1), row(4)).document["crosscheck"]
    size = surveyed.done("clerk", "status", day=DAY)["size"]
    surveyed.done("reviewer", "crosscheck", "withdraw", wrong, "--reason", "类别选错", day=DAY)
    assert surveyed.do("clerk", "crosscheck", "compare", "--round", "2020-spring", day=DAY).refused == "list_missing"
    assert surveyed.done("clerk", "crosscheck", "list", day=DAY)["lists"] == []
    known = surveyed.done("clerk", "crosscheck", "list", "--known-at", size, day=DAY)["lists"]
    assert [one["crosscheck"] for one in known] == [wrong]


def test_the_same_xueji_number_matches_where_the_identity_number_does_not(surveyed: Office) -> None:
    xueji = f"L{number_of(77)}"
    survey = write_csv(surveyed.folder / "more.csv", [[*SURVEY, "学籍号"], [*row_of(5, 院系="师范系", 困难类别="特困"), xueji]])
    surveyed.done("surveyor", "survey", "import", survey, "--round", "2020-spring", day=DAY)
    file = write_csv(surveyed.folder / "学籍名单.csv", [["姓名", "身份证号", "学籍号"], ["测试5", number_of(6), xueji]])
    surveyed.done("reviewer", "crosscheck", "import", file, "--kind", "特困", "--on", "2020-02-29", day=DAY)
    [one] = compare(surveyed, "--kind", "特困")["matched"]
    assert (one["student"], one["explanation"]) == (surveyed.student(5), "matched_on_xueji")


def test_whoever_is_named_in_a_refused_row_of_the_list_is_told_apart(surveyed: Office) -> None:
    number = number_of(1)
    take(surveyed, row(4), row(1, number=number[:-1] + ("0" if number[-1] != "0" else "1")), more=("--accept-valid",))
    [one] = compare(surveyed)["unmatched"]
    assert (one["student"], one["explanation"]) == (surveyed.student(1), "list_row_refused")
    assert [(place["row"], place["code"]) for place in one["refused_rows"]] == [(4, "id_check_digit")]


def test_a_department_is_compared_by_itself(surveyed: Office) -> None:
    take(surveyed, row(1), row(2))
    said = compare(surveyed, "--unit", "综职系")
    assert (said["students"], said["unit"], students(said["matched"])) == (2, "综职系", {surveyed.student(2)})


def test_a_scheme_without_lists_is_told_which_to_use(awarded: Office) -> None:
    assert awarded.do("reviewer", "crosscheck", "compare", *SPRING, day=DAY).refused == "scheme_names_no_list"
    take(awarded, row(1))
    said = awarded.done("reviewer", "crosscheck", "compare", *SPRING, "--kind", "建档立卡", day=DAY)
    assert (said["students"], students(said["matched"]), said["cases_recorded"]) == (4, {awarded.student(1)}, 4)
    again = take(awarded, row(1), row(2), on="2020-05-31", name="新名单")
    assert again.code == 0
    later = awarded.done("reviewer", "crosscheck", "compare", *SPRING, "--kind", "建档立卡", day=DAY)
    assert students(later["changes"]["new_matches"]) == {awarded.student(2)}


@pytest.mark.parametrize("words", [(), ("--round", "2020-spring", *SPRING), ("--scheme", "grant")])
def test_what_to_compare_is_said_in_one_way(surveyed: Office, words: tuple[str, ...]) -> None:
    assert surveyed.do("clerk", "crosscheck", "compare", *words, day=DAY).code == 2


def test_an_unknown_comparison_is_refused(surveyed: Office) -> None:
    assert surveyed.do("clerk", "crosscheck", "show", "check-0", day=DAY).refused == "crosscheck_unknown"


def test_no_name_or_number_of_a_list_lies_open_in_the_ledger(surveyed: Office) -> None:
    take(surveyed, row(1, name="假名一"), row(9))
    compare(surveyed)
    plain = b"".join(path.read_bytes() for path in sorted(Path(surveyed.ledger).rglob("*")) if path.is_file())
    for text in ("假名一", "户主甲", "测试镇", "测试村", number_of(9)):
        assert text.encode() not in plain and json.dumps(text)[1:-1].encode() not in plain


def test_the_copy_of_refused_rows_goes_where_it_is_wanted(surveyed: Office) -> None:
    bad = row(2, number="210911200012175671")
    take(surveyed, row(1), bad, more=("--accept-valid", "--copy-to", str(surveyed.folder / "copies")))
    assert (surveyed.folder / "copies" / "名单-问题.xlsx").exists() and not (surveyed.folder / "名单-问题.xlsx").exists()


def test_a_list_that_was_withdrawn_can_come_in_again_from_the_same_file(surveyed: Office) -> None:
    for _time in range(2):
        taken = take(surveyed, row(1), row(9))
        assert (taken.code, taken.document["recorded"], taken.document["files"][0]["already_imported"]) == (0, 2, False)
        surveyed.done("reviewer", "crosscheck", "withdraw", taken.document["crosscheck"], "--reason", "撤错了", day=DAY)
    last = take(surveyed, row(1), row(9)).document["crosscheck"]
    assert take(surveyed, row(1), row(9)).document["files"][0]["already_imported"] is True
    assert [one["crosscheck"] for one in surveyed.done("clerk", "crosscheck", "list", day=DAY)["lists"]] == [last]


def test_a_roster_of_applications_is_no_list_of_an_office(surveyed: Office) -> None:
    file = write_csv(surveyed.folder / "花名册.csv", [[*HEADER, "申请日期", "申请金额"], [*row(1), "2020-03-01", "2000"]])
    said = surveyed.do("reviewer", "crosscheck", "import", file, "--kind", "建档立卡", "--on", "2020-02-29", "--accept-valid", day=DAY)
    assert (said.code, said.refused) == (1, "list_is_a_form")
    assert surveyed.done("clerk", "crosscheck", "list", day=DAY)["lists"] == []
