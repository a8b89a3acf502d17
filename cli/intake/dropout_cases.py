"""What is sealed of a dropout case: the pupil, the cause, and those who help, each under a key of their own."""

from __future__ import annotations

from collections.abc import Mapping

from mingzhang.domain.dropout.commands import AssignTeam, FindDropout
from mingzhang.domain.sealed import Sealed
from mingzhang.domain.student.commands import RegisterListedStudent

from ..session import Session


def case_fields(name: str, id_number: str, cause: str | None) -> dict[str, str]:
    """The personal fields of a case that say something."""
    return {field: said for field, said in (("name", name), ("id_number", id_number), ("cause", cause)) if said}


def registration(session: Session, found: FindDropout, name: str, id_number: str) -> RegisterListedStudent:
    """Opens the file of a pupil whom only the case names, from the day the case begins."""
    person = session.vault.seal(found.student, {"name": name, "id_number": id_number})
    return RegisterListedStudent(
        on=found.on,
        sheet=found.sheet,
        row=found.row,
        student=found.student,
        unit=found.unit,
        stage=found.stage,
        person=person,
        source=found.source,
    )


def team_named(session: Session, case: str, named: Mapping[str, str]) -> AssignTeam:
    """The team of a case by field (`teacher`, `village_cadre`, `guardian`), each a person with a reference of their own: two of one name
    need not be one."""
    refs = session.vault.new_subjects(len(named))
    boxes = session.vault.seal_many([(ref, {"name": name}) for ref, name in zip(refs, named.values(), strict=True)])
    members: dict[str, Sealed] = dict(zip(named, boxes, strict=True))
    get = members.get
    return AssignTeam(case=case, teacher=get("teacher"), village_cadre=get("village_cadre"), guardian=get("guardian"))
