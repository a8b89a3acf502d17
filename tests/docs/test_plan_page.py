"""The plan that an office is shown how to write is a whole plan, free of contradictions, and leaves no part of the vocabulary out."""

import re
from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from mingzhang.domain.plan.check import check_plan
from mingzhang.domain.plan.vocabulary import Plan, read_plan
from mingzhang.domain.plan.words import Words
from tests.conftest import CHECKOUT
from tests.docs.plan_vocabulary import tables

PAGE = CHECKOUT / "docs" / "guides" / "writing-a-plan.md"
BLOCK = re.compile(r"^```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def shown() -> Plan:
    return read_plan("\n".join(BLOCK.findall(PAGE.read_text(encoding="utf-8"))))


def used(entry: object) -> Iterator[BaseModel]:
    """Every table of the plan, itself included."""
    if isinstance(entry, BaseModel):
        yield entry
        for name in entry.model_fields_set:
            yield from used(getattr(entry, name))
    elif isinstance(entry, tuple):
        for one in entry:
            yield from used(one)


def test_the_plan_of_the_page_does_not_contradict_itself(shown: Plan) -> None:
    assert check_plan(shown) == []


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.__name__)
def test_the_page_shows_every_table_of_a_plan(table: type[Words], shown: Plan) -> None:
    assert [entry for entry in used(shown) if isinstance(entry, table)]


def test_the_page_shows_every_way_to_say_when(shown: Plan) -> None:
    ways = ("due", "between", "cadence", "at", "day", "after", "after_date", "within_days", "season")
    assert [way for way in ways if not any(way in duty.model_fields_set for duty in shown.duties)] == []
    assert {duty.cadence for duty in shown.duties} == {None, "monthly", "quarterly", "half-yearly", "yearly", "term"}
