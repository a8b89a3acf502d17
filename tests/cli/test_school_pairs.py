"""`schoolpair` and `leftbehind`: rows that do not fit their pair are refused in place; what is done by hand is done in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.aid_office import Office, Said
from tests.workbooks.made_up import number_of, write_csv

PAIRS = ["结对编号", "城区学校", "农村学校", "结对日期"]
RESEARCH = ["结对编号", "城区学校", "农村学校", "日期", "主题", "参加人数"]
EXCHANGES = ["结对编号", "年度", "派出学校", "接收学校", "职务", "起始日期"]
DAY = "2018-12-31"
FIRST: list[object] = ["JD01", "测试一小", "测试村小", "2018-03-20"]


@pytest.fixture(scope="module")
def _bureau(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office(tmp_path_factory.mktemp("bureau"))
    office.done("administrator", "init", "--rehearsal", "--plan", "city-education", day="2018-01-02")
    return office


@pytest.fixture
def bureau(_bureau: Office, tmp_path: Path) -> Office:
    office = _bureau.copied_to(tmp_path)
    assert take(office, PAIRS, FIRST).document["recorded"] == 1
    return office


def take(office: Office, head: list[str], *rows: list[object], name: str = "结对.csv") -> Said:
    file = write_csv(office.folder / name, [head, *rows])
    return office.do("helper-clerk", "schoolpair", "import", file, day=DAY)


def codes(said: Said, what: str = "refused") -> list[tuple[str | None, str]]:
    return [(one["column"], one["code"]) for file in said.document["files"] for one in file[what]]


def test_a_list_of_pairs_sent_again_adds_only_new_pairs(bureau: Office) -> None:
    said = take(bureau, PAIRS, FIRST, ["JD02", "测试二小", "测试村小", "2018-04-01"], name="又.csv")
    assert (said.document["recorded"], codes(said, "duplicates")) == (1, [(None, "school_pair_exists")])
    differing = take(bureau, PAIRS, ["JD01", "测试二小", "测试村小", "2018-03-20"], name="再.csv")
    assert codes(differing) == [("结对编号", "school_pair_differs")]


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (["JD09", "测试一小", "测试村小", "2018-05-01", "语文", 9], "结对编号", "school_pair_unknown"),
        (["JD01", "测试二小", "测试村小", "2018-05-01", "语文", 9], "农村学校", "school_not_of_pair"),
        (["JD01", "测试一小", "测试村小", "2018-03-19", "语文", 9], "日期", "school_pair_before"),
        (["JD01", "测试一小", "测试村小", "2019-05-01", "语文", 9], "日期", "effective_in_future"),
        (["JD01", "测试一小", "测试村小", "2018-05-01", "", 9], "主题", "required_missing"),
    ],
)
def test_research_that_cannot_be_the_pairs_is_refused(bureau: Office, row: list[object], column: str, code: str) -> None:
    assert codes(take(bureau, RESEARCH, row, name="教研.csv")) == [(column, code)]


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (["JD01", 2018, "测试二小", "测试村小", "教师", "2018-05-01"], "派出学校", "school_not_of_pair"),
        (["JD01", 2018, "测试村小", "测试村小", "教师", "2018-05-01"], "接收学校", "school_not_of_pair"),
        (["JD01", 2017, "测试一小", "测试村小", "教师", "2017-05-01"], "起始日期", "school_exchange_before"),
        (["JD01", 2018, "测试一小", "测试村小", "教师", "2017-05-01"], "起始日期", "school_exchange_year"),
    ],
)
def test_an_exchange_that_cannot_be_the_pairs_is_refused(bureau: Office, row: list[object], column: str, code: str) -> None:
    assert codes(take(bureau, EXCHANGES, row, name="挂职.csv")) == [(column, code)]


def test_research_and_exchanges_told_twice_are_counted_once(bureau: Office) -> None:
    meeting: list[object] = ["JD01", "测试一小", "测试村小", "2018-05-01", "语文", 9]
    sent: list[object] = ["JD01", "", "测试村小", "测试一小", "教师", "2018-09-03"]
    assert take(bureau, RESEARCH, meeting, name="教研.csv").document["recorded"] == 1
    assert take(bureau, EXCHANGES, sent, name="挂职.csv").document["recorded"] == 1
    assert codes(take(bureau, RESEARCH, [*meeting[:-1], 10], name="教研二.csv"), "duplicates") == [("日期", "school_research_exists")]
    again = take(bureau, EXCHANGES, [*sent[:1], 2018, *sent[2:]], name="挂职二.csv")
    assert codes(again, "duplicates") == [("起始日期", "school_exchange_exists")]
    [row] = bureau.done("inspector", "schoolpair", "list", "--year", "2018", day=DAY)["pairs"]
    assert (row["joint_research"], row["sent_by_town"], row["sent_by_village"]) == (1, 0, 1)
    assert [(line["duty"], line["term"], line["side"]) for line in row["lacking"]] == [
        ("joint_research", "秋季", None),
        ("exchange", None, "town"),
    ]


def test_a_pair_by_hand_goes_from_beginning_to_end(bureau: Office) -> None:
    def do(*words: str) -> Said:
        return bureau.do("helper-clerk", "schoolpair", *words, day=DAY)

    assert do("pair", "JD02", "--town", "测试二小", "--village", "测试村小", "--on", "2018-04-20").code == 0
    assert do("research", "JD02", "--subject", "数学", "--on", "2018-05-10").code == 0
    assert do("exchange", "JD02", "--sender", "town", "--name", "测试甲", "--on", "2018-09-03").code == 0
    assert do("donate", "JD02", "--items", "图书", "--worth", "3000", "--on", "2018-10-12").code == 0
    assert do("end", "JD02", "--reason", "撤并", "--on", "2018-12-30").code == 0
    assert do("research", "JD02", "--subject", "语文", "--on", "2018-12-30").refused == "school_pair_ended"
    [_first, row] = bureau.done("inspector", "schoolpair", "list", "--year", "2018", day=DAY)["pairs"]
    assert (row["until"], row["donated_fen"], row["lacking"]) == ("2018-12-30", 300_000, [])


def test_whose_business_pairs_are_is_asked_for_where_no_plan_says_it(surveyed: Office) -> None:
    words = ("schoolpair", "pair", "JD01", "--town", "测试一小", "--village", "测试村小")
    assert surveyed.do("helper-clerk", *words, day="2020-06-30").refused == "school_pair_unit_needed"
    assert surveyed.do("helper-clerk", *words, "--unit", "bureau", day="2020-06-30").code == 0
    found = surveyed.done("inspector", "schoolpair", "list", day="2020-06-30")
    assert (found["plans"], found["pairs"][0]["lacking"]) == ([], [])


def test_a_left_behind_child_is_registered_once_and_cared_for_until_the_end(bureau: Office) -> None:
    def do(*words: str) -> Said:
        return bureau.do("helper-clerk", "leftbehind", *words, day=DAY)

    new = ("register", number_of(1), "--unit", "宁阳县", "--guardian", "测试祖母", "--on", "2018-09-10")
    assert do(*new).refused == "student_not_found"
    said = do(*new, "--name", "测试1", "--phone", "19900000001", "--parents-at", "测试市")
    ref = str(said.document["student"])
    assert said.document["term"] == "2018-autumn" and do(*new).refused == "left_behind_registered"
    assert do("register", number_of(2), *new[2:], "--name", "测试2", "--term", "2018-spring").refused == "left_behind_term_over"
    assert bureau.done("inspector", "leftbehind", "list", day=DAY)["without_card"] == [ref]
    assert do("card", ref, "--contacts", "测试甲", "--on", "2018-09-12").code == 0
    assert do("care", ref, "--kind", "call", "--text", "通话", "--on", "2018-10-01").code == 0
    assert do("care", ref, "--kind", "call", "--text", "通话", "--on", "2018-09-01").refused == "left_behind_before"
    found = bureau.done("inspector", "leftbehind", "list", day=DAY)
    assert (found["without_card"], found["without_file"], found["children"][0]["cared"]) == ([], [ref], 1)
    assert do("end", ref, "--reason", "父母返乡", "--on", "2018-12-01").code == 0
    assert bureau.done("inspector", "leftbehind", "list", day=DAY)["children"] == []
    assert do("card", ref, "--contacts", "测试甲").refused == "left_behind_ended"
    trail = [row["event"] for row in bureau.done("inspector", "student", "show", ref, day=DAY)["events"]]
    assert f"leftbehind/{ref}@4" in trail
