"""An attached document is the very file a record names: its bytes hash to the digest that stands in the record."""

from __future__ import annotations

import hashlib

from .disclosed import read_list
from .found import Findings
from .log import Log


def read_attached(files: dict[str, bytes], log: Log, findings: Findings) -> list[str]:
    """The digests of the attached documents that some record of the bundle names."""
    named = {digest for event in log.events.values() for digest in _digests(event.facts)}
    attached = sorted(name.partition("/")[2] for name in files if name.startswith("evidence/"))
    good: list[str] = []
    for digest in attached:
        if digest in named and hashlib.sha256(files["evidence/" + digest]).hexdigest() == digest:
            good.append(digest)
        else:
            findings.problem("evidence_wrong", name=digest)
    if attached != read_list(files, "evidence"):
        findings.problem("evidence_wrong", name="disclosed.json")
    if good:
        findings.prove("evidence_holds", count=len(good))
    return good


def _digests(facts: dict[str, object]) -> list[str]:
    said = facts.get("evidence")
    return [one for one in said if isinstance(one, str)] if isinstance(said, list) else []
