"""A bar for whoever waits longer than a second, and for nobody else."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

from mingzhang.cli.options import Globals
from mingzhang.cli.progress import Bar, counted, tracked

ASKED = Globals("here", None, "zh", json=False, quiet=False, now=None)
QUIET = Globals("here", None, "zh", json=False, quiet=True, now=None)
JSON = Globals("here", None, "zh", json=True, quiet=False, now=None)


class Watch:
    """A stop-watch that is set by hand."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def bar_after(seconds: float, globals: Globals, *, terminal: bool = True) -> bool:
    watch = Watch()
    with Bar(globals, "导入", 10, elapsed=watch, shown=terminal) as bar:
        watch.seconds = seconds
        bar.advance(3)
        return bar.visible


def test_work_shorter_than_a_second_shows_no_bar() -> None:
    assert not bar_after(0.9, ASKED)


def test_work_longer_than_a_second_shows_a_bar() -> None:
    assert bar_after(1.1, ASKED)


@pytest.mark.parametrize(("globals", "terminal"), [(QUIET, True), (JSON, True), (ASKED, False)])
def test_a_pipe_quiet_and_json_show_none(globals: Globals, terminal: bool) -> None:
    assert not bar_after(5, globals, terminal=terminal)


def test_tracking_passes_every_member_on() -> None:
    assert list(tracked(ASKED, "导入", [1, 2, 3])) == [1, 2, 3]


def test_a_count_of_done_and_total_is_taken_as_the_ledger_gives_it() -> None:
    watch = Watch()
    with Bar(ASKED, "导入", None, elapsed=watch, shown=True) as bar:
        watch.seconds = 2
        bar.at(256, 1000)
        assert bar.visible
    with counted(QUIET, "导入") as report:
        report(256, 1000)


def on_a_terminal(code: str, **environ: str) -> str:
    """What a program prints when its three streams are a terminal."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen([sys.executable, "-c", code], stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, **environ})
    os.close(theirs)
    said = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # Linux says so when the other end is closed
            break
        if not piece:
            break
        said += piece
    child.wait()
    os.close(ours)
    return said.decode()


def test_a_table_on_a_terminal_has_a_bold_head_and_fits_it() -> None:
    said = on_a_terminal(
        "from mingzhang.cli.output import Column, table\ntable([Column('单位', 'u')], [{'u': '师范系' * 20}])",
        COLUMNS="40",
        TERM="xterm",
    )
    lines = said.replace("\r", "").splitlines()
    assert lines[0].startswith("\x1b[1m")
    assert max(len(line) for line in lines[2:]) <= 20
