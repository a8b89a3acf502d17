"""Projections remember the last event they read by a hash over all the journal holds of it: another one in its place is seen."""

from __future__ import annotations

from hashlib import sha256

from mingzhang.domain.journal.records import LogRow


def fingerprint(row: LogRow) -> str:
    """SHA-256 (hex) over everything the journal holds of the row, each part with its length before it."""
    found = sha256()
    for part in (
        row.originator_id.encode(),
        str(row.originator_version).encode(),
        row.topic.encode(),
        row.recorded_at.encode(),
        bytes(row.state),
    ):
        found.update(len(part).to_bytes(4, "big") + part)
    return found.hexdigest()
