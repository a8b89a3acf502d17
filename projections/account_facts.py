"""Which facts hold an account to pay to, what was cleared of doubtful ones, and which household a student belongs to.

No account is here, nor anything made of one: what two of them have in common only the vault can say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import select

from mingzhang.domain.student.facts import SAID_WRONG

from .applications import all_equal
from .bitemporal import Points
from .boxes import BOXES, keep
from .projection import LogEvent, Projection, View, Writer, on
from .tables import text, whole

_AT_ONCE = 500

ACCOUNT_FACT = Points(
    "account_fact",
    columns=[
        text("place"), text("student"), whole("given"), whole("in_own_name"), text("scheme"), text("household"), text("ref"),
    ],
    indexes=[["student"], ["ref"]],
)  # fmt: skip
"""`place`: the stream, whose newest fact counts; given: 0 where there is an account no more."""
ACCOUNT_JUDGED = Points(
    "account_judged",
    columns=[text("student"), text("account"), text("code"), text("others"), text("corrects"), text("actor"), text("ref")],
    indexes=[["student"]],
)
ACCOUNT_SAID_WRONG = Points("account_said_wrong", columns=[text("student"), text("account"), text("ref")])
HOUSEHOLD = Points("household_recorded", columns=[text("student"), text("household"), text("ref")], indexes=[["student"]])


class AccountFact(NamedTuple):
    """The fact `ref` (leaf `leaf`, holding from the ISO day `since`) holds an account of the student's. in_own_name: whether it is in the
    name that stands beside it (None: nobody looked); scheme, household: of an application form; in_force: no newer fact of the same entry,
    form or file has taken its place."""

    ref: str
    leaf: int
    student: str
    since: str
    in_own_name: bool | None
    scheme: str | None
    household: str | None
    in_force: bool


class Judged(NamedTuple):
    """A doubtful account was cleared. others: with whom it was known to be shared, or whose it was; by: the staff id; on: ISO."""

    student: str
    account: str
    code: str
    others: frozenset[str]
    by: str
    on: str
    ref: str


class SaidWrong(NamedTuple):
    """A payment to the account that the fact `account` holds was stopped because of it; `ref` (leaf `leaf`) says so."""

    student: str
    account: str
    ref: str
    leaf: int


class HouseholdRow(NamedTuple):
    """Said by `ref`, whose box (leaf `leaf`) has the head's name. by_itself: by no form."""

    household: str
    ref: str
    leaf: int
    by_itself: bool


