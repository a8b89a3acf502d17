"""`plan replay`: who would have received what under another version of a plan, or a draft; nothing is recorded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mingzhang.domain.plan.bundled import bundled_text
from tests.cli.aid_office import SPRING, Office, approve_all
from tests.workbooks.made_up import number_of, write_csv

DAY = "2020-11-10"


def draft(office: Office, *changes: tuple[str, str], version: str = "draft-1") -> Path:
    """The bundled plan with these words changed."""
    text = bundled_text("fuxin-2020").replace('version = "2020.1"', f'version = "{version}"')
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    file = office.folder / f"{version}.toml"
    file.write_text(text, encoding="utf-8")
    return file


def replay(office: Office, plan: object, *words: str, day: str = DAY) -> dict[str, Any]:
    found: dict[str, Any] = office.done("clerk", "plan", "replay", "--plan", plan, "--period", "2020-spring", *words, day=day)
    return found


SECOND_TIER_HIGHER = ("yuan_per_year = 3000", "yuan_per_year = 3400")
THIRD_TIER_LOWER = ("yuan_per_year = 2000", "yuan_per_year = 1000")


def test_a_draft_names_winners_losers_and_what_it_would_cost(awarded: Office) -> None:
    said = replay(awarded, draft(awarded, SECOND_TIER_HIGHER, THIRD_TIER_LOWER))
    assert (said["plan"], said["version"], said["draft"], said["against"]) == ("fuxin-2020", "draft-1", True, "2020.1")
    (winner,), (loser,) = said["winners"], said["losers"]
    assert (winner["student"], winner["now_fen"], winner["then_fen"], winner["why"]) == (
        awarded.student(2), 150_000, 170_000, "amount_changed",
    )  # fmt: skip
    assert (loser["student"], loser["difference_fen"], loser["clause"]) == (awarded.student(3), -50_000, "school-tiers")
    assert said["totals"] == {
        "now_fen": 650_000, "then_fen": 620_000, "difference_fen": -30_000, "winners": 1, "gain_fen": 20_000, "losers": 1,
        "loss_fen": 50_000, "unchanged": 2,
    }  # fmt: skip
    assert {one["unit_id"]: one["difference_fen"] for one in said["by_unit"]} == {"shifan": 0, "zongzhi": -30_000}
    assert {one["then_tier"]: one["students"] for one in said["by_tier"]} == {"建档立卡": 2, "二档": 1, "三档": 1}


def test_nothing_is_recorded_and_names_stay_masked(awarded: Office) -> None:
    before = awarded.done("clerk", "status", day=DAY)["size"]
    said = replay(awarded, draft(awarded, SECOND_TIER_HIGHER))
    assert awarded.done("clerk", "status", day=DAY)["size"] == before
    assert [one["name"][1:] for one in said["winners"]] == ["**"]


def test_the_version_in_force_changes_nothing(awarded: Office) -> None:
    said = replay(awarded, "fuxin-2020@2020.1")
    assert (said["winners"], said["losers"], said["totals"]["unchanged"], said["draft"]) == ([], [], 4, False)


def test_an_amendment_is_replayed_for_what_an_earlier_version_decided(awarded: Office) -> None:
    file = draft(awarded, SECOND_TIER_HIGHER, version="2021")
    awarded.done("administrator", "plan", "amend", file, "--reason", "synthetic", "--on", "2020-11-01", day=DAY)
    said = replay(awarded, "fuxin-2020@2021")
    assert (said["version"], said["against"], said["totals"]["difference_fen"]) == ("2021", "2021", 20_000)
    earlier = replay(awarded, "fuxin-2020@2021", "--on", "2020-10-01")
    assert (earlier["against"], earlier["totals"]["difference_fen"]) == ("2020.1", 20_000)


def test_what_was_known_then_decides(awarded: Office) -> None:
    file = draft(awarded, SECOND_TIER_HIGHER)
    assert replay(awarded, file, "--on", "2020-03-17", "--known-at", "2020-03-17")["winners"] == []
    assert awarded.do("clerk", "plan", "replay", "--plan", file, "--period", "2020-spring", "--known-at", "9999", day=DAY).refused == (
        "log_size_unknown"
    )


def test_who_falls_into_another_tier_or_under_no_condition_any_more(awarded: Office) -> None:
    other_tier = ('categories = ["特困", "孤儿", "低保"]', 'categories = ["特困", "孤儿"]')
    (loser,) = replay(awarded, draft(awarded, other_tier))["losers"]
    assert (loser["student"], loser["now_tier"], loser["then_tier"], loser["why"]) == (awarded.student(2), "二档", "三档", "tier_changed")
    narrowed = (
        'clause = "aid"\n\n[[schemes.tiers]]',
        'clause = "aid"\n\n[schemes.conditions]\ncategories = ["建档立卡"]\n\n[[schemes.tiers]]',
    )
    text = bundled_text("fuxin-2020")
    assert text.count(narrowed[0]) >= 1
    file = awarded.folder / "narrow.toml"
    file.write_text(text.replace(*narrowed, 1), encoding="utf-8")
    said = replay(awarded, file, "--scheme", "grant")
    assert {(one["student"], one["then_fen"], one["why"]) for one in said["losers"]} == {
        (awarded.student(2), 0, "category_not_covered"),
        (awarded.student(3), 0, "category_not_covered"),
    }


def test_a_scheme_that_is_gone_gives_nothing(awarded: Office) -> None:
    said = replay(awarded, draft(awarded, ('code = "grant"', 'code = "aid"'), ('stacks_with = ["grant"]', 'stacks_with = ["aid"]')))
    assert {(one["scheme"], one["why"]) for one in said["losers"]} == {("fuxin-2020.grant", "scheme_dropped")}
    assert {(one["scheme"], one["why"]) for one in said["winners"]} == {("fuxin-2020.aid", "newly_covered")}
    assert said["totals"]["difference_fen"] == 0


def test_whom_only_the_draft_covers_is_a_winner_and_what_is_not_known_is_said(awarded: Office) -> None:
    """The waiver is for one category; a draft opens it to all, at the office's own figure."""
    wider = ('[schemes.conditions]\ncategories = ["建档立卡"]', '[schemes.conditions]\ncategories = ["建档立卡", "低保"]')
    said = replay(awarded, draft(awarded, wider), "--scheme", "tuition-waiver")
    (winner,) = said["winners"]
    assert (winner["student"], winner["now_fen"], winner["then_fen"], winner["why"]) == (awarded.student(2), 0, None, "newly_covered")
    told = {one["code"]: one["message"] for one in said["not_known"]}
    assert told.keys() == {"procedure_of_new_cases", "due_not_awarded", "amounts_not_set"}
    assert "yuan" not in told["due_not_awarded"]  # no sum of amounts that an office sets


