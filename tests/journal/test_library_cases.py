"""What the eventsourcing library asks of every recorder and factory holds for ours too: its own test cases, run on a
real file.
"""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any
from unittest import TestCase
from uuid import uuid4

import eventsourcing.cryptography
from eventsourcing.persistence import AggregateRecorder, ApplicationRecorder, ProcessRecorder, TrackingRecorder
from eventsourcing.sqlite import SQLiteAggregateRecorder, SQLiteProcessRecorder, SQLiteTrackingRecorder
from eventsourcing.utils import Environment

from mingzhang.domain.journal.sqlite import SQLiteJournalFactory, SQLiteJournalRecorder

from .ledgers import opened

# The cases import a cipher that stands on pycryptodome; the library has the same on `cryptography`, which we have.
sys.modules.setdefault("eventsourcing.cipher", eventsourcing.cryptography)
from eventsourcing.tests import persistence as library_cases  # noqa: E402


class OnAFile(TestCase):
    """Gives each test a folder of its own and closes what was opened in it."""

    def setUp(self) -> None:
        self.folder = Path(mkdtemp())
        self.addCleanup(rmtree, self.folder)
        super().setUp()

    def new_originator_id(self) -> str:
        return f"entry/2020-spring/{uuid4()}"

    def create_recorder(self) -> SQLiteJournalRecorder:
        recorder = opened(self.folder / "journal.db")
        self.addCleanup(recorder.datastore.close)
        return recorder


class TestApplicationRecorder(OnAFile, library_cases.ApplicationRecorderTestCase[Any]):
    pass


class TestNotificationIDsDoNotInterleave(OnAFile, library_cases.NonInterleavingNotificationIDsBaseCase):
    pass


class TestInfrastructureFactory(OnAFile, library_cases.InfrastructureFactoryTestCase[SQLiteJournalFactory]):
    def setUp(self) -> None:
        self.env = Environment("TestCase")
        self.env["PERSISTENCE_MODULE"] = SQLiteJournalFactory.__module__
        folder = Path(mkdtemp())
        self.addCleanup(rmtree, folder)
        self.env["SQLITE_DBNAME"] = str(folder / "journal.db")
        super().setUp()

    def expected_factory_class(self) -> type[SQLiteJournalFactory]:
        return SQLiteJournalFactory

    def expected_aggregate_recorder_class(self) -> type[AggregateRecorder]:
        return SQLiteAggregateRecorder

    def expected_application_recorder_class(self) -> type[ApplicationRecorder]:
        return SQLiteJournalRecorder

    def expected_tracking_recorder_class(self) -> type[TrackingRecorder]:
        return SQLiteTrackingRecorder

    def tracking_recorder_subclass(self) -> type[TrackingRecorder]:
        return TrackingRecorderOfSomebodyElse

    def expected_process_recorder_class(self) -> type[ProcessRecorder]:
        return SQLiteProcessRecorder


class TrackingRecorderOfSomebodyElse(SQLiteTrackingRecorder):
    pass


def test_the_factory_hands_its_clock_to_the_recorder(tmp_path: Path) -> None:
    with SQLiteJournalFactory({"SQLITE_DBNAME": str(tmp_path / "journal.db")}) as factory:
        factory.clock = clock = opened(tmp_path / "other.db").clock
        assert factory.application_recorder().clock is clock
        factory.close()
