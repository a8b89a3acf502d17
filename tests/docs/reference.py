"""The reference page of all commands, made from their own help: `python -m tests.docs.reference` writes docs/reference.md.

A test compares the page with the commands, so that a command cannot be added, or its help changed, without the page following.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference.md"
_MAKE = "from tests.docs.reference import page; import sys; sys.stdout.buffer.write(page().encode())"


def page() -> str:
    """The whole page in Chinese. Call in a fresh process: help is translated when a command's module is imported."""
    import click

    from mingzhang.cli import i18n
    from mingzhang.cli.app import COMMANDS, cli
    from mingzhang.cli.lazy import load

    i18n.choose("zh")
    cli.speak("zh")
    names: dict[str, Any] = dict(terminal_width=100, max_content_width=100, help_option_names=["-h", "--help"])
    parts = ["# 命令手册", "由 `python -m tests.docs.reference` 从各命令自己的帮助生成；每条命令也可用 `-h` 查看。"]

    def add(command: click.Command, words: list[str], above: click.Context) -> None:
        context = cli.context_class(command, info_name=words[-1], parent=above, **names)
        parts.append(f"{'#' * (len(words) + 1)} {' '.join(words)}\n\n```\n{command.get_help(context).rstrip()}\n```")
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                below = command.get_command(context, name)
                if below is not None:
                    add(below, [*words, name], context)

    with i18n.click_speaks("zh"):
        top = cli.context_class(cli, info_name="mingzhang", **names)
        parts.append(f"```\n{cli.get_help(top).rstrip()}\n```")
        for name, lazy in COMMANDS.items():
            add(load(lazy), [name], top)
    return "\n\n".join(parts) + "\n"


def made_afresh() -> str:
    """The page as a new process makes it, whatever language this one has spoken before."""
    environment = {**os.environ, "MINGZHANG_LANG": "zh", "COLUMNS": "100"}
    done = subprocess.run([sys.executable, "-c", _MAKE], cwd=PAGE.parents[1], env=environment, capture_output=True, check=True)
    return done.stdout.decode()


if __name__ == "__main__":
    PAGE.write_text(made_afresh(), encoding="utf-8")
