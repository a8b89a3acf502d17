"""A section is what a command answers: the packet asks the command itself and keeps its tables, so there is no copy of its code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import click

from ..output.files import Collected, collecting


def ask(context: click.Context, words: Sequence[str]) -> Collected:
    """What the command line of these words answers in this ledger, unprinted. Refused as that command."""
    root = context.find_root()
    command: click.Command | None = root.command
    rest = list(words)
    while isinstance(command, click.Group):
        command = command.get_command(root, rest.pop(0))
    if command is None:
        raise click.UsageError(" ".join(words))
    with (
        collecting(context) as kept,
        command.make_context(words[0], rest, parent=root, obj=replace(context.obj, json=False, quiet=True)) as inner,
    ):
        command.invoke(inner)
    return kept[0]
