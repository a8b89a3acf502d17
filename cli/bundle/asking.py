"""What may be asked of `trace --bundle`: the file, and what it shows in plain; nothing, unless it is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click

from mingzhang.domain.refusal import Refused

from ..i18n import _


@dataclass(frozen=True)
class Wanted:
    """What was asked for: the file, the fields to show (`only`, or all: `reveal`), the documents, and one's own earlier checkpoints."""

    file: Path
    only: tuple[str, ...] = ()
    reveal: bool = False
    with_evidence: bool = False
    against: tuple[Path, ...] = ()

    @property
    def discloses(self) -> bool:
        return bool(self.only) or self.reveal or self.with_evidence


def bundle_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--bundle FILE` and what belongs to it, as `bundle: Wanted | None`."""

    @wraps(function)
    def gathered(*arguments: Any, bundle: Path | None, only: Any, reveal: bool, with_evidence: bool, against: Any, **others: Any) -> Any:
        wanted = Wanted(bundle, only, reveal, with_evidence, against) if bundle is not None else None
        if wanted is None and (only or reveal or with_evidence or against):
            raise click.UsageError(_("--only, --reveal, --with-evidence and --against belong to --bundle."))
        if wanted is not None and only and reveal:
            raise click.UsageError(_("Give --only for some fields or --reveal for all, not both."))
        return function(*arguments, bundle=wanted, **others)

    for option in reversed(_options()):
        gathered = option(gathered)
    return gathered


def _options() -> list[Callable[[Callable[..., Any]], Callable[..., Any]]]:
    file = click.Path(path_type=Path, dir_okay=False)
    return [
        click.option(
            "--bundle",
            type=file,
            metavar="FILE.zip",
            help=_("Write the proof of this one payment, with a checker that needs Python alone. Shows no personal data unless asked to."),
        ),
        click.option(
            "--only",
            multiple=True,
            metavar="FIELD",
            help=_("With --bundle: show this field of the student's data, such as name, or entry.recorded:account for one kind of fact."),
        ),
        click.option("--reveal", is_flag=True, help=_("With --bundle: show all of the student's data on the trail; it is recorded.")),
        click.option(
            "--with-evidence", is_flag=True, help=_("With --bundle: attach the documents that the trail names, opened; it is recorded.")
        ),
        click.option(
            "--against",
            multiple=True,
            type=file,
            metavar="FILE",
            help=_("With --bundle: prove also that the log still begins as in this earlier checkpoint of the reader's own."),
        ),
    ]


def refuse_unwritable(wanted: Wanted) -> None:
    """Before anything is looked up: the file must be a zip, in a folder that is there."""
    if wanted.file.suffix.lower() != ".zip":
        raise click.UsageError(_("The name of the file must end in {ending}.").format(ending=".zip"))
    if not wanted.file.parent.is_dir():
        raise Refused("output_folder_missing", folder=str(wanted.file.parent))
