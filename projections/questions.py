"""Everything that can be asked rests on these projections; they are kept together in one file that may be deleted at any time."""

from __future__ import annotations

from pathlib import Path

from mingzhang.domain import concepts

from .aid_steps import Applications, Payments
from .balances import Balances
from .boxes import sealed as sealed
from .engine import Engine, Journal
from .pairing_tables import Pairings
from .projection import Projection
from .register.offices import Offices
from .register.recognition import Recognition

PROJECTIONS: tuple[Projection, ...] = (Offices(), Recognition(), Applications(), Payments(), Balances(), Pairings())


def open_engine(path: Path, ledger_id: str, journal: Journal) -> Engine:
    """The engine over one ledger's journal; the file is made where it is missing. Every topic is known from here on, so that facts of an
    older shape are brought up to date whoever asks."""
    concepts.load()
    return Engine(path, journal, PROJECTIONS, ledger_id=ledger_id)
