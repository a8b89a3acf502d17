"""What a comparison says of each person, in words: how they were matched, why not, what differs, and what changed since the one before.

Names come out of their boxes for the length of the answer, and are shown masked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mingzhang.domain.refusal import Refused
from mingzhang.domain.vault.masking import mask_name

from ..cases.named import masked_or_mark
from ..i18n import N_, _
from ..output import Answer, Column, Table, Text
from ..session import Session
from .comparison import Compared, persons_said
from .units import UnitNames

if TYPE_CHECKING:
    from mingzhang.projections.asof import AsOf
    from mingzhang.projections.crosschecks import ComparedRow, ComparisonRow, ListedRow

EXPLANATIONS: dict[str, str] = {
    "matched_on_id_number": N_("matched on the identity number"),
    "matched_on_xueji": N_("matched on the 学籍 number"),
    "name_differs": N_("the number is equal, the name differs"),
    "not_found": N_("not found on the list"),
    "list_row_refused": N_("named on the list in a row that had to be refused"),
    "no_longer_entitled": N_("on the list, no longer entitled"),
    "different_people": N_("on the list stands somebody else with this number, as was found"),
}
CHANGES: dict[str, str] = {
    "new_match": N_("newly on the list"),
    "lost_match": N_("no longer on the list"),
    "changed_class": N_("other class"),
}

CHANGE_KEYS = (("new_match", "new_matches"), ("lost_match", "lost_matches"), ("changed_class", "changed_class"))


def compared_answer(session: Session, comparison: str, as_of: AsOf, recorded: Compared | None = None) -> Answer:
    """The comparison as of a point, or the newest one with the list of this name; `recorded` says what its own command did.

    Refused `crosscheck_unknown`.
    """
    from mingzhang.projections.crosschecks import changes, compared, comparisons, listed_by_ref, lists, previous, resolutions

    with session.engine.view(as_of) as view:
        made = comparisons(view)
        about = next((row for row in reversed(made) if comparison == row.comparison or comparison in row.lists), None)
        if about is None:
            raise Refused("crosscheck_unknown", crosscheck=comparison)
        rows = compared(view, about.comparison)
        days = {row.crosscheck: row.as_of for row in lists(view)}
        before = previous(made, about)
        changed = []
        if before is not None:
            asked = [{*one.kinds, *one.kinds_without_list} for one in (before, about)]
            changed = changes(compared(view, before.comparison), rows, set.intersection(*asked))
        theirs = listed_by_ref(view, [row.says for row in rows if row.says])
        resolved = resolutions(view, {row.says for row in rows if row.name_differs and row.says})
    names = _Names(session, rows, theirs)
    document = _document(session, about, rows, names, resolved)
    document["lists"] = [
        {"crosscheck": one, "kind": kind, "as_of": days.get(one), "withdrawn": one not in days}
        for one, kind in zip(about.lists, about.kinds, strict=True)
    ]
    document["changes"] = {
        "since": before.comparison if before is not None else None,
        **{
            key: [
                {"student": one.student, "kind": one.kind, "before": one.before, "after": one.after} for one in changed if one.what == what
            ]
            for what, key in CHANGE_KEYS
        },
    }
    if recorded is not None:
        document |= {"recorded": recorded.recorded, "cases_recorded": recorded.cases}
    return Answer(document, _parts(document, names, recorded))


class _Names:
    """Whoever a comparison is about: our own name for them and the list's, opened once."""

    def __init__(self, session: Session, rows: Sequence[ComparedRow], theirs: dict[str, Any]) -> None:
        self._session = session
        ours = persons_said(session, [row.basis for row in rows if row.basis])
        said = dict(zip(ours, session.vault.open_many(list(ours.values())), strict=True))
        self._ours = {row.student: (said.get(row.basis) or {}).get("name", "") for row in rows if row.basis}
        opened = session.vault.open_many([box for _row, box in theirs.values()])
        self._theirs = {ref: (fields or {}).get("name", "") for ref, fields in zip(theirs, opened, strict=True)}
        self._rows: dict[str, ListedRow] = {ref: row for ref, (row, _box) in theirs.items()}
        self._listed = {row.student: self._theirs.get(row.says or "", "") for row in rows if row.finding == "only_listed"}

    def of(self, student: str) -> str | None:
        """The student's name, masked; where it cannot be read the word for why, None where there is none."""
        return masked_or_mark(self._session, student, self._ours.get(student) or self._listed.get(student) or "") or None

    def theirs(self, says: str | None) -> str | None:
        """The name in a row of a list, masked."""
        name = self._theirs.get(says or "")
        return mask_name(name) if name else None

    def source(self, says: str | None) -> dict[str, object] | None:
        """Where in the list's files the row stands."""
        row = self._rows.get(says or "")
        return {"file": row.file, "sheet": row.sheet, "row": row.row} if row is not None else None


