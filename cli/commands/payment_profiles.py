"""`payment profiles`: which banks' layouts there are, and what one of them makes of an order and of an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from ..bankfiles.known_profiles import FOLDER, bundled_codes, office_codes, profile_named, profile_of_file
from ..bankfiles.orders import OrderLine, OrderTerms, write_order
from ..bankfiles.profile import AnswerColumn, BankProfile, Control, ReturnedColumn
from ..i18n import _
from ..on_disk import write_private
from ..options import Globals, Verb, example, table_file_options
from ..output import Answer, Column, Table, Text, show
from ..words.bank_columns import held_in_words

_SAMPLE = (
    OrderLine(1, "6299000000000015", "测试一", 200_000),
    OrderLine(2, "6299000000000023", "测试二", 150_050),
)
"""Invented payees with invented accounts."""
_TERMS = OrderTerms("助学金2020春", date(2020, 4, 10), "DW01")


@click.command(
    "profiles",
    cls=Verb,
    help=_("List the banks' layouts, or check one: a sample order is written, and it is said how an answer will be read."),
)
@click.option("--check", "checked", metavar="FILE|PROFILE", help=_("A TOML file, or the code of a layout."))
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=_("Where the sample order goes. Default: it is shown only."),
)
@table_file_options
@example("mingzhang payment profiles", "mingzhang payment profiles --check 本地银行.toml --out 样例.txt")
@click.pass_obj
def profiles(globals: Globals, checked: str | None, out: Path | None) -> int:
    ledger = Path(globals.ledger) if not globals.ledger.startswith("postgresql:") else None
    if checked is None:
        return show(globals, _listed(ledger))
    found = profile_of_file(Path(checked)) if Path(checked).is_file() else profile_named(checked, ledger)
    sample = write_order(_SAMPLE, profile=found, terms=_TERMS)
    if out is not None:
        write_private(out, sample)
    return show(globals, _shown(found, sample, out))


def _listed(ledger: Path | None) -> Answer:
    codes = [*bundled_codes(), *office_codes(ledger)]
    rows = []
    for code in codes:
        found = profile_named(code, ledger)
        rows.append(
            {
                "profile": code,
                "title": found.title,
                "encoding": found.encoding.upper(),
                "amounts": found.amounts,
                "from": "office" if code in office_codes(ledger) else "mingzhang",
            }
        )
    columns = [Column(_("Profile"), "profile"), Column(_("Title"), "title"), Column(_("Encoding"), "encoding")]
    told = _("Your own bank: a TOML file in the folder {folder} of the ledger, checked with `mingzhang payment profiles --check FILE`.")
    return Answer(rows, (Table(columns, rows), Text((told.format(folder=FOLDER),))))


def _shown(found: BankProfile, sample: bytes, out: Path | None) -> Answer:
    text = sample.decode(found.codec)
    warnings = _warnings(found)
    document = found.model_dump(mode="json") | {
        "sample": text,
        "out": None if out is None else str(out),
        "states_unit": found.states_unit,
        "warnings": warnings,
    }
    unit = _("whole fen") if found.amounts == "fen" else _("yuan with two decimals")
    about = [
        f"{found.code}: {found.title}",
        _("Written in {encoding}; amounts in {unit}; days like {day}.").format(
            encoding=found.encoding.upper(), unit=unit, day=found.dates[0]
        ),
        _("A sample order, with invented payees:"),
    ]
    read = [
        _("An answer (回盘) is read from the columns {columns}.").format(columns=_columns(found.answer.columns)),
        _("Paid: {paid}; failed: {failed}; pending: {pending}.").format(
            paid="、".join(found.states.paid), failed="、".join(found.states.failed), pending="、".join(found.states.pending) or "—"
        ),
        _control(found.answer.control),
        _("Money that came back (退票) is read from the columns {columns}.").format(columns=_columns(found.returned.columns)),
        *warnings,
    ]
    if out is not None:
        read.append(_("The sample order is in {file}.").format(file=out))
    return Answer(document, (Text(tuple(about)), Text(tuple(text.splitlines()), as_is=True), Text(tuple(read))))


def _columns(columns: Sequence[AnswerColumn | ReturnedColumn]) -> str:
    """Each name with what it holds, and its further names."""
    return "、".join(f"{'/'.join((one.name, *one.also))} = {held_in_words(one.holds)}" for one in columns)


def _control(control: Control | None) -> str:
    if control is None:
        return _("It has no control line.")
    where = _("at the top") if control.at == "top" else _("at the bottom")
    return _("Its control line stands {where}: {cells}.").format(where=where, cells=" ".join(cell or "·" for cell in control.cells))


def _warnings(found: BankProfile) -> list[str]:
    """What a bank's layout leaves open, said before it is used."""
    said = []
    if found.answer.control is None:
        said.append(_("Without a control line a file cut off half-way is noticed by the lines it lacks only."))
    if not found.returned.names_batch:
        said.append(_("The file of returns does not name the batch: `mingzhang payment returns` needs --batch."))
    if not found.states.pending:
        said.append(_("No word says that a payment is still being processed."))
    return said
