"""`payment export`, `reconcile`, `returns`: what goes to the bank and what comes back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from mingzhang.domain.refusal import Refused

from ..bank.against_award import AgainstAward
from ..bank.answers import reconcile as reconcile_answer
from ..bank.export import export_batch
from ..bank.incoming import batch_answered_by, batch_awaiting
from ..bank.returns import take_returns
from ..bankfiles.known_profiles import profile_named
from ..cases.stands import stand_text
from ..demo import bank_of_profile, bank_sim
from ..i18n import _
from ..options import DAY, Globals, Verb, example, on_option
from ..output import Answer, Text, show, yuan
from ..refusals import explain_code
from ..session import Session

_FILE = click.Path(path_type=Path)
_profile_option = click.option(
    "--bank-profile",
    "profile",
    metavar="PROFILE",
    help=_("The layout by its code or as a TOML file. Default: the one in which the batch went out."),
)


@click.command(
    "export",
    cls=Verb,
    help=_(
        "Write the bank file of a released batch. It holds accounts and names in full: "
        "the export, its SHA-256 and who made it are recorded before the file gets its name."
    ),
)
@click.argument("batch", metavar="BATCH")
@click.option(
    "--bank-profile",
    "profile",
    required=True,
    metavar="PROFILE",
    help=_("The layout the bank wants, by its code or as a TOML file (`payment profiles`); sign-list for aid signed for by hand (签领表)."),
)
@click.option("--out", type=_FILE, metavar="FILE|DIR", help=_("Where to. Default: 代发-BATCH in the ledger's folder exports."))
@click.option("--again", is_flag=True, help=_("Write a further copy of a file that was exported before."))
@on_option
@example("mingzhang --as cashier payment export batch-4F7KQ2AB --bank-profile csv-gb18030 --out 代发.csv")
@click.pass_obj
def export(globals: Globals, batch: str, profile: str, out: Path | None, again: bool, on: date | None) -> int:
    with Session(globals) as session:
        made = export_batch(session, batch.removeprefix("batch/"), profile, out, again=again, on=on)
        document = {
            "batch": made.batch,
            "file": str(made.file),
            "sha256": made.sha256,
            "profile": profile,
            "payments": made.payments,
            "amount_fen": made.amount_fen,
            "copy": made.again,
            "first": made.first,
            "checkpoint": None if made.checkpoint is None else str(made.checkpoint),
        }
        said = _("{file} is written. Payments: {count}, together {amount} yuan.").format(
            file=made.file, count=made.payments, amount=yuan(made.amount_fen)
        )
        warning = _("It holds names and accounts in full: hand it to the bank and to nobody else.")
        if profile == "sign-list":
            warning = _(
                "It holds names in full: whoever hands the money over has each payee sign, then `mingzhang payment receipts` records it."
            )
        beside = _("No checkpoint could be put beside it; make one with `mingzhang checkpoint`.")
        if made.checkpoint is not None:
            beside = _("The log's checkpoint right after it is in {file}; keep it with the bank's papers.").format(file=made.checkpoint)
        return show(globals, Answer(document, (Text((said, warning, beside)),)), rehearsal=session.rehearsal)


@click.command("reconcile", cls=Verb, help=_("Take the bank's answer (回盘文件) in: every row must fit the batch, or nothing is recorded."))
@click.argument("words", metavar="[BATCH] FILE", nargs=-1, required=True)
@click.option("--batch", metavar="BATCH", help=_("The batch it answers. Default: the only one that waits for an answer."))
@click.option("--partial", is_flag=True, help=_("The file answers only a part of the batch."))
@_profile_option
@on_option
@example("mingzhang --as cashier payment reconcile 回盘-1.csv --batch batch-4F7KQ2AB")
@click.pass_obj
def reconcile(
    globals: Globals, words: tuple[str, ...], batch: str | None, partial: bool, profile: str | None, on: date | None
) -> int:
    file, named = _file_and_batch(words, batch)
    with Session(globals) as session:
        identifier = named or _only_one_awaiting(session, file)
        found = reconcile_answer(session, identifier, file, partial=partial, on=on, profile=profile)
        document = {
            "batch": found.batch,
            "paid": found.paid,
            "failed": found.failed,
            "pending": found.pending,
            "amount_fen": found.paid_fen,
            "paid_fen": found.paid_fen,
            "failed_fen": found.failed_fen,
            "pending_fen": found.pending_fen,
        }
        said = _(
            "Batch {batch}: {paid} paid ({paid_yuan} yuan), {failed} failed ({failed_yuan} yuan), "
            "{pending} not decided yet ({pending_yuan} yuan)."
        ).format(
            batch=found.batch,
            paid=found.paid,
            paid_yuan=yuan(found.paid_fen),
            failed=found.failed,
            failed_yuan=yuan(found.failed_fen),
            pending=found.pending,
            pending_yuan=yuan(found.pending_fen),
        )
        document["against_award"] = [one._asdict() for one in found.against_award]
        sentences = [said, *map(_against, found.against_award)]
        if found.failed:
            sentences.append(
                _("Next: correct the accounts and pay again with `mingzhang payment reissue --batch-of {batch}`.").format(batch=found.batch)
            )
        return show(globals, Answer.saying(document, *sentences), rehearsal=session.rehearsal)


@click.command("returns", cls=Verb, help=_("Take payments in that came back after they had been paid (退票)."))
@click.argument("words", metavar="[BATCH] FILE", nargs=-1, required=True)
@click.option("--batch", metavar="BATCH", help=_("The batch they belong to. Default: the one the file names."))
@_profile_option
@on_option
@example("mingzhang --as cashier payment returns 退票-1.csv --batch batch-4F7KQ2AB")
@click.pass_obj
def returns(globals: Globals, words: tuple[str, ...], batch: str | None, profile: str | None, on: date | None) -> int:
    file, named = _file_and_batch(words, batch)
    with Session(globals) as session:
        identifier, count, amount = take_returns(session, named, file, on=on, profile=profile)
        document = {"batch": identifier, "returned": count, "amount_fen": amount}
        said = _("Batch {batch}: payments that came back: {count}; {amount} yuan are available again.").format(
            batch=identifier, count=count, amount=yuan(amount)
        )
        return show(globals, Answer.saying(document, said), rehearsal=session.rehearsal)


def _against(one: AgainstAward) -> str:
    """A payment that no longer fits its award: it happened, and somebody has to see to it."""
    return _("Number {line} ({payment}) is answered as {state}, but its award is not what it was ({says}): {reason}").format(
        line=one.line,
        payment=one.payment,
        state=stand_text(one.state),
        reason=explain_code(one.code, {"subject": one.payment}).message,
        says=one.says,
    )


def _file_and_batch(words: tuple[str, ...], batch: str | None) -> tuple[Path, str | None]:
    """`FILE --batch BATCH`, or `BATCH FILE`."""
    if len(words) > 2 or (len(words) == 2 and batch is not None):
        raise click.UsageError(_("Give one file, and one batch with --batch."))
    named = words[0] if len(words) == 2 else batch
    return Path(words[-1]), named.removeprefix("batch/") if named else None


def _only_one_awaiting(session: Session, file: Path) -> str:
    """The batch that is meant where none is named; the same file a second time is told as such, even if all is settled."""
    answered = batch_answered_by(session, file)
    if answered is not None:
        return answered
    waiting = batch_awaiting(session)
    if len(waiting) != 1:
        raise click.UsageError(
            _("{count} batches wait for an answer; say which with --batch. {batches}")
            .format(count=len(waiting), batches=", ".join(waiting))
            .strip()
        )
    return waiting[0]


@click.command("rehearse", cls=Verb, help=_("Play the bank: answer a bank file as a bank might. Only for a rehearsal ledger."))
@click.argument("file", metavar="FILE", type=_FILE)
@click.option("--date", "processed_on", type=DAY, metavar="DATE", help=_("The day on which the bank processed it."))
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help=_("Where the answer goes. Default: beside the file.")
)
@click.option("--batch", metavar="BATCH", help=_("The batch named in the file of returns. Default: the file's name."))
@click.option("--bank-profile", "profile", metavar="PROFILE", help=_("The order's layout, where it is neither csv-gb18030 nor pipe."))
@click.option("--later-returns", is_flag=True, help=_("Also write a file of payments that came back later (退票)."))
@click.option(
    "--tamper", "spoil", type=click.Choice(bank_sim.TAMPER), default="none", help=_("Spoil the answer in one way, to see it refused.")
)
@example("mingzhang payment rehearse 代发-spring-1.csv --date 2020-04-25", "mingzhang payment rehearse 代发-spring-1.csv --tamper amount")
@click.pass_obj
def rehearse(
    globals: Globals,
    file: Path,
    processed_on: date | None,
    out: Path | None,
    batch: str | None,
    profile: str | None,
    later_returns: bool,
    spoil: str,
) -> int:
    with Session(globals) as session:
        if not session.rehearsal:
            raise Refused("bank_only_in_rehearsal")
        if not file.is_file():
            raise Refused("file_missing", file=str(file))
        try:
            if profile is None:
                written = bank_sim.answer_order(file, out=out, on=processed_on, batch=batch, later_returns=later_returns, spoil=spoil)
            else:
                layout = profile_named(profile, session.folder.root)
                written = bank_of_profile.answer_order(
                    file, layout, out=out, on=processed_on, batch=batch, later_returns=later_returns, spoil=spoil
                )
        except (ValueError, LookupError, ArithmeticError):
            raise Refused("bank_file_unreadable", file=str(file), reason="代发") from None
        said = _("The rehearsal bank has answered: {files}.").format(files="、".join(map(str, written)))
        return show(globals, Answer.saying({"files": [str(path) for path in written]}, said), rehearsal=True)
