"""Which plans decided on a day, as the log knew them: an answer about the past does not change when a plan is amended."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from mingzhang.domain.plan.adoption import AdoptedPlan
from mingzhang.domain.plan.bundled import bundled_text
from mingzhang.domain.plan.vocabulary import Plan, read_plan
from mingzhang.domain.refusal import Refused

from ..session import Session
from .course import facts_of

if TYPE_CHECKING:
    from mingzhang.projections.asof import AsOf


def plans_at(session: Session, as_of: AsOf) -> list[Plan]:
    """The plans in force on the day, each in the version of that day, in the order of their codes."""
    from mingzhang.projections.register import plan_codes

    session.engine.catch_up()
    with session.engine.connection() as connection:
        codes = plan_codes(connection)
    found = []
    for code in sorted(codes):
        version = adopted_at(session, code, as_of.known_at).version_on(as_of.effective_on)
        if version is not None:
            found.append(version.plan)
    return found


def adopted_at(session: Session, code: str, size: int) -> AdoptedPlan:
    """A plan with all its versions, also those that decide later only, as the log knew them at a size."""
    state = AdoptedPlan(f"{AdoptedPlan.prefix}/{code}")
    for row, fact in facts_of(session, state.stream, size):
        state = state.evolve(fact, f"{row.originator_id}@{row.originator_version}")
    return state


def plan_text(written: str) -> str:
    """A plan's text by the code of a bundled one or by the path of a file."""
    path = Path(written)
    if written.endswith(".toml") or path.is_file():
        if not path.is_file():
            raise Refused("file_missing", file=written)
        try:
            return path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise Refused("plan_malformed", place=written, line=1, reason="UTF-8") from None
    return bundled_text(written)


def plan_of(text: str) -> Plan:
    """The plan. Refused `plan_malformed` always with a line: where parts do not agree, the first that names what the reason names, and
    the first line where a word is missing at the top."""
    try:
        return read_plan(text)
    except Refused as refusal:
        if refusal.code != "plan_malformed" or refusal.context.get("line") is not None:
            raise
        named = re.findall(r"[^\s:,']+", str(refusal.context["reason"]))
        lines = text.splitlines()
        hits = (number for word in reversed(named) for number, line in enumerate(lines, 1) if f'"{word}"' in line)
        raise Refused(refusal.code, **{**refusal.context, "line": next(hits, 1)}) from None
