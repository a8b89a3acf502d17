"""A sealed box stays as the fact holds it: it is kept once, under the fact's leaf, and opened by nobody here.

A box says nothing that changes with time, so a state's row leads to it by its fact's leaf, whatever day is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import select

from mingzhang.domain.sealed import Sealed

from .bitemporal import Points
from .projection import LogEvent, View, Writer
from .tables import text

BOXES = Points("sealed_box", columns=[text("box")])

_LEAVES_PER_LOOKUP = 500


def keep(writer: Writer, event: LogEvent, field: str = "person") -> None:
    """Keeps the fact's box, if it has one."""
    box = event.state.get(field)
    if box is not None:
        writer.happened(BOXES, event, (orjson.dumps(box).decode(),))


def sealed(box_json: str) -> Sealed:
    """The box as `cli` opens it."""
    return Sealed.model_validate_json(box_json)


def boxes_of(view: View, leaves: Iterable[int]) -> dict[int, Sealed]:
    """The boxes of some facts, by leaf; a fact without one is left out."""
    wanted = sorted(set(leaves))
    box = BOXES.open.c
    found: dict[int, Sealed] = {}
    for start in range(0, len(wanted), _LEAVES_PER_LOOKUP):
        part = wanted[start : start + _LEAVES_PER_LOOKUP]
        for row in view.rows(select(box.fact_leaf, box.box).where(box.fact_leaf.in_(part))):
            found[row.fact_leaf] = sealed(row.box)
    return found


def with_box(kept: Any) -> Any:
    """A read of a state (a subquery) and beside each row, as `box`, the JSON of its fact's box or None."""
    box = BOXES.open.c
    return select(kept, box.box).outerjoin(BOXES.open, box.fact_leaf == kept.c.fact_leaf)
