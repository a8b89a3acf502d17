"""Whose case it is: names come out of the sealed boxes for the length of one answer, and lists show them masked."""

from __future__ import annotations

from collections.abc import Iterable

from mingzhang.domain.facts import decode
from mingzhang.domain.sealed import Sealed
from mingzhang.domain.vault.masking import mask_name

from ..i18n import _
from ..session import Session


def names_of(session: Session, students: Iterable[str], *, also_restricted: bool = False) -> dict[str, str]:
    """The full name of each student as their file has it now; students without one, erased ones and, unless asked for, restricted ones too,
    are left out."""
    wanted = list(dict.fromkeys(students))
    boxes: dict[str, Sealed] = {}
    for row in session.ledger.journal.select_streams([f"student/{student}" for student in wanted]):
        person = getattr(decode(row.topic, row.state), "person", None)
        if isinstance(person, Sealed) and "name" in person.commitment:
            boxes[row.originator_id.partition("/")[2]] = person
    opened = session.vault.open_many(list(boxes.values()), also_restricted=also_restricted)
    return {student: fields["name"] for student, fields in zip(boxes, opened, strict=True) if fields}


def unread(session: Session, ref: str) -> str:
    """What stands in a table where a name would stand, and cannot: erased, restricted, or the keys are not to be had."""
    return mark_of(session, ref) or _("name not readable")


def mark_of(session: Session, ref: str) -> str:
    """Says that somebody was erased or restricted; nothing of anybody else."""
    if session.globals.without_names:
        return ""
    if session.vault.is_erased(ref):
        return _("[erased]")
    return _("[restricted]") if ref in session.vault.restricted else ""


def masked_or_mark(session: Session, ref: str, name: str) -> str:
    """A name masked; where there is none to be had, the word for why."""
    return mask_name(name) if name else mark_of(session, ref)


def name_of(session: Session, student: str) -> str:
    """The full name of one student, or nothing."""
    return names_of(session, [student]).get(student, "")


def masked_names(session: Session, students: Iterable[str]) -> dict[str, str]:
    """As `names_of`, masked: 张**; of whoever is erased or restricted, the word for it."""
    wanted = list(students)
    found = {student: mask_name(name) for student, name in names_of(session, wanted).items()}
    return found | {student: mark for student in wanted if student not in found and (mark := mark_of(session, student))}
