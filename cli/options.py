"""An option means the same in every command: each is written once, here, with its help.

Decorators translate their help when they are applied, that is while a command's module is imported, after the
language was chosen.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from mingzhang.domain.refusal import Refused

from .clock import KnownAt, Point, parse_day, parse_instant, parse_known_at, parse_point
from .i18n import _

T = TypeVar("T", bound="Callable[..., Any] | click.Command")
_FUNCTION_EXAMPLES = "__mingzhang_examples__"
# Keys in a context's `meta`: the chosen --xlsx and --csv; the open session, so that a file's foot says what it answered from; that
# something has been recorded, so that an interruption does not claim the contrary.
TABLE_FILES = "mingzhang.table_files"
SESSION = "mingzhang.session"
RECORDED = "mingzhang.recorded"
_LARGEST_FEN = 10**14  # as in workbooks; beyond it sums leave what a database column holds
_YUAN = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]{1,2}))?(?:元)?")


@dataclass(frozen=True, slots=True)
class Globals:
    """What was said before the group, for every command: `ctx.obj`.

    `ledger` is a folder or a postgresql:// address; `acting_as` a staff id or None; `lang` zh or en; `now` UTC,
    None for the system clock; `without_names` leaves the keys alone, so that every box stays shut; `key` is the file of the signing key,
    None for the one that lies beside the ledger.
    """

    ledger: str
    acting_as: str | None
    lang: str
    json: bool
    quiet: bool
    now: datetime | None
    without_names: bool = False
    key: str | None = None


class _Written(click.ParamType[Any]):
    """A value that one function reads from its text; what it cannot read is a usage error that shows the
    accepted form."""

    def __init__(self, name: str, read: Callable[[str], object], accepted: str) -> None:
        self.name = name
        self._read = read
        self._accepted = accepted

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return self._read(value.strip())
        except (ValueError, OverflowError):
            self.fail(
                _("{text} cannot be read; write it like {example}.").format(text=value, example=self._accepted),
                param,
                ctx,
            )


def read_yuan(text: str) -> int:
    """Yuan as written (`2000`, `2,000.50`) in whole fen. Raises ValueError for anything else, more than two
    decimals and amounts that no workbook may hold included."""
    found = _YUAN.fullmatch(text)
    if not found:
        raise ValueError(text)
    fen = int(found[1].replace(",", "")) * 100 + int((found[2] or "0").ljust(2, "0"))
    if fen > _LARGEST_FEN:
        raise ValueError(text)
    return fen


DAY = _Written("date", parse_day, "2020-03-20")
INSTANT = _Written("instant", parse_instant, "2020-03-20T09:00+08:00")
KNOWN_AT = _Written("known-at", parse_known_at, "120, 2020-03-25, 2020-03-25T17:00+08:00")
POINT = _Written("point", parse_point, "2020-03-31, @120, @2020-03-25T17:00+08:00, 2020-03-31@120")
YUAN = _Written("yuan", read_yuan, "2000.00")


def global_options() -> list[click.Parameter]:
    """The options that stand before the group, with their environment variables, in the chosen language."""
    return [
        click.Option(
            ["--ledger"],
            metavar="PATH-OR-URL",
            envvar="MINGZHANG_LEDGER",
            default="mingzhang-ledger",
            show_envvar=True,
            help=_("The ledger: a folder, or postgresql://…?schema=NAME. Default: the folder mingzhang-ledger here."),
        ),
        click.Option(
            ["--as", "acting_as"],
            metavar="STAFF",
            envvar="MINGZHANG_AS",
            show_envvar=True,
            help=_("The staff id you act as."),
        ),
        click.Option(
            ["--key"],
            metavar="FILE",
            envvar="MINGZHANG_KEY",
            show_envvar=True,
            help=_("The file of your signing key, on a stick for instance. Default: the one beside the ledger."),
        ),
        click.Option(
            ["--lang"],
            type=click.Choice(["zh", "en"]),
            envvar="MINGZHANG_LANG",
            show_envvar=True,
            help=_("Chinese or English. Default: the locale's; Chinese unless it is another language."),
        ),
        click.Option(
            ["--json"],
            is_flag=True,
            envvar="MINGZHANG_JSON",
            show_envvar=True,
            help=_("Print one JSON document on stdout and nothing else there."),
        ),
        click.Option(
            ["--quiet"],
            is_flag=True,
            envvar="MINGZHANG_QUIET",
            show_envvar=True,
            help=_("No progress and no remarks on stderr; refusals are still printed."),
        ),
        click.Option(
            ["--without-names"],
            is_flag=True,
            envvar="MINGZHANG_WITHOUT_NAMES",
            show_envvar=True,
            help=_(
                "Leave the keys alone: lists and trails come without names. For a ledger whose keys are lost, or none of one's business."
            ),
        ),
        click.Option(
            ["--now"],
            type=INSTANT,
            metavar="INSTANT",
            envvar="MINGZHANG_NOW",
            show_envvar=True,
            help=_("Set the clock; only for a ledger made with init --rehearsal."),
        ),
    ]


def on_option(function: T) -> T:
    """`--on DATE` as `on: date | None`: the day on which what is recorded or asked for holds; None is today in
    Shanghai."""
    return _option(
        "--on",
        type=DAY,
        metavar="DATE",
        help=_("The day on which it holds (effective). Default: today in Asia/Shanghai."),
    )(function)


def known_at_option(function: T) -> T:
    """`--known-at` as `known_at: LogSize | KnownBy | None`; None is all that is recorded now."""
    return _option(
        "--known-at",
        type=KNOWN_AT,
        metavar="SIZE|DATE|INSTANT",
        help=_(
            "What was known then: digits are a log size n (events 1 to n), a date is the end of that day in Asia/Shanghai. Default: now."
        ),
    )(function)


def as_of_options(function: T) -> T:
    """Both time axes of a query: `on` and `known_at`."""
    return on_option(known_at_option(function))


def round_option(*, required: bool = True) -> Callable[[T], T]:
    """`--round ROUND` as `round_id: str`."""
    return _option("--round", "round_id", required=required, metavar="ROUND", help=_("The survey round, such as 2020-spring."))


def unit_option(*, required: bool = False, help: str | None = None) -> Callable[[T], T]:
    """`--unit UNIT` as `unit: str | None`."""
    return _option("--unit", required=required, metavar="UNIT", help=help or _("Only this unit (its id, or its name)."))


def scheme_option(*, required: bool = False) -> Callable[[T], T]:
    """`--scheme SCHEME` as `scheme: str | None`."""
    return _option("--scheme", required=required, metavar="SCHEME", help=_("The aid programme, by its code in the plan."))


def period_option(*, required: bool = False) -> Callable[[T], T]:
    """`--period PERIOD` as `period: str | None`."""
    return _option(
        "--period",
        required=required,
        metavar="PERIOD",
        help=_("The school year, term or year, such as 2020-spring or 2020, as the scheme counts them."),
    )


def reason_option(*, required: bool = False) -> Callable[[T], T]:
    """`--reason TEXT` as `reason: str | None`."""
    return _option("--reason", required=required, metavar="TEXT", help=_("Why; it is recorded."))


def evidence_option(function: T) -> T:
    """`--evidence FILE`, any number of times, as `evidence: tuple[Path, ...]`."""
    said = _("A document that shows it; it is kept, sealed. Repeat it.")
    return _option("--evidence", multiple=True, type=click.Path(path_type=Path), metavar="FILE", help=said)(function)


def dry_run_option(function: T) -> T:
    """`--dry-run` as `dry_run: bool`."""
    return _option("--dry-run", is_flag=True, help=_("Check everything and record nothing."))(function)


def reveal_option(function: T) -> T:
    """`--reveal` as `reveal: bool`."""
    return _option(
        "--reveal",
        is_flag=True,
        help=_("Show names and numbers in full; needs the role for it, and who asked is recorded."),
    )(function)


def keys_backup_option(function: T) -> T:
    """`--keys KEYSBACKUP` as `keys: Path | None`."""
    said = _("The backup of its keys. Without it the ledger can be read without names only.")
    return _option("--keys", metavar="KEYSBACKUP", type=click.Path(path_type=Path, file_okay=False), help=said)(function)


def table_file_options(function: T) -> T:
    """`--xlsx FILE` and `--csv FILE` of every command that prints tables; `show` writes them, and the command does not hear of it."""
    for ending, told in (
        ("csv", _("Write the tables to this text file; a second table goes to FILE-2.csv.")),
        ("xlsx", _("Write the tables to this workbook, one sheet each.")),
    ):
        settings: dict[str, Any] = {"metavar": "FILE", "help": told, "expose_value": False, "callback": _note_file}
        function = _option(f"--{ending}", type=click.Path(path_type=Path, dir_okay=False), **settings)(function)
    return function


def _note_file(ctx: click.Context, param: click.Parameter, chosen: Path | None) -> None:
    """Notes the file for `show`; a folder that is not there is refused before anything is asked, or disclosed."""
    if chosen is None or ctx.resilient_parsing:
        return
    if chosen.suffix.lower() != f".{param.name}":
        raise click.BadParameter(_("The name of the file must end in {ending}.").format(ending=f".{param.name}"), ctx, param)
    if not chosen.parent.is_dir():
        raise Refused("output_folder_missing", folder=str(chosen.parent))
    ctx.meta.setdefault(TABLE_FILES, {})[str(param.name)] = chosen


def example(*lines: str) -> Callable[[T], T]:
    """Give a command's help its example lines, each a command line to copy. Above or below the click decorator,
    both work (below it, the command's class must be `Verb`, as it is in a `Noun`)."""

    def decorate(target: T) -> T:
        if isinstance(target, click.Command):
            target.epilog = examples_page(lines)
        else:
            setattr(target, _FUNCTION_EXAMPLES, lines)
        return target

    return decorate


def examples_page(lines: tuple[str, ...]) -> str:
    """The end of a help page: click leaves a block opened by a backspace character as it is."""
    title = _("Example:") if len(lines) == 1 else _("Examples:")
    return "\b\n" + "\n".join([title, *("  " + line for line in lines)])


class Verb(click.Command):
    """A command whose help ends with the examples given to its function by `@example`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = getattr(self.callback, _FUNCTION_EXAMPLES, None)
        if lines and not self.epilog:
            self.epilog = examples_page(lines)


class Noun(click.Group):
    """A group of verbs: `@click.group(cls=Noun)`."""

    command_class = Verb
    group_class = type  # a group below a group is a Noun again

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = getattr(self.callback, _FUNCTION_EXAMPLES, None)
        if lines and not self.epilog:
            self.epilog = examples_page(lines)


def _option(*names: str, **settings: Any) -> Callable[[T], T]:
    """click.option, typed so that it may decorate commands as well as functions."""

    def decorate(target: T) -> T:
        if isinstance(target, click.Command):
            target.params.insert(0, click.Option(list(names), **settings))
            return target
        return click.option(*names, **settings)(target)

    return decorate


__all__ = [
    "DAY",
    "INSTANT",
    "KNOWN_AT",
    "POINT",
    "YUAN",
    "Globals",
    "KnownAt",
    "Noun",
    "Point",
    "Verb",
    "as_of_options",
    "date",
    "dry_run_option",
    "evidence_option",
    "example",
    "global_options",
    "keys_backup_option",
    "known_at_option",
    "on_option",
    "period_option",
    "read_yuan",
    "reason_option",
    "reveal_option",
    "round_option",
    "scheme_option",
    "table_file_options",
    "unit_option",
]
