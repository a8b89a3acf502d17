"""Answers straight from the list of facts, the slow and obvious way: what the tables must agree with."""

from __future__ import annotations

from typing import Any

State = dict[str, Any]


def live_events(events: list[State], size: int) -> list[tuple[int, State]]:
    """The events known at the size, without those an event known by then has withdrawn."""
    known = list(enumerate(events[:size]))
    gone = {named for leaf, state in known for named in state.get("withdraws", ()) if named < leaf}
    return [(leaf, state) for leaf, state in known if leaf not in gone]


def state_on(events: list[State], student: str, day: str, size: int) -> str | None:
    """The state of the fact last in (day, leaf) order not after the day; None where nothing holds."""
    facts: dict[tuple[str, int], str | None] = {}
    cleared = max((leaf for leaf, one in enumerate(events[:size]) if student in one.get("clears", ())), default=-1)
    for leaf, one in live_events(events, size):
        for who, state, since, until in one.get("states", ()):
            if who == student and leaf >= cleared:
                facts[since, leaf] = state
                if until is not None and state is not None:
                    facts[until, leaf] = None
    before = [place for place in facts if place[0] <= day]
    return facts[max(before)] if before else None


def unit_on(events: list[State], key: tuple[str, int], day: str, size: int) -> str | None:
    facts = {
        (since, leaf): unit
        for leaf, one in live_events(events, size)
        for scheme, number, unit, since in one.get("units", ())
        if (scheme, number) == key and since <= day
    }
    return facts[max(facts)] if facts else None


def money_until(events: list[State], student: str, day: str, size: int) -> int:
    return sum(
        amount_fen
        for _, one in live_events(events, size)
        for who, amount_fen, on_day in one.get("money", ())
        if who == student and on_day <= day
    )
