"""Plans are texts: bundled ones and an office's own are shown, checked for contradictions, adopted and amended, whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from mingzhang.domain.plan.bundled import bundled_text
from tests.stories.player import Player
from tests.stories.practice import copy_of, properly, refusal

S0 = "fuxin-2020"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Player:
    made = Player(tmp_path_factory.mktemp("practice") / "ledger")
    made.play("init", "--rehearsal", "--plan", S0, at="2020-03-02T08:00:00")
    return made


@pytest.fixture
def player(template: Player, tmp_path: Path) -> Player:
    return copy_of(template, tmp_path / "ledger")


def test_the_bundled_plans_are_listed_even_where_there_is_no_ledger(tmp_path: Path) -> None:
    rows = Player(tmp_path / "none").play("plan", "list")
    assert [(row["plan"], row["adopted"]) for row in rows if row["plan"] == S0] == [(S0, False)]


def test_an_adopted_plan_is_listed_as_such(player: Player) -> None:
    assert [row["adopted"] for row in player.play("plan", "list") if row["plan"] == S0] == [True]


def test_a_plan_shows_its_tiers_in_fen(player: Player) -> None:
    grant = next(scheme for scheme in player.play("plan", "show", S0)["schemes"] if scheme["code"] == "grant")
    assert [tier["fen_per_year"] for tier in grant["tiers"]] == [400000, 300000, 200000]


def test_the_contradictions_of_a_plan_are_named(player: Player) -> None:
    said = player.play("plan", "check", S0)
    assert [row for row in said["contradictions"] if not (row["code"] and row["place"] and row["message"])] == []


@pytest.mark.parametrize("text", ["", "code = ", 'code = "x"\n', "\x00"])
def test_a_text_that_is_no_plan_is_refused(player: Player, tmp_path: Path, text: str) -> None:
    file = tmp_path / "our.toml"
    file.write_text(text, encoding="utf-8")
    before = player.size()
    for words in (("plan", "check", str(file)), ("plan", "adopt", str(file))):
        assert refusal(player.run(*words, actor="administrator", at="2020-03-03T08:00:00")) == properly("plan_malformed")
    assert player.size() == before


def test_a_text_in_another_encoding_is_refused(player: Player, tmp_path: Path) -> None:
    file = tmp_path / "our.toml"
    file.write_bytes(bundled_text(S0).encode("gb18030"))
    assert refusal(player.run("plan", "check", str(file))) == properly("plan_malformed")


def test_a_plan_is_adopted_once(player: Player) -> None:
    before = player.size()
    said = player.run("plan", "adopt", S0, actor="administrator", at="2020-03-03T08:00:00")
    assert (said.code, bool(said.document["next"]), player.size()) == (1, True, before)


def test_only_an_administrator_adopts(tmp_path: Path) -> None:
    player = Player(tmp_path / "ledger")
    player.play("init", "--rehearsal", "--unit", "某局", at="2020-03-02T08:00:00")
    assert refusal(player.run("plan", "adopt", S0, actor="nobody", at="2020-03-03T08:00:00")) == properly("staff_unknown")


def test_an_amendment_stands_beside_what_was_decided_before(player: Player, tmp_path: Path) -> None:
    file = tmp_path / "amended.toml"
    file.write_text(bundled_text(S0).replace("2020.1", "2020.2"), encoding="utf-8")
    words = ["plan", "amend", str(file), "--reason", "上级调整标准", "--on", "2020-09-01"]
    said = player.play(*words, actor="administrator", at="2020-09-01T08:00:00")
    assert said["version"] == "2020.2"
    assert player.play("status")["plans"] == [{"plan": S0, "version": "2020.2"}]


def test_an_amendment_says_why(player: Player, tmp_path: Path) -> None:
    file = tmp_path / "amended.toml"
    file.write_text(bundled_text(S0).replace("2020.1", "2020.2"), encoding="utf-8")
    assert refusal(player.run("plan", "amend", str(file), actor="administrator", at="2020-09-01T08:00:00")) == properly("usage", 2)
