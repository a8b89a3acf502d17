"""Which documents a fact names, and which students the fact is about: for whom it shows, unless somebody says otherwise.

A fact in a student's own stream, or in that of their application, payment, survey entry, loan, pairing or contact, is about that one
student, and so is the scan behind it. A signed list (签领表) is about everybody who has a line on it, signed or not. A photo of a public
notice is about nobody in particular: see docs/concepts/evidence.md.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from ..facts import Fact
from ..money.batch import Batch
from ..pairing.pairing import Pairing
from ..streams import Streams

BY_DIGEST = frozenset({"pairing.form_filed", "leftbehind.file_opened", "duty.discharged", "inspection.closed"})
"""Facts that name their one document in a field `sha256`; all others name theirs in `evidence`."""
_STUDENT_AT = {"student": 1, "leftbehind": 1, "loan": 1, "tutoring": 1, "application": 2, "payment": 2, "entry": 2, "listing": 2}


class Naming(NamedTuple):
    """A fact that names a document: on which day, and whose business it is, as far as it says."""

    since: date
    students: tuple[str, ...]
    unit: str | None


def documents_of(fact: Fact) -> tuple[str, ...]:
    """The SHA-256 digests (hex) of the documents a fact names."""
    if fact.topic not in BY_DIGEST:
        return fact.evidence
    named = getattr(fact, "sha256", None)
    return (*fact.evidence, named) if named else fact.evidence


def student_in_name(stream: str) -> str | None:
    """The one student a stream's name says it is about: `payment/<scheme>/<student>/…`. None where it does not say."""
    parts = stream.split("/")
    place = _STUDENT_AT.get(parts[0], len(parts))
    return parts[place] if place < len(parts) else None


def students_of(streams: Streams, stream: str, fact: Fact) -> tuple[str, ...]:
    """The students a fact is about, by its stream's name, its pairing or the lines of its batch; none where it is about nobody."""
    named = student_in_name(stream)
    if named is not None:
        return (named,)
    if stream.startswith("batch/"):
        return tuple(dict.fromkeys(line.partition("/")[0] for line in streams.at(Batch, stream).lines))
    pairing = stream.partition("/")[2] if stream.startswith("pairing/") else getattr(fact, "pairing", None)
    student = streams.read(Pairing, pairing).student if pairing else ""
    return (student,) if student else ()


def naming_of(streams: Streams, ref: str, sha256: str) -> Naming | None:
    """What the recorded fact `ref` (`stream@version`) says of the document; None where it does not name it, or is not there."""
    stream = ref.rpartition("@")[0]
    facts = streams.stored(stream)
    fact = next((one.fact for one in facts if one.ref == ref and sha256 in documents_of(one.fact)), None)
    if fact is None:
        return None
    units = (getattr(one.fact, "unit", None) for one in facts)
    return Naming(fact.effective_on, students_of(streams, stream, fact), next((unit for unit in units if unit), None))
