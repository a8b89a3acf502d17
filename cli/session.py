"""What a command needs of an open ledger, each part opened when it is first asked for and closed at the end of the command.

Here the outer world comes in: the clock, randomness, the passphrase, who is asking. Below this page nothing reads any of them.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mingzhang.domain.command import Command
from mingzhang.domain.journal.sqlite_errors import refusal
from mingzhang.domain.ledger import Execution, Ledger, Seen, SignerOf
from mingzhang.domain.plan.adoption import AdoptedPlan
from mingzhang.domain.plan.vocabulary import Plan
from mingzhang.domain.refusal import Refused
from mingzhang.domain.sealed import Sealed
from mingzhang.domain.streams import Streams
from mingzhang.domain.vault.master import load_master_key
from mingzhang.domain.vault.vault import Vault
from mingzhang.domain.vault.without_keys import WithoutKeys

from .clock import KnownAt, LogSize, RehearsalClock, SystemClock, day_of
from .folder import LedgerFolder, read_folder
from .keeping.damage import named, refuse_lost_wal
from .keeping.opening import check_opening
from .options import RECORDED, SESSION, Globals
from .privacy.finishing import finish_erasures
from .signing.key_ring import KeyRing

if TYPE_CHECKING:
    from mingzhang.projections.asof import AsOf
    from mingzhang.projections.engine import Engine

    from .evidence.handing_in import HandedIn

PASSPHRASE = "MINGZHANG_PASSPHRASE"


class Session:
    """One command's view of one ledger. Use as a context manager. also_shorter: also of a log that has lost records."""

    def __init__(self, globals: Globals, *, also_shorter: bool = False) -> None:
        self.globals = globals
        self._also_shorter = also_shorter
        self._closing: list[Callable[[], None]] = []
        self._asked: dict[tuple[date | None, KnownAt | None], AsOf] = {}

    def __enter__(self) -> Session:
        context = click.get_current_context(silent=True)
        if context is not None:  # so that a file of tables can say what it answered from
            before = context.meta.get(SESSION)
            context.meta[SESSION] = self
            self._closing.append(lambda: context.meta.update({SESSION: before}))
        return self

    def __exit__(self, _kind: object = None, problem: BaseException | None = None, _trace: object = None) -> None:
        while self._closing:
            self._closing.pop()()
        if isinstance(problem, Refused) and problem.code == "ledger_damaged" and "folder" in self.__dict__:
            raise named(problem, self.folder) from problem
        error = _of_the_world(problem)
        if error is None or _has_recorded():
            return
        if "engine" in self.__dict__ and _is_derived(problem) and error.code == "ledger_damaged":
            discard_projections(self.folder)
            raise Refused("projections_replaced") from problem
        raise named(error, self.folder) from problem

    @cached_property
    def folder(self) -> LedgerFolder:
        folder = read_folder(Path(self.globals.ledger))
        if self.globals.now is not None and not folder.rehearsal:
            raise Refused("clock_only_in_rehearsal")
        refuse_lost_wal(folder)
        return folder

    @property
    def rehearsal(self) -> bool:
        return self.folder.rehearsal

    @cached_property
    def clock(self) -> Callable[[], datetime]:
        if self.globals.now is None:
            return SystemClock()
        last = self._last_recorded()
        return RehearsalClock(self.globals.now, last)

    def _last_recorded(self) -> datetime | None:
        """When the newest event was recorded, asked before the ledger has its clock."""
        with open_ledger(self.folder, SystemClock()) as ledger:
            check_opening(ledger.journal, self.folder, also_shorter=self._also_shorter)
            recorded_at = ledger.journal.head().recorded_at
        return datetime.fromisoformat(recorded_at) if recorded_at else None

    @cached_property
    def today(self) -> date:
        return day_of(self.clock())

    @cached_property
    def ledger(self) -> Ledger:
        ledger = make_ledger(self.folder, self.clock, signer=self.keys.signer)
        self._closing.append(ledger.close)
        if self.globals.now is None:  # else the clock has looked already
            check_opening(ledger.journal, self.folder, also_shorter=self._also_shorter)
        return ledger

    @cached_property
    def keys(self) -> KeyRing:
        """The signing keys; nothing is opened, and nobody asked for a passphrase, before something is to be recorded."""
        return KeyRing(self.folder, Path(self.globals.key) if self.globals.key else None)

    @cached_property
    def vault(self) -> Vault:
        if self.globals.without_names:
            return WithoutKeys()
        key = load_master_key(self.folder.master_key, passphrase())
        vault = Vault.open(self.folder.vault, key, secrets.token_bytes)
        self._closing.append(vault.close)
        finish_erasures(self.folder, self.ledger.journal, vault)
        return vault

    @cached_property
    def engine(self) -> Engine:
        """The projections, caught up with the journal."""
        from mingzhang.projections.questions import open_engine

        engine = open_engine(self.folder.projections, self.folder.ledger_id, self.ledger.journal)
        self._closing.append(engine.close)
        engine.catch_up()
        return engine

    @cached_property
    def streams(self) -> Streams:
        """Current states, for commands that need to look before they decide what to ask for."""
        return self.ledger.streams()

    def seal_text(self, text: str) -> Sealed:
        """Free text that is about no one person: sealed under a key of its own, so that it can be erased by itself if it names somebody
        after all."""
        return self.vault.seal(self.vault.new_subject("t"), {"text": text})

    def seal_reason(self, student: str, reason: str) -> Sealed:
        """Why something about a student comes to its end, under their own key; of somebody erased, whose key is gone, as text about no
        one."""
        try:
            return self.vault.seal(student, {"reason": reason})
        except Refused as refused:
            if refused.code != "person_erased":
                raise
        return self.seal_text(reason)

    def forget_streams(self) -> None:
        """The next look at `streams` reads the journal as it is then."""
        self.__dict__.pop("streams", None)

    @property
    def actor(self) -> str:
        if not self.globals.acting_as:
            raise Refused("staff_needed")
        return self.globals.acting_as

    @cached_property
    def handed_in(self) -> HandedIn:
        from .evidence.handing_in import HandedIn

        return HandedIn(self)

    def hand_in(self, file: Path) -> str:
        """Takes a document that the next command names by the SHA-256 this gives; it is kept together with the facts that name it."""
        return self.handed_in.take(file)

    def _with_documents(self, commands: Sequence[Command]) -> AbstractContextManager[Sequence[Command]]:
        """The commands, with the documents that were handed in for them, if any were."""
        return self.handed_in.kept_with(commands) if "handed_in" in self.__dict__ else nullcontext(commands)

    def execute(self, command: Command) -> Execution:
        return self.execute_many((command,))

    def execute_many(
        self,
        commands: Sequence[Command],
        *,
        file_sha256: Sequence[str] = (),
        collect: bool = False,
        on_progress: Callable[[int, int], None] | None = None,
        seen: Seen | None = None,
    ) -> Execution:
        self._need_names()
        with self._with_documents(commands) as whole:
            return self._noted(
                self.ledger.execute_many(
                    whole, actor=self.actor, file_sha256=file_sha256, collect=collect, on_progress=on_progress, seen=seen
                )
            )

    def foresee(self, command: Command) -> None:
        """Refuses now what recording the command would refuse: before a key is made for it, or its passphrase asked for."""
        self._need_names()
        self.ledger.foresee(command, actor=self.actor)

    def _need_names(self) -> None:
        """What is recorded is never decided on lists whose names could not be read. Refused `keys_left_out`."""
        if self.globals.without_names:
            raise Refused("keys_left_out")

    def _noted(self, execution: Execution) -> Execution:
        """An interruption after this point must not claim that nothing was recorded. Projections are behind now: the next view of them
        catches up, so that a disk too full for them cannot make a recorded command look like a failed one."""
        context = click.get_current_context(silent=True)
        if context is not None and execution.recorded:
            context.meta[RECORDED] = True
        self.forget_streams()
        return execution

    def size_known_at(self, known_at: KnownAt | None) -> int:
        """The log size a question means; None is now. Refused `log_size_unknown` beyond the log."""
        size = self.ledger.journal.head().size
        if known_at is None:
            return size
        if isinstance(known_at, LogSize):
            if known_at.size > size:
                raise Refused("log_size_unknown", size=known_at.size, last=size)
            return known_at.size
        if known_at.at > self.clock().astimezone(UTC):
            raise Refused("log_size_unknown", size=known_at.recorded_at, last=size)
        return self.ledger.journal.size_at(known_at.recorded_at)

    def as_of(self, on: date | None, known_at: KnownAt | None) -> AsOf:
        from mingzhang.projections.asof import AsOf

        found = AsOf(on or self.today, self.size_known_at(known_at))
        self._asked.setdefault((on, known_at), found)
        return found

    def asked(self, on: date | None, known_at: KnownAt | None) -> tuple[date, int]:
        """The day and the log size such a question was answered from: those of the first time it was asked here, since a disclosure that
        was recorded after it makes the log longer."""
        found = self._asked.get((on, known_at)) or self.as_of(on, known_at)
        return found.effective_on, found.known_at

    def adopted_plans(self, *, also_repealed: bool = False) -> list[Plan]:
        """Every plan that decides today, in the version of today, in the order of their codes; repealed ones in their last version."""
        from mingzhang.domain.plan.bundled import bundled_codes
        from mingzhang.projections.register import plan_codes

        found = []
        self.engine.catch_up()
        with self.engine.connection() as connection:
            codes = plan_codes(connection)
        for code in sorted({*codes, *bundled_codes()}):
            adopted = self.streams.read(AdoptedPlan, code)
            version = adopted.version_on(self.today)
            if version is None and also_repealed and adopted.repealed_on is not None:
                version = adopted.version_on(adopted.repealed_on - timedelta(days=1))
            if version is not None:
                found.append(version.plan)
        return found

    def scheme(self, written: str) -> str:
        """A scheme as stored, `<plan>.<scheme>`, from how it was written: with its plan or, where only one plan has it, without."""
        if "." in written:
            return written
        plans = self.adopted_plans()
        having = [plan.code for plan in plans if any(s.code == written for s in plan.schemes)]
        if not having:  # what a repealed plan has awarded is still paid
            plans = self.adopted_plans(also_repealed=True)
            having = [plan.code for plan in plans if any(s.code == written for s in plan.schemes)]
        if len(having) != 1:
            known = [f"{plan.code}.{scheme.code}" for plan in plans for scheme in plan.schemes]
            raise Refused("scheme_ambiguous" if having else "scheme_unknown", scheme=written, schemes=known)
        return f"{having[0]}.{written}"


