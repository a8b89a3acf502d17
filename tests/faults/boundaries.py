"""Stops a command at one of its writes: killed before it, or told that the disk is full or has failed.

`strace` (Debian package of that name) does it from outside: the program under test is the one that people use, and so is the disk. Only
what goes to the files that must not tear is counted; which these are is an argument. The command runs in a fork of a process that has the
program loaded (warm.py), since starting it anew takes five times as long as all the rest.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT
from tests.faults.warm import UNTRACED
from tests.stories.player import Said
from tests.stories.practice import LONGEST, answer_of, environment

WRITES = ("write", "pwrite64", "writev", "ftruncate", "fsync", "fdatasync", "unlink", "unlinkat", "rename", "renameat", "renameat2", "link")
"""System calls that change a file or make a change last. What maps a file into memory (SQLite's -shm) holds no facts."""

_CALL = re.compile(r"^\d+ +(\w+)\(", re.MULTILINE)


def need_strace() -> None:
    """Leaves a test out, loudly, on a machine where writes cannot be stopped; .ci/run installs what is needed."""
    reason = _unusable()
    if reason:
        warnings.warn(reason, stacklevel=2)
        pytest.skip(reason)


@cache
def _unusable() -> str:
    if shutil.which("strace") is None:
        return "strace is not installed (Debian: apt-get install strace): NO write is being stopped here"
    tried = subprocess.run(["strace", "-f", "-o", "/dev/null", "true"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "strace may not trace here: NO write is being stopped"


def journal_and_vault(ledger: Path) -> list[Path]:
    """The files in which a torn write would be a torn record."""
    stems = (ledger / "journal.db", ledger / "keys" / "vault.db")
    return [stem.with_name(stem.name + suffix) for stem in stems for suffix in ("", "-wal")]


def writes_of(line: Sequence[str], files: Sequence[Path]) -> Counter[str]:
    """How often the command changes one of these files, by system call; the command does what it does."""
    with tempfile.NamedTemporaryFile("r", suffix=".strace") as found:
        status, _out, err = _traced(line, files, "-o", found.name)
        assert os.waitstatus_to_exitcode(status) == 0, err[-400:]
        return Counter(call for call in _CALL.findall(found.read()) if call in WRITES)


def killed_before(line: Sequence[str], files: Sequence[Path], call: str, number: int) -> bool:
    """Runs the command and kills it as it is about to do its number-th such call (from 1); whether it came that far."""
    status, _out, _err = _traced(line, files, "-o", "/dev/null", "-e", f"inject={call}:signal=KILL:when={number}")
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def told(line: Sequence[str], files: Sequence[Path], call: str, error: str, when: str) -> Said:
    """Runs the command while the system answers such calls with an error: `when` is strace's (`3`: the third; `3+`: from the third on)."""
    status, out, err = _traced(line, files, "-o", "/dev/null", "-e", f"inject={call}:error={error}:when={when}")
    return answer_of(os.waitstatus_to_exitcode(status), out, err)


def _traced(line: Sequence[str], files: Sequence[Path], *words: str) -> tuple[int, bytes, bytes]:
    """The wait status of the command, and what it printed on its two channels."""
    paths = [word for file in files for word in ("-P", str(file))]
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        asked = {"words": list(line[line.index("mingzhang.cli") + 1 :]), "out": str(out), "err": str(err)}
        warm = _warm()
        warm.write(json.dumps(asked) + "\n")
        traced = ["strace", "-f", "-qq", "-p", warm.readline().strip(), "-e", "trace=" + ",".join(WRITES), *paths, *words]
        done = subprocess.run(traced, capture_output=True, timeout=LONGEST * 2, check=False)
        status = int(warm.readline())
        assert os.waitstatus_to_exitcode(status) != UNTRACED, done.stderr[-400:]
        return status, out.read_bytes(), err.read_bytes()


class _Warm:
    """The process of warm.py: a line in, a line out."""

    def __init__(self) -> None:
        # What is killed writes no coverage, and a full disk must not meet the coverage of the test.
        surroundings = {name: value for name, value in environment().items() if not name.startswith("COVERAGE_")}
        line = [sys.executable, "-m", "tests.faults.warm"]
        self._process = subprocess.Popen(line, cwd=CHECKOUT, env=surroundings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        atexit.register(self._process.kill)

    def write(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line)
        self._process.stdin.flush()

    def readline(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


@cache
def _warm() -> _Warm:
    return _Warm()
