"""Whose case it is: names come out of the sealed boxes for the length of one answer, and lists show them masked."""

from __future__ import annotations

from collections.abc import Iterable

from mingzhang.domain.facts import decode
from mingzhang.domain.sealed import Sealed
from mingzhang.domain.vault.masking import mask_name

from ..session import Session


def names_of(session: Session, students: Iterable[str]) -> dict[str, str]:
    """The full name of each student as their file has it now; students without one, erased ones too, are left out."""
    wanted = list(dict.fromkeys(students))
    boxes: dict[str, Sealed] = {}
    for row in session.ledger.journal.select_streams([f"student/{student}" for student in wanted]):
        person = getattr(decode(row.topic, row.state), "person", None)
        if isinstance(person, Sealed) and "name" in person.commitment:
            boxes[row.originator_id.partition("/")[2]] = person
    opened = session.vault.open_many(list(boxes.values()))
    return {student: fields["name"] for student, fields in zip(boxes, opened, strict=True) if fields}


def name_of(session: Session, student: str) -> str:
    """The full name of one student, or nothing."""
    return names_of(session, [student]).get(student, "")


def masked_names(session: Session, students: Iterable[str]) -> dict[str, str]:
    """As `names_of`, masked: 张**."""
    return {student: mask_name(name) for student, name in names_of(session, students).items()}
