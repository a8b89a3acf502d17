"""Asking for help costs nothing: a command's module is imported when that command is used, and not before.

A table gives, for each command, where it is and what it is for in a line; `--help` reads the table only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any, NamedTuple

import click

from .i18n import _, joined
from .width import columns, wrap


class Lazy(NamedTuple):
    """`where` is `module:attribute`, the module relative to this package; `purpose` is an English message of
    the catalogue."""

    where: str
    purpose: str


class HanFormatter(click.HelpFormatter):
    """click's help layout, with Han characters counted as two columns."""

    def write_text(self, text: str) -> None:
        indent = " " * self.current_indent
        paragraphs = []
        for paragraph in text.split("\n\n"):
            block = paragraph.strip("\n")
            if block.lstrip().startswith("\b"):  # click's mark for "as it is"
                paragraphs.append("\n".join(indent + line for line in block.split("\n")[1:]))
            elif block.strip():
                joined = " ".join(line.strip() for line in block.split("\n"))
                paragraphs.append("\n".join(indent + line for line in wrap(joined, self.width - self.current_indent)))
        self.write("\n\n".join(paragraphs) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 34, col_spacing: int = 2) -> None:
        terms = list(rows)
        if not terms:
            return
        first = min(max(columns(term) for term, _meaning in terms), col_max) + col_spacing
        indent = " " * self.current_indent
        for term, meaning in terms:
            lines = wrap(" ".join(meaning.split()), max(self.width - first - self.current_indent, 20)) if meaning else []
            if lines and columns(term) <= first - col_spacing:
                self.write(indent + term + " " * (first - columns(term)) + lines.pop(0) + "\n")
            else:
                self.write(indent + term + "\n")
            for line in lines:
                self.write(indent + " " * first + line + "\n")

    def write_heading(self, heading: str) -> None:
        self.write(" " * self.current_indent + _("{heading}:").format(heading=heading) + "\n")


class HanContext(click.Context):
    """A click context that lays out help with `HanFormatter`."""

    formatter_class = HanFormatter


class LazyGroup(click.Group):
    """A group whose commands are named in a table and imported when they are called."""

    context_class = HanContext

    def __init__(self, *args: Any, table: Mapping[str, Lazy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.table)  # the table's order is that of the work, not of the alphabet

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = self.table.get(cmd_name)
        return load(found) if found else None

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.table and not args[0].startswith("-") and not ctx.resilient_parsing:
            said = _("There is no command {name}.").format(name=args[0])
            from difflib import get_close_matches

            near = get_close_matches(args[0], self.table, n=1, cutoff=0.5)
            if near:
                said = joined(said, _("Did you mean {name}?").format(name=near[0]))
            raise click.UsageError(said, ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(lazy.purpose)) for name, lazy in self.table.items()])


def load(lazy: Lazy) -> click.Command:
    """Import the command; its help, and that of all commands below it, is then laid out like the rest."""
    module, _colon, attribute = lazy.where.partition(":")
    command = getattr(import_module(module, package=__package__), attribute)
    if not isinstance(command, click.Command):
        raise TypeError(f"{lazy.where} is no click command")
    _lay_out_like_the_rest(command)
    return command


def _lay_out_like_the_rest(command: click.Command) -> None:
    if not issubclass(command.context_class, HanContext):
        command.context_class = HanContext
    if isinstance(command, click.Group):
        for below in command.commands.values():
            _lay_out_like_the_rest(below)
