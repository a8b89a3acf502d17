"""`plan show` says of every scheme who may have it, by which steps, on which day at the earliest, by whom it is paid, and what is owed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from mingzhang.cli.app import cli
from mingzhang.cli.width import columns
from mingzhang.domain.plan.bundled import bundled_codes
from tests.stories.player import Player


def shown(*words: str, lang: str = "zh", width: int = 100) -> str:
    result = CliRunner().invoke(cli, ["--ledger", "none", "--lang", lang, "plan", "show", *words], env={"COLUMNS": str(width)})
    assert result.exit_code == 0, result.output
    return result.stdout


def squeezed(text: str) -> str:
    """The words of a page, wherever its lines break."""
    return re.sub(r"\s+", "", text)


def test_the_earliest_days_of_the_steps_are_shown_and_the_impossible_ones_marked() -> None:
    page = shown("funan-2020", width=160)
    village, township, approval = (line for line in page.splitlines() if re.search(r"村公示 .*2020|乡镇公示 .*2020|县审批 .*09-15", line))
    assert "5 个工作日" in village and "2020-09-01 … 2020-09-08" in village and "已超期" not in village
    assert "2020-09-09 … 2020-09-16（已超期）" in township
    assert "2020-09-17（已超期）" in approval


def test_the_earliest_days_can_be_asked_for_another_year(tmp_path: Path) -> None:
    found = Player(tmp_path / "none").play("plan", "show", "funan-2020", "--year", "2021")["earliest"]
    county = next(one for one in found if one["scheme"] == "county-grant")
    assert (county["year"], county["steps"][1]["begins"], county["steps"][1]["done"]) == (2021, "2021-09-01", "2021-09-09")


def test_a_year_whose_calendar_nobody_knows_shows_the_steps_and_says_why_there_are_no_days(tmp_path: Path) -> None:
    page = shown("funan-2020", "--year", "2035")
    assert "乡镇公示" in page and "2035-09-01" not in page
    assert re.search(r"2035 ?年", squeezed(page))
    assert Player(tmp_path / "none").play("plan", "show", "funan-2020", "--year", "2035")["earliest"] == []


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("funan-2020", ["学生证复印件或录取通知书复印件", "给户主或学生本人", "资金到账后10日内；09-20前", "2,000.00至4,500.00元"]),
        ("funan-2020", ["限工作日", "安徽以外", "凭签领表签领"]),
        ("fuxin-2020", ["摸底轮次春季贫困学生摸底排查；每年春季；建档立卡、特困、新增"]),
        ("sunan-2022", ["特困（类别：集中供养、分散供养）", "户籍地肃南", "天数由--days指定"]),
        ("liaoning-pairing", ["每月电话；每季走访；每年资金或物资", "每3名干部至少帮扶一户"]),
        ("hunan-tutoring", ["期中第8至11周", "180分钟"]),
        ("city-education", ["小学不超过0.6%；初中不超过1.8%", "不低于1.5%", "方案未定，批准时用--amount写明"]),
        ("taian-actions", ["学校结对", "04-30前", "14日内"]),
    ],
)  # fmt: skip
def test_conditions_documents_payment_and_rules_are_said_in_short(code: str, said: list[str]) -> None:
    page = squeezed(shown(code, width=400))
    assert [one for one in said if one not in page] == []


@pytest.mark.parametrize("code", bundled_codes())
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [80, 100])
def test_every_plan_fits_the_screen_in_both_languages(code: str, lang: str, width: int) -> None:
    assert [line for line in shown(code, lang=lang, width=width).splitlines() if columns(line) > width] == []


@pytest.mark.parametrize("code", bundled_codes())
def test_a_plan_shows_units_by_their_names(code: str) -> None:
    assert "education-bureau" not in shown(code) and "jiaoyu-ju" not in shown(code)