def _document(
    session: Session, about: ComparisonRow, rows: Sequence[ComparedRow], names: _Names, resolved: dict[tuple[str, str], Any]
) -> dict[str, Any]:
    by_student: dict[str, list[ComparedRow]] = {}
    for row in rows:
        by_student.setdefault(row.student, []).append(row)
    matched, unmatched, only = [], [], []
    for student, some in by_student.items():
        on_lists = [row for row in some if row.finding == "matched"]
        missing = [row for row in some if row.finding == "unmatched"]
        refused = [_refused(row) for row in some if row.finding == "refused_row"]
        if on_lists:
            matched.append(
                {
                    "student": student,
                    "name": names.of(student),
                    "explanation": explanation(on_lists),
                    "lists": [_listing(row, names) for row in on_lists],
                    "unclaimed": sorted({row.kind for row in on_lists if row.unclaimed}),
                }
            )
        if missing:
            unmatched.append(
                {
                    "student": student,
                    "name": names.of(student),
                    "explanation": missing[0].why,
                    "kinds": [row.kind for row in missing],
                    "lists": [_listing(row, names) for row in some if row.finding == "ended"],
                    "refused_rows": refused,
                }
            )
        for row in some:
            if row.finding == "only_listed":
                place = _refused(row) if row.refused_code else None
                said = {"student": student, "name": names.of(student), **_listing(row, names), "refused_row": place}
                only.append({key: value for key, value in said.items() if key not in ("matched_on", "name_differs")})
    differing = [_difference(row, names, resolved) for row in rows if row.name_differs]
    units = UnitNames(session)
    return {
        "comparison": about.comparison,
        "on": about.on,
        "against": about.against,
        "unit": units.title(about.unit) if about.unit else None,
        "unit_id": about.unit,
        "students": about.students,
        "kinds_without_list": list(about.kinds_without_list),
        "matched": matched,
        "unmatched": unmatched,
        "differing": differing,
        "only_listed": only,
        "not_ours": about.not_ours,
    }


def explanation(rows: Sequence[ComparedRow]) -> str:
    """How somebody on a list was found there: the best of several ways."""
    agreeing = {row.matched_on for row in rows if not row.name_differs}
    if not agreeing:
        return "name_differs"
    return "matched_on_id_number" if "id_number" in agreeing else "matched_on_xueji"


def _listing(row: ComparedRow, names: _Names) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "crosscheck": row.crosscheck,
        "value": row.value,
        "entitled": row.entitled,
        "matched_on": row.matched_on,
        "name_differs": row.name_differs,
        "says": row.says,
        "source": names.source(row.says),
    }


def _refused(row: ComparedRow) -> dict[str, Any]:
    return {"kind": row.kind, "file": row.refused_file, "sheet": row.refused_sheet, "row": row.refused_row, "code": row.refused_code}


def _difference(row: ComparedRow, names: _Names, resolved: dict[tuple[str, str], Any]) -> dict[str, Any]:
    said = resolved.get((row.student, row.says or ""))
    return {
        "student": row.student,
        "field": "name",
        "ours": names.of(row.student),
        "theirs": names.theirs(row.says),
        "kind": row.kind,
        "crosscheck": row.crosscheck,
        "our_fact": row.basis,
        "their_fact": row.says,
        "source": names.source(row.says),
        "resolved": {"right": said.right, "on": said.on, "event": said.ref} if said is not None else None,
    }


def _parts(document: dict[str, Any], names: _Names, recorded: Compared | None) -> tuple[Table | Text, ...]:
    sentences = [
        _("Comparison {comparison}: {students} students, {matched} matched, {unmatched} unmatched, {differing} names differ.").format(
            comparison=document["comparison"],
            students=document["students"],
            matched=len(document["matched"]),
            unmatched=len(document["unmatched"]),
            differing=len(document["differing"]),
        )
    ]
    if recorded is not None and not recorded.recorded:
        sentences.append(_("Nothing has changed since this comparison; nothing new was recorded."))
    if document["kinds_without_list"]:
        sentences.append(_("No list has come of: {kinds}.").format(kinds="、".join(document["kinds_without_list"])))
    if document["not_ours"]:
        sentences.append(_("The lists name {count} more people who are none of our students.").format(count=document["not_ours"]))
    heads = [Column(_("Student"), "student"), Column(_("Name"), "name"), Column(_("Lists"), "kinds"), Column(_("What was found"), "says")]
    of_round = str(document["against"]).startswith("round/")
    rows = [_row(one, _missing_on(one, of_round), _found(one["explanation"])) for one in document["unmatched"]]
    differing = [
        _row({**one, "name": f"{one['ours']} / {one['theirs']}"}, [one["kind"]], _found("name_differs"))
        for one in document["differing"]
        if one["resolved"] is None
    ]
    only = [_row(one, [one["kind"]], _only(one)) for one in document["only_listed"]]
    changed = [
        _row({"student": one["student"], "name": names.of(one["student"])}, [one["kind"]], _changed(what, one))
        for what, key in CHANGE_KEYS
        for one in document["changes"][key]
    ]
    captions = (
        (_("Not on the list of what they were recorded under") if of_round else _("On none of the lists"), rows),
        (_("Names that differ, not yet resolved"), differing),
        (_("On a list, and not in the survey"), only),
        (_("Changed since {comparison}").format(comparison=document["changes"]["since"]), changed),
    )
    return (Text(tuple(sentences)), *(Table(heads, some, caption=caption) for caption, some in captions if some))


def _row(one: dict[str, Any], kinds: Sequence[str], says: str) -> dict[str, object]:
    return {"student": one["student"], "name": one["name"], "kinds": "、".join(kinds), "says": says}


def _missing_on(one: dict[str, Any], of_round: bool) -> list[str]:
    """The kinds to be shown: an applicant need be on any one of the lists, so only those that say something are named."""
    return list(one["kinds"]) if of_round else sorted({said["kind"] for said in (*one["lists"], *one["refused_rows"])})


def _found(code: str) -> str:
    words = EXPLANATIONS[code]
    return _(words)


def _only(one: dict[str, Any]) -> str:
    place = one["refused_row"]
    if place is None:
        return _("the survey does not name them")
    return _("the survey names them in a refused row: {file}, row {row}").format(file=place["file"], row=place["row"])


def _changed(what: str, one: dict[str, Any]) -> str:
    said = _(CHANGES[what])
    return f"{said}: {one['before'] or '—'} → {one['after'] or '—'}" if what == "changed_class" else said
