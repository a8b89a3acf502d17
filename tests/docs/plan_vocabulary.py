"""The page of all words of a plan, made from the models that read it: `python -m tests.docs.plan_vocabulary` writes it.

A word's meaning is the docstring below its field, so that a word cannot be added, or its limits changed, without the page following.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic.fields import FieldInfo

from mingzhang.domain.plan import duties, schemes
from mingzhang.domain.plan.school_rules import Percent
from mingzhang.domain.plan.targets import Figure
from mingzhang.domain.plan.vocabulary import Plan
from mingzhang.domain.plan.words import Fen, MonthDay, Window, Words

PAGE = Path(__file__).resolve().parents[2] / "docs" / "plan-vocabulary.md"
_HEAD = """# 方案的词汇: every word of a plan

Made by `python -m tests.docs.plan_vocabulary` from the models that read a plan. The vocabulary is closed: a word that is not here is
refused with its line. How to write a plan step by step: [自己写一个方案](guides/writing-a-plan.md).
Whole plans to copy from: `domain/plans/`.

A plan is a [TOML](https://toml.io) file. `[name]` opens a table, `[[name]]` one entry of a list, and a short table may stand in one line
(`{ month = 3, day = 20 }`). A word without a default must be given; `—` as default means that nothing is said."""
_SIMPLE: dict[Any, str] = {
    Fen: "yuan: a whole number, or text with at most two decimals (`\"1234.50\"`)",
    Percent: "percent from 0 to 100: a whole number, or text (`\"0.6\"`)",
    Figure: "not below zero: a whole number, or text (`\"6.71\"`)",
    MonthDay: "a day of every year: `{ month = 3, day = 20 }`",
    Window: "`{ first = { month = 8, day = 1 }, last = { month = 8, day = 31 } }`",
    str: "text",
    int: "whole number",
    bool: "`true` or `false`",
    date: "a date: `2020-03-20`",
}
_TABLE = "table, see below"
_SHARED = (MonthDay, Window)
"""Small tables that stand in one line, wherever a day or a range of days is wanted."""
_EXPLAINED: dict[str, tuple[Any, Any]] = {
    "level": (schemes, schemes.Level),
    "after": (duties, duties.AfterFact),
    "discharged_by": (duties, duties.DischargedBy),
    "inspection": (duties, duties.InspectionKind),
}
"""Words whose allowed values are explained together, below the alias that lists them."""


def page() -> str:
    """The whole page: the plan first, then each table in the order in which the plan names it."""
    parts = [_HEAD, _section(Plan, "The plan itself (top of the file)")]
    parts += [_section(model, f"`{path}`") for path, model in _tables(Plan, ())]
    parts += [_section(model, f"{model.__name__}: `{_SIMPLE[model].split(': ', 1)[-1].strip('`')}`") for model in _SHARED]
    return "\n\n".join(parts) + "\n"


def tables() -> list[type[Words]]:
    """Every table that has a section of its own."""
    return [Plan, *(model for _path, model in _tables(Plan, ())), *_SHARED]


def meanings(model: type[Words]) -> dict[str, str]:
    """What the docstring below each field says; a field without one is missing here."""
    found = {}
    body = ast.parse(textwrap.dedent(inspect.getsource(model))).body[0]
    assert isinstance(body, ast.ClassDef)
    for node, after in pairwise(body.body):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and (said := _text(after)):
            found[node.target.id] = said
    return found


def _tables(model: type[Words], above: tuple[str, ...]) -> Iterator[tuple[str, type[Words]]]:
    for name, hint in _hints(model):
        for kind, listed in _models(hint, False):
            if kind not in _SHARED:
                path = ".".join((*above, name))
                yield (f"[[{path}]]" if listed else f"[{path}]"), kind
                yield from _tables(kind, (*above, name))


def _hints(model: type[Words]) -> Iterator[tuple[str, Any]]:
    hints = get_type_hints(model, include_extras=True)
    yield from ((_written(name, field), hints[name]) for name, field in model.model_fields.items())


def _models(hint: Any, listed: bool) -> Iterator[tuple[type[Words], bool]]:
    if isinstance(hint, type) and issubclass(hint, Words):
        yield hint, listed
    for inside in get_args(hint):
        yield from _models(inside, listed or get_origin(hint) is tuple)


def _section(model: type[Words], title: str) -> str:
    said = " ".join(inspect.cleandoc(model.__doc__ or "").split())
    hints, meaning = dict(_hints(model)), meanings(model)
    rows = ["| word | value | default | meaning |", "|---|---|---|---|"]
    notes = []
    for name, field in model.model_fields.items():
        word = _written(name, field)
        cells = [f"`{word}`", _value(hints[word]) + _limits(field), _default(field), meaning.get(name, "")]
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
        if name in _EXPLAINED and get_args(_EXPLAINED[name][1]) == _words_of(hints[word]):
            notes.append(f"`{word}`: {_alias_docstring(*_EXPLAINED[name])}")
    return "\n\n".join([f"## {title}", said, "\n".join(rows), *notes])


def _written(name: str, field: FieldInfo) -> str:
    return field.alias or name


def _value(hint: Any) -> str:
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    origin, inside = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return ", or ".join(_value(one) for one in inside if one is not NoneType)
    if origin is Literal:
        return ", ".join(f"`{one}`" for one in inside)
    if origin is tuple and inside[-1] is not ...:
        return "two days: `[{ month = 7, day = 1 }, { month = 7, day = 31 }]`"
    if origin is tuple:
        return "list of tables, see below" if _value(inside[0]) == _TABLE else f"list of {_value(inside[0])}"
    if origin is dict:
        return f"table of {_value(inside[0])} → {_value(inside[1])}"
    if origin is Annotated:
        return _value(inside[0])
    return _TABLE


def _words_of(hint: Any) -> tuple[Any, ...]:
    """The allowed words of a hint that may also be left out."""
    return next((get_args(one) for one in (hint, *get_args(hint)) if get_origin(one) is Literal), ())


def _limits(field: FieldInfo) -> str:
    """What the value must keep within, in words."""
    least = next((one.ge for one in field.metadata if hasattr(one, "ge")), None)
    most = next((one.le for one in field.metadata if hasattr(one, "le")), None)
    said = "".join(
        text
        for given, text in ((most is not None, f" from {least} to {most}"), (most is None and least is not None, f" of {least} or more"))
        if given
    )
    if any(getattr(one, "pattern", None) for one in field.metadata):
        said += " of small letters, digits and hyphens"
    return said + (", not empty" if any(hasattr(one, "min_length") for one in field.metadata) else "")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, MonthDay):
        return f"`{{ month = {value.month}, day = {value.day} }}`"
    if value in (None, "", (), {}) or isinstance(value, Words):
        return "—"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _alias_docstring(module: Any, alias: Any) -> str:
    """The docstring below the alias in its module; ValueError where there is none."""
    body = ast.parse(inspect.getsource(module)).body
    for node, after in pairwise(body):
        named = node.targets[0].id if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) else None
        if named and getattr(module, named) == alias and (said := _text(after)):
            return said
    raise ValueError(f"{alias} has no docstring")


def _text(node: ast.stmt) -> str | None:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return " ".join(node.value.value.split())
    return None


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
