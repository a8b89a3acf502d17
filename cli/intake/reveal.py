"""Whoever sees personal data in full leaves a fact first; where that cannot be recorded, nothing is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mingzhang.domain.disclosure import RevealData
from mingzhang.domain.sealed import Sealed
from mingzhang.domain.vault.masking import mask_name

from ..session import Session, new_id


def note_disclosure(session: Session, query: str, students: Sequence[str], units: Iterable[str | None]) -> None:
    """Records who is about to be shown; `units` are theirs. Refused for want of the role at one of the units, or of the keys
    (`master_key_missing`), and then nothing is shown."""
    session.vault.need_key()
    shown_units = tuple(sorted({unit for unit in units if unit}))
    session.execute(RevealData(disclosure=new_id("look"), query=query, students=tuple(dict.fromkeys(students)), shown_units=shown_units))


def named(session: Session, persons: Sequence[Sealed | None], *, reveal: bool) -> list[dict[str, str | None]]:
    """`name` (masked unless revealed) of each person and, when revealed, `id_number`; an erased person has neither."""
    boxes = [person for person in persons if person is not None]
    opened = iter(session.vault.open_many(boxes))
    shown: list[dict[str, str | None]] = []
    for person in persons:
        fields = next(opened) if person is not None else None
        name = fields.get("name") if fields else None
        number = fields.get("id_number") if fields else None
        if reveal:
            shown.append({"name": name, "id_number": number})
        else:
            shown.append({"name": mask_name(name) if name else None})
    return shown


def as_known(session: Session, boxes: Sequence[Sealed], *, reveal: bool) -> dict[str, str | None]:
    """As `named`, for one person of whom several boxes speak, given in the order of the log: what was said last counts."""
    said: dict[str, str] = {}
    for fields in session.vault.open_many(boxes):
        said |= fields or {}
    name = said.get("name")
    return {"name": name, "id_number": said.get("id_number")} if reveal else {"name": mask_name(name) if name else None}
