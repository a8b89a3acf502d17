"""Why a plan's text cannot be read, in the reader's words: what validator and vocabulary say in English is told again."""

from __future__ import annotations

import re

from ..i18n import N_, _
from ..words.bank_columns import HOLDS, held_in_words

REASONS: tuple[tuple[str, str], ...] = (
    (r"Extra inputs are not permitted", N_("this word is not one of the vocabulary")),
    (r"Field required", N_("this word is missing")),
    (r"Input should be (?P<words>'.*)", N_("it can be one of: {words}")),
    (r"Input should be a valid date.*", N_("write a date like 2020-03-20, without quotation marks")),
    (r"Datetimes provided to dates.*", N_("write a date like 2020-03-20, without quotation marks")),
    (r"Input should be a valid (?:integer|number).*", N_("a whole number is wanted")),
    (r"Input should be a valid string.*", N_("a text in quotation marks is wanted")),
    (r"Input should be a valid boolean.*", N_("true or false is wanted")),
    (r"Input should be a valid (?:tuple|list).*", N_("a list in square brackets is wanted")),
    (r"Input should be a valid dictionary.*", N_("a table with words of its own is wanted")),
    (r"Input should be less than or equal to (?P<limit>\S+)", N_("it is at most {limit}")),
    (r"Input should be greater than or equal to (?P<limit>\S+)", N_("it is at least {limit}")),
    (r"String should match pattern '\^\\\..*", N_("an ending is a dot with small letters or digits behind it, such as .txt")),
    (r"String should match pattern.*", N_("a code has small letters, digits and hyphens only")),
    (r"String should have at least 1 character", N_("it may not be empty")),
    (r"String should have at most (?P<limit>\d+) characters?", N_("it has at most {limit} characters")),
    (r"Tuple should have at least 1 item.*", N_("at least one is wanted")),
    (r"Expected '=' after a key.* column (?P<column>\d+)\)", N_("at character {column}, = is wanted after the word")),
    (r"Cannot overwrite a value .*|Cannot declare .* twice .*", N_("this word, or this table, stands twice in the file")),
    (
        r"(?:Invalid value|Illegal character).* column (?P<column>\d+)\)",
        N_("at character {column}: text stands between straight quotation marks, as in \"pipe\""),
    ),
    (r"Unclosed (?:array|inline table).*|Invalid value \(at end of document\)", N_("a bracket or quotation mark is not closed")),
    (r"(?P<told>.*) \(at line \d+, column (?P<column>\d+)\)", N_("it is not written as TOML at character {column} ({told})")),
    (r"(?P<told>.*) \(at end of document\)", N_("it is not written as TOML at its end ({told})")),
    (r"UTF-8", N_("it is no text in UTF-8")),
    (r"an amount has at most two decimals and is not below zero", N_("an amount has at most two decimals and is not below zero")),
    (r"write yuan as a whole number or as text.*", N_("write yuan as a whole number, or with at most two decimals in quotation marks")),
    (r"write a (?:percentage|target) as a whole number.*", N_("write a whole number, or a number in quotation marks such as \"0.6\"")),
    (r"a percentage lies between 0 and 100", N_("a percentage lies between 0 and 100")),
    (r"a target is not below zero", N_("a target is not below zero")),
    (r"clause '(?P<clause>.*)' is cited but not given.*", N_("the clause {clause} is cited, but not given under [clauses]")),
    (r"top unit (?P<unit>.*) is no unit of the plan", N_("the top unit {unit} is no unit of the plan")),
    (
        r"unit (?P<unit>.*): its parent (?P<parent>.*) is no unit of the plan",
        N_("the unit {unit} stands under {parent}, which is no unit of the plan"),
    ),
    (r"(?P<where>unit|scheme|duty|target|report) (?P<name>.*) is named twice", N_("{name} is named twice")),
    (r"step (?P<step>.*): a (?:review|approve) needs a role", N_("the step {step} needs a role")),
    (r"step (?P<step>.*): a \w+ is nobody's decision.*", N_("the step {step} is nobody's decision and has no role")),
    (r"scheme (?P<scheme>.*): a loan says its limits.*", N_("the loan {scheme} says its limits under [schemes.loan]")),
    (r"scheme (?P<scheme>.*): amount = tiers, but no tier is given", N_("the scheme {scheme} pays by tier, but no tier is given")),
    (
        r"scheme (?P<scheme>.*): amount = range needs.*",
        N_("the range of the scheme {scheme} needs least_yuan and most_yuan, the first not above the second"),
    ),
    (r"scheme (?P<scheme>.*): the last step must be an approval", N_("the last step of the scheme {scheme} must be an approval")),
    (r"scheme (?P<scheme>.*): two steps have the same name", N_("two steps of the scheme {scheme} have the same name")),
    (
        r"scheme (?P<scheme>.*), tier (?P<tier>.*): yuan_per_year is given.*",
        N_("the tier {tier} of {scheme} says yuan_per_year exactly where amount is tiers"),
    ),
    (
        r"scheme (?P<scheme>.*), tier (?P<tier>.*): the yearly amount does not.*",
        N_("the yearly amount of the tier {tier} of {scheme} does not divide into its parts to the fen"),
    ),
    (r"term (?P<term>.*) ends before it begins", N_("the term {term} ends before it begins")),
    (r"joint research per term needs the terms", N_("joint research per term needs the terms")),
    (r"check (?P<check>.*): weeks .* do not follow.*", N_("the weeks of the check {check} do not follow those before it")),
    (r"rule (?P<rule>.*): say either off = true or days.*", N_("of the rule {rule} say either off = true or days, and not both")),
    (r"rule (?P<rule>.*) has no figure; (?P<rules>.*) have one", N_("the rule {rule} has no figure; {rules} have one")),
    (r"rule (?P<rule>.*): ends on (?P<until>.*), before it begins on (?P<since>.*)", N_("of the rule {rule} {until} comes before {since}")),
    (r"findings: (?P<rule>.*) is said twice for the same days", N_("the rule {rule} is said twice for the same days")),
    (r"duty (?P<duty>.*): says when in more than one way", N_("the duty {duty} says when in more than one way")),
    (r"duty (?P<duty>.*): says neither.*", N_("the duty {duty} does not say when: give a day, a range, a cadence, or after what")),
    (
        r"a control cell is text or one of (?P<cells>.*), not (?P<cell>.*)",
        N_("a cell of a control line is text or one of {cells}, not {cell}"),
    ),
    (r"a control line states .*", N_("a control line states the count and the amount, as {{count}} and {{amount}}")),
    (r"a control line at the bottom begins .*", N_("a control line at the bottom begins with a text such as 合计, without names")),
    (r"(?P<part>order|answer|returned): no column holds (?P<holds>\w+)", N_("no column of [{part}] holds {holds}")),
    (r"(?P<part>order|answer|returned): two columns hold the same", N_("two columns of [{part}] hold the same")),
    (r"(?P<part>order|answer|returned): two columns have the same name", N_("two columns of [{part}] have the same name")),
    (r"(?P<part>order|answer|returned): its control line .*", N_("the control line of [{part}] states {{done}}, but no column holds it")),
    (r"a word stands for one outcome only", N_("a word under [states] stands for one outcome only")),
    (r"duty (?P<duty>[^:]*): (?P<told>.*)", N_("the words of the duty {duty} do not go together ({told})")),
)  # fmt: skip


def reason_in_words(reason: str) -> str:
    """The reason in the chosen language; one that nobody foresaw is told as it is."""
    bare = reason.removeprefix("Value error, ")
    for pattern, sentence in REASONS:
        found = re.fullmatch(pattern, bare)
        if found:
            words = {name: value.replace("' or '", "、").replace("', '", "、").strip("'") for name, value in found.groupdict().items()}
            return _(sentence).format(**{name: _with_meanings(value) if name in _OF_COLUMNS else value for name, value in words.items()})
    return bare


_OF_COLUMNS = ("holds", "words")


def _with_meanings(words: str) -> str:
    """What a bank's column may hold, each with what it means; other words as they are."""
    told = words.split("、")
    return "、".join(map(held_in_words, told)) if all(one in HOLDS for one in told) else words
