"""A pupil whom an office names is one the ledger knows or, by number and name, becomes known with what is recorded about them."""

from __future__ import annotations

from typing import NamedTuple

from mingzhang.domain.refusal import Refused
from mingzhang.domain.values.identity import is_id_number, to_18

from ..session import Session
from .pairings import student_named


class Pupil(NamedTuple):
    """The reference; and, where nobody knew the pupil yet, name and 18-character number for the file to be opened."""

    ref: str
    fresh: dict[str, str] | None


def pupil_named(session: Session, written: str, name: str | None) -> Pupil:
    """The pupil behind a reference or an identity number. Refused `student_not_found`, also for a number nobody knows without a name."""
    try:
        return Pupil(student_named(session, written), None)
    except Refused:
        number = written.strip().upper()
        if not name or not is_id_number(number):
            raise
        number = to_18(number)
        return Pupil(session.vault.subjects_for([number])[0], {"name": name, "id_number": number})
