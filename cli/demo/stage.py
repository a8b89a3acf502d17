"""Plays command lines in this process, shows each as it would be typed, and hands its JSON back to the story."""

from __future__ import annotations

import io
import json
import shlex
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from mingzhang.domain.refusal import Refused

from ..options import Globals
from ..width import wrap

WIDTH = 100


@dataclass
class Stage:
    """One rehearsal ledger and what was played on it. `ledger` and `files` are shown relative to the demonstration's folder."""

    globals: Globals
    folder: Path
    ledger: Path
    played: int = field(default=0)

    def say(self, text: str) -> None:
        """A paragraph of the story."""
        if not self.globals.quiet:
            indent = " " * (len(text) - len(text.lstrip()))
            click.echo("\n".join(indent + line for line in wrap(text.lstrip(), WIDTH - len(indent))))

    def heading(self, text: str) -> None:
        if not self.globals.quiet:
            click.echo("\n" + click.style(f"━━ {text} ", bold=True) + "━" * 8)

    def show(self, *words: str, actor: str | None = None) -> None:
        """Plays a query and prints what a person would see."""
        self._echo(words, actor, None)
        out = self._play([*self._globals(actor, None), *words])
        if not self.globals.quiet:
            click.echo(out.rstrip("\n"))

    def play(self, *words: str, actor: str, at: str, allowed: Sequence[int] = (0, 3), quiet: bool = False) -> Any:
        """Plays a recording command as `actor` at that instant; gives its JSON. A refusal ends the demonstration: it is a fault."""
        if not quiet:
            self._echo(words, actor, at)
        return json.loads(self._play([*self._globals(actor, at), "--json", *words], allowed))

    def ask(self, *words: str, actor: str | None = None) -> Any:
        """The JSON of a query, without showing it."""
        return json.loads(self._play([*self._globals(actor, None), "--json", *words]))

    def refused(self, *words: str, actor: str, at: str) -> str:
        """Plays a command that the rules refuse, and gives the code."""
        self._echo(words, actor, at)
        return str(json.loads(self._play([*self._globals(actor, at), "--json", *words], (1,)))["refused"])

    def _globals(self, actor: str | None, at: str | None) -> list[str]:
        words = ["--ledger", str(self.ledger), "--lang", self.globals.lang, "--quiet"]
        words += ["--as", actor] if actor else []
        return words + (["--now", f"{at}+08:00"] if at else [])

    def _echo(self, words: Sequence[str], actor: str | None, at: str | None) -> None:
        if self.globals.quiet:
            return
        shown = ["mingzhang", *(["--as", actor] if actor else []), *(_short(word) for word in words)]
        when = f"  # {at[:10]}" if at else ""
        line = "$ " + " ".join(shlex.quote(word) if " " in word else word for word in shown)
        click.echo(click.style(line + when, dim=True))

    def _play(self, words: list[str], allowed: Sequence[int] = (0,)) -> str:
        from ..app import cli

        self.played += 1
        out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
        try:
            with redirect_stdout(out):
                cli.main(words)
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
        out.flush()
        said = out.buffer.getvalue().decode("utf-8")
        if code not in allowed:
            sys.stderr.write(said)
            raise Refused("demo_step_failed", command=" ".join(map(_short, words)), exit_code=code)
        return said


def _short(word: str) -> str:
    """A path by its last parts: where the package is installed is nothing to the story."""
    return Path(word).name if "/" in word and (word.startswith("/") or "\\" in word) and Path(word).suffix else word
