"""An amended plan changes nothing that was decided; whom it would touch is listed, before and in `diff`. A repealed one still pays."""

from __future__ import annotations

from pathlib import Path

from mingzhang.domain.plan.bundled import bundled_text
from tests.cli.aid_office import ACCOUNTS, SPRING, Office, approve_all, export, order_lines, release
from tests.workbooks.made_up import HEADER, row_of, write_csv

AMENDED = bundled_text("fuxin-2020").replace("2020.1", "2020.2").replace("yuan_per_year = 4000", "yuan_per_year = 4400")


def amendment(office: Office) -> Path:
    file = office.folder / "amended.toml"
    file.write_text(AMENDED, encoding="utf-8")
    return file


def test_a_dry_run_lists_whom_an_amendment_would_touch_and_records_nothing(awarded: Office) -> None:
    size = awarded.done("clerk", "status", day="2020-03-23")["size"]
    words = ("plan", "amend", amendment(awarded), "--reason", "上级调整标准", "--on", "2020-03-01")
    said = awarded.done("administrator", *words, "--dry-run", day="2020-03-23")
    assert [(one["student"], one["amount_fen"], one["would_fen"]) for one in said["touched"]] == sorted(
        (awarded.student(person), 200_000, 220_000) for person in (1, 4)
    )
    assert awarded.done("clerk", "status", day="2020-03-23")["size"] == size


def test_diff_shows_whom_a_version_effective_in_the_past_would_touch_and_no_award_changes(awarded: Office) -> None:
    size = awarded.done("clerk", "status", day="2020-03-23")["size"]
    awarded.done("administrator", "plan", "amend", amendment(awarded), "--reason", "上级调整标准", "--on", "2020-03-01", day="2020-03-24")
    said = awarded.done("clerk", "diff", "--from", f"@{size}", day="2020-03-25")
    assert said["changes"] == []
    assert [(plan["version"], len(plan["touched"])) for plan in said["plans"]] == [("2020.2", 2)]
    assert {one["difference_fen"] for one in said["plans"][0]["touched"]} == {20_000}


def test_a_version_for_later_touches_nobody(awarded: Office) -> None:
    words = ("plan", "amend", amendment(awarded), "--reason", "上级调整标准", "--on", "2020-04-01")
    assert awarded.done("administrator", *words, day="2020-04-01")["touched"] == []


def test_what_was_awarded_under_a_repealed_plan_is_still_paid(awarded: Office) -> None:
    awarded.done("administrator", "plan", "repeal", "fuxin-2020", "--reason", "新细则施行", "--on", "2020-03-25", day="2020-03-25")
    release(awarded)
    assert {line[1] for line in order_lines(export(awarded))} == set(ACCOUNTS.values())


def test_nobody_applies_under_a_repealed_plan(surveyed: Office) -> None:
    surveyed.done("administrator", "plan", "repeal", "fuxin-2020", "--reason", "新细则施行", "--on", "2020-03-12", day="2020-03-12")
    assert surveyed.do("applicant-clerk", "application", "submit", *SPRING, day="2020-03-16").refused == "plan_repealed"


def test_what_diff_said_of_an_amendment_does_not_change_when_more_is_known_later(awarded: Office) -> None:
    size = awarded.done("clerk", "status", day="2020-03-23")["size"]
    awarded.done("administrator", "plan", "amend", amendment(awarded), "--reason", "上级调整标准", "--on", "2020-03-01", day="2020-03-24")
    after = awarded.done("clerk", "status", day="2020-03-24")["size"]
    words = ("diff", "--from", f"2020-03-25@{size}", "--to", f"2020-03-25@{after}")
    before = awarded.done("clerk", *words, day="2020-03-25")
    assert len(before["plans"][0]["touched"]) == 2
    corrected = write_csv(awarded.folder / "corrected.csv", [HEADER, row_of(1, 院系="师范系", 困难类别="低保", 银行卡号=ACCOUNTS[1])])
    awarded.done("surveyor", "survey", "correct", corrected, "--round", "2020-spring", "--reason", "测试", day="2020-03-26")
    assert awarded.done("clerk", *words, day="2020-03-26")["plans"] == before["plans"]


def test_an_award_that_a_later_version_decided_is_not_touched_by_an_earlier_one(surveyed: Office) -> None:
    size = surveyed.done("clerk", "status", day="2020-03-11")["size"]
    third = surveyed.folder / "third.toml"
    third.write_text(AMENDED.replace("2020.2", "2020.3").replace("yuan_per_year = 4400", "yuan_per_year = 4800"), encoding="utf-8")
    for file in (amendment(surveyed), third):
        surveyed.done("administrator", "plan", "amend", file, "--reason", "上级调整标准", "--on", "2020-03-01", day="2020-03-12")
    approve_all(surveyed)
    said = surveyed.done("clerk", "diff", "--from", f"@{size}", day="2020-03-25")
    assert [(plan["version"], plan["touched"]) for plan in said["plans"]] == [("2020.2", []), ("2020.3", [])]
