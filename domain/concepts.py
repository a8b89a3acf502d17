"""Every concept there is: imported here so that each stored topic finds its class, whoever opens the ledger."""

from __future__ import annotations

from . import attesting, calendar, disclosure, ledger_state, staff, staff_keys, transaction, unit
from .aid import appeal, awarding, notice, objection, reassessing, reviewing, submitting
from .crosscheck import comparing, crosscheck
from .dropout import commands as dropout_commands
from .duty import duty
from .evidence import facts as evidence
from .inspection import answering, drawing, inspection
from .leftbehind import commands as left_behind_commands
from .loan import loan
from .money import (
    banking,
    closing,
    fund,
    giving_back,
    opening,
    part_paying,
    preparing,
    receipts,
    reissuing,
    rejecting,
    settling,
    stopping,
    withdrawing,
)
from .pairing import allocation, contact, pairing, tutoring
from .plan import adoption, dates
from .privacy import erasing, escrow, restricting, retention
from .programme import commands as programme_commands
from .schoolpair import commands as school_pair_commands
from .student import accounts, care
from .student import commands as student_commands
from .survey import entry, intake, round

CONCEPTS = (
    transaction, ledger_state, attesting, unit, calendar, staff, staff_keys, adoption, student_commands, accounts, care, round, entry,
    intake, submitting, reviewing, awarding, reassessing, notice, objection, appeal, fund, opening, closing, preparing, reissuing,
    banking, stopping, rejecting, part_paying, giving_back, withdrawing, settling, receipts, loan, pairing, contact, allocation, tutoring,
    disclosure, dropout_commands, school_pair_commands, left_behind_commands, programme_commands, duty, dates, inspection, drawing,
    answering, crosscheck, comparing, evidence, erasing, escrow, restricting, retention,
)  # fmt: skip


def load() -> int:
    """How many concepts are known. Importing this module is what makes them so."""
    return len(CONCEPTS)
