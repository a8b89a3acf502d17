"""Attacks on the file of the log by somebody who holds no key: single columns, rows, tiles, indexes, guards, and what lies beside it.

Each changes a copied ledger and gives the first event that is not as it was (None where no event is concerned).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable

from tests.attacks.forging import (
    by,
    members_of,
    put,
    redigested,
    rows_of,
    said,
    saying,
    transactions,
    unguarded,
)
from tests.attacks.ledger import Victim

Attack = Callable[[Victim], int | None]

ENTRY = 100
"""A leaf in the middle of the surveyor's first import."""


def set_column(column: str, value: str) -> Attack:
    """One column of one event is something else; nothing else is touched."""

    def attack(victim: Victim) -> int:
        with unguarded(victim.journal) as connection:
            connection.execute(f"UPDATE events SET {column} = {value} WHERE leaf_index = ?", (ENTRY,))
        return ENTRY

    return attack


def one_bit(victim: Victim) -> int:
    """A single bit of a sealed box."""
    rows = rows_of(victim.journal)
    state = bytearray(rows[ENTRY].state)
    state[state.index(b'"box":"') + 20] ^= 1
    with unguarded(victim.journal) as connection:
        connection.execute("UPDATE events SET state = ? WHERE leaf_index = ?", (bytes(state), ENTRY))
    return ENTRY


def moved_to_the_end(victim: Victim) -> int:
    with unguarded(victim.journal) as connection:
        connection.execute("UPDATE events SET leaf_index = (SELECT max(leaf_index) + 1 FROM events) WHERE leaf_index = ?", (ENTRY,))
    return ENTRY


def deleted(victim: Victim) -> int:
    with unguarded(victim.journal) as connection:
        connection.execute("DELETE FROM events WHERE leaf_index = ?", (ENTRY,))
    return ENTRY


def deleted_transaction(victim: Victim) -> int:
    rows = rows_of(victim.journal)
    start = by(rows, "administrator")
    put(victim.journal, [*rows[:start], *rows[members_of(rows, start) :]], tree=False)
    return start


def deleted_and_renumbered(victim: Victim) -> int:
    rows = rows_of(victim.journal)
    put(victim.journal, [*rows[:ENTRY], *rows[ENTRY + 1 :]], tree=False)
    return ENTRY


def deleted_and_recomputed(victim: Victim) -> int:
    """The tree and the digests are made to fit, but nobody's key is there to sign."""
    rows = rows_of(victim.journal)
    put(victim.journal, redigested([*rows[:ENTRY], *rows[ENTRY + 1 :]]), tree=True)
    return transactions(rows)[4]


def inserted(victim: Victim) -> int:
    rows = rows_of(victim.journal)
    copy = rows[ENTRY]._replace(originator_id=rows[ENTRY].originator_id[:-1] + "Z")
    put(victim.journal, [*rows[: ENTRY + 1], copy, *rows[ENTRY + 1 :]], tree=False)
    return ENTRY + 1


def swapped(victim: Victim) -> int:
    rows = rows_of(victim.journal)
    rows[ENTRY], rows[ENTRY + 1] = rows[ENTRY + 1], rows[ENTRY]
    put(victim.journal, rows, tree=False)
    return ENTRY


def swapped_and_recomputed(victim: Victim) -> int:
    """Two whole transactions of one person change places; each is signed, and the tree fits."""
    rows = rows_of(victim.journal)
    starts = [start for start in transactions(rows) if said(rows[start])["command"] == "AppointStaff"][1:3]
    first, second, end = starts[0], starts[1], members_of(rows, starts[1])
    at = rows[first].recorded_at
    exchanged = [row._replace(recorded_at=at) for row in [*rows[second:end], *rows[first:second]]]
    put(victim.journal, [*rows[:first], *exchanged, *rows[end:]], tree=True)
    return first


def tail_cut(victim: Victim) -> int:
    with unguarded(victim.journal) as connection:
        connection.execute("DELETE FROM events WHERE leaf_index >= 325")
    return 325


def tail_cut_with_tree(victim: Victim) -> int:
    put(victim.journal, rows_of(victim.journal)[:325], tree=True)
    return 325


def tail_cut_and_tracks_covered(victim: Victim) -> int:
    tail_cut_with_tree(victim)
    cover(victim)
    return 325


def tail_cut_inside(victim: Victim) -> int:
    """The cut is in the middle of a transaction."""
    put(victim.journal, rows_of(victim.journal)[:300], tree=True)
    cover(victim)
    return 300


