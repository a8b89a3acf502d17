"""A small ledger with a past worth attacking: several people signed it, one was relieved, one lost a key, a checkpoint left the house.

The ledger is lived through the commands, once; every attack gets a copy of its own.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mingzhang.cli.signing.key_file import practice_signer
from mingzhang.domain.signing import Signer
from tests.stories.player import Player
from tests.stories.practice import ROUND, new_ledger, survey_file

CHECKPOINT = "检查点.txt"
LAST = "2020-03-20T10:00:00"


@dataclass(frozen=True)
class Victim:
    """A copied ledger. `outside` is the checkpoint that was kept elsewhere, of the whole log as it was; `player` types its commands."""

    folder: Path

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger"

    @property
    def journal(self) -> Path:
        return self.ledger / "journal.db"

    @property
    def outside(self) -> Path:
        return self.folder / CHECKPOINT

    @property
    def earlier(self) -> Path:
        """A copy of the ledger's whole folder from before its last transactions."""
        return self.folder / "earlier"

    @property
    def other(self) -> Path:
        """Another ledger, of another office."""
        return self.folder / "other"

    @cached_property
    def player(self) -> Player:
        return Player(self.ledger)

    def signer(self, staff: str) -> Signer:
        """Somebody's key, as an attacker has it who is that person, or has stolen it."""
        found = practice_signer(self.ledger / "keys" / "practice.key", staff)
        if found is None:
            raise FileNotFoundError("practice.key")
        return found


def lived(folder: Path) -> Victim:
    """The ledger, its checkpoint, an older copy of it, and another office's ledger, all in `folder`."""
    victim = Victim(folder)
    player = new_ledger(victim.ledger)
    first, second = (survey_file(folder / f"{name}.xlsx", persons, 银行卡号="6299000000000007") for name, persons in
                     (("甲", range(1, 91)), ("乙", range(91, 131))))  # fmt: skip
    player.play("survey", "import", str(first), "--round", ROUND, actor="surveyor", at="2020-03-16T09:00:00")
    for staff in ("former", "keyless", "colleague"):
        player.play("staff", "appoint", staff, "--role", "surveyor", "--unit", "bureau", actor="administrator", at="2020-03-16T10:00:00")
    player.play("staff", "relieve", "former", "--role", "surveyor", "--unit", "bureau", actor="administrator", at="2020-03-17T09:00:00")
    player.play("staff", "key", "revoke", "keyless", "--reason", "lost", actor="administrator", at="2020-03-17T10:00:00")
    player.play("survey", "import", str(second), "--round", ROUND, actor="surveyor", at="2020-03-18T09:00:00")
    player.play("unit", "register", "hunong", "--name", "护农系", "--kind", "department", "--under", "bureau", actor="administrator",
                at="2020-03-18T10:00:00")  # fmt: skip
    player.play("checkpoint", at="2020-03-18T11:00:00")
    shutil.copytree(victim.ledger, victim.earlier)
    player.play("survey", "submit", "--round", ROUND, "--unit", "师范系", actor="surveyor", at="2020-03-20T09:00:00")
    player.play("survey", "open", "2020-autumn", actor="clerk", at=LAST)
    player.play("checkpoint", "--out", str(victim.outside), at=LAST)
    player.ask("status")
    new_ledger(victim.other)
    return victim


def copied(victim: Victim, folder: Path) -> Victim:
    shutil.copytree(victim.folder, folder)
    return Victim(folder)
