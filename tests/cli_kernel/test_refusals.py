"""Every code teaches: a sentence and a next step, in both languages."""

from __future__ import annotations

import re
from string import Formatter

import click
import pytest

from mingzhang.cli import i18n
from mingzhang.cli.app import cli
from mingzhang.cli.i18n import joined
from mingzhang.cli.options import global_options
from mingzhang.cli.refusals import TABLES, explain, explain_code, plain, sentence_of
from mingzhang.domain.refusal import Refused
from tests.cli_kernel.scan import MADE_UP_OF_TWO, named_in_the_code, quoted, raised_codes, sources

SENTENCES = [(code, sentence) for table in TABLES for code, sentence in table.items()]


def test_every_code_that_is_raised_has_a_sentence() -> None:
    """Add it to the table of its concept in `cli/refusals/`; its translation with `python -m tests.catalogue add`."""
    assert {code: place for code, place in raised_codes().items() if sentence_of(code) is None} == {}


def test_the_search_for_codes_finds_those_of_commands_and_of_rows() -> None:
    assert {"clock_behind", "plan_not_adopted", "id_check_digit", "number_cell_lost_digits"} <= raised_codes().keys()


def test_no_sentence_waits_for_a_code_that_nothing_raises() -> None:
    """A sentence that cannot be reached is never read, and its next step goes out of date unseen."""
    assert [code for code, _sentence in SENTENCES if code not in MADE_UP_OF_TWO and not named_in_the_code(code)] == []


def test_a_next_step_names_commands_that_there_are() -> None:
    texts = [text for _code, pair in SENTENCES for text in pair] + [message for path in sources() for message in quoted(path)]
    commands = {found for text in texts for found in re.findall(r"`mingzhang (?:--json )?([^`]+)`", text)}
    assert [command for command in sorted(commands) if not there_is(command)] == []


def there_is(words: str) -> bool:
    """Whether the first words of a command line name a group and, where the group has verbs, a verb of it; and its options."""
    found: click.Command = cli
    for word in words.split():
        if word.startswith("--"):
            options = global_options() if found is cli else found.params  # those of the program itself are made anew for each command line
            if not any(word in option.opts for option in options):
                return False
        elif isinstance(found, click.Group):
            below = found.get_command(click.Context(found), word)
            if below is None:
                return word in ("GROUP", "COMMAND")
            found = below
    return True


def test_a_sentence_within_a_sentence_is_filled_as_well() -> None:
    i18n.choose("en")
    said = explain(Refused("payment_obstructed", payment="payment/x", obstacle="award_not_approved", says="a@1")).message
    assert "{" not in said and said.startswith("payment/x cannot be paid: The award has not been approved.")


def test_an_instant_in_a_sentence_is_told_in_shanghai_time() -> None:
    i18n.choose("en")
    assert "2020-03-25 08:00:00" in explain(Refused("clock_behind", until="2020-03-25T00:00:00.000004Z")).message


def test_an_unknown_category_is_answered_with_the_terms_there_are() -> None:
    i18n.choose("zh")
    assert "建档立卡、" in explain_code("category_unknown").next


def test_a_chinese_full_stop_is_followed_by_no_blank() -> None:
    i18n.choose("zh")
    assert joined("一。", "二。") == "一。二。"
    i18n.choose("en")
    assert joined("One.", "Two.") == "One. Two."


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


@pytest.mark.parametrize(
    ("code", "context", "said"),
    [
        ("same_person_decided_twice", {"staff": "a01", "step": "difference"}, "a01 已经办过本案的前一环节，处理差额须由另一人办理。"),
        ("same_person_decided_twice", {"staff": "a01", "step": "check"}, "a01 已经办过本案的前一环节，复核须由另一人办理。"),
        ("same_person_decided_twice", {"staff": "a01", "step": "学生处审核"}, "a01 已经办过本案的前一环节，学生处审核须由另一人办理。"),
        ("movement_needs_no_voucher", {"movement": "fund/F1@3", "step": "reserved"}, "fund/F1@3（批次预留）没有资金进出账户，不编凭证号。"),
        ("role_missing", {"staff": "p01", "roles": ["checker"]}, "p01 不具备办理此事的职责（复核人 checker）。"),
    ],
)
def test_a_refusal_names_a_step_and_a_role_in_the_reader_s_words(code: str, context: dict[str, object], said: str) -> None:
    i18n.choose("zh")
    try:
        assert explain_code(code, context).message == said
    finally:
        i18n.choose("en")


def test_a_voucher_of_two_kinds_is_refused_with_both_in_words() -> None:
    i18n.choose("zh")
    try:
        said = explain_code("voucher_mixes_steps", {"movement": "fund/F1@3", "step": "returned", "first": "arrived"}).message
    finally:
        i18n.choose("en")
    assert "上缴" in said and "到账" in said and "arrived" not in said
