"""A disclosed field is proved by its salt and value: together they hash to what the sealed box committed to, and say nothing else.

The other fields stay shut: their salts are unknown, so that nobody can try values out.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any, NamedTuple

from .formats import base64_bytes, canonical, json_value
from .found import Findings, NotProved
from .log import Log
from .opening import DISCLOSED

_TAG = b"mingzhang/field/1\x00"
_KEYS = {"event", "box", "field", "salt", "value"}


class Disclosed(NamedTuple):
    """One field in plain: of the box at `box` (a path such as /person) in the fact `event`, about the person `subject`."""

    event: str
    box: str
    field: str
    value: str
    subject: str


def commitment(field: str, salt: bytes, value: str) -> str:
    """What the log holds of a field: base64 of SHA-256(tag, salt, length and name, length and value)."""
    name, text = field.encode("utf-8"), value.encode("utf-8")
    record = salt + len(name).to_bytes(2, "big") + name + len(text).to_bytes(4, "big") + text
    return base64.b64encode(hashlib.sha256(_TAG + record).digest()).decode("ascii")


def box_at(facts: Any, path: str) -> dict[str, Any] | None:
    """The sealed box at this path (`/person`, `/refused/3/person`); None where there is none."""
    here = facts
    for step in path.split("/")[1:]:
        if isinstance(here, list) and step.isdigit() and len(step) < 9 and int(step) < len(here):
            here = here[int(step)]
        elif isinstance(here, dict) and step in here:
            here = here[step]
        else:
            return None
    return here if path.startswith("/") and isinstance(here, dict) and {"box", "commitment", "subject"} <= set(here) else None


def read_list(files: dict[str, bytes], part: str) -> list[Any]:
    """One of the two lists of what is disclosed: `fields` or `evidence`. NotProved where the file is not in its form."""
    if DISCLOSED not in files:
        raise NotProved("file_missing", name=DISCLOSED)
    said = json_value(files[DISCLOSED], "disclosed_malformed", DISCLOSED)
    if not isinstance(said, dict) or set(said) != {"fields", "evidence"} or not all(isinstance(one, list) for one in said.values()):
        raise NotProved("disclosed_malformed", name=DISCLOSED)
    if canonical(said) != files[DISCLOSED]:
        raise NotProved("disclosed_malformed", name=DISCLOSED)
    return list(said[part])


def disclosed_bytes(fields: list[dict[str, str]], evidence: list[str]) -> bytes:
    """The file of what is disclosed: each field as event, box, field, salt (base64) and value; documents by their digests."""
    return canonical({"fields": fields, "evidence": evidence})


def read_disclosed(files: dict[str, bytes], log: Log, findings: Findings) -> list[Disclosed]:
    """The fields that hold; each that does not is a problem."""
    found: list[Disclosed] = []
    for one in read_list(files, "fields"):
        if not isinstance(one, dict) or set(one) != _KEYS or not all(isinstance(value, str) for value in one.values()):
            raise NotProved("disclosed_malformed", name=DISCLOSED)
        event = log.events.get(one["event"])
        box = None if event is None else box_at(event.facts, one["box"])
        if box is None or not _holds(box, one):
            findings.problem("field_wrong", event=one["event"], field=one["field"])
        else:
            found.append(Disclosed(one["event"], one["box"], one["field"], one["value"], str(box["subject"])))
    if len({(one.event, one.box, one.field) for one in found}) != len(found):
        raise NotProved("disclosed_malformed", name=DISCLOSED)
    if found:
        findings.prove("fields_hold", count=len(found), fields=sorted({one.field for one in found}))
    return found


def _holds(box: dict[str, Any], one: dict[str, str]) -> bool:
    promised = box["commitment"].get(one["field"]) if isinstance(box["commitment"], dict) else None
    try:
        salt = base64_bytes(one["salt"])
        return (
            isinstance(promised, str)
            and len(salt) == 16
            and hmac.compare_digest(commitment(one["field"], salt, one["value"]).encode("ascii"), promised.encode("utf-8"))
        )
    except ValueError:  # half a surrogate pair among them
        return False
