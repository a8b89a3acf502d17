"""The table of who may record what says the same as the commands: it is read against them, so that neither can be changed alone."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import textwrap
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from types import FunctionType, ModuleType
from typing import TypeVar

from mingzhang import domain
from mingzhang.domain.command import Command
from mingzhang.domain.facts import Fact, topics
from mingzhang.domain.proof.rights import ROLES_OF, permitted
from mingzhang.domain.staff import ROLES
from mingzhang.domain.streams import State

Kind = TypeVar("Kind")
OF_NO_ROLE = {"transaction.recorded", "ledger.opened"}


def _all(kind: type[Kind]) -> Iterator[type[Kind]]:
    for one in kind.__subclasses__():
        yield one
        yield from _all(one)


def _commands() -> list[type[Command]]:
    for module in pkgutil.walk_packages(domain.__path__, "mingzhang.domain."):
        importlib.import_module(module.name)
    return [one for one in _all(Command) if one.name and one.__module__.startswith("mingzhang.domain.")]


def _own_topics() -> set[str]:
    """The ledger's topics; other tests make facts of their own in the same run."""
    return {topic for topic, kind in topics().items() if kind.__module__.startswith("mingzhang.domain.")}


def _only_looked_at(tree: ast.AST) -> set[int]:
    """Parts of a function in which a fact's class is asked about and not made: annotations, `isinstance` and patterns."""
    parts: list[ast.AST | None] = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="isinstance")):
                parts.append(node)
            case ast.match_case():
                parts.append(node.pattern)
            case ast.FunctionDef():
                parts += [node.returns, *(one.annotation for one in (*node.args.args, *node.args.kwonlyargs))]
            case ast.AnnAssign():
                parts.append(node.annotation)
    return {id(inner) for part in parts if part is not None for inner in ast.walk(part)}


def _named(node: ast.AST, around: Mapping[str, object], owner: type | None) -> list[object]:
    """What a name in a function stands for: something of its module, of its own class, or a method of any state."""
    match node:
        case ast.Name():
            return [around.get(node.id)]
        case ast.Attribute(value=ast.Name(id="self")) if owner is not None and hasattr(owner, node.attr):
            return [inspect.getattr_static(owner, node.attr)]
        case ast.Attribute(value=ast.Name(id=name)) if isinstance(module := around.get(name), ModuleType):
            return [getattr(module, node.attr, None)]
        case ast.Attribute():
            return [state.__dict__.get(node.attr) for state in _all(State)]
    return []


def _made_by(found: object, owner: type | None, passed: set[Callable[..., object]]) -> set[type[Fact]]:
    """The facts that a function makes, or what it calls."""
    function = getattr(found, "__func__", None) or getattr(found, "fget", None) or found
    if not isinstance(function, FunctionType) or function in passed or not function.__module__.startswith("mingzhang.domain"):
        return set()
    if function.__name__ == "evolve":
        return set()
    passed.add(function)
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    looked_at, made = _only_looked_at(tree), set()
    for node in ast.walk(tree):
        for value in () if id(node) in looked_at else _named(node, function.__globals__, owner):
            if inspect.isclass(value) and issubclass(value, Fact):
                made.add(value)
            elif inspect.isclass(value) and issubclass(value, Command):
                made |= _made_by(value.decide, value, passed)
            elif isinstance(value, Mapping):
                kinds = [each for held in value.values() for each in (held if isinstance(held, tuple) else (held,))]
                made |= {each for each in kinds if inspect.isclass(each) and issubclass(each, Fact)}
            else:
                made |= _made_by(value, owner, passed)
    return made


def _rights() -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for command in _commands():
        for fact in _made_by(command.decide, command, set()):
            found[fact.topic] |= command.roles
    return {topic: frozenset(roles) for topic, roles in found.items()}


def test_every_role_may_record_what_its_commands_record_and_nothing_else() -> None:
    assert _rights() == dict(ROLES_OF)


def test_every_kind_of_fact_has_its_roles() -> None:
    assert _own_topics() - set(ROLES_OF) == OF_NO_ROLE
    assert set().union(*ROLES_OF.values()) <= set(ROLES)


def test_nobody_without_a_role_is_permitted_anything() -> None:
    assert permitted("approver", [b"award.approved"])
    assert not permitted("surveyor", [b"award.approved"])
    assert not permitted("approver", [b"award.approved", b"AWARD.APPROVED"])
    assert not permitted(None, [b"award.approved"])
    assert not permitted("emperor", [b"award.approved"])
