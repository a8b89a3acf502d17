"""No money goes to a doubtful account until somebody else than the preparer has cleared it.

Which accounts are doubtful only the vault can say, so the command brings the doubts along; whether somebody answers for an account is read
from the student's stream.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..streams import Streams
from ..student.accounts import clearing_for, clearings_of, said_wrong
from ..student.facts import SAID_WRONG
from ..student.student import Student
from .batch import Obstacle


@dataclass(frozen=True)
class Doubt:
    """The account that the fact `account` holds is doubtful for this student. code: of `student.facts.DOUBTFUL`; others: the students who
    share it, or the staff whose it is. An empty `account` means the one that comes with the command itself."""

    student: str
    account: str
    code: str
    others: tuple[str, ...] = ()


class Doubts:
    """The doubts a command brought along, by the account's fact."""

    def __init__(self, doubts: Iterable[Doubt], channel: str = "card") -> None:
        self._to_accounts = channel != "signed"
        self._by_account: dict[tuple[str, str], list[Doubt]] = {}
        for doubt in doubts:
            self._by_account.setdefault((doubt.account, doubt.student if not doubt.account else ""), []).append(doubt)

    def obstacle(self, streams: Streams, student: Student, account: str, preparer: str) -> Obstacle | None:
        """What holds the account back; None where nothing does, or where each doubt was cleared by somebody else than the preparer."""
        for doubt in self._of(student, account):
            if clearing_for(streams, student, account, doubt.code, doubt.others, preparer=preparer) is None:
                return Obstacle(doubt.code, account)
        return stopped_for(streams, student, account, preparer) if self._to_accounts else None

    def of_new_account(self, student: str) -> Obstacle | None:
        """What is doubtful about an account that is first recorded together with the payment; nobody can have cleared it."""
        found = self._by_account.get(("", student), ())
        return Obstacle(found[0].code, None) if found else None

    def cleared_by(self, streams: Streams, student: Student, account: str, preparer: str) -> tuple[str, ...]:
        """The clearings that a payment to the account relies on."""
        found = (
            clearing_for(streams, student, account, one.code, one.others, preparer=preparer) for one in self._of(student, account)
        )
        stopped = self._to_accounts and said_wrong(streams, student, account)
        again = clearing_for(streams, student, account, SAID_WRONG, (), preparer=preparer) if stopped else None
        return tuple(one.ref for one in (*found, again) if one is not None)

    def _of(self, student: Student, account: str) -> list[Doubt]:
        return self._by_account.get((account, ""), [])


def stopped_for(streams: Streams, student: Student, account: str, preparer: str) -> Obstacle | None:
    """A payment to the account was stopped because of it, and nobody but the preparer has answered for it since."""
    says = said_wrong(streams, student, account)
    if not says or clearing_for(streams, student, account, SAID_WRONG, (), preparer=preparer) is not None:
        return None
    return Obstacle(SAID_WRONG, says)


def doubted_since(streams: Streams, student: Student, account: str, preparer: str) -> Obstacle | None:
    """Of an account already on a batch's list: a clearing was taken back and nobody but the preparer has given another."""
    found = clearings_of(streams, student, account)
    standing = {one.code for one in found if not one.doubted and one.by != preparer}
    for one in found:
        if one.doubted and one.code not in standing:
            return Obstacle(one.code, one.doubted)
    return None
