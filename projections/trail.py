"""How a payment came about: recorded references are walked from the bank's line back to the survey row, and nothing is guessed.

A reference that leads nowhere, or a link that a fact of its kind must have and has not, is a gap and is named.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

import orjson

from mingzhang.domain.facts import upcast
from mingzhang.domain.journal.records import LogRow, instant_text
from mingzhang.domain.money.batch import SIGN_LIST
from mingzhang.domain.money.payment import payment_stream
from mingzhang.domain.plan.vocabulary import Plan, read_plan
from mingzhang.domain.refusal import Refused

from .trail_links import DIRECT, ENDS_HERE, OF_OTHERS, PHOTOGRAPHED, SIGNED_FOR, WHOLE

_COMMON = frozenset({"actor", "effective_on", "because", "sheet", "row", "evidence"})
_COUNTED = ("lines", "excluded", "refused", "cases", "shown", "tiers", "passed", "held", "closed", "findings", "only_listed")
"""Lists that name other students too: a summary says how many they are."""
_ANSWERED = frozenset({"batch.reconciled", "payment.paid", "payment.failed"})
"""What the bank says of a payment, or the list that was signed for it."""


class Log(Protocol):
    """What is asked of the journal here."""

    def select_rows(self, gt_size: int = 0, limit: int | None = None) -> Sequence[LogRow]: ...
    def select_streams(self, names: Sequence[str]) -> Sequence[LogRow]: ...
    def size_at(self, recorded_at: str) -> int: ...


class Gap(NamedTuple):
    """What is missing: `expected` names the event referred to or the topic wanted, `code` says which link."""

    expected: str
    code: str


class ActingAs(NamedTuple):
    """The appointment under which the actor decided, the command given, and the transaction it was recorded in. clock_at: the computer's
    own instant, where its clock lay behind that of the record."""

    role: str
    unit: str
    command: str
    transaction: str
    clock_at: str | None = None


class Source(NamedTuple):
    """Where a fact was read from: a file by name and SHA-256 (hex), and the row in it (from 1), where it has one."""

    file: str
    sheet: str | None
    row: int | None
    sha256: str


class Step(NamedTuple):
    """One fact of the trail. effective_on: ISO; recorded_at: RFC 3339, UTC; facts: its plain fields, boxes left out, with the clause in
    words for an award, and `channel` signed for what a signed list answered."""

    event: str
    leaf: int
    topic: str
    effective_on: str
    recorded_at: str
    actor: str
    acting_as: ActingAs | None
    because: tuple[str, ...]
    source: Source | None
    facts: dict[str, Any]


class Trail(NamedTuple):
    """The steps, newest first, each event once; complete when there is no gap. `payment`: the stream asked for."""

    payment: str
    complete: bool
    gaps: list[Gap]
    steps: list[Step]


class Node(NamedTuple):
    """An event of the log, with its state in its newest shape."""

    row: LogRow
    state: dict[str, Any]

    @property
    def ref(self) -> str:
        return f"{self.row.originator_id}@{self.row.originator_version}"

    @property
    def because(self) -> tuple[str, ...]:
        said = self.state.get("because")
        return tuple(ref for ref in said if isinstance(ref, str)) if isinstance(said, list) else ()  # edited behind the ledger's back


def trace(journal: Log, stream_or_ref: str, known_at: int | None = None) -> Trail:
    """The trail of a payment (its stream, with or without `payment/`), or of any single event (`stream@version`).

    known_at: log size to go back to. Refused: reference_malformed, payment_unknown, event_unknown, event_unreadable.
    """
    single = "@" in stream_or_ref
    stream = stream_or_ref.rpartition("@")[0] if single else payment_stream(stream_or_ref)
    walked = _Walk(journal, known_at)
    start = [node for node in walked.open([stream]) if not single or node.ref == stream_or_ref]
    if not start:
        raise Refused("event_unknown", event=stream_or_ref) if single else Refused("payment_unknown", payment=stream)
    walked.follow(start)
    own = [node.row.topic for node in start if stream.startswith("payment/")]
    gaps = _gaps(walked, own)
    transactions = _Transactions(journal)
    nodes = sorted(walked.found.values(), key=lambda node: -node.row.leaf_index)
    steps = [_step(node, walked, transactions) for node in nodes]
    return Trail(stream, not gaps, gaps, steps)


class Walked(Protocol):
    @property
    def found(self) -> Mapping[str, Node]: ...


class _Walk:
    """Follows references level by level: all streams that a level names are read at once."""

    def __init__(self, journal: Log, known_at: int | None) -> None:
        self._journal = journal
        self._known_at = known_at
        self._streams: dict[str, dict[str, LogRow]] = {}
        self.found: dict[str, Node] = {}
        self.missing: dict[str, None] = {}

    def open(self, streams: Iterable[str]) -> list[Node]:
        """Reads streams whole and gives the events of those not read before."""
        new = [stream for stream in dict.fromkeys(streams) if stream not in self._streams]
        for stream in new:
            self._streams[stream] = {}
        rows = self._journal.select_streams(new) if new else []
        for row in rows:
            if self._known_at is None or row.leaf_index < self._known_at:
                self._streams[row.originator_id][f"{row.originator_id}@{row.originator_version}"] = row
        return [_node(row) for stream in new for row in self._streams[stream].values()]

    def follow(self, start: Sequence[Node]) -> None:
        level = list(start)
        while level:
            self.found.update((node.ref, node) for node in level)
            named = dict.fromkeys(ref for node in level if node.row.topic not in ENDS_HERE for ref in own_reasons(node))
            wanted = [ref for ref in named if ref not in self.found]
            self.open(ref.rpartition("@")[0] for ref in wanted)
            level = []
            for ref in wanted:
                row = self._streams[ref.rpartition("@")[0]].get(ref)
                if row is None:
                    self.missing[ref] = None
                else:
                    level.append(_node(row))


def own_reasons(node: Node) -> tuple[str, ...]:
    """What the fact relied on, as far as it concerns whom the trail is about: a notice shows many, whose own cases say the rest."""
    elsewhere = OF_OTHERS.get(node.row.topic, ())
    return tuple(ref for ref in node.because if not ref.startswith(elsewhere)) if elsewhere else node.because


def _node(row: LogRow) -> Node:
    try:
        return Node(row, upcast(row.topic, orjson.loads(row.state)))
    except ValueError:
        raise Refused("event_unreadable", event=f"{row.originator_id}@{row.originator_version}", topic=row.topic) from None


def _gaps(walked: _Walk, own: Sequence[str]) -> list[Gap]:
    gaps = dict.fromkeys(Gap(ref, "event_missing") for ref in walked.missing)
    for node in walked.found.values():
        topics = {walked.found[ref].row.topic for ref in node.because if ref in walked.found}
        for link in DIRECT.get(node.row.topic, ()):
            if topics.isdisjoint(link.topics):
                gaps[Gap(link.topics[0], link.code)] = None
        if node.row.topic == "payment.paid" and _signed_for(node, walked) and topics.isdisjoint(SIGNED_FOR.topics):
            gaps[Gap(SIGNED_FOR.topics[0], SIGNED_FOR.code)] = None
        if node.row.topic == "notice.completed" and photo_missing(node, walked):
            gaps[Gap(PHOTOGRAPHED.topics[0], PHOTOGRAPHED.code)] = None
        if node.row.topic == "award.approved":
            gaps.update(dict.fromkeys(_steps_missing(node, walked)))
    present = {node.row.topic for node in walked.found.values()}
    for topic in own:
        for link in WHOLE.get(topic, ()):
            if present.isdisjoint(link.topics):
                gaps[Gap(link.topics[0], link.code)] = None
    return list(gaps)


def _signed_for(node: Node, walked: _Walk) -> bool:
    """Whether the batch that the fact is of left the house as a list to be signed."""
    stream = f"batch/{node.state['batch']}" if "batch" in node.state else node.row.originator_id
    sent = (node for node in walked.found.values() if node.row.originator_id == stream and node.row.topic == "batch.exported")
    return any(node.state["profile"] == SIGN_LIST for node in sent)


def photo_missing(completed: Node, walked: Walked) -> bool:
    """Whether the plan wants the notice photographed, and no photo came with its posting or between that and its first completion."""
    reasons = [walked.found[ref] for ref in completed.because if ref in walked.found]
    wanted = any(node.row.topic == "notice.posted" and _photo_wanted(node, walked) for node in reasons)
    return wanted and not any(node.state.get("evidence") for node in reasons)


def _photo_wanted(posted: Node, walked: Walked) -> bool:
    plan = _plan_of(posted, walked)
    code = str(posted.state["scheme"]).partition(".")[2]
    steps = [step for scheme in plan.schemes if scheme.code == code for step in scheme.steps] if plan is not None else []
    return any(step.name == posted.state["step"] and step.photo for step in steps)


_STEPS = {
    "review": ("application.review_passed", "review_missing"),
    "notice": ("case.notice_passed", "notice_missing"),
    "crosscheck": ("case.compared", "comparison_missing"),
}


def _steps_missing(award: Node, walked: Walked) -> list[Gap]:
    """Every step that the plan version of the award lays down must be among its reasons: reviews and notices by their names."""
    plan = _plan_of(award, walked)
    if plan is None:
        return []
    reasons = [walked.found[ref] for ref in award.because if ref in walked.found]
    return steps_lacking(plan, award.state["scheme"], {(node.row.topic, node.state.get("step")) for node in reasons})


STEP_TOPICS = frozenset(topic for topic, _code in _STEPS.values())


def steps_lacking(plan: Plan, scheme: str, said: Collection[tuple[str, str | None]]) -> list[Gap]:
    """The steps of the scheme (`<plan>.<scheme>`) that are not among these facts, each told by its topic and the step it names."""
    named = {*said, *((topic, None) for topic, _step in said)}
    code = str(scheme).partition(".")[2]
    steps = [step for one in plan.schemes if one.code == code for step in one.steps if step.kind in _STEPS]
    wanted = [(_STEPS[step.kind], None if step.kind == "crosscheck" else step.name) for step in steps]
    return [Gap(*found) for found, name in wanted if (found[0], name) not in named]


def _plan_of(node: Node, walked: Walked) -> Plan | None:
    for ref in node.because:
        named = walked.found.get(ref)
        if named is not None and "text" in named.state and named.row.topic.startswith("plan."):
            return read_plan(named.state["text"])
    return None


def _step(node: Node, walked: _Walk, transactions: _Transactions) -> Step:
    row, state = node.row, node.state
    return Step(
        event=node.ref,
        leaf=row.leaf_index,
        topic=row.topic,
        effective_on=state["effective_on"],
        recorded_at=row.recorded_at,
        actor=state["actor"],
        acting_as=transactions.acting_as(row),
        because=own_reasons(node),
        source=_source(node, walked),
        facts=_facts(node, walked),
    )


def _source(node: Node, walked: _Walk) -> Source | None:
    state = node.state
    if "file" in state and "sha256" in state:
        return Source(state["file"], None, None, state["sha256"])
    if state.get("row") is None:
        return None
    for ref in node.because:
        named = walked.found.get(ref)
        if named is not None and "file" in named.state and "sha256" in named.state:
            return Source(named.state["file"], state.get("sheet"), state["row"], named.state["sha256"])
    return None


def _facts(node: Node, walked: _Walk) -> dict[str, Any]:
    left_out = _COMMON | {"text"}  # whole plans
    facts = {name: value for name, value in node.state.items() if name not in left_out and not _is_box(value)}
    facts |= {name: len(said) for name in _COUNTED if isinstance(said := node.state.get(name), list)}
    if "clause" in node.state:
        plan = _plan_of(node, walked)
        if plan is not None:
            facts["clause_text"] = plan.clauses.get(node.state["clause"])
    if node.row.topic in _ANSWERED and _signed_for(node, walked):
        facts["channel"] = "signed"
    if node.row.topic in ("plan.adopted", "plan.amended"):
        facts["title"] = read_plan(node.state["text"]).title
    return facts


def _is_box(value: object) -> bool:
    return isinstance(value, dict) and "box" in value


class _Transactions:
    """Finds the transaction an event was recorded in: its rows bear one instant, and it tells how many follow it.

    So the first row of an instant opens a transaction, and others of the same instant are reached in jumps.
    """

    def __init__(self, journal: Log) -> None:
        self._journal = journal
        self._known: list[tuple[int, int, list[tuple[int, ActingAs]]]] = []

    def acting_as(self, row: LogRow) -> ActingAs | None:
        for first, last, acting in self._known:
            if first <= row.leaf_index <= last:
                return _of_member(acting, row.leaf_index)
        first, last, acting = self._find(row)
        self._known.append((first, last, acting))
        return _of_member(acting, row.leaf_index)

    def _find(self, row: LogRow) -> tuple[int, int, list[tuple[int, ActingAs]]]:
        before = datetime.fromisoformat(row.recorded_at) - timedelta(microseconds=1)
        leaf = self._journal.size_at(instant_text(before))
        while leaf <= row.leaf_index:
            opening = self._journal.select_rows(leaf, 1)
            if not opening or opening[0].topic != "transaction.recorded":
                break
            state = upcast(opening[0].topic, orjson.loads(opening[0].state))
            last = leaf + state["members"]
            if last >= row.leaf_index:
                return leaf, last, _acting(opening[0], state)
            leaf = last + 1
        return row.leaf_index, row.leaf_index, []


def _acting(row: LogRow, state: dict[str, Any]) -> list[tuple[int, ActingAs]]:
    """The capacities of a transaction, each with the leaf of the first member it holds for."""
    return [
        (row.leaf_index + 1 + one["since"], ActingAs(one["role"], one["unit"], state["command"], row.originator_id, state.get("clock_at")))
        for one in state.get("capacities", ())
    ]


def _of_member(acting: list[tuple[int, ActingAs]], leaf: int) -> ActingAs | None:
    return next((one for first, one in reversed(acting) if first <= leaf), acting[0][1] if acting else None)