def test_of_two_awards_that_may_not_stand_together_then_the_first_of_the_plan_stays(awarded: Office) -> None:
    waiver = f"fuxin-2020.tuition-waiver/{awarded.student(1)}/2020-spring"
    awarded.done("applicant-clerk", "application", "submit", *SPRING[2:], "--scheme", "tuition-waiver", day="2020-05-01")
    awarded.done("reviewer", "application", "review", waiver, day="2020-05-02")
    awarded.done("approver", "award", "approve", waiver, "--amount", "1100", day="2020-05-03")
    file = draft(awarded, ('stacks_with = ["tuition-waiver"]', "stacks_with = []"), ('stacks_with = ["grant"]', "stacks_with = []"))
    (loser,) = replay(awarded, file)["losers"]
    assert (loser["scheme"], loser["difference_fen"], loser["why"]) == ("fuxin-2020.tuition-waiver", -110_000, "schemes_do_not_stack")


def test_who_is_due_by_both_and_has_no_award_is_told_and_not_counted(surveyed: Office) -> None:
    """Nobody has been awarded anything: that is no matter of versions."""
    said = replay(surveyed, draft(surveyed, SECOND_TIER_HIGHER), "--scheme", "grant")
    assert (said["winners"], said["totals"]["now_fen"]) == ([], 0)
    (waiting,) = said["not_known"]
    assert (waiting["code"], waiting["count"]) == ("due_not_awarded", 4)
    assert "yuan then" in waiting["message"]


def test_who_has_left_is_not_newly_covered(surveyed: Office) -> None:
    approve_all(surveyed)
    rows = [["姓名", "身份证号", "异动类型", "发生日期"], ["测试2", number_of(2), "退学", "2020-04-05"]]
    surveyed.done("clerk", "student", "import", write_csv(surveyed.folder / "changes.csv", rows), day="2020-05-01")
    wider = ('[schemes.conditions]\ncategories = ["建档立卡"]', '[schemes.conditions]\ncategories = ["建档立卡", "低保"]')
    said = replay(surveyed, draft(surveyed, wider), "--scheme", "tuition-waiver")
    assert len(replay(surveyed, draft(surveyed, wider), "--scheme", "tuition-waiver", "--on", "2020-04-04")["winners"]) == 1
    assert said["winners"] == []


def test_a_unit_means_itself_and_a_scheme_must_be_of_the_plan(awarded: Office) -> None:
    file = draft(awarded, SECOND_TIER_HIGHER)
    assert replay(awarded, file, "--unit", "shifan")["winners"] == []
    assert len(replay(awarded, file, "--unit", "综职系")["winners"]) == 1
    said = awarded.do("clerk", "plan", "replay", "--plan", file, *SPRING[2:], "--scheme", "other", day=DAY)
    assert said.refused == "scheme_unknown"


@pytest.mark.parametrize(
    ("plan", "code"),
    [("fuxin-2020@9", "plan_version_not_recorded"), ("funan-2020@2020", "plan_not_adopted"), ("none.toml", "file_missing")],
)
def test_versions_that_nobody_knows_are_refused(surveyed: Office, plan: str, code: str) -> None:
    said = surveyed.do("clerk", "plan", "replay", "--plan", plan, "--period", "2020-spring", day=DAY)
    assert (said.code, said.refused) == (1, code)


def test_a_plan_without_a_version_asks_for_one(surveyed: Office) -> None:
    said = surveyed.do("clerk", "plan", "replay", "--plan", "fuxin-2020", "--period", "2020-spring", day=DAY)
    assert said.code == 2 and "2020.1" in said.text


def test_the_screen_says_what_it_cannot_know(awarded: Office) -> None:
    words = ("plan", "replay", "--plan", draft(awarded, SECOND_TIER_HIGHER), "--period", "2020-spring")
    told = awarded.plain("clerk", *words, day=DAY)
    assert "nothing is recorded" in told.replace("\n", " ")
    assert "+200.00 yuan; 1 gain" in told and "What this cannot know:" in told
