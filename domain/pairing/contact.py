"""帮扶活动记录: every call, visit or gift is one fact, dated by the day it happened; what is wrong is corrected or struck out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Literal

from ..command import Context
from ..facts import Fact
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, State, Streams, replace
from ..student.student import current_student
from .pairing import Pairing, PairingCommand, existing_pairing

ContactKind = Literal["call", "visit", "online", "meeting", "duty"]


class ContactTold(Fact):
    """What a record of a contact says. `effective_on` is the day it happened, `noted_on` the day it was written down.

    Money and goods in fen; goods may be given without anybody saying what they are worth (`goods_given`, 0 fen). Text sealed under the
    student. text_digest: a keyed digest of the text, so that copied reports are found without opening a box.
    """

    schema_version = 2
    pairing: str
    helper: str
    kind: ContactKind
    noted_on: date | None = None
    money_fen: int = 0
    goods_fen: int = 0
    problem_solved: bool = False
    minutes: int | None = None
    text_digest: str | None = None
    text: Sealed | None = None
    goods_given: bool = False

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """Goods were known by their worth alone."""
        state["goods_given"] = state.get("goods_fen", 0) > 0


class ContactRecorded(ContactTold):
    """A call, visit, message or meeting took place on `effective_on`."""

    topic = "contact.recorded"


class ContactCorrected(ContactTold):
    """Stands in the place of the record it corrects."""

    topic = "contact.corrected"
    corrects: str


class ContactStruckOut(Fact):
    """It never took place, or was written down twice: it counts no longer, and stays on file."""

    topic = "contact.struck_out"
    corrects: str
    reason: Sealed


@dataclass(frozen=True)
class Contact(State):
    prefix: ClassVar[str] = "contact"
    pairing: str = ""
    standing: ContactTold | None = None
    standing_ref: str = ""
    struck_out: bool = False

    def evolve(self, fact: Fact, ref: str) -> Contact:
        match fact:
            case ContactTold():
                return replace(self, pairing=fact.pairing, standing=fact, standing_ref=ref)
            case ContactStruckOut():
                return replace(self, struck_out=True)
        return self


@dataclass(frozen=True, kw_only=True)
class _TellContact(PairingCommand):
    """A contact by one of the pairing's helpers, on the day it happened (`on`)."""

    contact: str
    helper: str
    kind: ContactKind
    noted_on: date | None = None
    money_fen: int = 0
    goods_fen: int = 0
    problem_solved: bool = False
    minutes: int | None = None
    text_digest: str | None = None
    text: Sealed | None = None
    goods_given: bool = False

    def needs(self) -> tuple[str, ...]:
        return (f"contact/{self.contact}", f"pairing/{self.pairing}")

    def _told(self, streams: Streams, context: Context) -> tuple[Pairing, dict[str, Any]]:
        """The pairing and what the record says, judged by who helped on that day."""
        state = existing_pairing(streams, self.pairing)
        current_student(streams, state.student)
        day = self.on or context.today
        if day > context.today:
            raise Refused("contact_in_future", pairing=self.pairing, on=day.isoformat(), today=context.today.isoformat())
        if day < state.since:
            raise Refused("contact_before_pairing", pairing=self.pairing, on=day.isoformat(), since=state.since.isoformat())
        if state.ended_on is not None and day >= state.ended_on:
            raise Refused("pairing_ended", pairing=self.pairing)
        if not state.helped(self.helper, day):
            raise Refused("helper_not_in_pairing", pairing=self.pairing, helper=self.helper)
        for amount_fen in (self.money_fen, self.goods_fen):
            if amount_fen < 0:
                raise Refused("amount_not_positive", amount_fen=amount_fen)
        said = {
            "pairing": self.pairing,
            "helper": self.helper,
            "kind": self.kind,
            "noted_on": self.noted_on or context.today,
            "money_fen": self.money_fen,
            "goods_fen": self.goods_fen,
            "problem_solved": self.problem_solved,
            "minutes": self.minutes,
            "text_digest": self.text_digest,
            "text": self.text,
            "goods_given": self.goods_given or self.goods_fen > 0,
        }
        return state, said


@dataclass(frozen=True, kw_only=True)
class RecordContact(_TellContact):
    name: ClassVar[str] = "RecordContact"
    source: str = ""

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        contact = streams.read(Contact, self.contact)
        if contact.exists:
            raise Refused("contact_exists", contact=self.contact)
        state, said = self._told(streams, context)
        return [(contact.stream, ContactRecorded(**self.stamp(context, self.source, state.ref), **said))]


@dataclass(frozen=True, kw_only=True)
class CorrectContact(_TellContact):
    """Says the whole record again as it should have been; the wrong one stays on file, named by the correction."""

    name: ClassVar[str] = "CorrectContact"

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        contact = standing_contact(streams, self.contact, self.pairing)
        state, said = self._told(streams, context)
        corrects = contact.standing_ref
        return [(contact.stream, ContactCorrected(**self.stamp(context, corrects, state.ref), **said, corrects=corrects))]


@dataclass(frozen=True, kw_only=True)
class StrikeOutContact(PairingCommand):
    name: ClassVar[str] = "StrikeOutContact"
    contact: str
    reason: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        contact = standing_contact(streams, self.contact, self.pairing)
        corrects = contact.standing_ref
        return [(contact.stream, ContactStruckOut(**self.stamp(context, corrects), corrects=corrects, reason=self.reason))]


def standing_contact(streams: Streams, contact: str, pairing: str) -> Contact:
    """The contact of that pairing, if it stands; else `contact_unknown`."""
    found = streams.read(Contact, contact)
    if not found.exists or found.struck_out or found.pairing != pairing:
        raise Refused("contact_unknown", contact=contact)
    return found
