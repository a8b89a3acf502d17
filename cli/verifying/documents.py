"""The documents that were handed in are part of what is verified: each has its file, and the file is the one that was sealed."""

from __future__ import annotations

from mingzhang.domain.evidence.naming import BY_DIGEST
from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.journal.sqlite_reading import StoredLog
from mingzhang.domain.proof.problem import Problems

from ..evidence.checking import NAMES_SOMETHING, OURS, EvidenceCheck
from .folder import Beside


def check_documents(beside: Beside, problems: Problems) -> None:
    """Adds to `problems` what is wrong with the files, and what was left unlooked at. Without keys: the sealed files' hashes tell."""
    check = EvidenceCheck()
    with StoredLog(beside.journal) as stored:
        for leaf, stream, version, topic, state, recorded_at in stored.rows_about((*OURS, *BY_DIGEST), NAMES_SOMETHING):
            try:
                check.see(LogRow(leaf, stream.decode(), version, topic.decode(), bytes(state), recorded_at.decode()))
            except (ValueError, KeyError, AttributeError, TypeError):
                problems.add("event_malformed", leaf)
    if beside.is_alone:
        if check.kept:
            problems.leave("documents_left")
        return
    found = check.against(beside.journal.parent)
    for one in found.problems:
        problems.add(one.code, one.leaf, None, sha256=one.sha256)
    if found.kept:
        problems.leave("documents_not_opened", count=found.kept)
    if found.only_hashed:
        problems.leave("documents_only_hashed", count=len(found.only_hashed))
