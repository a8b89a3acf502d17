"""A document is opened only by whoever may see the persons it shows, and the look is on record before anything is opened.

`open_document` opens and nothing else: whoever calls it has recorded a disclosure (`note_look`), or hands the bytes to nobody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from mingzhang.domain.disclosure import RevealData
from mingzhang.domain.evidence.document import Evidence, kept_evidence
from mingzhang.domain.evidence.naming import naming_of
from mingzhang.domain.refusal import Refused
from mingzhang.domain.student.student import last_file, unit_of_student
from mingzhang.domain.vault.document import open_sealed_document

from ..session import Session, new_id
from .store import fetch


def open_document(session: Session, sha256: str) -> bytes:
    """The bytes of a kept document, which have this SHA-256 (hex).

    Refused: `evidence_not_kept`, `evidence_erased`, `evidence_file_missing` (stored), `evidence_damaged` (document), `keys_left_out`, and
    `person_unknown` where the vault is older than the document.
    """
    _state, kept = kept_evidence(session.streams, sha256)
    sealed = fetch(session.folder, kept.stored)
    if sealed is None:
        raise Refused("evidence_file_missing", sha256=sha256, stored=kept.stored)
    try:
        content = open_sealed_document(session.vault, kept.document, sealed)
    except Refused as refused:
        if refused.code != "person_erased":
            raise
        raise Refused("evidence_erased", sha256=sha256) from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Refused("evidence_damaged", document=kept.document)
    return content


def refuse_restricted(session: Session, students: Sequence[str]) -> None:
    """`person_restricted` where a document shows somebody whose data are kept and shown to nobody."""
    for student in students:
        if last_file(session.streams, student).restricted or student in session.vault.restricted:
            raise Refused("person_restricted", student=student)


def note_look(session: Session, sha256: str, named_by: tuple[str, ...]) -> None:
    """Records that the document is about to be shown. Needs the role for it at the unit of every student it shows or, where it shows
    nobody, at the units that the facts naming it speak of; refused as `--reveal` is, and `person_restricted`."""
    session.vault.need_key()
    streams = session.streams
    students = streams.read(Evidence, sha256).shows
    refuse_restricted(session, students)
    units = {unit for student in students for unit in unit_of_student(streams, student)}
    if not students:
        found = (naming_of(streams, ref, sha256) for ref in named_by)
        units = {one.unit for one in found if one is not None and one.unit}
    look = RevealData(disclosure=new_id("look"), query=f"evidence/{sha256}", students=students, shown_units=tuple(sorted(units)))
    session.execute(look)
