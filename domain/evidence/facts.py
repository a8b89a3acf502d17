"""What can happen to a document that stands behind a fact. Its stream is named by what the facts call it: the SHA-256 of its bytes.

Which students it shows decides what an erasure does with it. The name its file had may name somebody, so it is sealed.
"""

from __future__ import annotations

from ..facts import Fact
from ..sealed import Sealed


class EvidenceKept(Fact):
    """The document itself is kept, sealed under a key of its own.

    document: its reference in the vault; bytes: its length; media_type: told by its content; stored: SHA-256 (hex) of the sealed file, so
    that anybody can check the file without a key; shows: the students it is known to show; title: seals the name of the file.
    """

    topic = "evidence.kept"
    document: str
    bytes: int
    media_type: str
    stored: str
    shows: tuple[str, ...] = ()
    title: Sealed


class EvidenceShowsNamed(Fact):
    """It shows these students too; `not_shown`: those who had been named by mistake."""

    topic = "evidence.shows_named"
    shows: tuple[str, ...] = ()
    not_shown: tuple[str, ...] = ()


class EvidenceErased(Fact):
    """The document's key is to be destroyed and its file removed: it can be opened no more, and the facts that name it stay.

    of: the students for whose sake; others: students it showed besides, for whom it was given up; reason: sealed as text about no one.
    """

    topic = "evidence.erased"
    of: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    reason: Sealed | None = None


class DocumentsErased(Fact):
    """In the ledger's list of erasures (`privacy/list`): documents (by SHA-256) that were given up by themselves, not with a person."""

    topic = "privacy.documents_erased"
    documents: tuple[str, ...]
