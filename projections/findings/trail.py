"""Rules about how a payment came about, as far as the log can show it.

A payment's trail is walked by itself when somebody asks for it (`trace`). Here all are judged in one pass over the log: what a fact relied
on stands before it, so what its trail holds is known when it is reached. Whatever is not whole by that pass is walked, and only that walk
says that something is missing and what.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import groupby
from operator import attrgetter, methodcaller
from typing import Any, NamedTuple

import msgspec
import orjson

from mingzhang.domain.facts import topics, upcast
from mingzhang.domain.journal.records import LogRow, StateRow
from mingzhang.domain.money.batch import SIGN_LIST
from mingzhang.domain.plan.vocabulary import Plan, read_plan

from ..finding import Finding
from ..trail import STEP_TOPICS, Node, own_reasons, photo_missing, steps_lacking, trace
from ..trail_links import DIRECT, ENDS_HERE, OF_OTHERS, SIGNED_FOR, WHOLE, Link
from .sources import Log, Sources

_ROWS_AT_ONCE = 1_000
"""Few enough that their memory is used again for the next ones."""
_NEVER_RELIED_ON = frozenset({"transaction", "contact", "disclosure", "target", "tutoring", "pairing"})
"""Kinds of facts that no trail of a payment leads to. Should one do so after all, that payment is walked."""
_PLANS = ("plan.adopted", "plan.amended")
_NOT_SOUND = 0
_NO_STEPS = 0
class _Reasons(msgspec.Struct):
    """Of a stored fact what it relied on, and nothing else of it made into objects."""

    because: list[str] = []


_BECAUSE = attrgetter("because")
_reasons_of = msgspec.json.Decoder(_Reasons).decode
_IS_PAYMENT = methodcaller("startswith", "payment/")
_Particular = Callable[[StateRow, dict[str, Any]], Hashable]


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


Key = tuple[Any, ...]


class _Worked(dict[Key, int]):
    """The number of every key, worked out when it is first asked for."""

    def __init__(self, work: Callable[[Key], int]) -> None:
        super().__init__()
        self._work = work

    def __missing__(self, key: Key) -> int:
        number = self[key] = self._work(key)
        return number


class _Kind(NamedTuple):
    """How facts are read. topic: the one they are all of, None for the many that are read alike; particular: what their standing rests on
    beside their topic and their reasons; outcomes: that, or else their topic, and the standings of their reasons -> the standing that comes
    of it."""

    topic: str | None
    particular: _Particular | None
    outcomes: _Worked


class _Kinds(dict[str, _Kind]):
    """By topic, each made when it is first met."""

    def __init__(self, made: Callable[[str], _Kind]) -> None:
        super().__init__()
        self._made = made

    def __missing__(self, topic: str) -> _Kind:
        kind = self[topic] = self._made(topic)
        return kind


class _Found:
    """The few facts that are looked at again by those which rely on them: plans and notices."""

    def __init__(self) -> None:
        self.found: dict[str, Node] = {}

    def add(self, row: StateRow, said: dict[str, Any]) -> str:
        leaf, ref, topic, state = row
        stream, _, version = ref.rpartition("@")
        self.found[ref] = Node(LogRow(leaf, stream, int(version), topic, state, ""), said)  # when it was recorded nobody asks here
        return ref


def _reasons(states: Iterable[bytes]) -> list[Sequence[str]]:
    """What each of these facts relied on; of bytes that do not say it, something that is nowhere: its payment is walked."""
    try:
        return list(map(_BECAUSE, map(_reasons_of, states)))
    except msgspec.MsgspecError:
        return [_reasons_or_none(state) for state in states]


def _reasons_or_none(state: bytes) -> Sequence[str]:
    try:
        return _reasons_of(state).because
    except msgspec.MsgspecError:
        return ("",)


class _Pass:
    """One pass over the log.

    Most facts of a topic stand alike: every standing there is has a number, a fact is remembered as that number, and what comes of a topic
    with reasons of such standings is worked out once; so is what comes of one step of a payment after others. What is left to do for each
    fact is written so that the interpreter does not take them up one by one.
    """

    def __init__(self, journal: Log, known_at: int) -> None:
        self._journal = journal
        self._known_at = known_at
        self._bits: dict[str, int] = {}
        self._direct = {topic: tuple(map(self._mask, links)) for topic, links in DIRECT.items()}
        self._whole = [(self._bit(topic), tuple(map(self._mask, links))) for topic, links in WHOLE.items()]
        self._signed_for = self._mask(SIGNED_FOR)
        self._kinds = _Kinds(self._kind)
        self._alike = _Kind(None, None, _Worked(lambda key: self._judged(key[0], None, key[1:])))
        self._standings: list[_Standing | None] = [None]  # the place of what is not sound
        self._numbers: dict[_Standing, int] = {}
        # A key that is no text makes Python keep the keys' hashes in the table: most of a million texts are in no processor's cache, and so
        # none is looked at in vain. (No reference at all is not sound either.)
        self._standing_of: dict[str | None, int] = {None: _NOT_SOUND}
        self._notices = _Found()
        self._plans: dict[str, Plan] = {}
        self._signed: set[str] = set()
        self._steps: list[tuple[int, ...]] = [()]
        """The standings of steps that payments have gone through."""
        self._with_step = _Worked(self._longer)
        """A place among those, and the standing of one more step -> the place of all of them."""
        self._steps_of: dict[str, int] = {}
        """Payment -> the place of its steps."""

    def whole(self) -> set[str]:
        left_out = [topic for topic in topics() if topic.partition(".")[0] in _NEVER_RELIED_ON]
        done = 0
        while rows := self._journal.select_states(left_out, done, _ROWS_AT_ONCE, self._known_at):
            self._take(rows)
            done = rows[-1][0] + 1
        judged = [self._is_whole(steps) for steps in self._steps]
        return {stream for stream, place in self._steps_of.items() if judged[place]}

    def _take(self, rows: Sequence[StateRow]) -> None:
        _leaves, refs, named, _states = zip(*rows, strict=True)
        first = 0
        for kind, run in groupby(map(self._kinds.__getitem__, named)):
            past = first + len(list(run))
            keys = self._keys(kind, rows[first:past])
            # Each is entered before the next one is looked at, which may rest on it.
            self._standing_of.update(zip(refs[first:past], map(kind.outcomes.__getitem__, keys), strict=False))
            first = past
        steps_of, with_step, standing_of = self._steps_of, self._with_step, self._standing_of
        for ref in filter(_IS_PAYMENT, refs):
            stream = ref.rpartition("@")[0]
            steps_of[stream] = with_step[steps_of.get(stream, _NO_STEPS), standing_of[ref]]

    def _keys(self, kind: _Kind, rows: Sequence[StateRow]) -> Iterable[Key]:
        """Of each fact its topic, or its particular, and the standings of its reasons, each looked up when it is asked for."""
        topic, particular, _ = kind
        reasons: list[Sequence[str]]
        of_each: list[Hashable] = []
        if topic is None:
            _leaves, _refs, named, states = zip(*rows, strict=True)
            of_each.extend(named)
            reasons = _reasons(states)
        else:
            reasons = []
            for row in rows:
                said = upcast(topic, orjson.loads(row[3]))
                reasons.append(said.get("because", ()))
                of_each.append(particular(row, said) if particular is not None else topic)
        standing = self._standing_of.get
        if len(set(map(len, reasons))) == 1:
            return zip(of_each, *(map(standing, column) for column in zip(*reasons, strict=True)), strict=False)
        return ((one, *map(standing, because)) for one, because in zip(of_each, reasons, strict=True))

    def _longer(self, key: Key) -> int:
        before, number = key
        self._steps.append((*self._steps[before], number))
        return len(self._steps) - 1

    def _bit(self, topic: str) -> int:
        bit = self._bits.get(topic)
        if bit is None:
            bit = self._bits[topic] = 1 << len(self._bits)
        return bit

    def _mask(self, link: Link) -> int:
        return sum({self._bit(topic) for topic in link.topics})

    def _kind(self, topic: str) -> _Kind:
        declared, particular = topics().get(topic), self._particular(topic)
        if particular is None and topic not in OF_OTHERS and (declared is None or declared.schema_version == 1):
            return self._alike
        return _Kind(topic, particular, _Worked(lambda key: self._judged(topic, key[0] if particular else None, key[1:])))

    def _particular(self, topic: str) -> _Particular | None:
        if topic in _PLANS:
            return self._plan
        if topic.startswith("notice."):
            return self._notices.add
        if topic in STEP_TOPICS:
            return lambda _row, said: said.get("step")
        return {
            "award.approved": lambda _row, said: str(said["scheme"]),
            "batch.exported": self._exported,
            "payment.paid": lambda _row, said: f"batch/{said.get('batch')}" in self._signed,
        }.get(topic)

    def _plan(self, row: StateRow, said: dict[str, Any]) -> str:
        ref = self._notices.add(row, said)
        self._plans[ref] = read_plan(said["text"])
        return ref

    def _exported(self, row: StateRow, said: dict[str, Any]) -> None:
        if said.get("profile") == SIGN_LIST:
            self._signed.add(row[1].rpartition("@")[0])

    def _judged(self, topic: str, particular: Hashable, numbers: Sequence[int | None]) -> int:
        """The number of a fact's standing, by its particular and the numbers of its reasons: what its trail holds, where every link is
        there that it, and each it relies on, must have."""
        own = self._bit(topic)
        held, relied_on = own, 0
        if topic in OF_OTHERS:
            numbers = tuple(map(self._standing_of.get, own_reasons(self._notices.found[str(particular)])))
        reasons = [] if topic in ENDS_HERE else [self._standings[number or _NOT_SOUND] for number in numbers]
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
