"""Every import command takes files in the same way: the same options, one transaction, the same answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from ..i18n import _, ngettext
from ..options import Globals, dry_run_option
from ..output import Answer, show
from ..progress import counted
from ..session import Session
from .report import FileReport, answer, write_copies

# (session, paths, *, accept_valid, dry_run, on_progress, …the command's own options) -> the files' reports, and how many were recorded
Importer = Callable[..., tuple[list[FileReport], int]]


def import_options(function: Callable[..., int]) -> Callable[..., int]:
    """FILE…, `--accept-valid`, `--copy-to` and `--dry-run`, under the names `take_in` has for them."""
    options = (
        click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path)),
        click.option(
            "--accept-valid",
            is_flag=True,
            help=_("Record the valid rows although others are refused; the refused ones are written to a copy with a column 问题."),
        ),
        click.option(
            "--copy-to",
            type=click.Path(path_type=Path, file_okay=False),
            metavar="DIR",
            help=_("Where the copy of refused rows goes. Default: beside the file."),
        ),
        dry_run_option,
    )
    for option in reversed(options):
        function = option(function)
    return function


def take_in(
    globals: Globals,
    importer: Importer,
    done: Callable[[int], str],
    *,
    files: Sequence[Path],
    accept_valid: bool,
    copy_to: Path | None,
    dry_run: bool,
    **asked: Any,
) -> int:
    """Runs the importer with the command's own options and shows what came of it: the exit code. `done` says how many were recorded."""
    with Session(globals) as session, counted(globals, _("Recording")) as progress:
        reports, recorded = importer(session, files, accept_valid=accept_valid, dry_run=dry_run, on_progress=progress, **asked)
        said = answered(session, reports, recorded, done, accept_valid=accept_valid, copy_to=copy_to, dry_run=dry_run)
        return show(globals, said, rehearsal=session.rehearsal)


def answered(
    session: Session,
    reports: list[FileReport],
    recorded: int,
    done: Callable[[int], str],
    *,
    accept_valid: bool,
    copy_to: Path | None,
    dry_run: bool,
) -> Answer:
    """The answer, after the copies of refused rows are written where the others were recorded."""
    if accept_valid and not dry_run:
        write_copies(reports, copy_to, session.folder.exports)
    return answer(reports, recorded, dry_run=dry_run, done=done)


def rows_recorded(count: int) -> str:
    """Where rows are of several kinds."""
    return ngettext("{count} row recorded.", "{count} rows recorded.", count).format(count=count)
