"""What the facts say about a student: file, enrolment, survey entries, recognition (认定), and which files are one person.

Recognised is whom a survey entry or a determination names, until the next of these or an end. A corrected entry keeps its
place in that order: the correction changes single fields of it from its own day on, and a withdrawn entry never was.
"""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import select

from mingzhang.domain.student.student import PRESENT

from ..bitemporal import Points, Timeline
from ..boxes import BOXES, keep
from ..projection import LogEvent, Projection, View, Writer, on
from ..tables import day, text, whole

PLAIN_FIELDS = ("unit", "categories", "kinds", "level", "stage", "new", "lifted", "income_fen", "household_size")

ENTRY = Timeline(
    "entry",
    key=[text("round"), text("student")],
    value=[
        text("ref"), text("unit"), text("categories"), text("kinds"), text("level"), text("stage"), whole("new"), whole("lifted"),
        whole("income_fen"), whole("household_size"), whole("account_given"), text("sheet"), whole("row"), text("import_ref"),
    ],
    indexes=[["student"]],
)  # fmt: skip
ENTRY_FIX = Timeline("entry_fix", key=[text("round"), text("student"), text("field")], value=[text("ref"), text("value")])
IDENTIFIED = Timeline(
    "identified", key=[text("student")], value=[text("ref"), text("round"), text("unit"), text("categories"), text("level")]
)
STUDENT = Timeline("student_file", key=[text("student")], value=[text("ref"), text("unit"), text("stage"), text("source")])
ENROLMENT = Timeline("enrolment", key=[text("student")], value=[text("status"), text("ref"), day("registered_on")])
MERGED = Timeline("identity_merged", key=[text("student")], value=[text("survivor"), text("ref")])
DETAILS = Timeline("details_corrected", key=[text("student"), text("field")], value=[text("ref")])
ERASED = Timeline("person_erased", key=[text("student")], value=[text("ref")])
ENDINGS = Points("register_ending", columns=[text("student"), text("kind"), text("ref")], indexes=[["student"]])
"""Facts after which something no longer holds: they leave no row of their own to read their reference from."""


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _truth(value: bool | None) -> int | None:
    return None if value is None else int(value)


