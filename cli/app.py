"""`mingzhang GROUP VERB …`: one frame for all commands, which knows only their names.

It settles the language and the global options, and turns whatever happens into one of the exit codes of CLI.md:
0 done, 1 refused, 2 usage, 3 rows refused, 4 not verified. A refusal becomes a sentence and a next step, never
a traceback.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Any, NoReturn

import click

from . import i18n
from .i18n import N_, GlobalWords, _
from .lazy import Lazy, LazyGroup
from .options import RECORDED, Globals, examples_page, global_options

DONE, REFUSED, USAGE, ROWS_REFUSED, NOT_VERIFIED = range(5)
# Whoever read our output went away: the shell's number for a program ended by SIGPIPE, said without a word.
READER_GONE = 141

COMMANDS: dict[str, Lazy] = {
    "init": Lazy(".commands.init:init", N_("Make a ledger, its keys and its first administrator.")),
    "upgrade": Lazy(".commands.upgrade:upgrade", N_("Bring a ledger of an older version to this one's format, without touching an event.")),
    "demo": Lazy(".commands.demo:demo", N_("A whole year on bundled input, told step by step.")),
    "status": Lazy(".commands.status:status", N_("What this ledger holds and whether it is in order.")),
    "rebuild": Lazy(".commands.rebuild:rebuild", N_("Drop everything derived and work it out again from the events.")),
    "backup": Lazy(".commands.backup:backup", N_("Copy the ledger while it is worked in; its keys apart, elsewhere.")),
    "restore": Lazy(".commands.restore:restore", N_("Make a new ledger out of a backup, checked in every way there is.")),
    "export": Lazy(".commands.export:export", N_("The whole log as text, for other programs to check and to keep.")),
    "import-log": Lazy(".commands.export:import_log", N_("Make a ledger of an exported log, with the same root.")),
    "attest": Lazy(".commands.attest:attest", N_("What an administrator answers for: a clock that ran ahead, lost records.")),
    "plan": Lazy(".commands.plan:plan", N_("Plans: list, show, check, adopt, amend, replay.")),
    "unit": Lazy(".commands.unit:unit", N_("Units: departments, schools, villages, townships, bureaus.")),
    "staff": Lazy(".commands.staff:staff", N_("Staff: appoint, relieve, signing keys, list, show, import.")),
    "survey": Lazy(".commands.survey:survey", N_("Surveys: open, import, correct, submit, consolidate, report, totals.")),
    "crosscheck": Lazy(".commands.crosscheck:crosscheck", N_("Lists of other offices: import, compare, list, show, resolve.")),
    "student": Lazy(".commands.student:student", N_("Students: one file each, found, shown, imported; restricted, held, erased.")),
    "person": Lazy(".commands.student_data:person", N_("Persons who are no students: erase.")),
    "retention": Lazy(".commands.retention:retention", N_("How long records are kept: list, set, and who may be erased.")),
    "keys": Lazy(".commands.keys:keys", N_("The master key: shared out among custodians, rehearsed, made again.")),
    "disclosure": Lazy(".commands.disclosure:disclosure", N_("Who was shown whose personal data, when, and as what.")),
    "application": Lazy(
        ".commands.application:application", N_("Applications: submit, import, check, review, return, except, list, show.")
    ),
    "award": Lazy(".commands.award:award", N_("Awards: approve, refuse, reassess, suspend, resume, revoke.")),
    "notice": Lazy(".commands.notice:notice", N_("Public notices: post, evidence, complete, withdraw, list, show.")),
    "objection": Lazy(".commands.objection:objection", N_("Objections: raise, uphold, dismiss, appeal, grant, reject, list.")),
    "fund": Lazy(".commands.fund:fund", N_("Money: budget, request, arrival, balances to the fen.")),
    "voucher": Lazy(".commands.voucher:voucher", N_("Vouchers (凭证号): book a month, post, reverse, list, unbooked.")),
    "month": Lazy(".commands.month:month", N_("Months (月结): close, show, list, check.")),
    "payment": Lazy(".commands.payment:payment", N_("Payments: prepare, check, release, export, reconcile, reissue.")),
    "account": Lazy(".commands.account:account", N_("Accounts: list, what is doubtful about them, clear, doubt again.")),
    "difference": Lazy(
        ".commands.difference:difference", N_("Differences between what was paid and what is due by what is known now: list, show, decide.")
    ),
    "loan": Lazy(".commands.loan:loan", N_("Student loans: apply, approve, disburse, end the interest subsidy.")),
    "pairing": Lazy(".commands.pairing:pairing", N_("Pairings of helpers and students, and their plans.")),
    "tutoring": Lazy(".commands.tutoring:tutoring", N_("Help with failed courses: what a term still lacks, checks, word to parents.")),
    "contact": Lazy(".commands.contact:contact", N_("Calls, visits and help given, as they were recorded.")),
    "programme": Lazy(".commands.programme:programme", N_("Programmes: targets, their due dates and owners, on course or not.")),
    "progress": Lazy(".commands.progress:progress", N_("Progress on targets: figures reported, corrected, missing, late.")),
    "dropout": Lazy(".commands.dropout:dropout", N_("Dropout cases: find, visit, return, close, list, rates.")),
    "schoolpair": Lazy(".commands.schoolpair:schoolpair", N_("Pairs of schools: research, exchanges, what a year lacks.")),
    "leftbehind": Lazy(".commands.leftbehind:leftbehind", N_("Left-behind children: register, file, contact card, care.")),
    "roster": Lazy(".commands.roster:roster", N_("Who receives what, on any day, as known at any time.")),
    "due": Lazy(".commands.due:due", N_("Every duty of every plan: who, by when, where it says so, and whether it was done.")),
    "duty": Lazy(".commands.duty:duty", N_("Duties: discharge with the report, excuse, reopen.")),
    "evidence": Lazy(".commands.evidence:evidence", N_("Photos, stamped forms and scans: list, show, keep, mark, erase, tidy.")),
    "inspection": Lazy(".commands.inspection:inspection", N_("Inspections: open, draw, findings, answers, close, list.")),
    "periods": Lazy(".commands.periods:periods", N_("What was done in each month, quarter or half-year.")),
    "trace": Lazy(".commands.trace:trace", N_("From a payment back to its approval and the facts behind it.")),
    "diff": Lazy(".commands.diff:diff", N_("What changed between two points of either time axis.")),
    "gaps": Lazy(".commands.gaps:gaps", N_("Who should be aided and is not, and the other way round.")),
    "findings": Lazy(".commands.findings:findings", N_("What an auditor would ask about.")),
    "finding": Lazy(".commands.finding:finding", N_("One audit finding: answer it, and see what was answered.")),
    "checkpoint": Lazy(".commands.checkpoint:checkpoint", N_("The head of the log, signed: to be kept where nobody can change it.")),
    "verify": Lazy(".commands.verify:verify", N_("Work everything out anew, and compare it with every checkpoint there is.")),
    "prove": Lazy(".commands.prove:prove", N_("That one event is in the log, as a file anybody can check.")),
    "witness": Lazy(".commands.witness:witness", N_("A second office that signs the checkpoints of others.")),
    "packet": Lazy(".commands.packet:packet", N_("The inspection season's set of workbooks, with a cover sheet.")),
}
_EXAMPLES = (
    "mingzhang demo",
    "mingzhang init --rehearsal --plan fuxin-2020",
    "mingzhang --as surveyor survey import 师范系.xlsx --round 2020-spring",
    "mingzhang --json roster --on 2020-06-30 --known-at 2020-07-01",
)


class Mingzhang(LazyGroup):
    """The group of all groups."""

    def speak(self, language: str) -> None:
        """Set the language and say this page's own words in it."""
        i18n.choose(language)
        self.help = _("Mingzhang, an open book of educational assistance: every action is recorded once and can be asked for ever after.")
        self.epilog = examples_page(_EXAMPLES)
        version = click.Option(
            ["--version"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_say_version,
            help=_("Show the version and exit."),
        )
        self.params = [*global_options(), version]

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> NoReturn:
        """Run, print what was refused, and leave with the exit code."""
        words = GlobalWords(sys.argv[1:] if args is None else args, os.environ)
        self.speak(words.lang)
        self.meta: dict[str, object] = {}
        cause: BaseException | None = None
        with i18n.click_speaks(words.lang):
            try:
                returned = super().main(
                    args,
                    prog_name or "mingzhang",
                    complete_var,
                    standalone_mode=False,
                    windows_expand_args=windows_expand_args,
                    **extra,
                )
                # A verb may return its exit code or leave with ctx.exit(code); what else it returns is its own affair.
                code = returned if type(returned) is int else DONE
                sys.stdout.flush()
            except BrokenPipeError:
                code = _reader_gone()
            except Exception as problem:
                cause = problem
                code = _report(problem, as_json=words.json, recorded=bool(self.meta.get(RECORDED)))
        raise SystemExit(code) from cause

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        try:
            return super().make_context(*args, **kwargs)
        except BrokenPipeError:  # --help, which is printed while the words are parsed
            raise click.exceptions.Exit(_reader_gone()) from None

    def invoke(self, ctx: click.Context) -> Any:
        self.meta = ctx.meta
        ctx.obj = Globals(
            ledger=ctx.params["ledger"],
            acting_as=ctx.params["acting_as"],
            lang=i18n.chosen(),
            json=ctx.params["json"],
            quiet=ctx.params["quiet"],
            now=ctx.params["now"],
            without_names=ctx.params["without_names"],
            key=ctx.params["key"],
        )
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise click.exceptions.Exit(_reader_gone()) from None


def _say_version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("mingzhang")
        except PackageNotFoundError:
            number = _("checkout, not installed")
        click.echo(f"mingzhang {number}")
        ctx.exit()


def _reader_gone() -> int:
    """Nobody reads on: let Python's own last flush go nowhere instead of complaining."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):
        return READER_GONE  # a stream without a file behind it has nothing left to flush
    return READER_GONE


def _report(problem: Exception, *, as_json: bool, recorded: bool) -> int:
    """Print the problem as CLI.md lays down and give the exit code."""
    from .refusals import Explanation, explain_problem

    if isinstance(problem, click.UsageError):
        if not as_json:
            problem.show(sys.stderr)
            return USAGE
        help_line = _("Run {command} --help to see how it is used.").format(
            command=problem.ctx.command_path if problem.ctx else "mingzhang"
        )
        explanation = Explanation("usage", problem.format_message(), help_line, {})
        code = USAGE
    else:
        explanation = explain_problem(problem, recorded=recorded)
        code = REFUSED
    if as_json:
        from .output import emit_json

        emit_json(explanation.document())
    else:
        click.echo(explanation.sentences(), err=True)
    return code


cli = Mingzhang("mingzhang", table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})


def main() -> NoReturn:
    """The installed command. A terminal that does not know a character shows a question mark instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    cli.main()
