"""Money that may go to the head of a household: for brothers and sisters of one, not for two households, and not to just anybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from mingzhang.cli.bank.doubtful import VaultAccounts
from mingzhang.cli.options import Globals
from mingzhang.cli.session import Session
from mingzhang.projections.findings.accounts import Use
from tests.cli.test_application_import import HEAD, row
from tests.cli.test_application_import import Office as County
from tests.workbooks.made_up import number_of, write_csv

NAME, SHARED, STAFF = "account_name_not_student", "account_shared_by_several_students", "account_belongs_to_staff"
OTHER = "6299000000000015"


@pytest.fixture(scope="session")
def _founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("county")
    County(folder).done("administrator", "init", "--rehearsal", "--plan", "funan-2020")
    return folder


@pytest.fixture
def county(_founded: Path, tmp_path: Path) -> County:
    import shutil

    shutil.copytree(_founded / "ledger", tmp_path / "ledger")
    made = County(tmp_path)
    made.minute = 1
    return made


def student(county: County, person: int) -> str:
    return str(county.done("clerk", "student", "find", "--id-number", number_of(person))["student"])


def doubts(county: County) -> dict[str, set[str]]:
    """Student -> the codes for which their account is held."""
    rows = county.done("inspector", "account", "list", "--doubtful")
    return {row["student"]: {doubt["code"] for doubt in row["doubts"]} for row in rows}


def test_the_head_of_the_household_may_have_the_money(county: County) -> None:
    assert county.take(row(1)).code == 0
    assert doubts(county) == {}


def test_brothers_and_sisters_share_the_account_of_their_household(county: County) -> None:
    county.take(row(1, 户主="户主甲"), row(2, 户主="户主甲"))
    assert doubts(county) == {}


def test_one_account_for_two_households_is_held_for_both(county: County) -> None:
    county.take(row(1, 户主="户主甲"), row(2, 户主="户主乙"))
    assert doubts(county) == {student(county, 1): {SHARED}, student(county, 2): {SHARED}}
    [first, second] = county.done("inspector", "account", "list", "--doubtful")
    assert first["doubts"][0]["households"] == second["doubts"][0]["households"]
    assert len(first["doubts"][0]["households"]) == 2


def test_a_household_put_right_makes_them_one(county: County) -> None:
    county.take(row(1, 户主="户主甲"), row(2, 户主="户主乙"))
    for person in (1, 2):
        words = ("--head", "户主乙", "--relation", "孙子女", "--place", "新村镇")
        county.done("clerk", "student", "household", student(county, person), *words)
    # Both are one household now; the card of the first is still in the name of whom the form called its head.
    assert doubts(county) == {student(county, 1): {NAME}}


def test_an_account_in_the_name_of_nobody_in_the_household_is_held(county: County) -> None:
    county.take(row(1, 户主="户主甲"))
    words = ("--set", f"account={OTHER}", "--set", "account_name=外人", "--reason", "更换账户")
    county.done("clerk", "student", "correct", student(county, 1), *words)
    assert doubts(county) == {student(county, 1): {NAME}}


def test_a_later_account_of_the_head_needs_no_clearing(county: County) -> None:
    county.take(row(1, 户主="户主甲"))
    words = ("--set", f"account={OTHER}", "--set", "account_name=户主甲", "--reason", "更换账户")
    county.done("clerk", "student", "correct", student(county, 1), *words)
    assert doubts(county) == {}


def test_who_headed_the_household_when_the_money_went_was_its_head(county: County) -> None:
    county.take(row(1, 户主="户主甲"))
    one = student(county, 1)
    words = ("student", "household", one, "--head", "户主乙", "--relation", "之子", "--place", "新村镇")
    county.player.play(*words, actor="clerk", at="2020-10-01T09:00:00")
    [asked] = county.player.ask("account", "list", "--student", one)
    everything = Globals(str(county.folder / "ledger"), None, "zh", True, True, None)
    with Session(everything) as session, session.engine.view(session.as_of(None, None)) as view:
        uses = [Use(one, asked["account_from"], True, on) for on in ("2020-09-02", "2020-10-01", "")]
        doubtful = VaultAccounts(session.vault).doubtful(view, uses)
    assert {(found.use.on, found.code) for found in doubtful} == {("2020-10-01", NAME), ("", NAME)}


def test_the_wages_account_of_a_head_who_works_here_waits_for_somebody_to_answer_for_it(county: County) -> None:
    county.take(row(1, 户主="测试9", 一卡通账号=OTHER))
    rows = [["工号", "姓名", "身份证号", "部门", "职务", "工资卡号"], ["T01", "测试9", number_of(9), "新村镇", "教师", OTHER]]
    county.done("administrator", "staff", "import", write_csv(county.folder / "教职工.csv", rows))
    assert doubts(county) == {student(county, 1): {STAFF}}


def test_what_is_signed_for_goes_to_no_account(county: County) -> None:
    about = ("--scheme", "freshmen", "--period", "once", "--unit", "新村镇")
    file = write_csv(county.folder / "p4.csv", [HEAD, row(1, 户主="户主甲"), row(2, 户主="户主乙")])
    county.done("applicant-clerk", "application", "import", file, *about)
    assert doubts(county) == {}


def test_the_head_is_sealed(county: County) -> None:
    county.take(row(1, 户主="户主甲"))
    county.done("clerk", "student", "household", student(county, 1), "--head", "户主丙", "--relation", "之子")
    assert "户主丙" not in (county.folder / "ledger" / "journal.db").read_bytes().decode("utf-8", "ignore")
    assert [one for one in county.player.printed if "户主丙" in one] == []
