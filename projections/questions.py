"""Everything that can be asked rests on these projections; they are kept together in one file that may be deleted at any time."""

from __future__ import annotations

from pathlib import Path

from mingzhang.domain import concepts

from .account_facts import AccountFacts
from .aid_steps import Applications, Payments
from .balances import Balances
from .boxes import sealed as sealed
from .crosschecks_tables import CrossChecks
from .differences_tables import Differences
from .dropouts_tables import Dropouts
from .due_tables import Due
from .engine import Engine, Journal
from .evidence import Evidence
from .finding_answers import FindingAnswers
from .hands import Hands
from .leftbehind_tables import LeftBehind
from .loans import Loans
from .looks import Looks
from .months import Months
from .notices import Notices
from .pairing_tables import Pairings
from .programme_tables import Programmes
from .projection import Projection
from .register.care import Care
from .register.offices import Offices
from .register.recognition import Recognition
from .schoolpairs import SchoolPairs
from .vouchers import Vouchers

PROJECTIONS: tuple[Projection, ...] = (
    Offices(), Recognition(), Applications(), Notices(), Payments(), Differences(), Balances(), Months(), Vouchers(),
    Pairings(), Programmes(), CrossChecks(), Due(),
    Dropouts(), SchoolPairs(), LeftBehind(), Loans(), Care(), Hands(), Evidence(), Looks(), AccountFacts(),
    FindingAnswers(),
)  # fmt: skip


def open_engine(path: Path, ledger_id: str, journal: Journal) -> Engine:
    """The engine over one ledger's journal; the file is made where it is missing. Every topic is known from here on, so that facts of an
    older shape are brought up to date whoever asks."""
    concepts.load()
    return Engine(path, journal, PROJECTIONS, ledger_id=ledger_id)
