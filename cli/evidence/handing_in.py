"""One place for all commands: whatever is handed in while a command is made up is kept together with the facts that name it.

A command calls `session.hand_in(file)` and names the digest it gets. `Session.execute` then comes here: the sealed file is on the disk
before anything is decided, and what keeps it is decided with the last command, in the same transaction (`WithDocuments`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from mingzhang.domain.command import Command
from mingzhang.domain.evidence.document import Evidence
from mingzhang.domain.evidence.keeping import KeepForFacts, SealedDocument, WithDocuments
from mingzhang.domain.refusal import Refused
from mingzhang.domain.vault.document import document_reference, seal_document

from .reading import Document, read_document
from .store import in_use, is_whole, put

if TYPE_CHECKING:
    from ..session import Session


class HandedIn:
    """The documents of one session that wait for the command that names them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._waiting: dict[str, Document] = {}

    def take(self, file: Path) -> str:
        """Reads a file and gives its SHA-256, by which the command names it. Refuses as `read_document`."""
        document = read_document(file)
        self._waiting[document.sha256] = document
        return document.sha256

    @contextmanager
    def kept_with(self, commands: Sequence[Command]) -> Iterator[Sequence[Command]]:
        """The commands, the last of them with what was handed in; the store is held until they are recorded."""
        if not self._waiting or not commands:
            yield commands
            return
        with in_use(self._session.folder):
            sealed = tuple(sealed_document(self._session, one) for one in self._waiting.values())
            yield (*commands[:-1], WithDocuments(command=commands[-1], documents=sealed))
        self._waiting.clear()


def keep_for_facts(session: Session, named: Sequence[tuple[Document, Sequence[str]]], on: date | None) -> list[str]:
    """Hands documents in for facts of old: each with the references of all facts that name it. Where only the sealed file had been lost or
    damaged it is put back, and nothing is recorded: gives the SHA-256 of the documents that was so for."""
    with in_use(session.folder):
        restored: list[str] = []
        commands: list[Command] = []
        for document, refs in named:
            kept = session.streams.read(Evidence, document.sha256).kept
            whole = kept is not None and is_whole(session.folder, kept.stored)
            sealed = sealed_document(session, document)
            if kept is not None and kept.stored == sealed.stored and not whole:
                restored.append(document.sha256)
            else:
                commands.append(KeepForFacts(on=on, document=sealed, named_by=tuple(refs)))
        if commands:
            session.execute_many(commands)
        return restored


def sealed_document(session: Session, document: Document) -> SealedDocument:
    """Seals a document and stores the file. The same bytes give the same file. Refused `evidence_erased`, `ledger_read_only`."""
    if session.streams.read(Evidence, document.sha256).erased:
        raise Refused("evidence_erased", sha256=document.sha256)
    reference = document_reference(session.vault, document.sha256)
    try:
        title = session.vault.seal(reference, {"title": document.title})
        stored = put(session.folder, seal_document(session.vault, reference, document.content))
    except Refused as refused:
        if refused.code != "person_erased":  # a journal restored to before the erasure does not know, but the vault does
            raise
        raise Refused("evidence_erased", sha256=document.sha256) from None
    return SealedDocument(document.sha256, reference, len(document.content), document.media_type, stored, title)
