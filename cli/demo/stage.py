"""Plays command lines in this process as different people at different times, shows each as it would be typed, and keeps its answer.

The demonstrations and the tests live a plan's year on the same stage; with `quiet` it shows nothing.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import click

from mingzhang.domain.refusal import Refused

from ..i18n import _
from ..options import Globals
from ..width import wrap

WIDTH = 100
_QUOTED = set(" '\"\\$`&;|<>()*?#~!{}[]")


@dataclass(frozen=True)
class Said:
    """What one command line answered: its exit code, its JSON (None where it printed nothing), and what it wrote to standard error."""

    code: int
    document: Any
    stderr: str = ""

    @property
    def refused(self) -> str | None:
        """The code of the refusal, None where the command did what it was asked."""
        return self.document.get("refused") if isinstance(self.document, dict) and isinstance(self.document.get("refused"), str) else None


@dataclass(frozen=True)
class Ending:
    """What a demonstration ends with: the folder of its input (`data`), `figures` for `--json`, `sentences` that say them, and command
    lines to try `next`."""

    data: Path
    figures: dict[str, Any]
    sentences: tuple[str, ...]
    next: tuple[tuple[str, ...], ...]


@dataclass
class Stage:
    """One rehearsal ledger and how many command lines were played on it; `folder` is where the story leaves its files."""

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

    def run(self, *words: str, actor: str | None = None, at: str | None = None) -> Said:
        """Plays one command line, whatever comes of it; `at` is an instant in Shanghai."""
        self._echo(words, actor, at)
        return self._said([*self._globals(actor, at), "--json", *words])

    def play(self, *words: str, actor: str | None = None, at: str | None = None, codes: Sequence[int] = (0, 3)) -> Any:
        """As `run`, for a command line that must succeed; gives its JSON. Anything else ends the story: it is a fault (`Refused`)."""
        self._echo(words, actor, at)
        return self._must([*self._globals(actor, at), "--json", *words], codes).document

    def ask(self, *words: str, actor: str | None = None, at: str | None = None) -> Any:
        """The JSON of a query, without showing it."""
        return self._must([*self._globals(actor, at), "--json", *words], (0,)).document

    def refused(self, *words: str, actor: str, at: str) -> Said:
        """As `run`, for a command line that the rules must refuse; says why."""
        self._echo(words, actor, at)
        line = [*self._globals(actor, at), "--json", *words]
        said = self._said(line)
        if said.refused is None:
            self._stop(line, said.code, json.dumps(said.document, ensure_ascii=False) + "\n" + said.stderr)
        self.say("  ✗ " + said.document["message"])
        self.say("    " + said.document["next"])
        return said

    def show(self, *words: str, actor: str | None = None, at: str | None = None, rows: int | None = None) -> None:
        """Plays a query for a person to see (on a quiet stage: not at all); `rows` shows so many lines of its answer only."""
        if self.globals.quiet:
            return
        self._echo(words, actor, at)
        lines = self._printed([*self._globals(actor, at), "--quiet", *words]).rstrip("\n").splitlines()
        click.echo("\n".join(lines[:rows] if rows else lines))
        if rows and len(lines) > rows:
            click.echo("  …")

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What is played meanwhile is not shown: the tenth command of a kind tells nobody anything."""
        shown = self.globals
        self.globals = replace(shown, quiet=True)
        try:
            yield
        finally:
            self.globals = shown

    def say_taken(self, file: dict[str, Any]) -> None:
        """What came of a file: its rows, and the first of those that were refused."""
        said = _("  {rows} rows: {accepted} accepted, {refused} refused, {duplicates} recorded before")
        counts = {name: len(file[name]) for name in ("refused", "duplicates")}
        self.say(said.format(rows=file["rows"], accepted=file["accepted"], **counts))
        for problem in file["refused"][:2]:
            self.say(_("    row {row}, {column}: {message}").format(**{**problem, "column": problem["column"] or _("whole row")}))

    def keep_checkpoint(self, at: str) -> None:
        """Takes the head of the log out of the ledger's folder, as an office does that gives it to somebody else."""
        self.say(_("Half the way: the log's checkpoint goes into another house (here: beside the ledger)."))
        self.play("checkpoint", "--out", str(self.folder / f"检查点-{at[:10]}.txt"), at=at)

    def verify(self) -> Any:
        """Works everything out anew, shown, against the checkpoints that were taken out; gives the answer: anything but yes is a fault."""
        kept = [word for file in sorted(self.folder.glob("检查点-*.txt")) for word in ("--against", str(file))]
        self.heading(_("Nothing was changed afterwards: everything worked out anew, and compared with the checkpoint of half the way"))
        self.show("verify", *kept)
        return self.ask("verify", *kept)

    def size(self) -> int:
        """How many facts the log holds."""
        return int(self.ask("status")["size"])

    def _globals(self, actor: str | None, at: str | None) -> list[str]:
        words = ["--ledger", str(self.ledger), "--lang", self.globals.lang, *(["--as", actor] if actor else [])]
        return words + (["--now", f"{at}+08:00"] if at else [])

    def _echo(self, words: Sequence[str], actor: str | None, at: str | None) -> None:
        if self.globals.quiet:
            return
        when = f"  # {at[:10]}" if at else ""
        line = typed(*(["--as", actor] if actor else []), *map(self._short, words))
        click.echo(click.style(f"$ {line}{when}", dim=True))

    def _said(self, words: list[str]) -> Said:
        code, out, err = self._played(words)
        return Said(code, json.loads(out) if out.strip() else None, err)

    def _must(self, words: list[str], codes: Sequence[int]) -> Said:
        said = self._said(words)
        if said.code not in codes:
            self._stop(words, said.code, json.dumps(said.document, ensure_ascii=False) + "\n" + said.stderr)
        return said

    def _printed(self, words: list[str]) -> str:
        code, out, err = self._played(words)
        if code:
            self._stop(words, code, out + err)
        return out

    def _played(self, words: list[str]) -> tuple[int, str, str]:
        from ..app import cli

        self.played += 1
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _stream in ("stdout", "stderr"))
        code = 0
        try:
            with redirect_stdout(out), redirect_stderr(err):
                cli.main(words)
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1 if ended.code else 0
        return code, out.buffer.getvalue().decode("utf-8"), err.buffer.getvalue().decode("utf-8")

    def _stop(self, words: list[str], code: int, said: str) -> None:
        sys.stderr.write(said)
        raise Refused("demo_step_failed", command=" ".join(map(self._short, words)), exit_code=code)

    def _short(self, word: str) -> str:
        """A path as it is seen from the story's folder: where that and the package lie is nothing to the story."""
        if word.startswith(f"{self.folder}/") or word == str(self.folder):
            return str(Path(word).relative_to(self.folder))
        return Path(word).name if word.startswith("/") and Path(word).suffix else word


def typed(*words: str) -> str:
    """A command line of mingzhang as a person types it."""
    shown = ("'" + word.replace("'", "'\\''") + "'" if not word or _QUOTED & set(word) else word for word in words)
    return " ".join(("mingzhang", *shown))
