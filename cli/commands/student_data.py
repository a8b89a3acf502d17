"""`student erase|restrict|unrestrict|hold|release|erasures` and `person erase`: how personal data come to their end (删除, 受限, 封存)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, get_args

import click

from mingzhang.domain.facts import Fact, decode
from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.privacy.elsewhere import still_held, still_restricted
from mingzhang.domain.privacy.erasing import LIST, Ground
from mingzhang.domain.privacy.facts import PersonsErased, PersonsRestricted, PersonsUnrestricted
from mingzhang.domain.privacy.restricting import HoldPerson, ReleasePerson, RestrictPerson, UnrestrictPerson
from mingzhang.domain.refusal import Refused
from mingzhang.projections.personal import Standing

from ..i18n import N_, _, ngettext
from ..options import DAY, Globals, KnownAt, Noun, T, Verb, as_of_options, example, on_option, reason_option, table_file_options
from ..output import Answer, Column, Table, Text, instant_text, show
from ..privacy.erasing import Erased, erase, references_known, refuse_naming, standing_of_person
from ..privacy.finishing import erase_listed
from ..privacy.plaintexts import plaintexts
from ..session import Session

WHAT = {
    "erased": N_("erased"),
    "restricted": N_("restricted"),
    "unrestricted": N_("no longer restricted"),
    "restricted_elsewhere": N_("restricted by a newer list; record it again"),
    "held_elsewhere": N_("held by a newer list; record it again"),
}
_KINDS: dict[type[Fact], str] = {PersonsErased: "erased", PersonsRestricted: "restricted", PersonsUnrestricted: "unrestricted"}


def _basis_option(function: T) -> T:
    option = click.option("--basis", metavar="CLAUSE", help=_("The clause it rests on, such as 个人信息保护法第四十七条; stays readable."))
    return option(function)


def _ground_option(*grounds: str) -> Callable[[T], T]:
    spoken = [ground.replace("_", "-") for ground in grounds]
    return click.option("--ground", type=click.Choice(spoken), default="requested", show_default=True, help=_("On what ground."))


def _documents_option(function: T) -> T:
    said = _("What becomes of documents that show others too; those that show this person alone go in any case.")
    return click.option("--documents", type=click.Choice(["keep", "erase"]), help=said)(function)


def _erase(globals: Globals, ref: str, reason: str, basis: str | None, ground: str, documents: Any, on: date | None) -> int:
    with Session(globals) as session:
        ground_stored: Any = ground.replace("-", "_")
        done = erase(session, ref, ground=ground_stored, reason=reason, basis=basis, documents=documents, on=on)
        return show(globals, _answer(ref, done), rehearsal=session.rehearsal)


def _answer(ref: str, done: Erased) -> Answer:
    document = {
        "person": ref,
        "references": list(done.references),
        "files": [{"path": one.path, "sha256": one.sha256} for one in done.files],
        "documents": list(done.documents),
        "documents_kept": list(done.kept),
        "photos_of_lists": list(done.lists),
        "exported": list(done.exported),
        "words": [one._asdict() for one in done.words],
    }
    said = [_("The personal data of {student} are erased: {references}.").format(student=ref, references="、".join(done.references))]
    if done.files:
        count = len(done.files)
        removed = ngettext("{count} file of the ledger's folder was removed.", "{count} files of the ledger's folder were removed.", count)
        said.append(removed.format(count=count))
    if done.documents:
        count = len(done.documents)
        said.append(ngettext("{count} document was erased.", "{count} documents were erased.", count).format(count=count))
    said.append(_("What this ledger cannot reach, and you must see to:"))
    if done.exported:
        said.append(_("- files that were handed out, with every copy of them: {files}").format(files="、".join(done.exported)))
    if done.kept:
        said.append(_("- documents kept because they show others too: {documents}").format(documents=_short(done.kept)))
    if done.lists:
        said.append(_("- photos of public lists with this name on them: {documents}").format(documents=_short(done.lists)))
    if done.words:
        events = "、".join(f"{one.event} ({one.subject})" for one in done.words)
        named = _("- words on record that name this person: {events}; `mingzhang person erase t-…` erases such a text")
        said.append(named.format(events=events))
    everywhere = _(
        "- printed lists, packets and tables outside the ledger's folder, copies of refused rows, and the workbooks that came in"
    )
    said.append(everywhere)
    said.append(_("- backups of keys/: a restore erases again by the list of erasures; make a new backup and destroy the older ones"))
    return Answer(document, (Text(tuple(said)),))


def _short(documents: Sequence[str]) -> str:
    return "、".join(one[:12] for one in documents)


@click.command("erase", cls=Verb, help=_("Erase a student's personal data for good: the key is destroyed; amounts, dates and proofs stay."))
@click.argument("ref")
@reason_option(required=True)
@_basis_option
@_ground_option(*get_args(Ground))
@_documents_option
@on_option
@example(
    "mingzhang --as privacy-officer student erase s-7KQ2M4PX0A --reason 监护人书面申请删除 --basis 个人信息保护法第四十七条",
    "mingzhang --as privacy-officer student erase s-7KQ2M4PX0A --reason 保存期限届满 --ground retention-ended --documents keep",
)
@click.pass_obj
def erase_student(globals: Globals, ref: str, reason: str, basis: str | None, ground: str, documents: Any, on: date | None) -> int:
    return _erase(globals, ref, reason, basis, ground, documents, on)


@click.group(cls=Noun, help=_("Persons who are no students: helpers, guardians, objectors; and texts sealed by themselves."))
@example("mingzhang --as privacy-officer person erase p-7KQ2M4PX0A --reason 本人申请删除")
def person() -> None:
    pass


@person.command("erase", help=_("Erase the personal data of somebody who is no student, or a text sealed by itself, for good."))
@click.argument("ref")
@reason_option(required=True)
@_basis_option
@_ground_option(*get_args(Ground))
@_documents_option
@on_option
@example("mingzhang --as privacy-officer person erase p-7KQ2M4PX0A --reason 本人申请删除 --basis 个人信息保护法第四十七条")
@click.pass_obj
def erase_person(globals: Globals, ref: str, reason: str, basis: str | None, ground: str, documents: Any, on: date | None) -> int:
    return _erase(globals, ref, reason, basis, ground, documents, on)


def _person(session: Session, ref: str, *said: str | None) -> tuple[tuple[str, ...], Standing]:
    """Every reference of the person, and what the log holds of them; what is `said` about it may not name them (`reason_names_person`)."""
    refs = references_known(session, ref)
    standing = standing_of_person(session, refs)
    refuse_naming(plaintexts(session, standing.leaves, refs), *said)
    return refs, standing


@click.command("restrict", cls=Verb, help=_("Keep a student's data but show them to nobody, until the law lets them be erased."))
@click.argument("ref")
@reason_option(required=True)
@_basis_option
@_ground_option("requested", "retention_ended", "legal_hold")
@click.option("--until", type=DAY, metavar="DATE", help=_("From when on they are to be erased. Default: the end of the longest retention."))
@on_option
@example("mingzhang --as privacy-officer student restrict s-7KQ2M4PX0A --reason 保存期限未届满 --basis 个人信息保护法第四十七条")
@click.pass_obj
def restrict(globals: Globals, ref: str, reason: str, basis: str | None, ground: str, until: date | None, on: date | None) -> int:
    with Session(globals) as session:
        refs, standing = _person(session, ref, reason, basis)
        stored: Any = ground.replace("-", "_")
        command = RestrictPerson(
            on=on, person=ref, reason=session.seal_text(reason), ground=stored, basis=basis, until=until, streams_of=standing.streams
        )
        session.execute(command)
        erase_listed(session.folder, session.ledger.journal, session.vault)
        said = _("The data of {student} are kept and shown to nobody. What was decided before, such as a payment, goes on.")
        document = {"person": ref, "references": list(refs)}
        return show(globals, Answer.saying(document, said.format(student=ref)), rehearsal=session.rehearsal)


@click.command("unrestrict", cls=Verb, help=_("Let a student's data be shown again."))
@click.argument("ref")
@reason_option(required=True)
@on_option
@example("mingzhang --as privacy-officer student unrestrict s-7KQ2M4PX0A --reason 监护人撤回申请")
@click.pass_obj
def unrestrict(globals: Globals, ref: str, reason: str, on: date | None) -> int:
    with Session(globals) as session:
        refs, _standing = _person(session, ref, reason)
        session.execute(UnrestrictPerson(on=on, person=ref, reason=session.seal_text(reason)))
        erase_listed(session.folder, session.ledger.journal, session.vault)
        said = _("The data of {student} may be shown again.").format(student=ref)
        return show(globals, Answer.saying({"person": ref, "references": list(refs)}, said), rehearsal=session.rehearsal)


@click.command("hold", cls=Verb, help=_("Forbid erasing a student while a court, an audit or an inspection needs the file (封存)."))
@click.argument("ref")
@click.option(
    "--until",
    required=True,
    metavar="DATE|open",
    help=_("The first day on which the hold no longer runs; `open`: until it is released."),
)
@reason_option(required=True)
@on_option
@example(
    "mingzhang --as privacy-officer student hold s-7KQ2M4PX0A --until 2021-06-30 --reason 审计期间封存",
    "mingzhang --as privacy-officer student hold s-7KQ2M4PX0A --until open --reason 诉讼期间封存",
)
@click.pass_obj
def hold(globals: Globals, ref: str, until: str, reason: str, on: date | None) -> int:
    last: date | None = None if until == "open" else DAY.convert(until, None, None)
    with Session(globals) as session:
        refs, _standing = _person(session, ref, reason)
        session.execute(HoldPerson(on=on, person=ref, until=last, reason=session.seal_text(reason)))
        said = _("The file of {student} is held.").format(student=ref)
        document = {"person": ref, "references": list(refs), "until": last.isoformat() if last else None}
        return show(globals, Answer.saying(document, said), rehearsal=session.rehearsal)


@click.command("release", cls=Verb, help=_("End a hold."))
@click.argument("ref")
@reason_option(required=True)
@on_option
@example("mingzhang --as privacy-officer student release s-7KQ2M4PX0A --reason 审计结束")
@click.pass_obj
def release(globals: Globals, ref: str, reason: str, on: date | None) -> int:
    with Session(globals) as session:
        refs, _standing = _person(session, ref, reason)
        session.execute(ReleasePerson(on=on, person=ref, reason=session.seal_text(reason)))
        said = _("The file of {student} is no longer held.").format(student=ref)
        return show(globals, Answer.saying({"person": ref, "references": list(refs)}, said), rehearsal=session.rehearsal)


@click.command("erasures", cls=Verb, help=_("Who was erased or restricted, when, and by whom; by opaque references only."))
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=_("Write the list that a restore erases again by."),
)
@as_of_options
@table_file_options
@example("mingzhang student erasures --on 2020-12-31", "mingzhang student erasures --out erasures.json")
@click.pass_obj
def erasures(globals: Globals, out: Path | None, on: date | None, known_at: KnownAt | None) -> int:
    with Session(globals) as session:
        asked = session.as_of(on, known_at)
        rows: list[dict[str, Any]] = []
        for row in session.ledger.journal.select_streams([LIST]):
            fact = decode(row.topic, row.state)
            if row.leaf_index < asked.known_at and fact.effective_on <= asked.effective_on:
                rows += _told(fact, row)
        if on is None and known_at is None:
            rows += _told_elsewhere(session)
        if out is not None:
            _write_list(session, out)
        heads = [
            Column(_("What"), "said"),
            Column(_("Persons"), "persons"),
            Column(_("Effective on"), "effective_on"),
            Column(_("Recorded at"), "recorded"),
            Column(_("By"), "actor"),
            Column(_("Basis"), "basis"),
            Column("#", "leaf", "right"),
        ]
        words = {code: _(said) for code, said in WHAT.items()}
        shown = [{**one, "said": words[one["what"]], "recorded": instant_text(one["recorded_at"])} for one in rows]
        return show(globals, Answer(rows, (Table(heads, shown),)), rehearsal=session.rehearsal)


def _told(fact: Fact, row: LogRow) -> list[dict[str, Any]]:
    if not isinstance(fact, PersonsErased | PersonsRestricted | PersonsUnrestricted):
        return []
    gone = fact if isinstance(fact, PersonsErased) else None
    return [
        {
            "what": _KINDS[type(fact)],
            "persons": list(fact.persons),
            "effective_on": fact.effective_on.isoformat(),
            "recorded_at": row.recorded_at,
            "actor": fact.actor,
            "basis": getattr(fact, "basis", None),
            "event": f"{LIST}@{row.originator_version}",
            "leaf": row.leaf_index,
            "files": [one.path for one in gone.files] if gone else [],
            "documents": list(gone.documents) if gone else [],
        }
    ]


def _told_elsewhere(session: Session) -> list[dict[str, Any]]:
    """What a restored log does not know, and a newer list does: nothing of it is a fact of this log, so it bears no day."""
    from ..keeping.erasure_list import elsewhere_in

    said = elsewhere_in(session.folder.vault)
    found = {
        "restricted_elsewhere": sorted(still_restricted(session.ledger.journal, said)),
        "held_elsewhere": sorted(still_held(session.ledger.journal, said)),
    }
    unknown = dict.fromkeys(("effective_on", "recorded_at", "actor", "basis", "event", "leaf"))
    return [{"what": what, "persons": persons, **unknown, "files": [], "documents": []} for what, persons in found.items() if persons]


def _write_list(session: Session, out: Path) -> None:
    from ..keeping.erasure_list import list_as_of, write_list

    session.vault.need_key()
    if out.exists():
        raise Refused("file_exists", file=str(out))
    journal = session.ledger.journal
    write_list(out, session.folder.ledger_id, list_as_of(journal, session.folder.vault, journal.head().size))


VERBS = (erase_student, restrict, unrestrict, hold, release, erasures)
