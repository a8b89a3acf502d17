"""What somebody meets who types a command for the first time: names instead of ids, the wrong file, a word that is not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from mingzhang.cli.options import read_yuan
from mingzhang.cli.width import wrap
from tests.cli.aid_office import SPRING, Office
from tests.workbooks.made_up import HEADER, row_of, write_csv

DAY = "2020-04-20"


@pytest.mark.parametrize(
    ("staff", "words"),
    [
        ("administrator", ("staff", "appoint", "w1", "--role", "surveyor", "--unit", "机械系")),
        ("administrator", ("unit", "register", "new", "--name", "新系", "--kind", "department", "--under", "阜新高等专科学校")),
        ("administrator", ("unit", "rename", "机械系", "--name", "智能制造系")),
        ("clerk", ("survey", "open", "2020-autumn", "--unit", "阜新高等专科学校")),
    ],
)
def test_a_unit_may_be_given_by_its_name(surveyed: Office, staff: str, words: tuple[str, ...]) -> None:
    assert surveyed.do(staff, *words, day=DAY).code == 0


def test_a_unit_nobody_knows_is_unknown_and_not_out_of_ones_authority(surveyed: Office) -> None:
    said = surveyed.do("administrator", "staff", "appoint", "w1", "--role", "surveyor", "--unit", "天文系", day=DAY)
    assert said.refused == "unit_unknown"


def test_a_survey_workbook_is_no_list_of_staff(surveyed: Office, tmp_path: Path) -> None:
    said = surveyed.do("administrator", "staff", "import", write_csv(tmp_path / "摸底.csv", [HEADER, row_of(1)]), day=DAY)
    assert said.refused == "header_not_found" and "工号" in said.document["next"]


def test_without_a_fund_the_answer_says_how_to_open_one(surveyed: Office) -> None:
    said = surveyed.do("preparer", "payment", "prepare", *SPRING, day=DAY)
    assert said.refused == "fund_needed" and "mingzhang fund open" in said.document["next"]


def test_a_batch_that_would_pay_nobody_says_why(surveyed: Office) -> None:
    surveyed.done("treasurer", "fund", "open", "F9", "--title", "x", "--year", 2020, "--scheme", "grant", day=DAY)
    said = surveyed.do("preparer", "payment", "prepare", *SPRING, day=DAY)
    assert said.refused == "nothing_to_pay" and "reasons" in said.document["context"]


def test_a_stand_or_a_category_that_is_none_is_refused(surveyed: Office) -> None:
    assert surveyed.do("clerk", "payment", "list", "--stand", "gone", day=DAY).code == 2
    assert surveyed.do("clerk", "roster", "--category", "穷", day=DAY).refused == "category_unknown"


def test_an_amount_beyond_all_money_is_no_amount() -> None:
    assert read_yuan("1,000,000,000,000") == 10**14
    with pytest.raises(ValueError):
        read_yuan("1,000,000,000,000.01")


def test_a_long_reference_stays_whole_however_narrow_the_screen() -> None:
    assert wrap("fuxin-2020.grant/s-03D57YXQ0X/2020-spring/1", 20) == ["fuxin-2020.grant/s-03D57YXQ0X/2020-spring/1"]
    assert wrap("元/年 2020/2021", 9) == ["元/年", "2020/2021"]
