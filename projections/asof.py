"""Every question names two times: the day it asks about, and how much of the log may answer it.

*What was true on D* (effective) and *what we knew on D* (recorded) are different questions, and an auditor asks both
(ARCHITECTURE, "Two times").
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class AsOf:
    """The point a question is asked for.

    effective_on: the day in the world; a state holds on it when effective_from <= day < effective_until, and a dated
        point counts when its effective_on <= day.
    known_at: a log size n: events 1..n (leaves 0..n-1) are known, nothing later. Never negative.
    """

    effective_on: date
    known_at: int

    def __post_init__(self) -> None:
        if self.known_at < 0:
            raise ValueError("known_at is a log size and cannot be negative")

    @property
    def day(self) -> str:
        """The effective day as the tables keep it, ISO text."""
        return self.effective_on.isoformat()
