"""结对: helpers take on a student and the household, clarify the facts (三清), agree a plan (一户一策), and may be replaced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Literal, NamedTuple

from ..command import Command, Context, refuse_before
from ..facts import Fact
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, State, Streams, replace
from ..student.student import current_student
from ..unit import existing_unit

PairingKind = Literal["household", "tutoring"]


class PairingEstablished(Fact):
    """`helpers` are staff or person references; `person` seals household head, address, causes and needs.

    household: a keyed digest of household head and address, so that households (one 户主 at one 家庭住址) are counted without opening a
    box; absent where nobody wrote both down.
    """

    topic = "pairing.established"
    schema_version = 2
    kind: PairingKind
    student: str
    unit: str
    helpers: tuple[str, ...]
    person: Sealed
    household: str | None = None

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """Households were not told apart: the field stays absent."""
        state.setdefault("household", None)


class HelperReplaced(Fact):
    """From `effective_on` on `incoming` helps in the place of `outgoing`."""

    topic = "pairing.helper_replaced"
    outgoing: str
    incoming: str


class FamilyFactsClarified(Fact):
    """三清."""

    topic = "pairing.family_facts_clarified"
    findings: Sealed


class HelpPlanAgreed(Fact):
    """一户一策."""

    topic = "pairing.help_plan_agreed"
    measures: Sealed


class PairingFormFiled(Fact):
    """The signed 登记表, by the SHA-256 of its scan."""

    topic = "pairing.form_filed"
    sha256: str


class PairingEnded(Fact):
    """From `effective_on` on nobody helps under this pairing."""

    topic = "pairing.ended"
    reason: Sealed


class Helping(NamedTuple):
    """Somebody helps from a day on, and until a day on which they no longer do."""

    helper: str
    since: date
    until: date | None


@dataclass(frozen=True)
class Pairing(State):
    prefix: ClassVar[str] = "pairing"
    kind: str = ""
    student: str = ""
    unit: str = ""
    helpers: tuple[str, ...] = ()
    since: date = date.min
    established_ref: str = ""
    ended_on: date | None = None
    helping: tuple[Helping, ...] = ()

    @property
    def ended(self) -> bool:
        return self.ended_on is not None

    def helped(self, helper: str, day: date) -> bool:
        """Whether they were one of the helpers on that day, as far as is known now."""
        return any(h.helper == helper and h.since <= day and (h.until is None or day < h.until) for h in self.helping)

    def evolve(self, fact: Fact, ref: str) -> Pairing:
        match fact:
            case PairingEstablished():
                return replace(
                    self,
                    kind=fact.kind,
                    student=fact.student,
                    unit=fact.unit,
                    helpers=fact.helpers,
                    since=fact.effective_on,
                    established_ref=ref,
                    helping=tuple(Helping(helper, fact.effective_on, None) for helper in fact.helpers),
                )
            case HelperReplaced():
                kept = tuple(h for h in self.helpers if h != fact.outgoing)
                day = fact.effective_on
                left = tuple(h._replace(until=day) if (h.helper, h.until) == (fact.outgoing, None) else h for h in self.helping)
                return replace(self, helpers=(*kept, fact.incoming), helping=(*left, Helping(fact.incoming, day, None)))
            case PairingEnded():
                return replace(self, ended_on=fact.effective_on)
        return self


def existing_pairing(streams: Streams, pairing: str) -> Pairing:
    """The pairing, or `pairing_unknown`."""
    found = streams.read(Pairing, pairing)
    if not found.exists:
        raise Refused("pairing_unknown", pairing=pairing)
    return found


@dataclass(frozen=True, kw_only=True)
class EstablishPairing(Command):
    name: ClassVar[str] = "EstablishPairing"
    roles: ClassVar[frozenset[str]] = frozenset({"helper-clerk"})
    pairing: str
    kind: PairingKind = "household"
    student: str
    unit: str
    helpers: tuple[str, ...]
    person: Sealed
    household: str | None = None
    source: str = ""

    def needs(self) -> tuple[str, ...]:
        return (f"pairing/{self.pairing}", f"student/{self.student}")

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (self.unit,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = streams.read(Pairing, self.pairing)
        if state.exists:
            raise Refused("pairing_exists", pairing=self.pairing)
        if not self.helpers:
            raise Refused("helper_missing", pairing=self.pairing)
        student = current_student(streams, self.student)
        existing_unit(streams, self.unit)
        fact = PairingEstablished(
            **self.stamp(context, self.source, student.ref),
            kind=self.kind,
            student=student.id,
            unit=self.unit,
            helpers=self.helpers,
            person=self.person,
            household=self.household,
        )
        return [(state.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class PairingCommand(Command):
    roles: ClassVar[frozenset[str]] = frozenset({"helper-clerk"})
    pairing: str

    def units(self, streams: Streams) -> tuple[str, ...]:
        unit = streams.read(Pairing, self.pairing).unit
        return (unit,) if unit else ()

    def _running(self, streams: Streams) -> Pairing:
        """The pairing, which has not ended: `pairing_unknown`, `pairing_ended`."""
        state = existing_pairing(streams, self.pairing)
        if state.ended:
            raise Refused("pairing_ended", pairing=self.pairing)
        return state

    def _helped(self, streams: Streams) -> Pairing:
        """As `_running`, to write something down about a student who has not been erased: `person_erased`."""
        state = self._running(streams)
        current_student(streams, state.student)
        return state


@dataclass(frozen=True, kw_only=True)
class ReplaceHelper(PairingCommand):
    name: ClassVar[str] = "ReplaceHelper"
    outgoing: str
    incoming: str

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = self._helped(streams)
        if self.outgoing not in state.helpers:
            raise Refused("helper_not_in_pairing", pairing=self.pairing, helper=self.outgoing)
        refuse_before(self.on or context.today, (state.since, state.established_ref))
        fact = HelperReplaced(**self.stamp(context, state.ref), outgoing=self.outgoing, incoming=self.incoming)
        return [(state.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class AgreeHelpPlan(PairingCommand):
    """一户一策, after 三清: the family's facts (findings) and the measures agreed."""

    name: ClassVar[str] = "AgreeHelpPlan"
    findings: Sealed
    measures: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = self._helped(streams)
        ref = streams.next_ref(state.stream)
        return [
            (state.stream, FamilyFactsClarified(**self.stamp(context, state.ref), findings=self.findings)),
            (state.stream, HelpPlanAgreed(**self.stamp(context, ref), measures=self.measures)),
        ]


@dataclass(frozen=True, kw_only=True)
class FilePairingForm(PairingCommand):
    """The signed 登记表, by the SHA-256 of its scan; one scan may hold the forms of a whole unit."""

    name: ClassVar[str] = "FilePairingForm"
    sha256: str

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = self._helped(streams)
        refuse_before(self.on or context.today, (state.since, state.established_ref))
        return [(state.stream, PairingFormFiled(**self.stamp(context, state.ref), sha256=self.sha256))]


@dataclass(frozen=True, kw_only=True)
class EndPairing(PairingCommand):
    name: ClassVar[str] = "EndPairing"
    reason: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = self._running(streams)
        refuse_before(self.on or context.today, (state.since, state.established_ref))
        return [(state.stream, PairingEnded(**self.stamp(context, state.ref), reason=self.reason))]
