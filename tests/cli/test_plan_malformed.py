"""A plan's text that says what no plan can say is refused with its line and a reason in the reader's words, and nothing is recorded."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from mingzhang.cli.refusals.plan_reasons import REASONS
from mingzhang.domain.plan.bundled import bundled_text
from tests.stories.player import Player
from tests.stories.practice import copy_of, properly, refusal

TEXT = bundled_text("funan-2020")
CHANGES = {
    "an unknown word": ('payer = "banks"', 'payers = "banks"'),
    "a missing word": ('version = "2020.1"\n', ""),
    "a wrong date": ("effective_from = 2020-07-01", 'effective_from = "soon"'),
    "an impossible month": ("by = { month = 9, day = 15 }", "by = { month = 13, day = 15 }"),
    "three decimals": ("yuan_per_year = 500", 'yuan_per_year = "500.125"'),
    "a float": ("yuan_per_year = 500", "yuan_per_year = 500.5"),
    "an amount below zero": ("yuan_per_year = 500", "yuan_per_year = -5"),
    "an unknown kind of step": ('kind = "crosscheck"', 'kind = "compare"'),
    "an unknown role": ('role = "second-reviewer"', 'role = "boss"'),
    "a clause that is not given": ('clause = "p5-steps"', 'clause = "p6-steps"'),
    "a top unit that is none": ('top = "education-bureau"', 'top = "nowhere"'),
    "a parent that is none": ('parent = "zhaoji"', 'parent = "zhaojia"'),
    "a step named twice": ('name = "乡镇公示"', 'name = "村公示"'),
    "no TOML": ('title = "', "title = "),
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Player:
    made = Player(tmp_path_factory.mktemp("malformed") / "ledger")
    made.play("init", "--rehearsal", "--unit", "某局", at="2020-07-01T08:00:00")
    return made


@pytest.mark.parametrize("change", CHANGES)
def test_a_malformed_plan_is_refused_with_line_and_reason(template: Player, tmp_path: Path, change: str) -> None:
    player, file = copy_of(template, tmp_path / "ledger"), tmp_path / "our.toml"
    old, new = CHANGES[change]
    assert old in TEXT
    file.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    before = player.size()
    for verb in ("check", "adopt", "show"):
        said = player.run("plan", verb, str(file), actor="administrator", at="2020-07-01T09:00:00")
        assert refusal(said) == properly("plan_malformed")
        assert isinstance(said.document["context"]["line"], int)
        assert "读不懂" in said.document["message"] and "…" not in said.document["message"]
        reason = said.document["message"].partition("读不懂：")[2].partition("（")[0]
        assert not re.search(r"[A-Za-z]+ [a-z]+", reason), reason
    assert player.size() == before


@pytest.mark.parametrize("change", ["a clause that is not given", "a parent that is none", "a top unit that is none"])
def test_where_parts_do_not_agree_the_line_is_that_of_the_one_that_is_wrong(template: Player, tmp_path: Path, change: str) -> None:
    file, (old, new) = tmp_path / "our.toml", CHANGES[change]
    changed = TEXT.replace(old, new, 1)
    file.write_text(changed, encoding="utf-8")
    line = template.run("plan", "check", str(file)).document["context"]["line"]
    assert changed.splitlines()[line - 1] == new


def test_a_tier_nobody_can_reach_is_shown_by_check_and_refused_by_adopt(template: Player, tmp_path: Path) -> None:
    player, file = copy_of(template, tmp_path / "ledger"), tmp_path / "our.toml"
    file.write_text(TEXT.replace('other_provinces = ["安徽"]\n', "", 1), encoding="utf-8")
    found = player.play("plan", "check", str(file))["contradictions"]
    assert [row["code"] for row in found if row["code"] == "plan_tier_unreachable" and row["line"]] == ["plan_tier_unreachable"]
    said = player.run("plan", "adopt", str(file), actor="administrator", at="2020-07-01T09:00:00")
    assert refusal(said) == properly("plan_tier_unreachable")
    assert isinstance(said.document["context"]["line"], int)


def test_every_pattern_fills_the_words_of_its_sentence() -> None:
    for pattern, sentence in REASONS:
        words = {word for _text, word, _spec, _conversion in Formatter().parse(sentence) if word}
        assert words <= set(re.compile(pattern).groupindex), sentence


def test_a_plan_of_ones_own_can_be_practised_at_once(tmp_path: Path) -> None:
    file, player = tmp_path / "our.toml", Player(tmp_path / "ledger")
    file.write_text(TEXT.replace('code = "funan-2020"', 'code = "our-2020"', 1), encoding="utf-8")
    player.play("init", "--rehearsal", "--plan", str(file), at="2020-07-01T08:00:00")
    assert [row["plan"] for row in player.play("status")["plans"]] == ["our-2020"]