def cover(victim: Victim) -> None:
    """What remembers in the ledger's folder how long the log was, goes."""
    shutil.rmtree(victim.ledger / "checkpoints")
    for file in victim.ledger.glob("projections.db*"):
        file.unlink()


def older_journal(victim: Victim) -> int:
    """An older copy of the log alone is put in place of the log."""
    for file in victim.ledger.glob("journal.db*"):
        file.unlink()
    shutil.copy(victim.earlier / "journal.db", victim.journal)
    return 327


def older_folder(victim: Victim) -> int:
    """An older copy of the whole folder is put in its place."""
    shutil.rmtree(victim.ledger)
    shutil.copytree(victim.earlier, victim.ledger)
    return 327


def changed_with_tree(victim: Victim) -> int:
    """An amount, an unit, a date: whatever one wants; and every hash of the tree is made to fit."""
    rows = rows_of(victim.journal)
    rows[ENTRY] = saying(rows[ENTRY], effective_on="2019-03-16")
    put(victim.journal, rows, tree=True)
    return ENTRY


def changed_with_digest_and_tree(victim: Victim) -> int:
    rows = rows_of(victim.journal)
    rows[ENTRY] = saying(rows[ENTRY], effective_on="2019-03-16")
    put(victim.journal, redigested(rows), tree=True)
    return transactions(rows)[4]


def signature_stripped(victim: Victim) -> int:
    """The changed transaction is made to look as if it had never been signed."""
    rows = rows_of(victim.journal)
    start = transactions(rows)[4]
    rows[ENTRY] = saying(rows[ENTRY], effective_on="2019-03-16")
    rows[start] = saying(rows[start], key="", signature="")
    put(victim.journal, redigested(rows), tree=True)
    return start


def time_shifted(victim: Victim) -> int:
    """One transaction is dated an hour later, in the record and in the tree."""
    rows = rows_of(victim.journal)
    start = transactions(rows)[4]
    for leaf in range(start, members_of(rows, start)):
        rows[leaf] = rows[leaf]._replace(recorded_at=rows[leaf].recorded_at.replace("T01:00", "T01:30"))
    put(victim.journal, rows, tree=True)
    return start


def _last_shifted(victim: Victim, day: str) -> int:
    rows = rows_of(victim.journal)
    start = transactions(rows)[-1]
    for leaf in range(start, len(rows)):
        rows[leaf] = rows[leaf]._replace(recorded_at=day + rows[leaf].recorded_at[10:])
    put(victim.journal, rows, tree=True)
    cover(victim)
    return start


def last_shifted_by_a_day(victim: Victim) -> int:
    return _last_shifted(victim, "2020-03-21")


def last_shifted_by_a_month(victim: Victim) -> int:
    return _last_shifted(victim, "2020-04-20")


def dated_back(victim: Victim) -> int:
    with unguarded(victim.journal) as connection:
        connection.execute("UPDATE events SET recorded_at = replace(recorded_at, '2020-03-18', '2020-03-01') WHERE leaf_index >= 325")
    return 325


def two_ledgers_mixed(victim: Victim) -> int:
    """A transaction of another office's ledger is appended as it is."""
    rows, other = rows_of(victim.journal), rows_of(victim.other / "journal.db")
    start = transactions(other)[-1]
    taken = [row._replace(recorded_at=rows[-1].recorded_at, originator_version=row.originator_version + 9) for row in other[start:]]
    taken[0] = other[start]._replace(recorded_at=rows[-1].recorded_at)
    put(victim.journal, [*rows, *taken], tree=True)
    return len(rows)


def another_journal(victim: Victim) -> int:
    for file in victim.ledger.glob("journal.db*"):
        file.unlink()
    shutil.copy(victim.other / "journal.db", victim.journal)
    cover(victim)
    return 0


def rehearsal_flipped(victim: Victim) -> None:
    """Practice is to pass for the real thing."""
    about = victim.ledger / "ledger.json"
    about.write_text(json.dumps({**json.loads(about.read_text()), "rehearsal": False}))


def rehearsal_flipped_in_the_log(victim: Victim) -> int:
    rehearsal_flipped(victim)
    rows = rows_of(victim.journal)
    rows[1] = saying(rows[1], rehearsal=False)
    put(victim.journal, redigested(rows), tree=True)
    return 0
