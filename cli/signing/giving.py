"""A key is made where it is given: in a rehearsal derived, in earnest under a passphrase that is typed, set beforehand or told once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from mingzhang.domain.ledger import Ledger
from mingzhang.domain.staff import Staff

from ..i18n import _
from .key_ring import KeyRing, NewKey
from .passphrases import new_passphrase

_AT_ONCE = 1000


@dataclass(frozen=True)
class GivenKey:
    """A new key of somebody's, and its passphrase where it was made up here and is to be told this once."""

    staff: str
    key: NewKey
    passphrase: str | None

    def document(self) -> dict[str, object]:
        return {"key": self.key.key, "key_file": str(self.key.file) if self.key.file else None, "signing_passphrase": self.passphrase}

    def sentences(self) -> list[str]:
        if self.key.file is None:
            return []
        said = [_("{staff} signs with the key {key}, in {file}.").format(staff=self.staff, key=self.key.key, file=self.key.file)]
        if self.passphrase is not None:
            said.append(_("Its passphrase is {passphrase}. It is shown this once and kept nowhere.").format(passphrase=self.passphrase))
        return said


@contextmanager
def new_key(ring: KeyRing, state: Staff) -> Iterator[GivenKey]:
    """A key for somebody, which counts if what is done with it succeeds.

    In a rehearsal it is the derived one, until that has been taken away; from then on it is a file under a passphrase, as in earnest.
    """
    derived = ring.folder.rehearsal and ring.practice_key(state.id).key not in {key.key for key in state.keys}
    words, told = (None, False) if derived else new_passphrase(state.id)
    with ring.making(state.id, words) as key:
        yield GivenKey(state.id, key, words if told else None)


def appointed_staff(ledger: Ledger) -> list[str]:
    """Everybody ever appointed, in the order of their ids."""
    found: set[str] = set()
    start: int | None = 1
    while start is not None:
        page = ledger.journal.select_notifications(start, _AT_ONCE, topics=("staff.appointed",))
        found |= {str(one.originator_id).partition("/")[2] for one in page}
        start = page[-1].id + 1 if len(page) == _AT_ONCE else None
    return sorted(found)
