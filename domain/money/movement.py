"""What moved in a fund, on which day, whence and whither: each step keeps received = available + reserved + paid + returned, to the fen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from pydantic import BaseModel, ConfigDict

from ..streams import Streams

PLACES: Final = ("received_fen", "available_fen", "reserved_fen", "paid_fen", "returned_fen")
"""Where a fen can be, the sum of all first."""

SIGNS: Final[Mapping[str, tuple[int, int, int, int, int]]] = {
    "arrived": (1, 1, 0, 0, 0),
    "reserved": (0, -1, 1, 0, 0),
    "paid": (0, 0, -1, 1, 0),
    "released": (0, 1, -1, 0, 0),
    "restored": (0, 1, 0, -1, 0),
    "held_for_payee": (1, 1, 0, 0, 0),
    "returned": (0, -1, 0, 0, 1),
}
"""What a step's amount adds to each place. `taken_over` says by itself what it adds to which."""

STEPS: Final = ("taken_over", *SIGNS)
BOOKED: Final = ("taken_over", "arrived", "paid", "restored", "held_for_payee", "returned")
"""The steps an accountant books. Setting money aside for a batch, and giving it free again, moves nothing out of or into the account."""

Five = tuple[int, int, int, int, int]


class Movement(NamedTuple):
    """One fact of a fund. `amount_fen` is positive whatever the direction; `adds` to each of `PLACES`."""

    ref: str
    day: date
    step: str
    amount_fen: int
    adds: Five


class Line(BaseModel):
    """A line of a month's figures, in fen: `opening`, what a step came to (so many `movements`), or `closing`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    line: str
    movements: int = 0
    received_fen: int = 0
    available_fen: int = 0
    reserved_fen: int = 0
    paid_fen: int = 0
    returned_fen: int = 0


def amounts(step: str, said: Mapping[str, Any]) -> tuple[int, Five]:
    """A fact's amount, and what it adds to each of `PLACES`. `said`: its fields."""
    if step == "taken_over":
        return said["received_fen"], (said["received_fen"], said["available_fen"], 0, said["paid_fen"], said["returned_fen"])
    fen: int = said["amount_fen"]
    received, available, reserved, paid, returned = SIGNS[step]
    return fen, (received * fen, available * fen, reserved * fen, paid * fen, returned * fen)


def movements_of(streams: Streams, fund: str) -> list[Movement]:
    """What moved in a fund so far, in the order of days, and on a day in the order of recording."""
    found = []
    for recorded in streams.facts(f"fund/{fund}"):
        fact = recorded.fact
        step = fact.topic.partition(".")[2]
        if step in STEPS:
            found.append(Movement(recorded.ref, fact.effective_on, step, *amounts(step, dict(fact))))
    return sorted(found, key=lambda movement: movement.day)


def month_lines(movements: Iterable[Movement], first: date, last: date) -> tuple[Line, ...]:
    """The figures of the days from first to last: how they opened, what each step came to, how they closed. Steps that did not happen have
    no line."""
    opening, closing = [0] * 5, [0] * 5
    steps: dict[str, tuple[int, list[int]]] = {}
    for movement in movements:
        if movement.day > last:
            continue
        closing = [a + b for a, b in zip(closing, movement.adds, strict=True)]
        if movement.day < first:
            opening = [a + b for a, b in zip(opening, movement.adds, strict=True)]
        else:
            number, sums = steps.get(movement.step, (0, [0] * 5))
            steps[movement.step] = (number + 1, [a + b for a, b in zip(sums, movement.adds, strict=True)])
    return (
        _line("opening", 0, opening),
        *(_line(step, *steps[step]) for step in STEPS if step in steps),
        _line("closing", sum(number for number, _ in steps.values()), closing),
    )


def _line(name: str, number: int, sums: Iterable[int]) -> Line:
    return Line(line=name, movements=number, **dict(zip(PLACES, sums, strict=True)))
