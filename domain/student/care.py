"""一生一策 一生一案, 三层兜底, 动态信息卡: what is planned for a student not yet out of poverty, what caught them, and their card.

The three layers hold in their order (S0): state aid first, then relief for special hardship, then society and teachers. A layer that does
not apply is said to be exhausted before the next one is drawn on, so that nobody is passed down silently.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..command import Command, Context
from ..refusal import Refused
from ..sealed import Sealed
from ..staff import refuse_own_family
from ..streams import Event, Streams
from ..values.periods import period
from .facts import LAYERS, CarePlanDrawnUp, InfoCardFiled, InfoCardIssued, Layer, SafetyNetLayerApplied
from .student import Drawn, Student, current_student, same_person, unit_of_student


@dataclass(frozen=True, kw_only=True)
class _OnStudent(Command):
    roles: ClassVar[frozenset[str]] = frozenset({"surveyor", "clerk", "helper-clerk"})
    student: str
    period: str

    def needs(self) -> tuple[str, ...]:
        return (f"student/{self.student}",)

    def units(self, streams: Streams) -> tuple[str, ...]:
        return unit_of_student(streams, self.student)

    def _student(self, streams: Streams, context: Context) -> Student:
        period(self.period)
        state = current_student(streams, self.student)
        self.refuse_out_of_time(context)
        return state

    def _files(self, streams: Streams, state: Student) -> list[Student]:
        """The person's files: what was done under any reference counts."""
        return [streams.read(Student, ref) for ref in same_person(streams, state)]

    def _card(self, streams: Streams, state: Student) -> Drawn | None:
        return next((one for file in self._files(streams, state) for one in file.cards if one.period == self.period), None)


@dataclass(frozen=True, kw_only=True)
class DrawUpCarePlan(_OnStudent):
    name: ClassVar[str] = "DrawUpCarePlan"
    person: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = self._student(streams, context)
        fact = CarePlanDrawnUp(**self.stamp(context, state.details_ref), period=self.period, person=self.person)
        return [(state.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class ApplySafetyNetLayer(_OnStudent):
    """Draws on a layer. Refused `layer_out_of_order` where a layer before it has not been tried in the period, naming it."""

    name: ClassVar[str] = "ApplySafetyNetLayer"
    layer: Layer
    helped: bool = True
    person: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = self._student(streams, context)
        refuse_own_family(streams, context.actor, state.id)
        tried = {one.what: one for file in self._files(streams, state) for one in file.layers if one.period == self.period}
        before = LAYERS[: LAYERS.index(self.layer)]
        missing = next((layer for layer in before if layer not in tried), None)
        if missing is not None:
            raise Refused("layer_out_of_order", student=state.id, layer=self.layer, first=missing, period=self.period)
        self.refuse_out_of_time(context, *((tried[layer].since, tried[layer].ref) for layer in before))
        because = self.stamp(context, state.details_ref, *(tried[layer].ref for layer in before))
        fact = SafetyNetLayerApplied(**because, period=self.period, layer=self.layer, helped=self.helped, person=self.person)
        return [(state.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class IssueInfoCard(_OnStudent):
    """One card a period; a second is refused `info_card_exists`."""

    name: ClassVar[str] = "IssueInfoCard"

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = self._student(streams, context)
        issued = self._card(streams, state)
        if issued is not None:
            raise Refused("info_card_exists", student=state.id, period=self.period, says=issued.ref)
        return [(state.stream, InfoCardIssued(**self.stamp(context, state.details_ref), period=self.period))]


@dataclass(frozen=True, kw_only=True)
class FileInfoCard(_OnStudent):
    """Refused `info_card_missing` before the card was filled in, `info_card_filed` a second time."""

    name: ClassVar[str] = "FileInfoCard"

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = self._student(streams, context)
        issued = self._card(streams, state)
        if issued is None:
            raise Refused("info_card_missing", student=state.id, period=self.period)
        if any(self.period in file.cards_filed for file in self._files(streams, state)):
            raise Refused("info_card_filed", student=state.id, period=self.period)
        self.refuse_out_of_time(context, (issued.since, issued.ref))
        return [(state.stream, InfoCardFiled(**self.stamp(context, issued.ref), period=self.period))]
