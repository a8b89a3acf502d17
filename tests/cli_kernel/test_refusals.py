"""Every code teaches: a sentence and a next step, in both languages."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from mingzhang.cli import i18n
from mingzhang.cli.refusals import TABLES, explain, explain_code, plain, sentence_of
from mingzhang.domain.refusal import Refused
from tests.cli_kernel.scan import raised_codes

SENTENCES = [(code, sentence) for table in TABLES for code, sentence in table.items()]


def test_every_code_that_is_raised_has_a_sentence() -> None:
    """Add it to the table of its concept in `cli/refusals/`; its translation with `python -m tests.catalogue add`."""
    assert {code: place for code, place in raised_codes().items() if sentence_of(code) is None} == {}


def test_the_search_for_codes_finds_those_of_commands_and_of_rows() -> None:
    assert {"clock_behind", "plan_not_adopted", "id_check_digit", "number_cell_lost_digits"} <= raised_codes().keys()


def test_no_code_has_two_sentences() -> None:
    assert len({code for code, _sentence in SENTENCES}) == len(SENTENCES)


def test_a_message_ends_as_a_sentence_and_the_next_step_says_something_else() -> None:
    broken = [code for code, (message, step) in SENTENCES if not step.endswith(".") or message == step]
    assert broken == []


def test_placeholders_are_plain_names() -> None:
    names = {name for _code, pair in SENTENCES for text in pair for _t, name, _f, _c in Formatter().parse(text) if name}
    assert [name for name in names if not re.fullmatch(r"[a-z_0-9]+", name)] == []


@pytest.mark.parametrize(("language", "words"), [("en", "holds 12 events"), ("zh", "共有 12 条事件")])
def test_a_refusal_is_explained_in_the_chosen_language(language: str, words: str) -> None:
    i18n.choose(language)
    assert words in explain(Refused("log_size_unknown", size=13, last=12)).message


def test_money_in_a_sentence_is_written_in_yuan() -> None:
    i18n.choose("en")
    said = explain(Refused("fund_short", fund="f-1", available_fen=150, wanted_fen=200000)).message
    assert "1.50 yuan available; 2,000.00 yuan" in said


def test_what_the_context_lacks_is_left_open_and_does_not_fail() -> None:
    i18n.choose("en")
    assert explain_code("fund_short").message == "The fund … holds … yuan available; … yuan are needed."


def test_a_code_inside_a_context_is_said_in_words() -> None:
    i18n.choose("en")
    said = explain(Refused("workbook_unreadable", file="a.xlsx", reason="damaged")).message
    assert said == "The file a.xlsx cannot be read: it is damaged."


def test_a_code_nobody_wrote_a_sentence_for_still_says_what_is_known() -> None:
    i18n.choose("en")
    told = explain(Refused("never_heard_of", payment="payment/x", amount_fen=100))
    assert "never_heard_of" in told.message and "payment/x" in told.message and "1.00" in told.message
    assert told.next


def test_an_object_in_a_context_is_named_by_its_class_alone() -> None:
    class Secret:
        def __repr__(self) -> str:
            return "张三"

    assert plain({"who": Secret(), "refs": ("a", 1)}) == {"who": "Secret", "refs": ["a", 1]}
