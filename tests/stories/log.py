"""Reads a journal's file past the program and lists what a log may never show: gaps, torn transactions, wrong digests."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from eventsourcing.persistence import StoredEvent

from mingzhang.domain.transaction import members_digest


class Row(NamedTuple):
    leaf: int
    stream: str
    version: int
    topic: str
    state: bytes
    recorded_at: str


def rows(ledger: Path) -> list[Row]:
    """Every event, in the order of the log."""
    with closing(sqlite3.connect(ledger / "journal.db")) as connection:
        return [Row(*row) for row in connection.execute("SELECT * FROM events ORDER BY leaf_index")]


def problems(log: list[Row]) -> list[str]:
    """What is wrong; nothing in a log of whole transactions."""
    found = [f"leaf {row.leaf} stands at place {place}" for place, row in enumerate(log) if row.leaf != place]
    versions: Counter[str] = Counter()
    for row in log:
        versions[row.stream] += 1
        if row.version != versions[row.stream]:
            found.append(f"{row.stream}@{row.version} is event {versions[row.stream]} of its stream")
    found += [f"leaf {later.leaf} is dated back" for row, later in pairwise(log) if later.recorded_at < row.recorded_at]
    place = 0
    while place < len(log):
        opening = log[place]
        if opening.topic != "transaction.recorded":
            found.append(f"leaf {place} belongs to no transaction")
            place += 1
            continue
        said = json.loads(opening.state)
        members = log[place + 1 : place + 1 + said["members"]]
        stored = [StoredEvent(row.stream, row.version, row.topic, row.state) for row in members]
        if len(members) != said["members"] or members_digest(stored) != said["digest"]:
            found.append(f"the transaction at leaf {place} is not whole")
        if {row.recorded_at for row in members} - {opening.recorded_at}:
            found.append(f"the transaction at leaf {place} was recorded at several instants")
        place += 1 + said["members"]
    return found


def streams(log: list[Row], topic: str) -> list[str]:
    """The streams of all events of a topic, in order."""
    return [row.stream for row in log if row.topic == topic]
