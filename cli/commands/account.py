"""`account`: whose account money goes to; what is doubtful is held until somebody else than the preparer clears it with a reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from mingzhang.domain.refusal import Refused
from mingzhang.domain.student.accounts import ClearAccount, DoubtAccount
from mingzhang.domain.student.facts import DOUBTFUL, AccountCleared, Doubtful
from mingzhang.domain.student.student import last_file

from ..cases.chosen import as_decided
from ..i18n import _, ngettext
from ..intake.pairings import student_named
from ..intake.units import UnitNames
from ..options import (
    Globals,
    KnownAt,
    Noun,
    as_of_options,
    evidence_option,
    example,
    on_option,
    period_option,
    reason_option,
    table_file_options,
    unit_option,
)
from ..output import Answer, Column, Table, show
from ..session import Session
from ..words.accounts import WHY

_code = click.option("--code", type=click.Choice(DOUBTFUL), required=True, help=_("Why it is doubtful, as account list names it."))
_fact = click.option("--account-from", metavar="EVENT", help=_("The fact that holds the account. Default: the newest it is true of."))


@click.group(cls=Noun, help=_("Accounts: list, what is doubtful about them, clear, doubt again."))
@example("mingzhang account list --doubtful")
def account() -> None:
    pass


@account.command("list", help=_("The accounts money may go to, with four digits: why they are doubtful, and who answers for them."))
@click.option("--doubtful", is_flag=True, help=_("Only those that no money goes to until somebody clears them."))
@click.option("--student", metavar="STUDENT", help=_("Only this student's accounts."))
@unit_option()
@period_option()
@as_of_options
@table_file_options
@example("mingzhang account list --doubtful", "mingzhang account list --unit 师范系 --period 2020-spring --known-at 2020-04-20")
@click.pass_obj
def list_(
    globals: Globals, doubtful: bool, student: str | None, unit: str | None, period: str | None, on: date | None, known_at: KnownAt | None
) -> int:
    from ..bank.account_rows import account_rows, shown_rows

    with Session(globals) as session:
        session.vault.need_key()
        whose = student_named(session, student) if student else None
        within = UnitNames(session).wanted(unit)
        with session.engine.view(session.as_of(on, known_at)) as view:
            rows = account_rows(session, view, student=whose, unit=within, period=period)
            rows = [row for row in rows if row.held or not doubtful]
            document = shown_rows(session, view, rows)
        heads = [
            Column(_("Student"), "student"),
            Column(_("Name"), "name"),
            Column(_("Account"), "account"),
            Column(_("Since"), "since"),
            Column(_("Doubtful"), "why"),
            Column(_("With"), "others"),
            Column(_("Cleared by"), "cleared"),
            Column(_("Said by"), "account_from"),
        ]
        held = sum(row["held"] for row in document)
        foot = ngettext("{count} account; held: {held}.", "{count} accounts; held: {held}.", len(document))
        shown = [{**row, **_told(row)} for row in document]
        table = Table(heads, shown, foot=foot.format(count=len(document), held=held))
        return show(globals, Answer(document, (table,)), rehearsal=session.rehearsal)


def _told(row: dict[str, Any]) -> dict[str, Any]:
    doubts = row["doubts"]
    codes = [doubt["code"] for doubt in doubts]
    return {
        "why": [_(WHY[code]) for code in codes],
        "others": list(dict.fromkeys(other for doubt in doubts for other in doubt["others"])),
        "cleared": [doubt["cleared_by"] for doubt in doubts if doubt["cleared_by"]],
    }


@account.command("clear", help=_("Answer for a doubtful account, with the reason: from now on money goes there, and it stays a finding."))
@click.argument("student", metavar="STUDENT")
@_code
@_fact
@reason_option(required=True)
@evidence_option
@on_option
@example(
    "mingzhang --as reviewer account clear s-7KQ2M4PX0A --code account_name_not_student --reason 父亲账户 --evidence 户口簿.jpg"
)
@click.pass_obj
def clear(
    globals: Globals, student: str, code: Doubtful, account_from: str | None, reason: str, evidence: tuple[Path, ...], on: date | None
) -> int:
    from ..bank.account_rows import account_rows

    with Session(globals) as session:
        ref = last_file(session.streams, student_named(session, student)).id
        with as_decided(session) as view:
            rows = account_rows(session, view, student=ref)
        doubts = [doubt for row in rows for doubt, _cleared in row.doubts if doubt.code == code]
        chosen = [doubt for doubt in doubts if account_from in (None, doubt.account)]
        if not chosen:
            raise Refused("account_not_doubtful", student=ref, doubt=code)
        doubt = chosen[-1]
        command = ClearAccount(
            on=on,
            evidence=tuple(session.hand_in(file) for file in evidence),
            student=ref,
            account=doubt.account,
            code=code,
            others=doubt.others,
            reason=session.vault.seal(ref, {"reason": reason}),
        )
        cleared = next(one.ref for one in session.execute(command).recorded if isinstance(one.fact, AccountCleared))
        said = _("Money goes to the account of {student} ({account}) although it is {why}: {event}.").format(
            student=ref, account=doubt.account, why=_(WHY[code]), event=cleared
        )
        document = {"student": ref, "code": code, "account_from": doubt.account, "others": list(doubt.others), "cleared_by": cleared}
        return show(globals, Answer.saying(document, said), rehearsal=session.rehearsal)


@account.command("doubt", help=_("Take a clearing back: no money goes to the account until somebody clears it again."))
@click.argument("student", metavar="STUDENT")
@_code
@_fact
@reason_option(required=True)
@on_option
@example("mingzhang --as checker account doubt s-7KQ2M4PX0A --code account_name_not_student --reason 户主已去世")
@click.pass_obj
def doubt(globals: Globals, student: str, code: Doubtful, account_from: str | None, reason: str, on: date | None) -> int:
    from mingzhang.projections.account_facts import judged
    from mingzhang.projections.register import same_person

    with Session(globals) as session:
        ref = last_file(session.streams, student_named(session, student)).id
        with as_decided(session) as view:
            files = same_person(view, ref)
            standing = [one for one in judged(view) if one.student in files and one.code == code]
        chosen = [one.account for one in standing if account_from in (None, one.account)]
        if not chosen:
            raise Refused("account_not_cleared", student=ref, doubt=code)
        reason_box = session.vault.seal(ref, {"reason": reason})
        session.execute(DoubtAccount(on=on, student=ref, account=chosen[-1], code=code, reason=reason_box))
        said = _("No money goes to the account of {student} ({account}) until somebody clears it again.").format(
            student=ref, account=chosen[-1]
        )
        return show(
            globals, Answer.saying({"student": ref, "code": code, "account_from": chosen[-1]}, said), rehearsal=session.rehearsal
        )
