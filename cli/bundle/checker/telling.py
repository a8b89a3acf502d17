"""What the records say, in words: made from the records alone, so that the page in the bundle can be made again and compared."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from string import Formatter
from typing import Any, Mapping, NamedTuple, Sequence

from .disclosed import Disclosed
from .formats import Event
from .log import Log
from .manifest import Manifest
from .people import Transaction
from .sentences import BETWEEN, LANGUAGES, Words, printable, word
from .trail import Trail, signed_list

_TABLE = re.compile(r"^\[\[(schemes|schemes\.tiers|units)\]\]$(.*?)(?=^\[|\Z)", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r'^(?:code|id) = "([^"\\]*)"$', re.MULTILINE)
_NAME = re.compile(r'^name = "([^"\\]*)"$', re.MULTILINE)
_TIER = re.compile(r'\bcode = "([^"\\]*)", name = "([^"\\]*)"')
_FIELDS = {
    "name": ("姓名", "name"),
    "id_number": ("身份证号", "identity number"),
    "account": ("银行账号", "bank account"),
    "xueji": ("学籍号", "school register number"),
    "sex": ("性别", "sex"),
    "class_name": ("班级", "class"),
    "major": ("专业", "major"),
    "guardian": ("监护人", "guardian"),
    "household_head": ("户主", "household head"),
    "phone": ("电话", "phone"),
    "address": ("住址", "address"),
    "note": ("备注", "note"),
    "reason": ("原因", "reason"),
    "text": ("文字", "text"),
}


class Bundle(NamedTuple):
    """What a bundle holds, read and checked."""

    manifest: Manifest
    log: Log
    transactions: dict[int, Transaction]
    trail: Trail
    disclosed: list[Disclosed]
    attached: list[str]


def steps_told(bundle: Bundle, words: Words, language: str) -> list[str]:
    """The trail, newest first: day, what, who in which capacity, and the place in the log."""
    names = names_in_plans(bundle.trail.steps)
    lines = []
    for event in reversed(bundle.trail.steps):
        summary = summary_of(event, bundle.trail, words, language, names)
        who = who_did(event, bundle.transactions.get(event.leaf), words, language, names)
        lines.append(f"{printable(event.facts['effective_on'], 10)}  {summary}  [{who} · {instant(event.recorded_at)} · #{event.leaf}]")
    return lines


def fields_told(bundle: Bundle, words: Words, language: str) -> list[str]:
    """The disclosed fields, each with the fact that holds it."""
    names = names_in_plans(bundle.trail.steps)
    lines = []
    for one in bundle.disclosed:
        event = bundle.log.events[one.event]
        field = printable(one.field, 60)
        said = _FIELDS.get(one.field)
        what = field if said is None else said[LANGUAGES.index(language)]
        summary = summary_of(event, bundle.trail, words, language, names)
        lines.append(f"{what} = {printable(one.value)}  [{summary} · #{event.leaf}]")
    return lines


def summary_of(event: Event, trail: Trail, words: Words, language: str, names: Mapping[str, str]) -> str:
    """One line for a fact, by the program's own table of sentences."""
    signed = f"{event.topic} signed"
    key = signed if signed in words and signed_list(event, trail) else event.topic
    facts = {name: names.get(value, value) if isinstance(value, str) else value for name, value in event.facts.items()}
    if isinstance(facts.get("scheme"), str):
        scheme = facts["scheme"].partition(".")[2]
        facts["scheme"] = names.get(scheme, facts["scheme"])
        if isinstance(facts.get("tier"), str):
            facts["tier"] = names.get(f"{scheme} {event.facts['tier']}", event.facts["tier"])
    if isinstance(facts.get("source"), str):
        facts["source"] = word("source " + facts["source"], facts["source"], words, language)
    return printable(_Plain(BETWEEN[language]).vformat(word(key, event.topic, words, language), (), facts), 200)


def who_did(event: Event, transaction: Any, words: Words, language: str, names: Mapping[str, str]) -> str:
    """The actor, with the role and unit they acted as."""
    acting = None if transaction is None else transaction.acting(event.leaf)
    actor = printable(event.facts["actor"], 60)
    if acting is None:
        return actor
    role = word("role " + acting.role, acting.role, words, language)
    return f"{actor}: {printable(role, 60)}, {printable(names.get(acting.unit, acting.unit), 60)}"


def names_in_plans(steps: Sequence[Event]) -> dict[str, str]:
    """Codes of schemes and units -> their names, as far as the plans on the trail are written as usual; so with a tier's code behind the
    one of its scheme, since another scheme may call another tier so, and a category too."""
    names: dict[str, str] = {}
    for event in steps:
        text = event.facts.get("text")
        if not event.topic.startswith("plan.") or not isinstance(text, str):
            continue
        scheme = ""
        for kind, table in _TABLE.findall(text):
            code, name = _CODE.search(table), _NAME.search(table)
            if code is not None and name is not None:
                scheme = code.group(1) if kind == "schemes" else scheme
                names[f"{scheme} {code.group(1)}" if kind == "schemes.tiers" else code.group(1)] = name.group(1)
            names.update((f"{scheme} {tier}", said) for tier, said in _TIER.findall(table))
    return names


def instant(text: str) -> str:
    """The instant of a record in Shanghai, to the minute."""
    try:
        read = datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S") + timedelta(hours=8)
    except (ValueError, OverflowError):
        return printable(text, 30)
    return read.strftime("%Y-%m-%d %H:%M")


class _Plain(Formatter):
    """Fills in plain fields; money becomes yuan, a list its members, and what is absent a dash."""

    def __init__(self, between: str) -> None:
        self._between = between

    def get_value(self, key: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        value = kwargs.get(str(key))
        if value is None or value == [] or value == {} or value == "":
            return "—"
        if str(key).endswith("_fen") and type(value) is int:
            return f"{'-' if value < 0 else ''}{abs(value) // 100:,}.{abs(value) % 100:02d}"
        if isinstance(value, (dict, list)):
            many = [f"{name} {one}" for name, one in value.items()] if isinstance(value, dict) else value
            return printable(many, between=self._between)
        return printable(value, 120)

    def format_field(self, value: Any, format_spec: str) -> str:
        return str(value)