class AccountFacts(Projection):
    name = "account_facts"
    kept = (ACCOUNT_FACT, ACCOUNT_JUDGED, ACCOUNT_SAID_WRONG, HOUSEHOLD, BOXES)
    schema_version = 2

    @on("entry.recorded", "entry.corrected", "application.form_recorded")
    def _stated(self, event: LogEvent, writer: Writer) -> None:
        get = event.state.get
        self._fact(event, writer, get("student"), bool(get("account_given")), get("scheme"), get("household"))

    @on("entry.withdrawn")
    def _withdrawn(self, event: LogEvent, writer: Writer) -> None:
        self._fact(event, writer, event.state["student"], False)

    @on("student.details_corrected")
    def _details(self, event: LogEvent, writer: Writer) -> None:
        if "account" in event.state["fields"]:
            self._fact(event, writer, event.stream.partition("/")[2], True)

    @on("account.cleared", "account.doubted")
    def _judged(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        others = orjson.dumps(said.get("others", ())).decode()
        student = event.stream.partition("/")[2]
        row = (student, said["account"], said["code"], others, said.get("corrects"), said["actor"], event.ref)
        writer.happened(ACCOUNT_JUDGED, event, row)

    @on("account.said_wrong")
    def _said_wrong(self, event: LogEvent, writer: Writer) -> None:
        writer.happened(ACCOUNT_SAID_WRONG, event, (event.stream.partition("/")[2], event.state["account"], event.ref))

    @on("student.household_recorded")
    def _household(self, event: LogEvent, writer: Writer) -> None:
        writer.happened(HOUSEHOLD, event, (event.stream.partition("/")[2], event.state["household"], event.ref))
        keep(writer, event)

    def _fact(
        self, event: LogEvent, writer: Writer, student: Any, given: bool, scheme: Any = None, household: Any = None
    ) -> None:
        own = event.state.get("account_in_own_name")
        row = (event.stream, student, int(given), None if own is None else int(own), scheme, household, event.ref)
        writer.happened(ACCOUNT_FACT, event, row)


def account_facts(view: View, students: Collection[str] | None = None, *, not_own: bool = False) -> list[AccountFact]:
    """The facts that hold an account, in the order of the log: all of them, or those of these students. not_own: only those of whom nobody
    has said that the account is in the student's own name."""
    rows: list[Any] = []
    for part in _parts(students):
        rows += view.rows(select(view.points(ACCOUNT_FACT, all_equal(student=part))))
    rows.sort(key=lambda row: row.fact_leaf)
    newest = {row.place: row.fact_leaf for row in rows}
    return [
        AccountFact(
            row.ref,
            row.fact_leaf,
            row.student,
            row.effective_on,
            None if row.in_own_name is None else bool(row.in_own_name),
            row.scheme,
            row.household,
            newest[row.place] == row.fact_leaf,
        )
        for row in rows
        if row.given and not (not_own and row.in_own_name)
    ]


def not_in_own_name(view: View) -> set[str]:
    """Students with an account of which nobody has said that it is in their own name, whatever has come of it since."""
    points = view.points(ACCOUNT_FACT, lambda c: c.in_own_name.is_(None) | (c.in_own_name == 0))
    return {row.student for row in view.rows(select(points.c.student).where(points.c.given == 1).distinct())}


def judged(view: View) -> list[Judged]:
    """The clearings that hold, in the order of the log; one that was taken back is left out."""
    points = view.points(ACCOUNT_JUDGED)
    rows = view.rows(select(points).order_by(points.c.fact_leaf))
    doubted = {row.corrects for row in rows if row.corrects is not None}
    return [
        Judged(row.student, row.account, row.code, frozenset(orjson.loads(row.others)), row.actor, row.effective_on, row.ref)
        for row in rows
        if row.corrects is None and row.ref not in doubted
    ]


def said_wrong(view: View) -> list[SaidWrong]:
    """What holds of it, in the order of the log: accounts that somebody has answered for since are left out."""
    points = view.points(ACCOUNT_SAID_WRONG)
    cleared = {one.account for one in judged(view) if one.code == SAID_WRONG}
    rows = view.rows(select(points).order_by(points.c.fact_leaf))
    return [SaidWrong(row.student, row.account, row.ref, row.fact_leaf) for row in rows if row.account not in cleared]


def households(view: View, students: Iterable[str]) -> dict[str, HouseholdRow]:
    """The household each of these students belongs to: as it was recorded last by itself, else as the newest form that says one has it."""
    wanted = set(students)
    found: dict[str, HouseholdRow] = {}
    for part in _parts(wanted):
        forms = view.points(ACCOUNT_FACT, all_equal(student=part))
        for row in view.rows(select(forms).where(forms.c.household.is_not(None)).order_by(forms.c.fact_leaf)):
            found[row.student] = HouseholdRow(row.household, row.ref, row.fact_leaf, by_itself=False)
    recorded: dict[str, HouseholdRow] = {}
    for part in _parts(wanted):
        said = view.points(HOUSEHOLD, all_equal(student=part))
        for row in view.rows(select(said).order_by(said.c.fact_leaf)):
            recorded[row.student] = HouseholdRow(row.household, row.ref, row.fact_leaf, by_itself=True)
    return found | recorded


def _parts(students: Collection[str] | None) -> Sequence[list[str] | None]:
    if students is None:
        return [None]
    wanted = sorted(students)
    return [wanted[start : start + _AT_ONCE] for start in range(0, len(wanted), _AT_ONCE)]
