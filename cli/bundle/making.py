"""A bundle is checked by its own checker before it leaves: what does not prove is not handed out. One question gives one file, always."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mingzhang.domain.journal.leaf import leaf_record
from mingzhang.domain.journal.records import JournalRecorder, LogRow
from mingzhang.domain.merkle.proofs import consistency_proof, inclusion_proof
from mingzhang.domain.proof.checkpoint import Checkpoint
from mingzhang.domain.proof.proof_text import ConsistencyText, InclusionText
from mingzhang.domain.proof.signed_note import Note
from mingzhang.domain.refusal import Refused

from .assembling import checker_source, words
from .checker.check import Asked, examine
from .checker.disclosed import disclosed_bytes
from .checker.found import Findings, NotProved
from .checker.manifest import manifest_bytes
from .checker.opening import CHECKER, CHECKPOINT, DISCLOSED, MANIFEST, PAGE
from .checker.page import page_bytes
from .checker.sentences import PROBLEMS, sentence
from .checker.signatures import find_tool

_GAPS = frozenset({"link_missing", "reference_missing"})
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of a zip; a real one would tell two bundles of one question apart


@dataclass(frozen=True)
class MadeBundle:
    """The files by name, the whole as a zip, and whether the trail in it is complete."""

    files: Mapping[str, bytes]
    zipped: bytes
    complete: bool

    @property
    def manifest(self) -> str:
        """SHA-256 (hex) of the list of files."""
        return hashlib.sha256(self.files[MANIFEST]).hexdigest()


@dataclass(frozen=True)
class Content:
    """What goes into the bundle of `payment` (its stream): its events as `rows`; `earlier` are the log sizes from which growth is proved;
    `fields` and `documents` (by SHA-256) what is shown in plain; `note` the checkpoint all of it leads to."""

    payment: str
    note: Note
    rows: Sequence[LogRow]
    earlier: Sequence[int] = ()
    fields: Sequence[dict[str, str]] = ()
    documents: Mapping[str, bytes] = field(default_factory=dict)


def make_bundle(content: Content, journal: JournalRecorder, language: str) -> MadeBundle:
    """Refused `bundle_not_proved` (details, in this language) where the bundle's own checker would not accept it."""
    files = bundle_files(content, journal)
    complete = _check(files, language)
    return MadeBundle(files, _zipped(files), complete)


def bundle_files(content: Content, journal: JournalRecorder) -> dict[str, bytes]:
    """Every file of the bundle by name, whatever it proves. Refused `bundle_not_proved` where nothing in it can be read."""
    note, size = content.note, Checkpoint.parse(content.note.text).size
    files = {
        CHECKPOINT: note.written.encode(),
        CHECKER: checker_source(),
        DISCLOSED: disclosed_bytes(list(content.fields), sorted(content.documents)),
    }
    for row in content.rows:
        hashes = tuple(inclusion_proof(row.leaf_index, size, journal.tile))
        proof = InclusionText(row.leaf_index, hashes, note, leaf_record(row))
        files[f"events/{row.leaf_index:08d}.tlog-proof"] = proof.written.encode()
    for old in content.earlier:
        grown = ConsistencyText(old, tuple(consistency_proof(old, size, journal.tile)), note)
        files[f"consistency/{old:08d}.txt"] = grown.written.encode()
    files |= {f"evidence/{digest}": document for digest, document in content.documents.items()}
    files[PAGE] = _page(files, content.payment, size)
    files[MANIFEST] = manifest_bytes(content.payment, size, files)
    return files


def _page(files: dict[str, bytes], payment: str, size: int) -> bytes:
    """The page in words is made from the other files, by the checker's own hand."""
    draft = {**files, PAGE: b""}
    draft[MANIFEST] = manifest_bytes(payment, size, draft)
    try:
        bundle = examine(draft, words(), checker_source(), find_tool(), Asked(), Findings())
    except NotProved as not_proved:
        raise Refused("bundle_not_proved", details=not_proved.point.code) from None
    return page_bytes(bundle, words())


def _check(files: dict[str, bytes], language: str) -> bool:
    """Whether the trail is complete. Refused `bundle_not_proved` for anything else that is wrong."""
    findings = Findings()
    examine(files, words(), checker_source(), find_tool(), Asked(), findings)
    wrong = [point for point in findings.problems if point.code not in _GAPS]
    if wrong:
        raise Refused("bundle_not_proved", details=" ".join(sentence(PROBLEMS, point, language, words()) for point in wrong[:3]))
    return not findings.problems


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """Stored, not packed: how well something is packed differs from machine to machine, and a file that is not packed cannot swell."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            about = zipfile.ZipInfo(name, _FIRST_DAY)
            about.create_system, about.external_attr = 3, 0o644 << 16
            archive.writestr(about, files[name])
    return packed.getvalue()
