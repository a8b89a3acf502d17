"""The page of the audit rules says what the rules say."""

from __future__ import annotations

from mingzhang.projections.findings import RULES
from tests.docs.findings_page import PAGE, RULES_SAID, page


def test_the_page_is_as_the_rules_have_it() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.docs.findings_page writes it"


def test_every_rule_is_on_the_page_in_the_order_of_the_command() -> None:
    assert list(RULES_SAID) == list(RULES)


def test_every_rule_says_what_it_does_not_see() -> None:
    assert [rule for rule, about in RULES_SAID.items() if not all(about)] == []
