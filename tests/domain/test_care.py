"""一生一策, 三层兜底, 动态信息卡: the layers hold in their order, and a card is filled in before it is filed."""

from __future__ import annotations

from datetime import date

import pytest

from mingzhang.domain.student.care import ApplySafetyNetLayer, DrawUpCarePlan, FileInfoCard, IssueInfoCard
from mingzhang.domain.student.facts import LAYERS, InfoCardFiled, Layer, SafetyNetLayerApplied
from tests.college import S1, opened, surveyed
from tests.given import by, given, sealed

JULY = date(2020, 7, 10)
YEAR = "2020"
SAID = sealed(S1, what="synthetic")


def layer(name: Layer, helped: bool = True, period: str = YEAR) -> ApplySafetyNetLayer:
    return ApplySafetyNetLayer(student=S1, period=period, layer=name, helped=helped, person=SAID)


@pytest.mark.parametrize(("tried", "next_layer", "first"), [([], 1, 0), ([], 2, 0), ([0], 2, 1)])
def test_a_layer_is_not_drawn_on_before_the_ones_above_it(tried: list[int], next_layer: int, first: int) -> None:
    before = [by("surveyor-1", layer(LAYERS[number], helped=False), JULY) for number in tried]
    known = given(opened(), surveyed(), before)
    known.when(layer(LAYERS[next_layer]), actor="surveyor-1", at=JULY).refused("layer_out_of_order", first=LAYERS[first])


def test_a_layer_that_does_not_help_opens_the_next_one() -> None:
    known = given(opened(), surveyed(), by("surveyor-1", layer("state-aid", helped=False), JULY))
    fact = known.when(layer("special-hardship"), actor="surveyor-1", at=JULY).only(SafetyNetLayerApplied)
    assert (fact.layer, fact.helped, len(fact.because)) == ("special-hardship", True, 2)


def test_each_period_begins_with_the_first_layer() -> None:
    known = given(opened(), surveyed(), by("surveyor-1", layer("state-aid"), JULY))
    known.when(layer("special-hardship", period="2021"), actor="surveyor-1", at=JULY).refused("layer_out_of_order")


def test_a_card_is_filled_in_before_it_is_filed_and_each_once() -> None:
    known = given(opened(), surveyed())
    filing, issuing = FileInfoCard(student=S1, period=YEAR, evidence=("ab" * 32,)), IssueInfoCard(student=S1, period=YEAR)
    known.when(filing, actor="clerk-1", at=JULY).refused("info_card_missing")
    issued = given(opened(), surveyed(), by("clerk-1", issuing, JULY))
    issued.when(issuing, actor="clerk-1", at=JULY).refused("info_card_exists")
    assert issued.when(filing, actor="clerk-1", at=JULY).only(InfoCardFiled).evidence == ("ab" * 32,)


def test_a_filed_card_is_filed() -> None:
    filed = [by("clerk-1", command, JULY) for command in (IssueInfoCard(student=S1, period=YEAR), FileInfoCard(student=S1, period=YEAR))]
    known = given(opened(), surveyed(), filed)
    known.when(FileInfoCard(student=S1, period=YEAR), actor="clerk-1", at=JULY).refused("info_card_filed")


def test_a_care_plan_can_be_drawn_up_anew() -> None:
    plan = DrawUpCarePlan(student=S1, period=YEAR, person=SAID)
    known = given(opened(), surveyed(), by("surveyor-1", plan, JULY))
    assert known.when(plan, actor="surveyor-1", at=JULY).topics() == ["student.care_plan_drawn_up"]


@pytest.mark.parametrize("words", ["2020-spring", "2020", "2019-2020"])
def test_a_period_is_written_in_one_of_the_known_ways(words: str) -> None:
    command = IssueInfoCard(student=S1, period=words)
    assert given(opened(), surveyed()).when(command, actor="clerk-1", at=JULY).topics() == ["student.info_card_issued"]
    given(opened(), surveyed()).when(IssueInfoCard(student=S1, period="spring"), actor="clerk-1", at=JULY).refused("period_malformed")
