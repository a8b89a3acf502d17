"""Whoever waits longer than a second sees how far it is; a pipe, `--quiet` and `--json` see nothing.

rich is imported only when there is something to show.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from .options import Globals

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

T = TypeVar("T")
PATIENCE_SECONDS = 1.0


class Bar:
    """A bar on stderr that appears after a second: `with Bar(globals, "…", total) as bar: bar.advance(n)`."""

    def __init__(
        self,
        globals: Globals,
        label: str,
        total: int | None,
        *,
        elapsed: Callable[[], float] = monotonic,
        shown: bool | None = None,
    ) -> None:
        self._label = label
        self._total = total
        self._elapsed = elapsed
        self._wanted = (sys.stderr.isatty() if shown is None else shown) and not globals.quiet and not globals.json
        self._done = 0
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._started = elapsed()

    def __enter__(self) -> Bar:
        self._started = self._elapsed()
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._progress is not None:
            self._progress.stop()

    @property
    def visible(self) -> bool:
        """Whether anything has been drawn."""
        return self._progress is not None

    def advance(self, count: int = 1) -> None:
        """`count` more are done."""
        self.at(self._done + count, self._total)

    def at(self, done: int, total: int | None) -> None:
        """`done` of `total` are done; the form in which the ledger reports."""
        self._done, self._total = done, total
        if not self._wanted:
            return
        if self._progress is None:
            if self._elapsed() - self._started < PATIENCE_SECONDS:
                return
            self._begin()
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, completed=done, total=total)

    def _begin(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,  # the answer is what stays on the screen
        )
        self._task = self._progress.add_task(self._label, total=self._total)
        self._progress.start()


@contextmanager
def counted(globals: Globals, label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar to hand to `execute_many` as `on_progress`: it is called with (done, total)."""
    with Bar(globals, label, None) as bar:
        yield bar.at


def tracked(globals: Globals, label: str, members: Iterable[T], total: int | None = None) -> Iterator[T]:
    """The members one by one, with a bar where somebody watches and it takes longer than a second."""
    if total is None and isinstance(members, Sized):
        total = len(members)
    with Bar(globals, label, total) as bar:
        for member in members:
            yield member
            bar.advance()
