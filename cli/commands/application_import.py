"""`application import`: application forms (申请花名册), all rows or none; a row is a claim, judged later by people and lists."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ..i18n import _, ngettext
from ..intake.report import answer, write_copies
from ..options import (
    Globals,
    Verb,
    accept_valid_option,
    dry_run_option,
    example,
    on_option,
    period_option,
    scheme_option,
    unit_option,
)
from ..output import show
from ..progress import counted
from ..session import Session


@click.command("import", cls=Verb, help=_("Take application forms (申请花名册) in: all rows or none."))
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@scheme_option(required=True)
@period_option(required=True)
@unit_option(help=_("The township whose villages the rows or sheets name, or the unit of rows that name no place (its id, or its name)."))
@on_option
@accept_valid_option
@dry_run_option
@click.option(
    "--copy-to",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=_("Where the copy of refused rows goes. Default: beside the file."),
)
@example(
    "mingzhang --as applicant-clerk application import 花名册.xlsx --scheme county-grant --period 2020-2021 --unit 新村镇",
    "mingzhang --as applicant-clerk application import 本科批.xlsx --scheme freshmen --period once --unit 肃南县教育局 --dry-run",
)
@click.pass_obj
def import_(
    globals: Globals,
    files: tuple[Path, ...],
    scheme: str,
    period: str,
    unit: str | None,
    on: date | None,
    accept_valid: bool,
    dry_run: bool,
    copy_to: Path | None,
) -> int:
    from ..intake.applications import import_applications

    with Session(globals) as session, counted(globals, _("Recording")) as progress:
        reports, recorded = import_applications(
            session,
            files,
            scheme=scheme,
            period=period,
            unit=unit,
            on=on,
            accept_valid=accept_valid,
            dry_run=dry_run,
            on_progress=progress,
        )
        if accept_valid and not dry_run:
            write_copies(reports, copy_to, session.folder.exports)
        said = answer(reports, recorded, dry_run=dry_run, done=_applications_recorded)
        return show(globals, said, rehearsal=session.rehearsal)


def _applications_recorded(count: int) -> str:
    return ngettext("{count} application recorded.", "{count} applications recorded.", count).format(count=count)
