"""Where the plan leaves amounts open, each tier is approved with its own amount: --tier narrows a bulk run, and never guesses a tier."""

from __future__ import annotations

from pathlib import Path

import pytest

from mingzhang.domain.plan.bundled import bundled_text
from tests.stories.player import Player
from tests.stories.practice import copy_of, properly, refusal, survey_file

GRANT = ("--scheme", "grant", "--period", "2020-spring")


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Player:
    """A plan whose grant has tiers without amounts; three students of two of them are reviewed."""
    folder = tmp_path_factory.mktemp("tiers")
    text = bundled_text("fuxin-2020")
    begin, end = text.index('code = "grant"'), text.index('code = "tuition-waiver"')
    open_amounts = "\n".join(line for line in text[begin:end].splitlines() if not line.startswith("yuan_per_year"))
    own = folder / "own.toml"
    open_amounts = open_amounts.replace("[[schemes.tiers]]", 'amount = "unset"\n[[schemes.tiers]]', 1)
    own.write_text(f"{text[:begin]}{open_amounts}\n{text[end:]}", "utf-8")
    player = Player(folder / "ledger")
    player.play("init", "--rehearsal", "--plan", str(own), at="2020-03-01T08:00:00")
    player.play("survey", "open", "2020-spring", actor="clerk", at="2020-03-02T08:00:00")
    for number, (persons, category) in enumerate([((1, 2), "建档立卡"), ((3,), "低保")]):
        file = survey_file(folder / f"{number}.xlsx", persons, 困难类别=category)
        player.play("survey", "import", str(file), "--round", "2020-spring", actor="surveyor", at=f"2020-03-0{3 + number}T08:00:00")
    player.play("application", "submit", *GRANT, actor="applicant-clerk", at="2020-03-16T08:00:00")
    player.play("application", "review", *GRANT, actor="reviewer", at="2020-03-18T08:00:00")
    return player


@pytest.fixture
def player(reviewed: Player, tmp_path: Path) -> Player:
    return copy_of(reviewed, tmp_path / "ledger")


def tiers(player: Player) -> list[str]:
    shown = player.play("plan", "show", "fuxin-2020")
    return [tier["code"] for scheme in shown["schemes"] if scheme["code"] == "grant" for tier in scheme["tiers"]]


def test_each_tier_is_approved_with_its_own_amount(player: Player) -> None:
    first, second, _third = tiers(player)
    for tier, yuan, count in ((first, "1500", 2), (second, "1000.50", 1)):
        said = player.play("award", "approve", *GRANT, "--tier", tier, "--amount", yuan, actor="approver", at="2020-03-20T08:00:00")
        assert (said["done"], said["refused"]) == (count, [])
    amounts = sorted(row["amount_fen"] for row in player.play("application", "list", *GRANT, at="2020-03-21T08:00:00"))
    assert amounts == [100050, 150000, 150000]


def test_a_tier_nobody_is_in_approves_nobody(player: Player) -> None:
    said = player.play("award", "approve", *GRANT, "--tier", tiers(player)[2], "--amount", "1", actor="approver", at="2020-03-20T08:00:00")
    assert (said["done"], said["refused"]) == (0, [])


def test_a_tier_is_known_by_its_name_as_well(player: Player) -> None:
    shown = player.play("plan", "show", "fuxin-2020")
    name = next(scheme["tiers"][1]["name"] for scheme in shown["schemes"] if scheme["code"] == "grant")
    said = player.play("award", "approve", *GRANT, "--tier", name, "--amount", "1000", actor="approver", at="2020-03-20T08:00:00")
    assert said["done"] == 1


def test_an_unknown_tier_is_refused_and_the_tiers_are_named(player: Player) -> None:
    before = player.size()
    words = ("award", "approve", *GRANT, "--tier", "四档", "--amount", "1000")
    said = player.run(*words, actor="approver", at="2020-03-20T08:00:00")
    assert refusal(said) == properly("tier_unknown")
    assert (said.document["context"]["tiers"], player.size()) == (tiers(player), before)


def test_without_an_amount_a_tier_whose_amount_is_open_is_refused_once(player: Player) -> None:
    words = ("award", "approve", *GRANT, "--tier", tiers(player)[0])
    assert refusal(player.run(*words, actor="approver", at="2020-03-20T08:00:00")) == properly("amount_needed")
