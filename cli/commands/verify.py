"""`verify`: everything in the ledger is worked out anew from the stored bytes, and compared with all there is to compare it with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mingzhang.domain import concepts
from mingzhang.domain.proof.against import Compared
from mingzhang.domain.proof.cosignature import read_vkey
from mingzhang.domain.proof.problem import Problem
from mingzhang.domain.proof.verification import Expected, Verification, verify_log
from mingzhang.domain.values.base64_text import base64_text

from ..app import DONE, NOT_VERIFIED
from ..clock import rfc3339_of
from ..i18n import _, joined, listed, ngettext
from ..options import Globals, Verb, example
from ..output import Answer, Text, instant_text, show
from ..progress import counted
from ..verifying.answers import check_answers
from ..verifying.documents import check_documents
from ..verifying.folder import Beside, fingerprint_at, read_beside
from ..verifying.given import read_given, typed
from ..verifying.words import problem_text, unchecked_text

_TOLD = 5  # problems of one code, on the screen
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command(
    cls=Verb,
    help=_(
        "Work everything out anew from the stored bytes: every hash, every signature, every right to act, and compare it with the tree, "
        "with the ledger's own checkpoints and with those you bring. Names the first event that differs, and says what could not be "
        "checked. Needs no keys."
    ),
)
@click.option("--against", "files", type=_FILE, multiple=True, metavar="FILE", help=_("A checkpoint that was kept elsewhere; repeatable."))
@click.option("--size", type=click.IntRange(min=1), metavar="N", help=_("With --root: the number of events on a paper."))
@click.option("--root", metavar="TEXT", help=_("With --size: the root on the paper, in groups of hex digits or as it stands in the file."))
@click.option("--witness", "witnesses", multiple=True, metavar="VKEY", help=_("A witness's key, to check its signature; repeatable."))
@click.option(
    "--thorough",
    is_flag=True,
    help=_("Read every event as well, and work out anew the tables that questions are answered from; takes several times as long."),
)
@example(
    "mingzhang verify",
    "mingzhang verify --against 2020.txt",
    'mingzhang verify --size 1200 --root "3b1f 0c2e …"',
    "mingzhang --ledger copy/journal.db verify",
    "mingzhang verify --thorough",
)
@click.pass_obj
def verify(
    globals: Globals, files: tuple[Path, ...], size: int | None, root: str | None, witnesses: tuple[str, ...], thorough: bool
) -> int:
    if (size is None) != (root is None):
        raise click.UsageError(_("--size and --root belong together."))
    keys = [read_vkey(one) for one in witnesses]
    outside = [read_given(file) for file in files]
    if size is not None and root is not None:
        outside.append(typed(size, root))
    concepts.load()
    beside = read_beside(Path(globals.ledger))
    expected = Expected(beside.said, beside.own, outside, keys, beside.answered)
    with counted(globals, _("Verifying")) as progress:
        found = verify_log(beside.journal, expected, fingerprint=fingerprint_at, thorough=thorough, on_progress=progress)
    for file in beside.unreadable:
        found.problems.add("ledger_json_unreadable" if file == "ledger.json" else "checkpoint_unreadable", file=file)
    check_documents(beside, found.problems)
    if thorough:
        check_answers(beside, found)
    else:
        found.problems.leave("not_thorough")
    rehearsal = found.standing.ledger.rehearsal or bool(beside.said.rehearsal)
    answer = Answer(_document(found), _sentences(beside, found), DONE if found.ok else NOT_VERIFIED)
    return show(globals, answer, rehearsal=rehearsal)


def _document(found: Verification) -> dict[str, Any]:
    signatures = found.signatures
    return {
        "ok": found.ok,
        "size": found.size,
        "root": base64_text(found.root),
        "root_hex": found.root.hex(),
        "first_bad_leaf": found.problems.first_bad_leaf,
        "problems": [_problem(one) for one in found.problems],
        "problem_counts": dict(sorted(found.problems.counts.items())),
        "compared_with": [_compared(one) for one in found.outside],
        "own_checkpoints": [_compared(one) for one in found.own],
        "unchecked": [{"code": one.code, "message": unchecked_text(one), **one.context} for one in found.problems.unchecked],
        "transactions": found.transactions,
        "signatures": {
            "verified": signatures.verified,
            "wrong": signatures.wrong,
            "unsigned_practice": signatures.practice,
            "unsigned_before_signing": signatures.before_signing,
            "signers": len(signatures.signers),
        },
    }


def _problem(one: Problem) -> dict[str, Any]:
    said = {"code": one.code, "leaf": one.leaf, "until": one.until, "event": one.event, "message": problem_text(one)}
    return {**said, "context": dict(one.context)}


def _compared(one: Compared) -> dict[str, Any]:
    shown = one.shown
    signed_by = [{"name": each.name, "kind": each.kind, "at": None if each.at is None else rfc3339_of(each.at)} for each in one.signed_by]
    return {"source": shown.source, "size": shown.size, "root": base64_text(shown.root), "agrees": one.agrees, "signed_by": signed_by}


def _sentences(beside: Beside, found: Verification) -> tuple[Text, ...]:
    problems, signatures = found.problems, found.signatures
    whole = ngettext("{file}: {count} event, root {root}.", "{file}: {count} events, root {root}.", found.size)
    signed = _("{transactions} transactions, {verified} of them signed by {signers} people with keys that were live then.")
    first = [
        whole.format(file=beside.journal, count=found.size, root=base64_text(found.root)),
        signed.format(transactions=found.transactions, verified=signatures.verified, signers=len(signatures.signers)),
        *(_agreement(one) for one in found.outside),
    ]
    if found.own:
        agreeing = sum(one.agrees for one in found.own)
        first.append(_("Of the ledger's own {count} checkpoints, {agreeing} agree.").format(count=len(found.own), agreeing=agreeing))
    if found.ok:
        first.append(_("Verified: every event is as it was recorded, in its place, and vouched for."))
        parts = [Text(tuple(first))]
    else:
        head = _("NOT VERIFIED. {count} problems; the first event concerned is {leaf} (counted from 0).")
        if problems.first_bad_leaf is None:
            head = _("NOT VERIFIED. {count} problems.")
        first.append(head.format(count=sum(problems.counts.values()), leaf=problems.first_bad_leaf))
        parts = [Text(tuple(first)), Text(tuple(_lines(found)))]
    if problems.unchecked:
        parts.append(Text((_("Not checked:"), *(f"- {unchecked_text(one)}" for one in problems.unchecked))))
    return tuple(parts)


def _lines(found: Verification) -> list[str]:
    lines: list[str] = []
    listed_of: dict[str, int] = {}
    for one in found.problems:
        listed_of[one.code] = listed_of.get(one.code, 0) + 1
        if listed_of[one.code] <= _TOLD:
            place = "" if one.leaf is None else _("event {leaf}: ").format(leaf=f"{one.leaf} {one.event}" if one.event else one.leaf)
            lines.append(f"- {place}{problem_text(one)} ({one.code})")
    for code, count in found.problems.counts.items():
        if count > min(_TOLD, listed_of.get(code, 0)):
            lines.append("- " + _("{count} more of {code}").format(count=count - min(_TOLD, listed_of.get(code, 0)), code=code))
    lines.append(_("Stop working in this ledger, keep its folder as it is, and compare it with the checkpoints others hold."))
    return lines


def _agreement(one: Compared) -> str:
    said = _("The checkpoint {source} ({size} events) agrees.")
    if not one.agrees:
        said = _("The checkpoint {source} ({size} events) does NOT agree.")
    known = [each for each in one.signed_by if each.kind != "unknown"]
    names = [each.name if each.at is None else f"{each.name} {instant_text(rfc3339_of(each.at))}" for each in known]
    said = said.format(source=one.shown.source, size=one.shown.size)
    if not one.agrees and not one.signed_by:  # a digit copied wrong looks just like a log rewritten
        return joined(said, _("It is unsigned: first see whether size and root stand here as on the paper."))
    return joined(said, _("It is signed by {names}.").format(names=listed(*names))) if names else said