def passphrase() -> str | None:
    """The passphrase of the master key, where it has one; given in the environment, never on the command line, where others see it."""
    return os.environ.get(PASSPHRASE) or None


def make_ledger(
    folder: LedgerFolder, clock: Callable[[], datetime], *, new: bool = False, signer: SignerOf | None = None
) -> Ledger:
    """The ledger of a folder; only a `new` one gets an empty log where there is none. Without a signer it is for reading."""
    return Ledger(
        ledger_id=folder.ledger_id,
        env={
            "PERSISTENCE_MODULE": "mingzhang.domain.journal.sqlite",
            "SQLITE_DBNAME": str(folder.journal),
            "CREATE_TABLE": "yes" if new else "no",
        },
        clock=clock,
        random_bytes=secrets.token_bytes,
        signer=signer,
    )


def _has_recorded() -> bool:
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(RECORDED))


def _is_derived(problem: BaseException | None) -> bool:
    """Whether a database error comes from the projections, the only tables that are read through SQLAlchemy."""
    from sqlalchemy.exc import DBAPIError

    return isinstance(problem, DBAPIError)


def discard_projections(folder: LedgerFolder) -> None:
    """Takes derived tables away that cannot be read; the next question makes them anew from the log."""
    for suffix in ("", "-wal", "-shm"):
        folder.projections.with_name(folder.projections.name + suffix).unlink(missing_ok=True)


def _of_the_world(problem: BaseException | None) -> Refused | None:
    """The refusal for a disk that is full, failed or read-only, whichever of the ledger's files met it; None for any other problem."""
    cause = problem
    while cause is not None and not isinstance(cause, sqlite3.Error):
        cause = getattr(cause, "orig", None) or cause.__cause__
    return refusal(cause, 0) if cause is not None and not isinstance(problem, Refused) else None


@contextmanager
def open_ledger(folder: LedgerFolder, clock: Callable[[], datetime]) -> Iterator[Ledger]:
    ledger = make_ledger(folder, clock)
    try:
        yield ledger
    finally:
        ledger.close()


def new_id(prefix: str) -> str:
    """An opaque identifier that nobody has chosen: `batch-4F7KQ2`. Crockford's letters, which are not mistaken for digits."""
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    return f"{prefix}-" + "".join(secrets.choice(letters) for _ in range(8))
