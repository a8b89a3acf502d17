"""Every command, every fact and every word of a plan is in its reference, as it is today."""

import pytest

from mingzhang.domain.plan.words import Words
from tests.docs.attack_table import PAGE as ATTACKS
from tests.docs.attack_table import page as attacks_page
from tests.docs.event_reference import PAGE as EVENTS
from tests.docs.event_reference import page as events_page
from tests.docs.plan_vocabulary import PAGE as WORDS
from tests.docs.plan_vocabulary import meanings, tables
from tests.docs.plan_vocabulary import page as words_page
from tests.docs.reference import PAGE, made_afresh


def test_the_reference_says_what_the_commands_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == made_afresh(), "run: python -m tests.docs.reference"


def test_the_page_of_facts_says_what_the_facts_say() -> None:
    assert EVENTS.read_text(encoding="utf-8") == events_page(), "run: python -m tests.docs.event_reference"


def test_the_page_of_a_plans_words_says_what_the_models_say() -> None:
    assert WORDS.read_text(encoding="utf-8") == words_page(), "run: python -m tests.docs.plan_vocabulary"


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.__name__)
def test_every_word_of_a_plan_has_a_meaning(table: type[Words]) -> None:
    assert [word for word in table.model_fields if word not in meanings(table)] == []


def test_the_table_of_attacks_is_the_one_that_is_tested() -> None:
    text = ATTACKS.read_text(encoding="utf-8")
    assert text == attacks_page(text), "run: python -m tests.docs.attack_table"
