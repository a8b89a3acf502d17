"""The second process leaves nothing behind: it ends with the one it was split off from, and what goes wrong in it is told there alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from mingzhang.domain.forked import forked

TELLS_MUCH = """
import os, pathlib, sys, time
from mingzhang.domain.forked import forked

def work(to_us):
    pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))
    time.sleep(0.5)
    to_us.send(b"synthetic" * 1_000_000)

with forked(work):
    time.sleep(60)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_it_ends_though_the_first_was_killed_before_it_could_listen(how: signal.Signals, tmp_path: Path) -> None:
    told = tmp_path / "pid"
    with subprocess.Popen([sys.executable, "-c", TELLS_MUCH, str(told)], stderr=subprocess.PIPE) as first:
        while not told.exists() or not told.read_text():
            time.sleep(0.05)
        first.send_signal(how)
        assert first.communicate(timeout=30)[1] == b""  # open as long as one of the two lives
    second = Path("/proc", told.read_text(), "cmdline")
    assert not second.exists() or second.read_bytes() == b""  # gone, or nobody has asked after it yet


def test_what_goes_wrong_in_it_is_not_told_twice(capfd: pytest.CaptureFixture[str]) -> None:
    def work(_to_us: Connection) -> None:
        raise MemoryError(f"synthetic, in {os.getpid()}")

    with forked(work) as heard, pytest.raises(EOFError):
        assert heard is not None
        heard.recv()
    assert capfd.readouterr().err == ""
