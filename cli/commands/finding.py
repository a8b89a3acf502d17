"""`finding`: one audit finding by the number it keeps: what was answered to it, and answering it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mingzhang.domain.inspection.answering import AnswerAuditFinding, AnswerKind
from mingzhang.domain.refusal import Refused
from mingzhang.domain.sealed import Sealed

from ..cases.named import mark_of
from ..i18n import _
from ..intake.reveal import note_disclosure
from ..options import Globals, Noun, as_of_options, example, on_option, reveal_option, table_file_options
from ..output import Answer, Column, Table, show
from ..session import Session
from ..words.findings import ANSWERS
from .findings import audited, documents

if TYPE_CHECKING:
    from mingzhang.projections.findings import Found


@click.group(cls=Noun, help=_("One audit finding: answer it, and see what was answered."))
@example("mingzhang --as clerk finding answer finding-7KQ2M4AB9CDE --as-explained --text 退学证明系银行处理后送达")
def finding() -> None:
    pass


@finding.command("answer", help=_("Explain a finding, say that it is corrected, or refer it on. It stays visible, as answered."))
@click.argument("number", metavar="FINDING")
@click.option("--as-explained", "kind", flag_value="explained", help=_("There is a reason, and the text gives it."))
@click.option("--as-corrected", "kind", flag_value="corrected", help=_("It has been put right, and the text says how."))
@click.option("--as-referred", "kind", flag_value="referred", help=_("It was handed on to whoever decides about it."))
@click.option("--text", required=True, metavar="TEXT", help=_("What there is to say; sealed."))
@click.option(
    "--evidence",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=_("A document that shows it; it is kept, sealed. Repeat it for several."),
)
@on_option
@example(
    "mingzhang --as clerk finding answer finding-7KQ2M4AB9CDE --as-explained --text 退学证明系银行处理后送达",
    "mingzhang --as treasurer finding answer finding-7KQ2M4AB9CDE --as-corrected --text 已追回 --evidence 收据.pdf",
)
@click.pass_obj
def answer(globals: Globals, number: str, kind: AnswerKind | None, text: str, files: tuple[Path, ...], on: date | None) -> int:
    if kind is None:
        raise click.UsageError(_("Say how it is answered: --as-explained, --as-corrected or --as-referred."))
    with Session(globals) as session:
        found = _found(session, number, None, None)
        about = found.finding
        command = AnswerAuditFinding(
            on=on,
            evidence=tuple(session.hand_in(file) for file in files),
            finding=found.id,
            rule=about.rule,  # type: ignore[arg-type]
            subject=about.subject,
            payment=about.payment,
            events=(*about.events, *((found.answer.ref,) if found.answer is not None else ())),
            about_units=_units(session, found),
            concerned=_concerned(found),
            kind=kind,
            text=_sealed(session, about.subject, text),
        )
        session.execute(command)
        [document] = documents(session, [_found(session, number, None, None)])
        said = _("{finding} is answered: {kind}.").format(finding=found.id, kind=_(ANSWERS[kind]))
        return show(globals, Answer.saying(document, said), rehearsal=session.rehearsal)


@finding.command("show", help=_("A finding and everything that was answered to it; the texts only with --reveal."))
@click.argument("number", metavar="FINDING")
@as_of_options
@reveal_option
@table_file_options
@example("mingzhang --as inspector finding show finding-7KQ2M4AB9CDE --reveal")
@click.pass_obj
def show_(globals: Globals, number: str, on: date | None, known_at: Any, reveal: bool) -> int:
    from mingzhang.projections.finding_answers import answer_texts

    with Session(globals) as session:
        found = _found(session, number, on, known_at)
        given = list(found.answers)
        with session.engine.view(session.as_of(on, known_at)) as view:
            boxes = answer_texts(view, given) if reveal else {}
        if reveal:
            subject = found.finding.subject
            note_disclosure(session, "finding", [subject] if _is_student(session, subject) else [], _units(session, found))
        rows: list[dict[str, Any]] = [{"kind": row.kind, "on": row.on, "by": row.by, "event": row.ref} for row in given]
        if reveal:
            rows = [{**row, "text": _text(session, boxes.get(row["event"]))} for row in rows]
        [document] = documents(session, [found])
        document |= {"answers": rows}
        shown = [{**row, "kind": _(ANSWERS[str(row["kind"])])} for row in rows]
        for row in shown if reveal else ():
            box = boxes.get(str(row["event"]))
            row["text"] = row["text"] or (mark_of(session, box.subject) if box is not None else "")
        heads = [Column(_("Answer"), "kind"), Column(_("Day"), "on"), Column(_("By"), "by")]
        heads += [Column(_("Text"), "text")] if reveal else []
        also = _(" (also numbered {numbers})").format(numbers="、".join(found.also)) if found.also else ""
        caption = f"{found.id}{also}  {found.finding.rule}  {document['message']}"
        return show(globals, Answer(document, (Table(heads, shown, caption=caption),)), rehearsal=session.rehearsal)


def _found(session: Session, number: str, on: date | None, known_at: Any) -> Found:
    """The finding of this name at a point, also by one it has under another file of the student. Refused `audit_finding_gone` where it
    was answered and the facts no longer show it, else `audit_finding_unknown`."""
    from mingzhang.projections.finding_answers import answers
    from mingzhang.projections.findings import numbered

    wanted = number.removeprefix("finding/")
    as_of, told = audited(session, (), on, known_at)
    if (one := numbered(told.found, wanted)) is not None:
        return one
    with session.engine.view(as_of) as view:
        given = answers(view, wanted)
    if given:
        last = given[-1]
        raise Refused("audit_finding_gone", finding=wanted, rule=last.rule, answered_on=last.on, event=last.ref, size=last.leaf + 1)
    raise Refused("audit_finding_unknown", finding=wanted)


def _units(session: Session, found: Found) -> tuple[str, ...]:
    """Whose business it is: the units it concerns; of what concerns none (a fund) the one at the top of its plan."""
    from mingzhang.projections.findings.concerned import units_concerned
    from mingzhang.projections.findings.switches import plan_of

    with session.engine.view(session.as_of(None, None)) as view:
        [units] = units_concerned(view, [found.finding])
    plan = plan_of(found.finding)
    tops = {one.top for one in session.adopted_plans(also_repealed=True) if plan in (None, one.code)}
    return tuple(sorted(units or (tops if len(tops) == 1 else ())))  # about no one plan, and nobody above them all


def _concerned(found: Found) -> tuple[str, ...]:
    """Whoever did, or wrote down, what was found: they do not answer for it."""
    named = [found.finding.facts.get(name) for name in ("staff", "helper")]
    return tuple(str(one) for some in named if some for one in (some if isinstance(some, list) else [some]))


def _is_student(session: Session, subject: str) -> bool:
    return bool(session.ledger.journal.select_streams([f"student/{subject}"]))


def _sealed(session: Session, subject: str, text: str) -> Sealed:
    """Under the student's own key, so that it is erased with them; of anything else, or of somebody erased, as text about no one."""
    if _is_student(session, subject):
        try:
            return session.vault.seal(subject, {"text": text})
        except Refused as refused:
            if refused.code != "person_erased":
                raise
    return session.seal_text(text)


def _text(session: Session, box: Sealed | None) -> str | None:
    opened = session.vault.open_many([box])[0] if box is not None else None
    return (opened or {}).get("text")
