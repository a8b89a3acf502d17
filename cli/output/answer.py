"""One answer, two readers: the same result is a JSON document for a program and tables and sentences for a person.

Results go to stdout, remarks to stderr. Whatever a rehearsal ledger says is marked 演练, so that practice is
never taken for fact.
"""

from __future__ import annotations

import json as _json
import os
import sys
from collections.abc import Mapping, Sequence

import click

from ..i18n import _
from ..options import Globals
from ..width import wrap
from .files import collected, mark, write_chosen
from .parts import Answer, Table
from .tables import Column, layout
from .words import json_value

PIPED_WIDTH = 100


def show(globals: Globals, answer: Answer, *, rehearsal: bool = False) -> int:
    """Print the answer the way it was asked for and give its exit code, for the command to return.

    Where its tables were asked for in a file they are written there; people are then told which file it is, programs get their
    document as ever and the remark on stderr. Refused as `write_chosen`.
    """
    if collected(answer, rehearsal=rehearsal):
        return answer.exit_code
    written = write_chosen(answer, rehearsal=rehearsal)
    if written and not globals.json:
        lines(*(one.sentence() for one in written), rehearsal=rehearsal)
        return answer.exit_code
    for one in written:
        remark(globals, one.sentence())
    if globals.json:
        emit_json(answer.document, rehearsal=rehearsal)
        return answer.exit_code
    for index, part in enumerate(answer.parts):
        if index:
            click.echo("")
        marked = rehearsal and not index  # once an answer, above its first part
        if isinstance(part, Table):
            table(part.columns, part.rows, caption=part.caption, foot=part.foot, rehearsal=marked)
        elif part.as_is:
            click.echo("\n".join(part.sentences))
        else:
            lines(*part.sentences, rehearsal=marked)
    return answer.exit_code


def to_document(document: object, *, rehearsal: bool = False) -> str:
    """The JSON text: Chinese as it is, keys in the order given, two spaces of indent, one line break at the end.

    Of a rehearsal ledger, the document (each member, where it is a list) carries `"rehearsal": true`. Raises
    TypeError for values that are not plain.
    """
    if rehearsal:
        document = _marked(document)
    return _json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False, default=json_value) + "\n"


def emit_json(document: object, *, rehearsal: bool = False) -> None:
    """Print the document on stdout in UTF-8, whatever the terminal's encoding: it is for programs."""
    click.echo(to_document(document, rehearsal=rehearsal).encode("utf-8"), nl=False)


def table(
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, object] | Sequence[object]],
    *,
    caption: str = "",
    foot: str = "",
    rehearsal: bool = False,
) -> None:
    """Print a table on stdout; an empty one says that there is nothing."""
    width = terminal_width()
    above = mark(rehearsal) + caption
    if above:
        click.echo("\n".join(wrap(above, width)))
    if rows:
        click.echo("\n".join(layout(columns, rows, width, bold=sys.stdout.isatty())))
    else:
        click.echo(_("(none)"))
    if foot:
        click.echo("\n".join(wrap(foot, width)))


def lines(*sentences: str, rehearsal: bool = False) -> None:
    """Print sentences on stdout, the first one marked where the ledger is a rehearsal."""
    width = terminal_width()
    for index, sentence in enumerate(sentences):
        click.echo("\n".join(wrap((mark(rehearsal) if not index else "") + sentence, width)))


def remark(globals: Globals, sentence: str) -> None:
    """Say something beside the answer, on stderr; nothing with --quiet."""
    if not globals.quiet:
        click.echo(sentence, err=True)


def terminal_width() -> int:
    """COLUMNS where it is set, else the terminal's, else 100 for a pipe."""
    asked = os.environ.get("COLUMNS", "")
    if asked.isdigit() and int(asked) > 0:
        return max(20, int(asked))
    try:
        return max(20, os.get_terminal_size(sys.stdout.fileno()).columns)
    except (OSError, ValueError):
        return PIPED_WIDTH


def _marked(document: object) -> object:
    if isinstance(document, Mapping):
        return {**document, "rehearsal": True}
    if isinstance(document, list | tuple):
        return [_marked(member) if isinstance(member, Mapping) else member for member in document]
    return document
