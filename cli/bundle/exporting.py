"""`trace --bundle`: a disclosure is on record before the file is written; where it cannot be recorded, nothing is written.

The bundle is made at the log size before that record. A bundle that shows nothing in plain records nothing and needs no role.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from mingzhang.domain.disclosure import ExportBundle
from mingzhang.domain.evidence.document import kept_evidence
from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.refusal import Refused
from mingzhang.domain.student.student import every_reference, unit_of_student

from ..checkpoints.making import log_verifier, saved, signed_checkpoint
from ..evidence.opening import open_document, refuse_restricted
from ..i18n import _, chosen, joined, ngettext
from ..output.files import write_files
from ..session import Session, new_id
from ..verifying.given import read_given
from .asking import Wanted
from .checker.opening import CHECKER
from .disclosing import chosen_fields, fields_of, opened_fields
from .gathering import Gathering
from .making import Content, MadeBundle, make_bundle

if TYPE_CHECKING:
    from mingzhang.projections.trail import Trail


@dataclass
class _Shown:
    """What a bundle shows in plain, and of whom."""

    fields: list[dict[str, str]] = field(default_factory=list)
    documents: dict[str, bytes] = field(default_factory=dict)
    not_kept: list[str] = field(default_factory=list)
    of_others: list[str] = field(default_factory=list)


def export_bundle(session: Session, trail: Trail, size: int, wanted: Wanted) -> tuple[dict[str, object], list[str]]:
    """Makes, records and writes the bundle; gives its part of the JSON document, and sentences about it.

    Refused, with nothing recorded or written: `bundle_of_payment_only`, `bundle_field_unknown`, `bundle_checkpoint_later`, `file_exists`,
    `bundle_not_proved`, what `Vault.disclose`, `open_document` and `signed_checkpoint` refuse, and for want of the role.
    """
    if not trail.payment.startswith("payment/"):
        raise Refused("bundle_of_payment_only", event=trail.payment)
    journal = session.ledger.journal
    rows = {step.leaf: row for step in trail.steps for row in journal.select_rows(step.leaf, 1)}
    gathering = Gathering(journal, size, session.folder.ledger_id)
    everything = gathering.gather(rows.values())
    note = signed_checkpoint(session, size)
    student = trail.payment.split("/")[2]
    shown = _shown(session, [rows[leaf] for leaf in sorted(rows)], student, wanted) if wanted.discloses else _Shown()
    earlier = sorted({*gathering.seen_sizes(), *_earlier(wanted.against, size)})
    made = make_bundle(Content(trail.payment, note, everything, earlier, shown.fields, shown.documents), journal, chosen())
    if wanted.file.exists() and (not wanted.file.is_file() or wanted.file.read_bytes() != made.zipped):
        raise Refused("file_exists", file=str(wanted.file))
    if shown.fields or shown.documents:
        _record(session, trail, size, shown, made)
    write_files({wanted.file: made.zipped})
    saved(session, note)
    key = log_verifier(session).vkey
    return _document(wanted.file, made, shown, size, len(everything), key), _sentences(wanted.file, made, shown, size)


def _earlier(against: Sequence[Path], size: int) -> list[int]:
    """The sizes of somebody's own checkpoints. Refused `bundle_checkpoint_later` for one of a longer log."""
    found = []
    for file in against:
        old = read_given(file).size
        if old > size:
            raise Refused("bundle_checkpoint_later", file=str(file), size=old, last=size)
        found += [old] if 0 < old < size else []
    return found


def _shown(session: Session, rows: Sequence[LogRow], student: str, wanted: Wanted) -> _Shown:
    """Opens what is to be shown; nothing leaves before it is recorded."""
    session.vault.need_key()
    shown = _Shown()
    same = every_reference(session.streams, student)
    fields = fields_of(rows, same)
    if wanted.only:
        fields = chosen_fields(fields, wanted.only)
    if wanted.only or wanted.reveal:
        shown.fields = opened_fields(session.vault, fields)
    if wanted.with_evidence:
        for digest in sorted({digest for row in rows for digest in orjson.loads(row.state).get("evidence", ())}):
            _attach(session, digest, same, shown)
    return shown


def _attach(session: Session, digest: str, same: Sequence[str], shown: _Shown) -> None:
    """Takes a document along, but for one that shows somebody else too: a list with everybody's signatures is not one payment's."""
    try:
        document, _kept = kept_evidence(session.streams, digest)
    except Refused as refused:
        if refused.code not in ("evidence_not_kept", "evidence_erased"):
            raise
        shown.not_kept.append(digest)
        return
    if set(document.shows) <= set(same):
        refuse_restricted(session, document.shows)
        shown.documents[digest] = open_document(session, digest)
    else:
        shown.of_others.append(digest)


def _record(session: Session, trail: Trail, size: int, shown: _Shown, made: MadeBundle) -> None:
    student = trail.payment.split("/")[2]
    newest = next(step for step in trail.steps if step.event.startswith(trail.payment + "@"))
    session.execute(
        ExportBundle(
            disclosure=new_id("bundle"),
            query=f"trace --bundle {trail.payment}",
            students=(student,),
            shown_units=unit_of_student(session.streams, student),
            about=newest.event,
            fields=tuple(sorted({one["field"] for one in shown.fields})),
            documents=tuple(sorted(shown.documents)),
            size=size,
            manifest=made.manifest,
        )
    )


def _document(file: Path, made: MadeBundle, shown: _Shown, size: int, events: int, key: str) -> dict[str, object]:
    return {
        "file": str(file),
        "bytes": len(made.zipped),
        "sha256": hashlib.sha256(made.zipped).hexdigest(),
        "manifest_sha256": made.manifest,
        "checker_sha256": hashlib.sha256(made.files[CHECKER]).hexdigest(),
        "size": size,
        "events": events,
        "complete": made.complete,
        "key": key,
        "fields": [{name: one[name] for name in ("event", "box", "field")} for one in shown.fields],
        "documents": sorted(shown.documents),
        "documents_not_kept": shown.not_kept,
        "documents_of_others": shown.of_others,
    }


def _sentences(file: Path, made: MadeBundle, shown: _Shown, size: int) -> list[str]:
    digest = hashlib.sha256(made.zipped).hexdigest()
    said = [
        _("The proof is in {file} ({bytes} bytes, SHA-256 {sha256}), as known at log size {size}.").format(
            file=file, bytes=len(made.zipped), sha256=digest, size=size
        )
    ]
    if shown.fields:
        names = "、".join(sorted({one["field"] for one in shown.fields}))
        said.append(_("It shows of the student: {fields}. That is recorded.").format(fields=names))
    if shown.documents:
        count = len(shown.documents)
        said.append(ngettext("{count} document is attached, opened.", "{count} documents are attached, opened.", count).format(count=count))
    if not shown.fields and not shown.documents:
        said.append(_("It shows no personal data."))
    if shown.not_kept:
        count = len(shown.not_kept)
        told = ngettext("{count} document is named but not kept here.", "{count} documents are named but not kept here.", count)
        said.append(told.format(count=count))
    if shown.of_others:
        count = len(shown.of_others)
        told = ngettext(
            "{count} document shows other students too and is left out.",
            "{count} documents show other students too and are left out.",
            count,
        )
        said.append(told.format(count=count))
    if not made.complete:
        said.append(_("The trail is not complete: the checker will say so, and not call it proved."))
    said.append(
        joined(
            _("Whoever receives it unpacks it and runs: python3 check.py."),
            _("Give them the ledger's public key, which stands below, by another way than this file."),
        )
    )
    return said
