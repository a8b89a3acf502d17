"""`application check`: the documents handed in are put on record, and each open case is held against the conditions of its scheme."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from mingzhang.domain.aid.application import existing_application
from mingzhang.domain.aid.submitting import CheckDocuments
from mingzhang.domain.plan.adoption import scheme_in_force
from mingzhang.domain.refusal import Refused

from ..cases.chosen import select, selection_options
from ..cases.judged import Judged, judged
from ..cases.open_cases import case_of, open_cases
from ..cases.outcome import Outcome, decide_cases
from ..i18n import _, joined
from ..options import Globals, Verb, example, on_option, table_file_options
from ..output import Answer, Column, Table, Text, show
from ..refusals import explain
from ..session import Session


@click.command(
    "check",
    cls=Verb,
    help=_("Put documents on record, and say of each open application what it lacks, whether it is eligible, and why not."),
)
@click.argument("applications", metavar="[APPLICATION]…", nargs=-1)
@selection_options
@click.option("--document", "documents", multiple=True, metavar="NAME", help=_("A document that was handed in; repeat it for several."))
@on_option
@table_file_options
@example(
    "mingzhang --as applicant-clerk application check --scheme county-grant --period 2020-2021",
    "mingzhang --as applicant-clerk application check funan-2020.county-grant/s-7KQ2M4PX0A/2020-2021 --document 身份证复印件",
)
@click.pass_obj
def check(globals: Globals, /, applications: tuple[str, ...], documents: tuple[str, ...], on: date | None, **selected: Any) -> int:
    with Session(globals) as session:
        chosen = select(session, applications, **selected, on=on)
        if documents and not chosen.named:
            raise click.UsageError(_("Name the applications whose documents these are."))
        references = list(chosen.named) or open_cases(session, chosen)
        outcome = _record(session, references, documents, on, single=chosen.single)
        found = judged(session, references, on)
        return show(globals, _answer(found, outcome, len(references)), rehearsal=session.rehearsal)


def _record(session: Session, references: list[str], documents: tuple[str, ...], on: date | None, *, single: bool) -> Outcome:
    """Puts on record what was handed in, and of cases nobody has looked at what they lack; the rest is only told."""
    wanted = []
    for reference in references:
        case = existing_application(session.streams, reference)
        if case.form is None or case.stand != "submitted":
            continue
        scheme, _version = scheme_in_force(session.streams, case.scheme, on or session.today)
        if documents or (scheme.documents and case.documents_present is None):
            wanted.append(CheckDocuments(on=on, application=case.stream, present=documents))
    return decide_cases(session, wanted, case_of, single=single)


def _answer(found: Judged, outcome: Outcome, checked: int) -> Answer:
    """`{"checked","documents_missing":[{"application","missing"}],"ineligible":[{"application","code","message","other_schemes"}],
    "not_compared","eligible","refused"}`; other_schemes only for somebody of a stage that the scheme does not cover."""
    lacking = [{"application": case, "missing": list(missing)} for case, missing in found.missing]
    lacking_rows = [{"application": case, "missing": "、".join(missing)} for case, missing in found.missing]
    refused = [{"application": case, "code": one.code, "message": explain(one).message} for case, one in outcome.refused]
    ineligible = [
        {"application": case.stream, "code": one.code, "message": _why_not(found, case.stream, one)}
        | ({"other_schemes": found.others[case.stream]} if case.stream in found.others else {})
        for case, one in found.ineligible
    ]
    said = _("Applications looked at: {checked}. Eligible: {eligible}; not eligible: {ineligible}; lists still to be compared: {waiting}.")
    sentence = said.format(checked=checked, eligible=len(found.eligible), ineligible=len(ineligible), waiting=len(found.waiting))
    parts: list[Table | Text] = [Text((sentence,))]
    if lacking:
        columns = [Column(_("Application"), "application"), Column(_("Missing documents"), "missing")]
        parts.append(Table(columns, lacking_rows))
    for rows in (ineligible, refused):
        if rows:
            parts.append(Table([Column(_("Application"), "application"), Column(_("Why not"), "message")], rows))
    document = {
        "checked": checked,
        "documents_missing": lacking,
        "ineligible": ineligible,
        "not_compared": len(found.waiting),
        "eligible": len(found.eligible),
        "refused": refused,
    }
    return Answer(document, tuple(parts), 3 if refused else 0)


def _why_not(found: Judged, case: str, refusal: Refused) -> str:
    message, others = explain(refusal).message, found.others.get(case)
    return joined(message, _("By stage this would be for: {schemes}.").format(schemes="、".join(others))) if others else message
