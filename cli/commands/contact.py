"""`contact`: calls, visits, meetings and messages as they were kept, each on the day it happened and the day it was written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, get_args

import click

from mingzhang.domain.pairing.contact import Contact, ContactKind, CorrectContact, RecordContact, StrikeOutContact
from mingzhang.domain.pairing.pairing import Pairing
from mingzhang.domain.refusal import Refused

from ..cases.named import masked_or_mark
from ..i18n import N_, _, ngettext
from ..intake.contacts import Digests, import_contacts
from ..intake.frame import import_options, take_in
from ..intake.pairings import Helpers, pairing_named
from ..options import DAY, YUAN, Globals, Noun, as_of_options, example, on_option, reason_option, table_file_options
from ..output import Answer, Column, Table, show
from ..session import Session, new_id

KIND_WORDS = {"call": N_("call"), "visit": N_("visit"), "online": N_("online"), "meeting": N_("meeting"), "duty": N_("duty hour")}


@click.group(cls=Noun, help=_("Calls, visits and help given, as they were recorded."))
@example("mingzhang --as helper-clerk contact import 工作记录表-2020-04.xlsx")
def contact() -> None:
    pass


@contact.command("import", help=_("Take a 工作记录表 or a 帮扶记录 of tutors in: one row is one contact of a running pairing."))
@import_options
@example("mingzhang --as helper-clerk contact import 工作记录表-2020-04.xlsx 工作记录表-2020-05.xlsx --accept-valid")
@click.pass_obj
def import_(globals: Globals, /, **asked: Any) -> int:
    return take_in(globals, import_contacts, _recorded, **asked)


def _recorded(count: int) -> str:
    return ngettext("{count} contact recorded.", "{count} contacts recorded.", count).format(count=count)


_WHAT_WAS_DONE = (
    click.option("--helper", "named", required=True, metavar="HELPER", help=_("Which of the pairing's helpers: reference or name.")),
    click.option("--kind", type=click.Choice(list(get_args(ContactKind))), required=True, help=_("How the contact was kept.")),
    click.option("--text", required=True, metavar="TEXT", help=_("What was said and done; sealed.")),
    click.option("--money", "money_fen", type=YUAN, default=0, metavar="YUAN", help=_("Money given, in yuan.")),
    click.option("--goods", metavar="TEXT", help=_("Goods given; sealed.")),
    click.option("--goods-worth", "goods_fen", type=YUAN, default=0, metavar="YUAN", help=_("What the goods are worth, in yuan.")),
    click.option("--solved", metavar="TEXT", help=_("A problem that was solved; sealed.")),
    click.option("--minutes", type=click.IntRange(min=1), metavar="N", help=_("How long it took.")),
    click.option("--noted-on", type=DAY, metavar="DATE", help=_("When it was written down. Default: today.")),
    on_option,
)


def _what_was_done(function: Callable[..., int]) -> Callable[..., int]:
    """The options that tell a contact, the same for recording and correcting it."""
    for option in reversed(_WHAT_WAS_DONE):
        function = option(function)
    return function


@contact.command("record", help=_("Record one contact of a running pairing, on the day it happened (--on)."))
@click.argument("reference", metavar="PAIRING")
@click.option(
    "--photo", "photos", multiple=True, type=click.Path(path_type=Path), metavar="FILE", help=_("A photo or a stamped sheet; kept, sealed.")
)
@_what_was_done
@example("mingzhang --as helper-clerk contact record pair-7KQ2M4PX --helper 测试甲 --kind call --text 了解在家学习情况 --on 2020-04-12")
@click.pass_obj
def record(globals: Globals, /, reference: str, photos: tuple[Path, ...], **told: Any) -> int:
    with Session(globals) as session:
        state = pairing_named(session, reference)
        shown = tuple(dict.fromkeys(session.hand_in(photo) for photo in photos))
        new = RecordContact(contact=new_id("c"), evidence=shown, **_told(session, state, **told))
        session.execute(new)
        sentence = _("Contact {contact} of pairing {pairing} is recorded.").format(contact=new.contact, pairing=state.id)
        return show(globals, Answer.saying({"contact": new.contact, "pairing": state.id}, sentence), rehearsal=session.rehearsal)


@contact.command("correct", help=_("Say a whole record again as it should have been; the wrong one stays on file."))
@click.argument("reference", metavar="CONTACT")
@_what_was_done
@example("mingzhang --as helper-clerk contact correct c-7KQ2M4PX --helper 测试甲 --kind visit --text 入户走访 --on 2020-04-12")
@click.pass_obj
def correct(globals: Globals, /, reference: str, **told: Any) -> int:
    with Session(globals) as session:
        standing = session.streams.read(Contact, reference.removeprefix("contact/"))
        if not standing.exists:
            raise Refused("contact_unknown", contact=reference)
        state = pairing_named(session, standing.pairing)
        execution = session.execute(CorrectContact(contact=standing.id, **_told(session, state, **told)))
        sentence = _("Contact {contact} is corrected.").format(contact=standing.id)
        document = {"contact": standing.id, "pairing": state.id, "correction": execution.recorded[-1].ref}
        return show(globals, Answer.saying(document, sentence), rehearsal=session.rehearsal)


def _told(
    session: Session,
    state: Pairing,
    *,
    named: str,
    kind: ContactKind,
    text: str,
    money_fen: int,
    goods: str | None,
    goods_fen: int,
    solved: str | None,
    minutes: int | None,
    noted_on: date | None,
    on: date | None,
) -> dict[str, Any]:
    """The command's fields: the helper found by reference or name, the words sealed under the student."""
    people = Helpers(session)
    helper = next((ref for ref in state.helpers if named in (ref, people.name(ref))), None)
    if helper is None:
        raise Refused("helper_not_named", pairing=state.id)
    said = {"content": text, "goods": goods, "problem_solved": solved}
    return {
        "on": on,
        "pairing": state.id,
        "helper": helper,
        "kind": kind,
        "noted_on": noted_on,
        "money_fen": money_fen,
        "goods_fen": goods_fen,
        "goods_given": goods is not None,
        "problem_solved": solved is not None,
        "minutes": minutes,
        "text_digest": Digests(session).text(text),
        "text": session.vault.seal(state.student, {name: value for name, value in said.items() if value}),
    }


