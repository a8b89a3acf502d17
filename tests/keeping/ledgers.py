"""A practice ledger with people in it, and programs killed at the very point where something was to be on the disk."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.stories.player import Player
from tests.stories.practice import LONGEST, environment, import_words, new_ledger, survey_file

AT = "2020-03-16T10:00:00"
_KILLED = """
import os, signal, sys
real, left = os.fsync, [int(sys.argv.pop(1))]
def fsync(descriptor):
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    real(descriptor)
os.fsync = fsync
from mingzhang.cli.app import main
main()
"""


def filled(folder: Path, people: int = 30) -> Player:
    """A rehearsal ledger with survey entries, asked once, so that it has projections too."""
    player = new_ledger(folder / "ledger")
    player.play(*import_words(survey_file(folder / "册.xlsx", range(people))), actor="surveyor", at="2020-03-15T10:00:00")
    player.play("status")
    return player


def more(player: Player, number: int, at: str = AT) -> None:
    """One more transaction."""
    player.play("survey", "open", f"20{21 + number}-spring", actor="clerk", at=at)


def kept_in(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def killed_at_sync(number: int, *words: str) -> bool:
    """Runs a command line that is killed instead of bringing its n-th file or folder to the disk; whether it came so far."""
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, str(number), "--lang", "zh", *words],
        env={name: value for name, value in environment().items() if not name.startswith("COVERAGE_")},
        capture_output=True,
        timeout=LONGEST,
        check=False,
    )
    return done.returncode == -9


def without(path: Path) -> Path:
    """The path, after whatever lay there is gone."""
    shutil.rmtree(path, ignore_errors=True)
    return path
