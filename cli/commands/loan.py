"""`loan`: 生源地信用助学贷款, from the application with its co-borrower to the day the state stops paying the interest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import click

from mingzhang.domain.command import Command
from mingzhang.domain.loan.loan import (
    ApplyForLoan,
    ApproveLoan,
    DisburseLoan,
    EndInterestSubsidy,
    Loan,
    RefuseLoan,
    existing_loan,
    loan_stream,
)

from ..cases.named import masked_names
from ..cases.stands import stand_text
from ..i18n import N_, _
from ..intake.pairings import student_named
from ..intake.units import UnitNames
from ..options import (
    YUAN,
    Globals,
    KnownAt,
    Noun,
    as_of_options,
    example,
    on_option,
    period_option,
    reason_option,
    scheme_option,
    table_file_options,
    unit_option,
)
from ..output import Answer, Column, Table, show, yuan
from ..session import Session

SUBSIDIES = {"paid": N_("paid by the state"), "ended": N_("ended"), "to_end": N_("to be ended: the studies are over")}


@click.group(cls=Noun, help=_("Student loans: apply, approve, disburse, end the interest subsidy."))
@example("mingzhang loan list --period 2020-2021")
def loan() -> None:
    pass


@loan.command("apply", help=_("Apply for a loan for a student the ledger knows, with a co-borrower."))
@click.argument("student", metavar="STUDENT")
@scheme_option(required=True)
@period_option(required=True)
@unit_option(required=True, help=_("The office that takes the application (its id, or its name)."))
@click.option("--amount", "asked_fen", type=YUAN, required=True, metavar="YUAN", help=_("What is asked for, in yuan."))
@click.option("--fees", "fees_fen", type=YUAN, required=True, metavar="YUAN", help=_("The year's fees, in yuan."))
@click.option("--board", "board_fen", type=YUAN, default="0", metavar="YUAN", help=_("The year's board, in yuan."))
@click.option("--co-borrower", metavar="NAME", help=_("Who borrows with the student; sealed."))
@click.option("--relation", metavar="TEXT", help=_("The co-borrower's relation to the student; sealed."))
@click.option("--phone", metavar="NUMBER", help=_("The co-borrower's phone; sealed."))
@on_option
@example(
    "mingzhang --as applicant-clerk loan apply s-7KQ2M4PX0A --scheme student-loan --period 2020-2021 --unit 教育局"
    " --amount 6000 --fees 4800 --board 1200 --co-borrower 测试甲"
)
@click.pass_obj
def apply(
    globals: Globals,
    student: str,
    scheme: str,
    period: str,
    unit: str,
    asked_fen: int,
    fees_fen: int,
    board_fen: int,
    co_borrower: str | None,
    relation: str | None,
    phone: str | None,
    on: date | None,
) -> int:
    with Session(globals) as session:
        ref, stored = student_named(session, student), session.scheme(scheme)
        with_whom, box = None, None
        if co_borrower:
            with_whom = session.vault.new_subject("p")
            said = {"name": co_borrower, "relation": relation, "phone": phone}
            box = session.vault.seal(with_whom, {name: value for name, value in said.items() if value})
        command = ApplyForLoan(
            on=on,
            scheme=stored,
            student=ref,
            period=period,
            unit=UnitNames(session).resolve(unit),
            asked_fen=asked_fen,
            fees_fen=fees_fen,
            board_fen=board_fen,
            co_borrower=with_whom,
            person=box,
        )
        return _done(session, command, f"loan/{ref}/{period}")


@loan.command("approve", help=_("Approve a loan, for what was asked or for less."))
@click.argument("reference", metavar="LOAN")
@click.option("--amount", "amount_fen", type=YUAN, metavar="YUAN", help=_("Less than was asked for, in yuan."))
@on_option
@example("mingzhang --as approver loan approve loan/s-7KQ2M4PX0A/2020-2021")
@click.pass_obj
def approve(globals: Globals, reference: str, amount_fen: int | None, on: date | None) -> int:
    return _step(globals, reference, lambda _session, loan: ApproveLoan(on=on, loan=loan, amount_fen=amount_fen))


@loan.command("refuse", help=_("Refuse a loan, with the reason."))
@click.argument("reference", metavar="LOAN")
@reason_option(required=True)
@on_option
@example("mingzhang --as approver loan refuse loan/s-7KQ2M4PX0A/2020-2021 --reason 材料不实")
@click.pass_obj
def refuse(globals: Globals, reference: str, reason: str, on: date | None) -> int:
    def command(session: Session, loan: str) -> Command:
        student = existing_loan(session.streams, loan).student
        return RefuseLoan(on=on, loan=loan, reason=session.vault.seal(student, {"reason": reason}))

    return _step(globals, reference, command)


@loan.command("disburse", help=_("Note that the bank has lent the money."))
@click.argument("reference", metavar="LOAN")
@click.option("--bank-ref", metavar="NUMBER", help=_("The bank's number for it."))
@on_option
@example("mingzhang --as cashier loan disburse loan/s-7KQ2M4PX0A/2020-2021 --bank-ref 20201001-88")
@click.pass_obj
def disburse(globals: Globals, reference: str, bank_ref: str | None, on: date | None) -> int:
    return _step(globals, reference, lambda _session, loan: DisburseLoan(on=on, loan=loan, bank_ref=bank_ref))


@loan.command("end-subsidy", help=_("End the interest subsidy of whoever's studies are over: of the loans named, or of all that are due."))
@click.argument("references", metavar="[LOAN]…", nargs=-1)
@on_option
@example("mingzhang --as cashier loan end-subsidy", "mingzhang --as cashier loan end-subsidy loan/s-7KQ2M4PX0A/2020-2021")
@click.pass_obj
def end_subsidy(globals: Globals, references: tuple[str, ...], on: date | None) -> int:
    from mingzhang.projections.loans import loans

    with Session(globals) as session:
        named = [loan_stream(reference) for reference in references]
        if not named:
            with session.engine.view(session.as_of(on, None)) as view:
                named = [row.loan for row in loans(view) if row.subsidy == "to_end"]
        if named:
            session.execute_many([EndInterestSubsidy(on=on, loan=loan) for loan in named])
        said = _("The interest subsidy of {count} loans has ended.").format(count=len(named))
        return show(globals, Answer.saying({"ended": len(named), "loans": named}, said), rehearsal=session.rehearsal)


@loan.command("list", help=_("All loans, how far each has come, and whose interest the state pays."))
@period_option()
@unit_option()
@as_of_options
@table_file_options
@example("mingzhang loan list --period 2020-2021 --on 2020-12-31")
@click.pass_obj
def list_(globals: Globals, period: str | None, unit: str | None, on: date | None, known_at: KnownAt | None) -> int:
    from mingzhang.projections.loans import loans

    with Session(globals) as session:
        units = UnitNames(session)
        with session.engine.view(session.as_of(on, known_at)) as view:
            rows = loans(view, period, units.wanted(unit))
        names = masked_names(session, [row.student for row in rows])
        document = [
            {**row._asdict(), **units.said(row.unit), "name": names.get(row.student, "")} for row in rows
        ]
        shown = [
            {**one, "stand": stand_text(one["stand"]), "subsidy": _(SUBSIDIES[str(one["subsidy"])]) if one["subsidy"] else ""}
            for one in document
        ]
        heads = [
            Column(_("Loan"), "loan"),
            Column(_("Student"), "name"),
            Column(_("Unit"), "unit"),
            Column(_("Stands at"), "stand"),
            Column(_("Asked, yuan"), "asked_fen"),
            Column(_("Approved, yuan"), "amount_fen"),
            Column(_("Interest subsidy"), "subsidy"),
        ]
        return show(globals, Answer(document, (Table(heads, shown),)), rehearsal=session.rehearsal)


def _step(globals: Globals, reference: str, command: Callable[[Session, str], Command]) -> int:
    with Session(globals) as session:
        stream = loan_stream(reference)
        return _done(session, command(session, stream), stream)


def _done(session: Session, command: Command, stream: str) -> int:
    """Gives the command and says where the loan stands."""
    session.execute(command)
    state: Loan = session.streams.at(Loan, stream)
    document = {"loan": stream, "stand": state.stand, "asked_fen": state.asked_fen, "amount_fen": state.amount_fen}
    said = _("{loan} stands at: {stand}; {amount} yuan.").format(
        loan=stream, stand=stand_text(state.stand), amount=yuan(state.amount_fen or state.asked_fen)
    )
    return show(session.globals, Answer.saying(document, said), rehearsal=session.rehearsal)
