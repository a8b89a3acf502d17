"""Every concept there is: imported here so that each stored topic finds its class, whoever opens the ledger."""

from __future__ import annotations

from . import disclosure, staff, transaction, unit
from .aid import commands as aid_commands
from .aid import objection
from .money import banking, fund, preparing
from .pairing import contact, pairing
from .plan import adoption
from .student import commands as student_commands
from .survey import entry, intake, round

CONCEPTS = (
    transaction, unit, staff, adoption, student_commands, round, entry, intake, aid_commands, objection, fund, preparing, banking,
    pairing, contact, disclosure,
)  # fmt: skip


def load() -> int:
    """How many concepts are known. Importing this module is what makes them so."""
    return len(CONCEPTS)
