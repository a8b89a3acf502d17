"""An amended plan changes nothing that was decided; whom it would touch is listed, before and in `diff`. A repealed one still pays."""

from __future__ import annotations

from pathlib import Path

from mingzhang.domain.plan.bundled import bundled_text
from tests.cli.aid_office import ACCOUNTS, SPRING, Office, export, order_lines, release

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
