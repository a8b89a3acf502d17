"""Plays command lines in this process as different people at different times, and keeps what each one answered."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mingzhang.cli.app import cli


@dataclass(frozen=True)
class Said:
    """What one command line answered: its exit code, its JSON, and what it wrote to standard error."""

    code: int
    document: Any
    stderr: str = ""

    @property
    def refused(self) -> str | None:
        """The code of the refusal, None where the command did what it was asked."""
        return self.document.get("refused") if isinstance(self.document, dict) and isinstance(self.document.get("refused"), str) else None


class Player:
    """One ledger, on which anybody acts at any time."""

    def __init__(self, ledger: Path) -> None:
        self.ledger = ledger

    def run(self, *words: str, actor: str | None = None, at: str | None = None) -> Said:
        """Plays one command line; `at` is an instant in Shanghai."""
        line = ["--ledger", str(self.ledger), "--lang", "zh", "--json", *(["--as", actor] if actor else [])]
        line += [*(["--now", f"{at}+08:00"] if at else []), *words]
        out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
        err = io.StringIO()
        code: Any = None
        try:
            with redirect_stdout(out), redirect_stderr(err):
                cli.main(line)
        except SystemExit as ended:
            code = ended.code
        written = out.buffer.getvalue().decode("utf-8")
        return Said(code, json.loads(written) if written.strip() else None, err.getvalue())

    def play(self, *words: str, actor: str | None = None, at: str | None = None, codes: Sequence[int] = (0, 3)) -> Any:
        """As `run`, for a command line that must succeed; gives its JSON."""
        said = self.run(*words, actor=actor, at=at)
        if said.code not in codes:
            raise AssertionError(f"mingzhang {' '.join(words)}: exit code {said.code}, {said.document}")
        return said.document

    def size(self) -> int:
        return int(self.play("status")["size"])
