"""What has become of somebody's data: there, restricted, held, erased."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from ..facts import Fact
from ..privacy.facts import HoldReleased, PersonHeld, RestrictionLifted
from .facts import PersonErased, PersonRestricted


class Hold(NamedTuple):
    """`until` is the first day on which it no longer runs; None: until it is released."""

    since: date
    until: date | None
    ref: str

    def runs(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class DataState:
    """The refs name the facts that say so; empty: nothing does. restricted_until: the day from which they are to be erased."""

    erased_ref: str = ""
    restricted_ref: str = ""
    restricted_until: date | None = None
    hold: Hold | None = None

    @property
    def erased(self) -> bool:
        return self.erased_ref != ""

    @property
    def restricted(self) -> bool:
        return self.restricted_ref != ""


THERE = DataState()
"""Nothing has become of them: they are there."""


def data_after(state: DataState, fact: Fact, ref: str) -> DataState:
    """The standing after the fact; the same object where the fact is about something else."""
    match fact:
        case PersonErased():
            return replace(state, erased_ref=ref)
        case PersonRestricted():
            return replace(state, restricted_ref=ref, restricted_until=fact.until)
        case RestrictionLifted():
            return replace(state, restricted_ref="", restricted_until=None)
        case PersonHeld():
            return replace(state, hold=Hold(fact.effective_on, fact.until, ref))
        case HoldReleased():
            return replace(state, hold=None)
    return state
