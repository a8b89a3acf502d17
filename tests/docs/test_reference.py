"""Every command and every fact is in its reference, as it is today."""

from tests.docs.event_reference import PAGE as EVENTS
from tests.docs.event_reference import page as events_page
from tests.docs.reference import PAGE, made_afresh


def test_the_reference_says_what_the_commands_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == made_afresh(), "run: python -m tests.docs.reference"


def test_the_page_of_facts_says_what_the_facts_say() -> None:
    assert EVENTS.read_text(encoding="utf-8") == events_page(), "run: python -m tests.docs.event_reference"