class Recognition(Projection):
    name = "recognition"
    kept = (ENTRY, ENTRY_FIX, IDENTIFIED, STUDENT, ENROLMENT, MERGED, DETAILS, ERASED, ENDINGS, BOXES)

    @on("student.registered")
    def _registered(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        writer.holds(STUDENT, event, (_student(event),), (event.ref, said["unit"], said.get("stage"), said["source"]))
        keep(writer, event)

    @on("student.details_corrected")
    def _details(self, event: LogEvent, writer: Writer) -> None:
        for field in dict.fromkeys(event.state["fields"]):
            writer.holds(DETAILS, event, (_student(event), field), (event.ref,))
        keep(writer, event)

    @on("student.enrolment_changed")
    def _enrolment(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        if said.get("corrects") is not None:
            writer.withdraws(ENROLMENT, event, said["corrects"])
        writer.holds(ENROLMENT, event, (_student(event),), (said["status"], event.ref, said.get("registered_on")))

    @on("student.identity_merged_into")
    def _merged(self, event: LogEvent, writer: Writer) -> None:
        student = _student(event)
        writer.holds(MERGED, event, (student,), (event.state["survivor"], event.ref))
        writer.happened(ENDINGS, event, (student, "identity", event.ref))

    @on("student.identity_split")
    def _split(self, event: LogEvent, writer: Writer) -> None:
        student = _student(event)
        if event.state["other"] == student:  # the same fact stands in both files
            writer.clears(MERGED, event, (student,))
            writer.happened(ENDINGS, event, (student, "identity", event.ref))

    @on("student.category_determined")
    def _determined(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        value = (event.ref, None, said.get("unit"), _json(said["categories"]), said.get("level"))
        writer.holds(IDENTIFIED, event, (_student(event),), value)

    @on("student.category_ended")
    def _ended(self, event: LogEvent, writer: Writer) -> None:
        student = _student(event)
        writer.ends(IDENTIFIED, event, (student,))
        writer.happened(ENDINGS, event, (student, "roster", event.ref))

    @on("student.person_erased")
    def _erased(self, event: LogEvent, writer: Writer) -> None:
        writer.holds(ERASED, event, (_student(event),), (event.ref,))

    @on("entry.recorded")
    def _entry(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        get = said.get
        ref, student, categories = event.ref, said["student"], _json(said["categories"])
        source = next((one for one in get("because", ()) if one.startswith("import/")), None)
        value = (
            ref, said["unit"], categories, _json(get("kinds", ())), get("level"), get("stage"), _truth(get("new")), _truth(get("lifted")),
            get("income_fen"), get("household_size"), int(get("account_given", False)), get("sheet"), get("row"), source,
        )  # fmt: skip
        writer.holds(ENTRY, event, (said["round"], student), value)
        writer.holds(IDENTIFIED, event, (student,), (ref, said["round"], said["unit"], categories, get("level")))
        keep(writer, event)

    @on("entry.corrected")
    def _corrected(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        place = (said["round"], said["student"])
        # Fields left out of `after` by the encoding (no value any more) are those that `before` alone names.
        changed = {name: said["after"].get(name) for name in (*said["before"], *said["after"])}
        for field, value in {**changed, "account_given": said.get("account_given", False)}.items():
            writer.holds(ENTRY_FIX, event, (*place, field), (event.ref, _json(value)))
        writer.holds(ENTRY_FIX, event, (*place, "person"), (event.ref, "null"))
        keep(writer, event)

    @on("entry.withdrawn")
    def _withdrawn(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        place = (said["round"], said["student"])
        writer.clears(ENTRY, event, place)
        for field in (*PLAIN_FIELDS, "account_given", "person"):
            writer.clears(ENTRY_FIX, event, (*place, field))
        for version in range(1, event.version):
            writer.withdraws(IDENTIFIED, event, f"{event.stream}@{version}")
        writer.happened(ENDINGS, event, (said["student"], "entry", event.ref))


def _student(event: LogEvent) -> str:
    return event.stream.partition("/")[2]


def survivors(view: View) -> dict[str, str]:
    """Files given up -> the file that answers for the person, followed to its end."""
    held = view.held(MERGED)
    into = {row.student: row.survivor for row in view.rows(select(held.c.student, held.c.survivor))}
    found: dict[str, str] = {}
    for student in into:
        seen = {student}
        last = into[student]
        while last in into and last not in seen:
            seen.add(last)
            last = into[last]
        found[student] = last
    return found


def same_person(view: View, student: str) -> list[str]:
    """Every reference of the person: the file that answers for them first."""
    merged = survivors(view)
    first = merged.get(student, student)
    return [first, *sorted(other for other, survivor in merged.items() if survivor == first)]


def weight(standing: Any) -> tuple[str, bool]:
    """Of the enrolments that a person's files say of one day the newest counts, of two as old the one that stops a payment."""
    return standing.effective_from, standing.status not in PRESENT


class Fix:
    """The fields of one entry that were put right by the day: plain values, and the leaf whose box holds the personal ones."""

    __slots__ = ("days", "leaf", "leaves", "plain", "ref", "refs")

    def __init__(self) -> None:
        self.plain: dict[str, Any] = {}
        self.refs: dict[str, str] = {}
        self.leaves: dict[str, int] = {}
        self.days: dict[str, str] = {}
        self.leaf = -1
        self.ref = ""


def fixes(view: View, where: Any = None) -> dict[tuple[str, str], Fix]:
    """(round, student) -> what corrections say on the day."""
    held = view.held(ENTRY_FIX, where)
    found: dict[tuple[str, str], Fix] = {}
    for row in view.rows(select(held).order_by(held.c.fact_leaf)):
        fix = found.setdefault((row.round, row.student), Fix())
        fix.refs[row.field], fix.leaves[row.field], fix.days[row.field] = row.ref, row.fact_leaf, row.effective_from
        if row.field == "person":
            fix.leaf, fix.ref = row.fact_leaf, row.ref
        else:
            fix.plain[row.field] = orjson.loads(row.value)
    return found
