"""Rules about how a payment came about, as far as the log can show it.

A payment's trail is walked by itself when somebody asks for it (`trace`). Here all are judged in one pass over the log: what a fact relied
on stands before it, so what its trail holds is known when it is reached. Whatever is not whole by that pass is walked, and only that walk
says that something is missing and what.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import orjson

from mingzhang.domain.facts import topics, upcast
from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.money.batch import SIGN_LIST
from mingzhang.domain.plan.vocabulary import Plan, read_plan

from ..finding import Finding
from ..trail import STEP_TOPICS, Log, Node, own_reasons, photo_missing, steps_lacking, trace
from ..trail_links import DIRECT, ENDS_HERE, OF_OTHERS, SIGNED_FOR, WHOLE, Link
from .sources import Sources

_ROWS_AT_ONCE = 2_000
"""Few enough that their memory is used again for the next ones."""
_NEVER_RELIED_ON = frozenset({"transaction", "contact", "disclosure", "target", "tutoring", "pairing"})
"""Kinds of facts that no trail of a payment leads to. Should one do so after all, that payment is walked."""
_PLANS = ("plan.adopted", "plan.amended")
_NOT_SOUND = 0
_TOPIC = itemgetter(LogRow._fields.index("topic"))
_Particular = Callable[[LogRow, dict[str, Any]], Hashable]


def money_paid_without_complete_trail(sources: Sources) -> list[Finding]:
    """Paid, and some link back to the survey row or the clause is missing from the log."""
    chains = [chain for chain in sources.chains if chain.kept_fen > 0]
    if not chains:
        return []
    known_at = sources.view.as_of.known_at
    whole = complete_trails(sources.journal, known_at)
    found = []
    for chain in chains:
        if chain.payment in whole:
            continue
        trail = trace(sources.journal, chain.payment, known_at)
        if not trail.complete:
            found.append(
                Finding(
                    rule="paid_without_complete_trail",
                    severity="high",
                    subject=chain.student,
                    payment=chain.payment,
                    amount_fen=chain.kept_fen,
                    events=(chain.last.ref,),
                    known_at_payment=None,
                    facts={"gaps": [gap.code for gap in trail.gaps], "paid_on": chain.last.on},
                )
            )
    return found


def complete_trails(journal: Log, known_at: int) -> set[str]:
    """The streams of payments whose trails are surely complete, by one pass over the log up to that size. Of others a walk has to say."""
    return _Pass(journal, known_at).whole()


class _Standing(NamedTuple):
    """What a sound fact is to those which rely on it. held: the topics its trail holds, one bit each; own: that of its own; plan: its
    reference, where it is a version of a plan; step: its topic and the step it names, where plans lay such steps down."""

    held: int
    own: int
    plan: str | None
    step: tuple[str, str | None] | None


class _Kind(NamedTuple):
    """How facts of one topic are read. relied_on: whether others may rest on them; changed: whether the topic once had another shape;
    particular: what their standing rests on beside their topic and their reasons; outcomes: that and the standings of their reasons -> the
    standing that comes of it."""

    relied_on: bool
    changed: bool
    particular: _Particular | None
    outcomes: dict[tuple[Hashable, ...], int]


class _Found:
    """The few facts that are looked at again by those which rely on them: plans and notices."""

    def __init__(self) -> None:
        self.found: dict[str, Node] = {}


class _Pass:
    """One pass over the log.

    Most facts of a topic stand alike: every standing there is has a number, a fact is remembered as that number, and what comes of a topic
    with reasons of such standings is worked out once.
    """

    def __init__(self, journal: Log, known_at: int) -> None:
        self._journal = journal
        self._known_at = known_at
        self._bits: dict[str, int] = {}
        self._direct = {topic: tuple(map(self._mask, links)) for topic, links in DIRECT.items()}
        self._whole = [(self._bit(topic), tuple(map(self._mask, links))) for topic, links in WHOLE.items()]
        self._signed_for = self._mask(SIGNED_FOR)
        self._kinds: dict[str, _Kind] = {}
        self._standings: list[_Standing | None] = [None]  # the place of what is not sound
        self._numbers: dict[_Standing, int] = {}
        self._standing_of: dict[str, int] = {}
        self._notices = _Found()
        self._plans: dict[str, Plan] = {}
        self._signed: set[str] = set()
        self._steps_of: dict[str, tuple[int, ...]] = {}
        """Payment -> the standings of its steps."""

    def whole(self) -> set[str]:
        done = 0
        while done < self._known_at:
            rows = self._journal.select_rows(done, min(_ROWS_AT_ONCE, self._known_at - done))
            if not rows:
                break
            done = rows[-1].leaf_index + 1
            self._take(rows if done <= self._known_at else [row for row in rows if row.leaf_index < self._known_at])
        judged = {steps: self._is_whole(steps) for steps in set(self._steps_of.values())}
        return {stream for stream, steps in self._steps_of.items() if judged[steps]}

    def _take(self, rows: Sequence[LogRow]) -> None:
        standing_of, steps_of, loads = self._standing_of, self._steps_of, orjson.loads
        standing = standing_of.get
        for topic, run in groupby(rows, key=_TOPIC):
            relied_on, changed, particular, outcomes = self._kinds.get(topic) or self._kind(topic)
            if not relied_on:
                continue
            for row in run:
                _leaf, stream, version, _topic, state, _recorded_at = row
                said = loads(state)
                if changed:
                    said = upcast(topic, said)
                because = said.get("because", ())
                special = particular(row, said) if particular is not None else None
                key = (special, *map(standing, because))
                number = outcomes.get(key)
                if number is None:
                    number = outcomes[key] = self._judged(row, special, because)
                standing_of[f"{stream}@{version}"] = number
                if stream.startswith("payment/"):
                    steps_of[stream] = (*steps_of.get(stream, ()), number)

    def _bit(self, topic: str) -> int:
        bit = self._bits.get(topic)
        if bit is None:
            bit = self._bits[topic] = 1 << len(self._bits)
        return bit

    def _mask(self, link: Link) -> int:
        return sum({self._bit(topic) for topic in link.topics})

    def _kind(self, topic: str) -> _Kind:
        declared = topics().get(topic)
        changed = declared is not None and declared.schema_version > 1
        kind = self._kinds[topic] = _Kind(topic.partition(".")[0] not in _NEVER_RELIED_ON, changed, self._particular(topic), {})
        return kind

    def _particular(self, topic: str) -> _Particular | None:
        if topic in _PLANS:
            return self._plan
        if topic.startswith("notice."):
            return self._notice
        if topic in STEP_TOPICS:
            return lambda _row, said: said.get("step")
        return {
            "award.approved": lambda _row, said: str(said["scheme"]),
            "batch.exported": self._exported,
            "payment.paid": lambda _row, said: f"batch/{said.get('batch')}" in self._signed,
        }.get(topic)

    def _plan(self, row: LogRow, said: dict[str, Any]) -> str:
        node = Node(row, said)
        self._plans[node.ref] = read_plan(said["text"])
        self._notices.found[node.ref] = node
        return node.ref

    def _notice(self, row: LogRow, said: dict[str, Any]) -> str:
        node = Node(row, said)
        self._notices.found[node.ref] = node
        return node.ref

    def _exported(self, row: LogRow, said: dict[str, Any]) -> None:
        if said.get("profile") == SIGN_LIST:
            self._signed.add(row.originator_id)

    def _judged(self, row: LogRow, particular: Hashable, because: Iterable[str]) -> int:
        """The number of the fact's standing: what its trail holds, where every link is there that it, and each it relies on, must have."""
        topic, own = row.topic, self._bit(row.topic)
        held, relied_on = own, 0
        if topic in OF_OTHERS:
            because = own_reasons(self._notices.found[f"{row.originator_id}@{row.originator_version}"])
        reasons = [] if topic in ENDS_HERE else [self._standings[self._standing_of.get(ref, _NOT_SOUND)] for ref in because]
        sound: list[_Standing] = []
        for one in reasons:
            if one is None:
                return _NOT_SOUND
            sound.append(one)
            held |= one.held
            relied_on |= one.own
        if topic not in ENDS_HERE and not all(relied_on & mask for mask in self._direct.get(topic, ())):
            return _NOT_SOUND
        if topic == "award.approved" and self._steps_lack(str(particular), sound):
            return _NOT_SOUND
        if topic == "notice.completed" and photo_missing(self._notices.found[str(particular)], self._notices):
            return _NOT_SOUND
        if topic == "payment.paid" and particular and not relied_on & self._signed_for:
            return _NOT_SOUND
        plan = str(particular) if topic in _PLANS else None
        step = (topic, None if particular is None else str(particular)) if topic in STEP_TOPICS else None
        standing = _Standing(held, own, plan, step)
        number = self._numbers.get(standing)
        if number is None:
            number = self._numbers[standing] = len(self._standings)
            self._standings.append(standing)
        return number

    def _steps_lack(self, scheme: str, reasons: Iterable[_Standing]) -> bool:
        """Whether an award lacks a step that its plan lays down."""
        plan = next((one.plan for one in reasons if one.plan is not None), None)
        steps = {one.step for one in reasons if one.step is not None}
        return plan is not None and bool(steps_lacking(self._plans[plan], scheme, steps))

    def _is_whole(self, steps: Iterable[int]) -> bool:
        held = own = 0
        for number in steps:
            standing = self._standings[number]
            if standing is None:
                return False
            held |= standing.held
            own |= standing.own
        return all(held & mask for bit, masks in self._whole if own & bit for mask in masks)
