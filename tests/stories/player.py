"""A quiet stage: plays command lines in this process as different people at different times, and keeps what each one answered."""

from __future__ import annotations

from pathlib import Path

from mingzhang.cli.demo.stage import Said, Stage
from mingzhang.cli.options import Globals

__all__ = ["Player", "Said"]


class Player(Stage):
    """One ledger, on which anybody acts at any time. `printed`: what was printed so far, on both channels, but for what was asked for in
    full."""

    def __init__(self, ledger: Path) -> None:
        super().__init__(Globals(str(ledger), None, "zh", json=False, quiet=True, now=None), ledger.parent, ledger)
        self.printed: list[str] = []

    def _played(self, words: list[str]) -> tuple[int, str, str]:
        code, out, err = super()._played(words)
        if "--reveal" not in words:
            self.printed += [out, err]
        return code, out, err