@contact.command("strike-out", help=_("Strike out a contact that never took place; the record of it stays."))
@click.argument("reference", metavar="CONTACT")
@reason_option(required=True)
@on_option
@example("mingzhang --as helper-clerk contact strike-out c-7KQ2M4PX --reason 重复登记")
@click.pass_obj
def strike_out(globals: Globals, reference: str, reason: str, on: date | None) -> int:
    with Session(globals) as session:
        state = session.streams.read(Contact, reference.removeprefix("contact/"))
        if not state.exists:
            raise Refused("contact_unknown", contact=reference)
        pairing = pairing_named(session, state.pairing)
        sealed = session.seal_reason(pairing.student, reason)
        session.execute(StrikeOutContact(on=on, pairing=pairing.id, contact=state.id, reason=sealed))
        said = _("Contact {contact} is struck out.").format(contact=state.id)
        return show(globals, Answer.saying({"contact": state.id, "struck_out": True}, said), rehearsal=session.rehearsal)


@contact.command("list", help=_("The contacts that stand, on any day, as known at any time; late records are marked."))
@click.option("--pairing", "reference", metavar="PAIRING", help=_("Only those of this pairing."))
@click.option("--helper", metavar="HELPER", help=_("Only those of this helper, by reference."))
@as_of_options
@table_file_options
@example("mingzhang contact list --pairing pair-7KQ2M4PX --on 2020-06-30")
@click.pass_obj
def list_(globals: Globals, reference: str | None, helper: str | None, on: date | None, known_at: Any) -> int:
    from mingzhang.projections.contacts import contacts, pairings
    from mingzhang.projections.pairing_duties import late_days
    from mingzhang.projections.rules_in_force import rules_in_force

    with Session(globals) as session:
        of = pairing_named(session, reference).id if reference else None
        with session.engine.view(session.as_of(on, known_at)) as view:
            rows = contacts(view, of, helper, texts=False)
            units = {row.pairing: row.unit for row in pairings(view) if row.kind == "household"}
            rules = rules_in_force(view)
        people = Helpers(session)
        document = [
            {
                "contact": row.contact,
                "pairing": row.pairing,
                "helper": row.helper,
                "name": masked_or_mark(session, row.helper, people.name(row.helper)),
                "kind": row.kind,
                "on": row.on,
                "noted_on": row.noted_on,
                "late_days": late_days(row, units[row.pairing], rules) if row.pairing in units else 0,
                "money_fen": row.money_fen,
                "goods_fen": row.goods_fen,
                "goods_given": row.goods_given,
                "problem_solved": row.problem_solved,
                "minutes": row.minutes,
                "event": row.ref,
            }
            for row in rows
        ]
        shown = [
            {**row, "kind": _(KIND_WORDS.get(str(row["kind"]), str(row["kind"]))), "late": row["late_days"] or None} for row in document
        ]
        heads = [
            Column(_("Day"), "on"),
            Column(_("Pairing"), "pairing"),
            Column(_("Helper"), "name"),
            Column(_("How"), "kind"),
            Column(_("Written down on"), "noted_on"),
            Column(_("Days late"), "late", "right"),
            Column(_("Money, yuan"), "money_fen"),
            Column(_("Goods, yuan"), "goods_fen"),
            Column(_("Problem solved"), "problem_solved"),
        ]
        foot = _("{count} contacts, {late} of them recorded too late.").format(
            count=len(document), late=sum(1 for row in document if row["late_days"])
        )
        return show(globals, Answer(document, (Table(heads, shown, foot=foot),)), rehearsal=session.rehearsal)
