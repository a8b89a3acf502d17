"""The manifest names every file of the bundle with its SHA-256, and what was asked; nothing in it is believed that the files do not say.

It must be, byte for byte, what the files themselves give, so that there is no byte in it that could be changed unnoticed.
"""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

from .formats import canonical, json_value
from .found import Findings, NotProved
from .opening import CHECKER, CHECKPOINT, DISCLOSED, MANIFEST, PAGE

FORMAT = "mingzhang-bundle/1"


class Manifest(NamedTuple):
    """payment: the stream asked for; size: the log size at which it was asked."""

    payment: str
    size: int


def manifest_bytes(payment: str, size: int, files: dict[str, bytes]) -> bytes:
    """The manifest of these files (itself not among them)."""
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != MANIFEST}
    return canonical({"format": FORMAT, "payment": payment, "size": size, "files": digests})


def read_manifest(files: dict[str, bytes], findings: Findings) -> Manifest:
    """What was asked; every difference between the files and the list is a problem. NotProved where there is no readable manifest."""
    if MANIFEST not in files:
        raise NotProved("manifest_missing")
    said: Any = json_value(files[MANIFEST], "manifest_malformed", MANIFEST)
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise NotProved("format_unknown")
    payment, size, listed = said.get("payment"), said.get("size"), said.get("files")
    if not isinstance(payment, str) or type(size) is not int or not isinstance(listed, dict):
        raise NotProved("manifest_malformed", name=MANIFEST)
    for name in (CHECKPOINT, DISCLOSED, CHECKER, PAGE):
        if name not in files or name not in listed:
            findings.problem("file_missing", name=name)
    for name in sorted(set(listed) - set(files)):
        findings.problem("file_missing", name=name)
    for name in sorted(set(files) - set(listed) - {MANIFEST}):
        findings.problem("file_not_listed", name=name)
    for name in sorted(set(files) & set(listed)):
        if hashlib.sha256(files[name]).hexdigest() != listed[name]:
            findings.problem("file_changed", name=name)
    if not findings.problems and manifest_bytes(payment, size, files) != files[MANIFEST]:
        findings.problem("manifest_malformed", name=MANIFEST)
    if not findings.problems:
        findings.prove("files_as_listed", count=len(files))
    return Manifest(payment, size)
