"""`programme` and `progress`: workbooks row by row, by hand one by one; lists say target, figure, course and the report behind it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.aid_office import Office, Said
from tests.workbooks.made_up import write_csv, write_xlsx

TARGETS = ["行动", "指标", "单位", "目标值", "方向", "完成期限", "责任单位"]
FIGURES = ["指标", "日期", "完成值", "填报单位", "佐证", "报送日期"]
DAY = "2018-07-10"
FIGURE = ["职业培训", "2018-06-30", "１5597.5", "职成教科", "汇总报告", "2018-07-03"]


@pytest.fixture(scope="session")
def _bureau(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office(tmp_path_factory.mktemp("bureau"))
    office.done("administrator", "init", "--rehearsal", "--plan", "taian-actions", day="2018-01-02")
    return office


@pytest.fixture
def bureau(_bureau: Office, tmp_path: Path) -> Office:
    """The bureau has adopted plan S2; nothing has been reported."""
    return _bureau.copied_to(tmp_path)


def take(office: Office, group: str, *rows: list[Any], more: tuple[str, ...] = (), name: str = "in.csv") -> Said:
    head = TARGETS if group == "programme" else FIGURES
    report = ("--report", "monthly") if group == "progress" and "--report" not in more else ()
    return office.do("clerk", group, "import", write_csv(office.folder / f"{group}-{name}", [head, *rows]), *report, *more, day=DAY)


def codes(said: Said, kind: str = "refused") -> list[str]:
    return [row["code"] for row in said.document["files"][0][kind]]


def listed(office: Office, indicator: str, *words: str) -> dict[str, Any]:
    rows = office.done("inspector", "programme", "list", *words, day=DAY)
    return next(row for row in rows if row["indicator"] == indicator)


def test_a_figure_leads_to_its_report_and_its_place_in_the_file(bureau: Office) -> None:
    assert take(bureau, "progress", FIGURE).document["recorded"] == 1
    row = listed(bureau, "职业培训")
    assert (row["value"], row["value_on"], row["target"], row["owner"]) == ("15597.5", "2018-06-30", "30000", "职成教科")
    assert (row["on_course"], row["met"], row["met_when_due"]) == (True, False, None)
    said = row["report"]
    assert (said["report"], said["sent_on"], said["file"], said["row"], said["evidence"]) == (
        "monthly", "2018-07-03", "progress-in.csv", 2, "summary",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("place", "value", "code", "column"),
    [
        (0, "没有的指标", "target_unknown", "指标"),
        (1, "2018-07-31", "progress_in_future", "日期"),
        (2, "一万五", "figure_not_a_number", "完成值"),
        (2, "-5", "figure_below_zero", "完成值"),
        (3, "不存在科", "unit_unknown", "填报单位"),
        (5, "2018-06-01", "progress_sent_too_early", "报送日期"),
        (2, "", "required_missing", "完成值"),
    ],
)
def test_a_figure_that_cannot_be_is_refused_in_its_column(bureau: Office, place: int, value: str, code: str, column: str) -> None:
    row = [value if number == place else cell for number, cell in enumerate(FIGURE)]
    said = take(bureau, "progress", row)
    [refused] = said.document["files"][0]["refused"]
    assert (said.code, said.document["recorded"], refused["code"], refused["column"]) == (3, 0, code, column)


def test_a_figure_told_twice_is_a_duplicate_and_another_one_a_matter_of_correction(bureau: Office) -> None:
    take(bureau, "progress", FIGURE)
    again = take(bureau, "progress", FIGURE, ["道德讲堂", "2018-06-30", 9, "团委", "", "2018-07-01"], name="more.csv")
    assert (again.code, again.document["recorded"], codes(again, "duplicates")) == (0, 1, ["progress_told_alike"])
    other = take(bureau, "progress", [*FIGURE[:2], 15600, *FIGURE[3:]], name="other.csv")
    assert (other.code, codes(other)) == (3, ["progress_reported_already"])


def test_an_indicator_repeated_in_one_file_is_refused_at_the_later_row(bureau: Office) -> None:
    said = take(bureau, "progress", FIGURE, [*FIGURE[:2], 15600, *FIGURE[3:]])
    [refused] = said.document["files"][0]["refused"]
    assert (refused["code"], refused["row"], refused["first_row"]) == ("indicator_repeated", 3, 2)


def test_a_sheet_that_names_no_report_is_refused_unless_it_is_said(bureau: Office) -> None:
    file = write_xlsx(bureau.folder / "七月.xlsx", [FIGURES, FIGURE])
    assert codes(bureau.do("clerk", "progress", "import", file, day=DAY)) == ["report_unclear"]
    assert bureau.done("clerk", "progress", "import", file, "--report", "half-yearly", day=DAY)["recorded"] == 1


def test_a_target_of_the_workbook_takes_the_place_of_the_plans(bureau: Office) -> None:
    rows = [
        ["S2 职业教育", "职业培训", "人次", 32000, "不低于", "2018-12-31", "职成教科"],
        ["S2 教师队伍", "送教下乡", "场", 50, "不低于", "2018-12-31", "教研室"],
    ]
    assert take(bureau, "programme", *rows).document["recorded"] == 2
    assert listed(bureau, "职业培训")["target"] == "32000"
    assert listed(bureau, "职业培训", "--on", "2018-07-09")["target"] == "30000"
    added = listed(bureau, "送教下乡", "--on", "2018-01-01")
    assert (added["action"], added["plan"], added["value"], added["adds_up"]) == ("教师队伍", "taian-actions", None, True)


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (["职业教育", "职业培训", "人次", 1, "不低于", "2018-12-31", "职成教科"], "plan_needed", "行动"),
        (["S3 控辍保学", "小学辍学率", "%", 0.6, "不高于", "2018-12-31", "基教科"], "plan_not_adopted", "行动"),
        (["S2 职业教育", "职业培训", "人次", 1, "大约", "2018-12-31", "职成教科"], "value_unknown", "方向"),
        (["S2 职业教育", "职业培训", "人次", 1, "不低于", "2018-13-31", "职成教科"], "date_impossible", "完成期限"),
        (["S2 职业教育", "职业培训", "人次", 1, "不低于", "2018-12-31", "某科"], "unit_unknown", "责任单位"),
        (["S2 职业教育", "职业培训", "人次", 30000, "不低于", "2018-12-31", "职成教科"], None, None),
    ],
)
def test_a_target_that_cannot_be_set_is_refused_in_its_column(bureau: Office, row: list[Any], code: str | None, column: str | None) -> None:
    said = take(bureau, "programme", row)
    assert [(one["code"], one["column"]) for one in said.document["files"][0]["refused"]] == ([(code, column)] if code else [])
    assert said.document["recorded"] == 0


def test_rows_that_name_no_plan_are_taken_with_the_plan_said(bureau: Office) -> None:
    row = ["职业教育", "职业培训", "人次", 31000, "不低于", "2018-12-31", "职成教科"]
    assert take(bureau, "programme", row, more=("--plan", "taian-actions")).document["recorded"] == 1


def test_targets_and_figures_by_hand(bureau: Office) -> None:
    words = ("招聘活动", "--plan", "taian-actions", "--value", "2", "--on", "2018-07-01")
    assert bureau.done("clerk", "programme", "set", *words, day=DAY)["holds_from"] == "2018-07-01"
    assert bureau.do("clerk", "programme", "set", "新指标", "--plan", "taian-actions", "--value", "2", day=DAY).code == 2
    about = ("招聘活动", "--report", "monthly", "--on", "2018-07-01")
    told = bureau.done("clerk", "progress", "report", *about, "--value", "1", "--unit", "职成教科", "--evidence", "测试甲的照片", day=DAY)
    assert told["target_met"] is False
    assert bureau.done("clerk", "progress", "correct", *about, "--value", "2", "--reason", "漏计", day=DAY)["target_met"] is True
    [row] = bureau.done("inspector", "progress", "list", "--indicator", "招聘活动", day=DAY)
    assert (row["value"], row["evidence"], row["file"]) == ("2", "other", None)
    assert listed(bureau, "招聘活动")["settled_by"].startswith("target/taian-actions/招聘活动@")


def test_words_of_evidence_are_sealed(bureau: Office) -> None:
    take(bureau, "progress", [*FIGURE[:4], "测试甲签字的名单", FIGURE[5]])
    assert "测试甲" not in (bureau.ledger / "journal.db").read_bytes().decode("utf-8", errors="ignore")


def test_a_report_is_missing_only_after_its_day(bureau: Office) -> None:
    def owed(day: str) -> list[str]:
        found = bureau.done("inspector", "progress", "missing", "--unit", "团委", "--on", day, day=DAY)["missing"]
        return [row["period_end"] for row in found if row["indicator"] == "道德讲堂"]

    assert (owed("2018-02-05"), owed("2018-02-06")) == ([], ["2018-01-31"])


def test_a_reader_of_chinese_is_told_what_is_behind(bureau: Office) -> None:
    take(bureau, "progress", [*FIGURE[:2], 100, *FIGURE[3:]])
    behind = bureau.done("inspector", "programme", "list", "--behind", day=DAY)
    assert [row["indicator"] for row in behind] == ["职业培训"]


def test_a_target_raised_is_no_longer_shown_as_met_and_one_lowered_is(bureau: Office) -> None:
    about = ("招聘活动", "--plan", "taian-actions")
    reported = ("招聘活动", "--report", "monthly", "--on", "2018-07-01", "--value", "2", "--unit", "职成教科")
    bureau.done("clerk", "programme", "set", *about, "--value", "2", "--on", "2018-07-01", day=DAY)
    assert bureau.done("clerk", "progress", "report", *reported, day=DAY)["target_met"] is True
    bureau.done("clerk", "programme", "set", *about, "--value", "5", "--on", "2018-07-02", day=DAY)
    assert listed(bureau, "招聘活动")["settled_by"] is None
    assert listed(bureau, "招聘活动", "--on", "2018-07-01")["settled_by"] is not None
    bureau.done("clerk", "programme", "set", *about, "--value", "1", "--on", "2018-07-03", day=DAY)
    assert listed(bureau, "招聘活动")["settled_by"] is not None
