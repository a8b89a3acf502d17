"""Small ledgers to try things on, invented workbooks, and command lines in processes of their own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from tests.stories.player import Player, Said
from tests.workbooks.made_up import HEADER, row_of, write_xlsx

ROUND = "2020-spring"
DAY = "2020-03-16"
LONGEST = 60  # seconds


def new_ledger(ledger: Path) -> Player:
    """A rehearsal ledger on plan S0 with its spring round open."""
    player = Player(ledger)
    player.play("init", "--rehearsal", "--plan", "fuxin-2020", actor="administrator", at="2020-03-02T08:00:00")
    player.play("survey", "open", ROUND, actor="clerk", at="2020-03-02T09:00:00")
    return player


def copy_of(template: Player, ledger: Path) -> Player:
    """The same ledger again, elsewhere."""
    shutil.copytree(template.ledger, ledger)
    return Player(ledger)


def survey_file(path: Path, persons: Iterable[int], unit: str = "师范系", **changed: object) -> Path:
    """A survey workbook of invented people, all valid unless `changed` says otherwise."""
    rows = [row_of(person, 院系=unit, **changed) for person in persons]
    return write_xlsx(path, [HEADER, *rows])


def import_words(*files: Path, round_id: str = ROUND) -> list[str]:
    return ["survey", "import", *map(str, files), "--round", round_id]


def command(player: Player, *words: str, actor: str | None = "surveyor", at: str | None = f"{DAY}T10:00:00") -> list[str]:
    """The command line as a process of its own is given it."""
    line = [sys.executable, "-m", "mingzhang.cli", "--ledger", str(player.ledger), "--lang", "zh", "--json"]
    return [*line, *(["--as", actor] if actor else []), *(["--now", f"{at}+08:00"] if at else []), *words]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONUTF8": "1", **more}


def spawn(
    player: Player,
    *words: str,
    actor: str | None = "surveyor",
    at: str | None = f"{DAY}T10:00:00",
    env: Mapping[str, str] | None = None,
    preexec: Callable[[], None] | None = None,
) -> Said:
    """Runs a command line in a process of its own and waits for it. What limits that process must not meet the coverage it would write."""
    surroundings = environment(**(env or {}))
    if preexec is not None:
        surroundings = {name: value for name, value in surroundings.items() if not name.startswith("COVERAGE_")}
    done = subprocess.run(
        command(player, *words, actor=actor, at=at),
        env=surroundings,
        preexec_fn=preexec,
        capture_output=True,
        timeout=LONGEST,
        check=False,
    )
    return answer_of(done.returncode, done.stdout, done.stderr)


def answer_of(code: int, out: bytes, err: bytes) -> Said:
    text = out.decode("utf-8")
    return Said(code, json.loads(text) if text.strip() else None, err.decode("utf-8", errors="replace"))


def refusal(said: Said) -> tuple[int, str | None, bool, bool]:
    """Exit code, code, whether a next step is given, whether a traceback is seen: `(1, code, True, False)` is a proper refusal."""
    document = said.document if isinstance(said.document, dict) else {}
    return said.code, document.get("refused"), bool(document.get("next")), "Traceback" in said.stderr


def properly(code: str, exit_code: int = 1) -> tuple[int, str, bool, bool]:
    return exit_code, code, True, False


def real_ledger(ledger: Path) -> Player:
    """A ledger by the machine's own clock, as an office keeps it, with its spring round open."""
    player = Player(ledger)
    player.play("init", "--plan", "fuxin-2020", "--administrator", "administrator")
    for staff in ("surveyor", "clerk"):
        words = ["staff", "appoint", staff, "--role", staff, "--unit", "bureau"]
        player.play(*words, actor="administrator")
    player.play("survey", "open", ROUND, actor="clerk")
    return player
