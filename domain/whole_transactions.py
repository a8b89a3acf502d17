"""Every event belongs to a transaction that says how many follow it and vouches for their bytes; what stands alone was put there."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from .journal.mapper import FactMapper
from .journal.records import LogRow
from .refusal import Refused
from .transaction import TransactionRecorded, member_record


class WholeTransactions:
    """Takes the rows of a log from its first on, some at a time, and refuses what is in no whole transaction.

    What signatures and the hash tree prove lies elsewhere; this much can be said of a log that has neither.
    """

    def __init__(self) -> None:
        self._mapper = FactMapper()
        self._opening: TransactionRecorded | None = None
        self._left = 0
        self._leaf = 0
        self._digest = hashlib.sha256()

    def take(self, rows: Sequence[LogRow]) -> None:
        """The next rows; none of them says that the log has ended. Refused `ledger_damaged` (naming the leaf), `event_unreadable`."""
        for row in rows:
            fact = self._mapper.to_domain_event(row).fact
            if not self._left:
                if not isinstance(fact, TransactionRecorded) or fact.members < 1:
                    raise _damaged(row.leaf_index)
                self._opening, self._left, self._leaf = fact, fact.members, row.leaf_index
                self._digest = hashlib.sha256()
                continue
            self._digest.update(member_record(row))
            self._left -= 1
            if not self._left and self._opening is not None and self._digest.hexdigest() != self._opening.digest:
                raise _damaged(self._leaf)
        if not rows and self._left:
            raise _damaged(self._leaf)


def _damaged(leaf: int) -> Refused:
    return Refused("ledger_damaged", detail=f"leaf {leaf}")
