"""The list that is hung up names people in full, so that neighbours know of whom it speaks; whoever prints it leaves a fact behind.

What may stand on it beside the name is laid down by the projection of public lists; numbers and addresses never do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..command import Command, Context
from ..disclosure import DataRevealed
from ..refusal import Refused
from ..streams import Event, Streams
from .notice import OFFICE, Notice, existing_notice


@dataclass(frozen=True, kw_only=True)
class PrintNotice(Command):
    """Prints the public list of a notice with whole names. Refused `notice_withdrawn` once it has been taken down."""

    name: ClassVar[str] = "PrintNotice"
    roles: ClassVar[frozenset[str]] = OFFICE
    disclosure: str
    notice: str

    def units(self, streams: Streams) -> tuple[str, ...]:
        posted = streams.read(Notice, self.notice).posted
        return (posted.unit,) if posted is not None else ()

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        notice, posted = existing_notice(streams, self.notice)
        if notice.withdrawn_on is not None:
            raise Refused("notice_withdrawn", notice=notice.id)
        students = tuple(dict.fromkeys(case.split("/")[2] for case in posted.cases))
        fact = DataRevealed(**self.stamp(context, notice.posted_ref), query=f"notice/{notice.id}", students=students)
        return [(f"disclosure/{self.disclosure}", fact)]
