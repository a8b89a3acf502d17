"""Erasing a person at the command line: what goes is looked for first, then it is recorded, then it goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from mingzhang.domain.command import Command
from mingzhang.domain.evidence.erasing import EraseDocument
from mingzhang.domain.privacy.elsewhere import Elsewhere, refuse_held_elsewhere
from mingzhang.domain.privacy.erasing import ErasePerson, Ground
from mingzhang.domain.privacy.facts import RemovedFile
from mingzhang.domain.privacy.person import references_of, stand_of
from mingzhang.domain.refusal import Refused
from mingzhang.domain.student.student import Student
from mingzhang.projections.evidence import documents_showing
from mingzhang.projections.personal import Standing, concerning

from ..session import Session
from .finishing import erase_listed
from .others_words import OthersWords, words_naming
from .plaintexts import NAMES, NUMBERS, files_naming, plaintexts

Documents = Literal["keep", "erase"]


@dataclass(frozen=True)
class Erased:
    """What an erasure took away. documents: by SHA-256; kept: documents that show others too and were kept; lists: photos of notices with
    the person's name on the list; exported: files that were once handed out, wherever they lie now; words: what was written about others,
    or about nobody, and names the person."""

    references: tuple[str, ...]
    files: tuple[RemovedFile, ...]
    documents: tuple[str, ...]
    kept: tuple[str, ...]
    lists: tuple[str, ...]
    exported: tuple[str, ...]
    words: tuple[OthersWords, ...]


def references_known(session: Session, ref: str) -> tuple[str, ...]:
    """Every reference of the person. Refused `student_unknown`, or `person_unknown` for somebody who would be no student."""
    if not session.streams.read(Student, ref).exists and not session.vault.knows(ref):
        raise Refused("student_unknown", student=ref) if ref.startswith("s-") else Refused("person_unknown", subject=ref)
    return references_of(session.streams, ref)


def standing_of_person(session: Session, refs: tuple[str, ...]) -> Standing:
    """Where in the log the person stands."""
    return concerning(session.ledger.journal, refs, session.ledger.journal.head().size)


def refuse_naming(said: dict[str, set[str]], *texts: str | None) -> None:
    """`reason_names_person` where a reason says who it is: it stays on record when the person is gone."""
    personal = {one for field in (*NUMBERS, *NAMES) for one in said.get(field, ()) if len(one) > 1}
    if any(one in text for text in texts if text for one in personal):
        raise Refused("reason_names_person")


def erase(
    session: Session, ref: str, *, ground: Ground, reason: str, basis: str | None, documents: Documents | None, on: date | None
) -> Erased:
    """Erases the person: facts, then the key, then files and documents. A kill after the facts leaves the rest to whoever opens next.

    Refused as `ErasePerson`, `reason_names_person`, `documents_show_others`, and `erasure_unfinished` once it has been recorded.
    """
    refs = references_known(session, ref)
    if all(stand_of(session.streams, one)[1].erased for one in refs):
        raise Refused("person_erased", student=ref)
    session.vault.need_key()
    refuse_held_elsewhere(session.ledger.journal, Elsewhere.read(session.vault.elsewhere), refs, session.today)
    standing = standing_of_person(session, refs)
    said = plaintexts(session, standing.leaves, refs)
    refuse_naming(said, reason, basis)
    files, exported = files_naming(session, standing.streams, said)
    words = words_naming(session, said, refs)
    with session.engine.view(session.as_of(None, None)) as view:
        showing = documents_showing(view, refs)
    if showing.shared and documents is None:
        raise Refused("documents_show_others", student=ref, documents=len(showing.shared))
    going = (*showing.alone, *(showing.shared if documents == "erase" else ()))
    command = ErasePerson(
        on=on,
        person=ref,
        ground=ground,
        reason=session.seal_text(reason),
        basis=basis,
        streams_of=standing.streams,
        files=files,
        documents=going,
    )
    session.ledger.foresee(command, actor=session.actor)
    also: list[Command] = [EraseDocument(sha256=one, of=refs, although_others=True) for one in going]
    session.execute_many([command, *also])
    erase_listed(session.folder, session.ledger.journal, session.vault)
    kept = tuple(one for one in showing.shared if one not in going)
    return Erased(refs, files, going, kept, showing.lists, exported, words)
