"""Whether every kept document has its file, unchanged: the part of `verify` that looks beyond the log.

Without any key the sealed file's SHA-256 tells; with the keys each one can be opened and compared with the SHA-256 that the facts name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from mingzhang.domain.evidence.naming import BY_DIGEST
from mingzhang.domain.facts import upcast
from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.refusal import Refused
from mingzhang.domain.vault.document import open_sealed_document
from mingzhang.domain.vault.vault import Vault

from .store import fetch, strays

NAMES_SOMETHING = b'"evidence":["'
OURS = frozenset({"evidence.kept", "evidence.erased"})


class EvidenceProblem(NamedTuple):
    """code: `evidence_file_missing`, `evidence_file_changed`, `evidence_not_opened` (the keys do not open it), `evidence_differs` (it
    opens, to other bytes), `evidence_not_erased` (its file or its key is there still). leaf: of the fact it goes by."""

    code: str
    leaf: int
    sha256: str
    stored: str


@dataclass(frozen=True)
class EvidenceChecked:
    """problems: in the order of the log. kept: whole documents; opened: those compared with the keys; erased: given up, as is right;
    only_hashed: the SHA-256 of documents that facts name and nobody handed in; strays: files no fact names, which harm nothing."""

    problems: tuple[EvidenceProblem, ...]
    kept: int
    opened: int
    erased: int
    only_hashed: tuple[str, ...]
    strays: tuple[str, ...]


@dataclass
class EvidenceCheck:
    """Is shown every row of the log once, in order, and then looks at the files:

        check = EvidenceCheck()
        for row in rows: check.see(row)
        checked = check.against(folder.root, vault)

    `see` costs a search in the row's bytes; only rows about documents are read.
    """

    named: dict[str, None] = field(default_factory=dict)
    kept: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    replaced: set[str] = field(default_factory=set)
    erased: dict[str, int] = field(default_factory=dict)

    def see(self, row: LogRow) -> None:
        topic = row.topic
        if topic in OURS:
            self._ours(row)
        elif topic in BY_DIGEST or NAMES_SOMETHING in row.state:
            said = _state(row)
            named = said.get("evidence", ())
            if topic in BY_DIGEST and said.get("sha256"):
                named = (*named, said["sha256"])
            self.named.update(dict.fromkeys(named))

    def _ours(self, row: LogRow) -> None:
        sha256 = row.originator_id.partition("/")[2]
        if row.topic == "evidence.erased":
            self.erased[sha256] = row.leaf_index
            return
        said = _state(row)
        before = self.kept.get(sha256)
        if before is not None:
            self.replaced.add(before[2])
        self.kept[sha256] = (row.leaf_index, said["document"], said["stored"])

    def stored(self) -> dict[str, str]:
        """SHA-256 of the sealed file -> SHA-256 of the document, of all that are kept and not erased: what a backup takes along."""
        return {stored: sha256 for sha256, (_leaf, _document, stored) in self.kept.items() if sha256 not in self.erased}

    def against(self, root: Path, vault: Vault | None = None) -> EvidenceChecked:
        """Compares with the files below `root`, and opens each one where a vault is given (one that has its keys)."""
        problems: list[EvidenceProblem] = []
        opened = 0
        for sha256, (leaf, document, stored) in self.kept.items():
            sealed = fetch(root, stored)
            if sha256 in self.erased:
                if sealed is not None or (vault is not None and not vault.is_erased(document)):
                    problems.append(EvidenceProblem("evidence_not_erased", self.erased[sha256], sha256, stored))
                continue
            if sealed is None:
                problems.append(EvidenceProblem("evidence_file_missing", leaf, sha256, stored))
            elif hashlib.sha256(sealed).hexdigest() != stored:
                problems.append(EvidenceProblem("evidence_file_changed", leaf, sha256, stored))
            elif vault is not None:
                opened += 1
                code = _opened(vault, document, sealed, sha256)
                if code is not None:
                    problems.append(EvidenceProblem(code, leaf, sha256, stored))
        known = {stored for _leaf, _document, stored in self.kept.values()} | self.replaced
        return EvidenceChecked(
            problems=tuple(sorted(problems, key=lambda one: one.leaf)),
            kept=len(self.kept) - len(self.erased),
            opened=opened,
            erased=len(self.erased),
            only_hashed=tuple(sha256 for sha256 in self.named if sha256 not in self.kept),
            strays=tuple(path.name for path in strays(root, known)),
        )


def check_evidence(rows: Iterable[LogRow], root: Path, vault: Vault | None = None) -> EvidenceChecked:
    """All at once, for a log that nobody walks through anyway."""
    check = EvidenceCheck()
    for row in rows:
        check.see(row)
    return check.against(root, vault)


def _state(row: LogRow) -> dict[str, Any]:
    return upcast(row.topic, orjson.loads(row.state))


def _opened(vault: Vault, document: str, sealed: bytes, sha256: str) -> str | None:
    try:
        content = open_sealed_document(vault, document, sealed)
    except Refused:
        return "evidence_not_opened"
    return None if hashlib.sha256(content).hexdigest() == sha256 else "evidence_differs"
