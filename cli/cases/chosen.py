"""Which cases a bulk command means: those named on the command line or in a file, else all of a scheme, period and unit.

CLI.md: "bulk forms of each take `--scheme --period --unit` or a file of references".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from mingzhang.domain.plan.adoption import scheme_in_force
from mingzhang.domain.plan.schemes import Scheme
from mingzhang.domain.values.periods import period_of_kind

from ..i18n import _
from ..intake.units import UnitNames
from ..options import period_option, scheme_option, unit_option
from ..session import Session
from ..workbooks.cells import decode, read_bytes

if TYPE_CHECKING:
    from mingzhang.projections.projection import View

T = TypeVar("T", bound=Callable[..., object])
# Later than every effective date and earlier than the end of time as the tables keep it.
_AFTER_ALL = date(9998, 12, 31)


@dataclass(frozen=True, slots=True)
class Selection:
    """`named` are the references given one by one; `scheme` is stored as `<plan>.<scheme>`, `unit` is an id.

    `single`: one case was named on the command line and nothing else; then its refusal is the whole answer.
    """

    named: tuple[str, ...]
    scheme: str | None
    period: str | None
    unit: str | None
    single: bool


def selection_options(function: T) -> T:
    """`--scheme --period --unit --file` as `scheme`, `period`, `unit` (text or None) and `file` (a path or None)."""
    for decorate in (scheme_option(), period_option(), unit_option(), file_option):
        function = decorate(function)
    return function


def file_option(function: T) -> T:
    """`--file FILE` as `file: Path | None`."""
    return click.option(
        "--file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help=_("A text file with one reference in each line."),
    )(function)


def select(
    session: Session,
    words: Sequence[str],
    file: Path | None,
    scheme: str | None,
    period: str | None,
    unit: str | None,
    *,
    on: date | None = None,
) -> Selection:
    """What was asked for, checked: an unknown scheme, a period of another kind or an unknown unit is refused at once
    and does not look like "nothing to do". Neither references nor a scheme with its period is a usage error."""
    named = list(words)
    if file is not None:
        named += references_in(file)
    if not named and not (scheme and period):
        raise click.UsageError(_("Name the cases, give a file of them with --file, or give --scheme and --period."))
    stored = session.scheme(scheme) if scheme else None
    if stored and period:
        scheme_on(session, stored, period, on)
    return Selection(
        tuple(dict.fromkeys(named)),
        stored,
        period,
        UnitNames(session).wanted(unit),
        single=file is None and len(set(named)) == 1,
    )


def scheme_on(session: Session, stored: str, period: str, on: date | None = None) -> Scheme:
    """The scheme in force that day, for a period of the kind it is awarded for; refused as the domain refuses."""
    found, _version = scheme_in_force(session.streams, stored, on or session.today)
    period_of_kind(period, found.period)
    return found


def references_in(file: Path) -> list[str]:
    """The references in a text file, one a line; blank lines and lines that begin with # say nothing."""
    text, _encoding = decode(read_bytes(file, str(file)), str(file))
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


@contextmanager
def as_decided(session: Session) -> Iterator[View]:
    """What commands choose from: everything recorded, whatever day it holds from, since the domain decides on that too."""
    with session.engine.view(session.as_of(_AFTER_ALL, None)) as view:
        yield view
