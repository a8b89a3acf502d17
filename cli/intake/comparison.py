"""`crosscheck compare`: a survey round or the applications of a scheme against the newest lists, in one pass over bulk reads.

Names are opened here, for as long as they are compared; what is recorded is which number matched and whether the names differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol, TypeVar

from mingzhang.domain.aid.application import Application
from mingzhang.domain.command import Command
from mingzhang.domain.crosscheck.comparing import COMPARED_STANDS, CompareCase, CompareLists
from mingzhang.domain.crosscheck.crosscheck import CrossCheck
from mingzhang.domain.crosscheck.facts import Finding, OnlyListed, RefusedPlace
from mingzhang.domain.crosscheck.kinds import claimed_kinds
from mingzhang.domain.crosscheck.matching import Matcher, Ours, Refusals, RefusedNaming, Theirs
from mingzhang.domain.facts import decode
from mingzhang.domain.plan.schemes import OnList
from mingzhang.domain.refusal import Refused
from mingzhang.domain.sealed import Sealed

from ..session import Session, new_id

if TYPE_CHECKING:
    from mingzhang.projections.crosschecks import ListedRow, ListRow, RefusedRow
    from mingzhang.projections.projection import View


class _Named(Protocol):
    @property
    def person(self) -> Sealed: ...


P = TypeVar("P", bound=_Named)


@dataclass(frozen=True)
class Subject:
    """Whom a comparison is about: `claims` as `Ours` has them, `person` the box of the fact that is compared."""

    student: str
    basis: str
    person: Sealed
    claims: tuple[tuple[str, ...], ...] | None = None


@dataclass(frozen=True)
class Compared:
    """`comparison`: the new one, or the earlier one that had found just the same (`recorded` False)."""

    comparison: str
    recorded: bool
    cases: int = 0


def compare_round(session: Session, round_id: str, kinds: Sequence[str], unit: str | None, on: date | None) -> Compared:
    """Compares the entries of a round with the newest lists of these kinds (none given: of every kind there is a list of)."""
    from mingzhang.projections.crosschecks import current_lists, refused_rows
    from mingzhang.projections.register import entries, rounds

    with session.engine.view(session.as_of(on, None)) as view:
        unit_of_round = next((row.unit for row in rounds(view) if row.round == round_id), None)
        if unit_of_round is None:
            raise Refused("round_unknown", round=round_id)
        lists = current_lists(view, kinds or None)
        used = tuple(dict.fromkeys(row.kind for row in lists))
        people = [
            Subject(row.student, row.ref, row.person, claimed_kinds(row.categories, row.kinds, used))
            for row in entries(view, round_id, unit)
        ]
        against = Lists(session, view, lists, {})
        findings = against.findings(people)
        everybody = people if unit is None else [Subject(row.student, row.ref, row.person) for row in entries(view, round_id)]
        only, not_ours = against.only_listed(everybody, refused_rows(view, context=round_id), unit)
    absent = tuple(kind for kind in kinds if kind not in used)
    found = CompareLists(
        on=on,
        comparison=new_id("check"),
        against=f"round/{round_id}",
        unit=unit,
        covers=(unit or unit_of_round,),
        lists=tuple(row.crosscheck for row in lists),
        kinds_without_list=absent,
        students=len(people),
        not_ours=not_ours,
        findings=tuple(findings),
        only_listed=tuple(only),
    )
    return _record(session, found, ())


def compare_cases(
    session: Session, scheme: str, period: str, clauses: Sequence[OnList], kinds: Sequence[str], unit: str | None, on: date | None
) -> Compared:
    """Compares the applications of a scheme (`<plan>.<scheme>`) for a period with the lists it names (`clauses`) and those of `kinds`."""
    from mingzhang.projections.applications import applications
    from mingzhang.projections.crosschecks import current_lists

    wanted = tuple(dict.fromkeys((*(clause.kind for clause in clauses), *kinds)))
    if not wanted:
        raise Refused("scheme_names_no_list", scheme=scheme)
    with session.engine.view(session.as_of(on, None)) as view:
        lists = current_lists(view, wanted)
        lists.sort(key=lambda row: wanted.index(row.kind))
        rows = [row for row in applications(view, scheme, period, unit) if row.stand in COMPARED_STANDS]
        people, units = _applicants(session, [row.application for row in rows])
        columns = {clause.kind: clause.column for clause in clauses if clause.column}
        findings = Lists(session, view, lists, columns).findings(people)
    used = {row.kind for row in lists}
    found = CompareLists(
        on=on,
        comparison=new_id("check"),
        against=f"scheme/{scheme}/{period}",
        unit=unit,
        covers=units,
        lists=tuple(row.crosscheck for row in lists),
        kinds_without_list=tuple(kind for kind in wanted if kind not in used),
        students=len(people),
        findings=tuple(findings),
    )
    by_student = {finding.student: finding.matches for finding in findings}
    return _record(
        session,
        found,
        [
            CompareCase(
                on=on,
                application=row.application,
                comparison=found.comparison,
                lists=found.lists,
                matches=by_student.get(row.student, ()),
            )
            for row in rows
        ],
    )


def _record(session: Session, found: CompareLists, cases: Sequence[CompareCase]) -> Compared:
    """Records the comparison, unless the last one of the same people found just the same with the same lists."""
    from mingzhang.projections.crosschecks import comparisons

    with session.engine.view(session.as_of(None, None)) as view:
        before = [row for row in comparisons(view, found.against) if row.unit == found.unit]
    last = session.streams.read(CrossCheck, before[-1].comparison).compared if before else None
    same = last is not None and (last.lists, last.kinds_without_list, last.students, last.findings, last.only_listed, last.not_ours) == (
        found.lists, found.kinds_without_list, found.students, found.findings, found.only_listed, found.not_ours,
    )  # fmt: skip
    if same:
        return Compared(before[-1].comparison, recorded=False)
    commands: list[Command] = [found, *cases]
    execution = session.execute_many(commands)
    return Compared(found.comparison, recorded=True, cases=len(execution.recorded) - 1)


def _applicants(session: Session, applications: Sequence[str]) -> tuple[list[Subject], tuple[str, ...]]:
    """Whom the applications are of, each with the box it rests on: the form's, else the survey entry's; and the units they belong to."""
    streams = session.streams
    streams.fetch(applications)
    cases = [streams.at(Application, one) for one in applications]
    boxes = persons_said(session, [case.basis for case in cases if case.form is None])
    people = []
    for case in cases:
        person = case.form.person if case.form is not None else boxes.get(case.basis)
        if person is not None:
            people.append(Subject(case.student, case.form_ref or case.basis, person))
    return people, tuple(sorted({case.unit for case in cases if case.unit}))


def persons_said(session: Session, refs: Iterable[str]) -> dict[str, Sealed]:
    """The boxes of these facts (`stream@version`); one without a box is left out."""
    wanted = {ref for ref in refs if ref}
    found: dict[str, Sealed] = {}
    for row in session.ledger.journal.select_streams(sorted({ref.rpartition("@")[0] for ref in wanted})):
        ref = f"{row.originator_id}@{row.originator_version}"
        if ref in wanted and isinstance(person := getattr(decode(row.topic, row.state), "person", None), Sealed):
            found[ref] = person
    return found


class Lists:
    """The lists of one comparison, read at one go: their rows by person, refused rows with whom they named, and who is the same person as
    whom. columns: per kind the column (类别 or 保障类型) in which its class stands."""

    def __init__(self, session: Session, view: View, lists: Sequence[ListRow], columns: Mapping[str, str]) -> None:
        from mingzhang.projections.crosschecks import listed, refused_rows
        from mingzhang.projections.register import survivors

        self._session, self._view, self._lists, self._columns = session, view, lists, columns
        self._merged = survivors(view)
        self._kinds = tuple(dict.fromkeys(row.kind for row in lists))
        self._rows: dict[str, list[ListedRow]] = {}
        for row in listed(view, [one.crosscheck for one in lists]):
            self._rows.setdefault(self._person(row.student), []).append(row)
        of_import = {ref: one for one in lists for ref in one.imports}
        self._refused = [
            self._naming(row, of_import[row.import_ref].crosscheck, of_import[row.import_ref].kind, fields)
            for row, fields in self._with_names(refused_rows(view, imports=of_import))
        ]

    def findings(self, people: Sequence[Subject]) -> list[Finding]:
        """What the lists say about these people, in their order."""
        from mingzhang.projections.crosschecks import resolutions

        ours = self._ours(people)
        numbers = sorted({one.xueji for one in ours if one.xueji})
        known = self._session.vault.find_many("xueji", numbers) if numbers else []
        same_xueji = {number: tuple(map(self._person, refs)) for number, refs in zip(numbers, known, strict=True) if len(refs) > 1}
        others = {ref for refs in same_xueji.values() for ref in refs}
        wanted = others.union(*(one.refs for one in ours))
        rows = [row for person in sorted(wanted & self._rows.keys()) for row in self._rows[person]]
        theirs = [
            Theirs(
                row.crosscheck,
                row.kind,
                row.ref,
                self._person(row.student),
                "xueji" if row.named_by == "xueji" else "id_number",
                self._value(row),
                row.entitled,
                fields.get("name", ""),
            )
            for row, fields in self._listed_with_names(rows)
        ]
        parted = [place for place, row in resolutions(self._view).items() if row.right == "different-people"]
        matcher = Matcher(theirs, self._refused, self._kinds, same_xueji, parted)
        return [finding for one in ours if (finding := matcher.about(one)) is not None]

    def only_listed(self, people: Sequence[Subject], refused: Sequence[RefusedRow], unit: str | None) -> tuple[list[OnlyListed], int]:
        """Our own students, enrolled on the day, whom a list names as entitled and nobody surveyed; and how many others the lists name.

        Somebody whom a refused row of the survey names is ours as well.
        """
        from mingzhang.projections.crosschecks import own_students

        own = own_students(self._view, unit)
        surveyed = {self._person(one.student) for one in people}
        others = {person: some for person, some in self._rows.items() if person not in surveyed}
        rows = [row for some in others.values() for row in some if row.entitled is not False]
        strangers = {self._person(row.student) for row in rows} - own.keys()
        if not refused:  # then only our own students can be missing, and nobody else's box is opened
            rows = [row for row in rows if self._person(row.student) in own]
        refusals = Refusals(self._naming(row, "", "", fields) for row, fields in self._with_names(refused))
        found: dict[tuple[str, str], OnlyListed] = {}
        for row, said in self._listed_with_names(rows):
            person = self._person(row.student)
            of_person = Ours(person, frozenset({person}), "", said.get("name", ""), said.get("id_number", ""), "")
            place = next((one.place for one in refusals.naming(of_person)), None)
            if own.get(person, place is not None and unit is None):
                only = OnlyListed(student=person, crosscheck=row.crosscheck, kind=row.kind, says=row.ref, refused=place)
                found.setdefault((person, row.kind), only)
                strangers.discard(person)
        ordered = sorted(found.values(), key=lambda one: (self._kinds.index(one.kind), one.student))
        return ordered, len(strangers)

    def _ours(self, people: Sequence[Subject]) -> list[Ours]:
        found = []
        for one, said in self._with_names(people):
            refs = frozenset({self._person(one.student)})
            name, number, xueji = said.get("name", ""), said.get("id_number", ""), said.get("xueji", "")
            found.append(Ours(one.student, refs, one.basis, name, number, xueji, one.claims))
        return found

    def _with_names(self, rows: Sequence[P]) -> list[tuple[P, dict[str, str]]]:
        opened = self._session.vault.open_many([row.person for row in rows])
        return [(row, fields or {}) for row, fields in zip(rows, opened, strict=True)]

    def _listed_with_names(self, rows: Sequence[ListedRow]) -> list[tuple[ListedRow, dict[str, str]]]:
        from mingzhang.projections.boxes import boxes_of

        boxes = boxes_of(self._view, [row.leaf for row in rows])
        opened = self._session.vault.open_many([boxes[row.leaf] for row in rows])
        return [(row, fields or {}) for row, fields in zip(rows, opened, strict=True)]

    def _value(self, row: ListedRow) -> str | None:
        """The class of the row: what stands in the column the scheme looks at, else 类别, else 保障类型."""
        column = self._columns.get(row.kind)
        if column is not None:
            return row.category if column == "类别" else row.support
        return row.category or row.support

    def _naming(self, row: RefusedRow, crosscheck: str, kind: str, fields: Mapping[str, str]) -> RefusedNaming:
        place = RefusedPlace(source=row.import_ref, sheet=row.sheet, row=row.row, code=row.code)
        return RefusedNaming(crosscheck, kind, place, self._person(row.subject), fields.get("name", ""), fields.get("id_number", ""))

    def _person(self, ref: str) -> str:
        return self._merged.get(ref, ref)
