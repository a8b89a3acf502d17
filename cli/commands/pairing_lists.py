"""`pairing list` and `pairing gaps`: who helps whom, and what was owed and not kept, by the plan in force; names masked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from ..cases.named import masked_or_mark
from ..clock import KnownAt
from ..i18n import N_, _
from ..intake.pairings import Helpers
from ..intake.units import UnitNames
from ..options import Globals, Verb, as_of_options, example, table_file_options, unit_option
from ..output import Answer, Column, Table, Text, show
from ..session import Session

if TYPE_CHECKING:
    from mingzhang.projections.contacts import ContactRow, PairingRow
    from mingzhang.projections.pairing_duties import LateRow, RatioRow

DUTY_WORDS = {"call": N_("call"), "visit": N_("visit"), "support": N_("support"), "problem_solved": N_("problem solved")}


@click.command("list", cls=Verb, help=_("All pairings with the months without a call and the quarters without a visit, on any day."))
@unit_option()
@as_of_options
@table_file_options
@example("mingzhang pairing list --unit 师范系 --on 2020-06-30")
@click.pass_obj
def list_(globals: Globals, unit: str | None, on: date | None, known_at: KnownAt | None) -> int:
    from mingzhang.projections.contacts import contacts, kept_by_month, pairings
    from mingzhang.projections.pairing_duties import missing
    from mingzhang.projections.rules_in_force import rules_in_force

    with Session(globals) as session:
        units = UnitNames(session)
        as_of = session.as_of(on, known_at)
        with session.engine.view(as_of) as view:
            rows = pairings(view, units.wanted(unit))
            left = missing(rows, contacts(view, texts=False), rules_in_force(view), as_of.effective_on)
            totals: dict[str, Counter[str]] = {}
            for kept in kept_by_month(view):
                counts = kept._asdict()
                sums = {name: counts[name] for name in ("calls", "visits", "others", "support_fen", "problems_solved")}
                totals.setdefault(kept.pairing, Counter()).update(sums)
        people = Helpers(session)
        document = []
        for row, said in zip(rows, _said(session, rows, units, people), strict=True):
            total = totals.get(row.pairing, Counter[str]())
            sums = {name: total[name] for name in ("calls", "visits", "others", "support_fen", "problems_solved")}
            gaps_of = left[row.pairing]
            document.append(said | sums | {"months_without_call": gaps_of["call"], "quarters_without_visit": gaps_of["visit"]})
        return show(globals, Answer(document, (_table(document),)), rehearsal=session.rehearsal)


def _said(session: Session, rows: Sequence[PairingRow], units: UnitNames, people: Helpers) -> list[dict[str, Any]]:
    """What an answer says of each pairing in every list."""
    opened = session.vault.open_many([row.person for row in rows])
    return [
        {
            "pairing": row.pairing,
            "kind": row.kind,
            "student": row.student,
            "name": masked_or_mark(session, row.student, (fields or {}).get("name", "")),
            **units.said(row.unit),
            "helpers": [{"helper": ref, "name": masked_or_mark(session, ref, people.name(ref))} for ref in row.helpers],
            "since": row.since,
            "until": row.until,
            "plan_agreed_on": row.plan_agreed_on,
            "form_filed_on": row.form_filed_on,
        }
        for row, fields in zip(rows, opened, strict=True)
    ]


def _table(document: list[dict[str, Any]]) -> Table:
    shown = [
        {
            **row,
            "helpers": "、".join(one["name"] for one in row["helpers"]),
            "no_call": len(row["months_without_call"]),
            "no_visit": len(row["quarters_without_visit"]),
        }
        for row in document
    ]
    heads = [
        Column(_("Pairing"), "pairing"),
        Column(_("Unit"), "unit"),
        Column(_("Student"), "name"),
        Column(_("Helpers"), "helpers"),
        Column(_("Since"), "since"),
        *([Column(_("Until"), "until")] if any(row["until"] for row in shown) else []),
        Column(_("Calls"), "calls", "right", adds=True),
        Column(_("Visits"), "visits", "right", adds=True),
        Column(_("Calls missed"), "no_call", "right", adds=True),
        Column(_("Visits missed"), "no_visit", "right", adds=True),
        Column(_("Help, yuan"), "support_fen"),
    ]
    foot = _("{count} pairings; {months} months without a call, {quarters} quarters without a visit.").format(
        count=len(shown), months=sum(row["no_call"] for row in shown), quarters=sum(row["no_visit"] for row in shown)
    )
    return Table(heads, shown, foot=foot)


@click.command(
    "gaps",
    cls=Verb,
    help=_(
        "What pairings of households owed by the plan in force and did not keep: missing months, quarters and years, units below their "
        "ratio, late records, copied texts, impossible days."
    ),
)
@unit_option()
@as_of_options
@table_file_options
@example("mingzhang pairing gaps --on 2019-05-31", "mingzhang --json pairing gaps --unit 市委办 --on 2018-12-31 --known-at 2019-01-10")
@click.pass_obj
def gaps(globals: Globals, unit: str | None, on: date | None, known_at: KnownAt | None) -> int:
    from mingzhang.projections import pairing_duties as duties
    from mingzhang.projections.contacts import contacts, kept_by_month, pairings
    from mingzhang.projections.register import import_files, units_below
    from mingzhang.projections.rules_in_force import rules_in_force

    with Session(globals) as session:
        units, people = UnitNames(session), Helpers(session)
        as_of = session.as_of(on, known_at)
        with session.engine.view(as_of) as view:
            wanted = units.wanted(unit)
            rows = [row for row in pairings(view, wanted) if row.kind == "household"]
            of_units = {row.pairing: row.unit for row in rows}
            kept = [one for one in contacts(view, texts=False) if one.pairing in of_units]
            rules, told = rules_in_force(view), _Told(session, people, import_files(view))
            left = duties.missing(rows, kept, rules, as_of.effective_on)
            within = units_below(view, wanted) if wanted is not None else None
            shares = [row for row in duties.ratios(view, rows, rules) if within is None or row.unit in within]
            months = kept_by_month(view)
        by_month: dict[str, dict[str, dict[str, int]]] = {}
        for month in months:
            by_month.setdefault(month.pairing, {})[month.period] = {"calls": month.calls, "visits": month.visits}
        support = Counter[str]()
        for one in kept:
            support[one.pairing] += one.money_fen + one.goods_fen
        document: dict[str, Any] = {
            "on": as_of.effective_on.isoformat(),
            "pairings": [
                {**said, "missing": left[ref], "by_month": by_month.get(ref, {}), "support_fen": support[ref]}
                for said in _said(session, rows, units, people)
                if (ref := said["pairing"])
            ],
            "late": [told.late(row) for row in duties.late(kept, of_units, rules)],
            "copied": [
                {**told.helper(row.helper), "on": row.on, "pairings": list(row.pairings), "contacts": told.contacts(row.contacts)}
                for row in duties.copied(kept, of_units, rules)
            ],
            "impossible": [
                {**told.helper(row.helper), "on": row.on, "visits": len(row.contacts), "contacts": told.contacts(row.contacts)}
                for row in duties.impossible(kept, of_units, rules)
            ],
            "units": [told.share(row, units) for row in shares],
        }
        return show(globals, Answer(document, _parts(document)), rehearsal=session.rehearsal)


class _Told:
    """How an answer names helpers (masked), contacts and the rows of files they came from."""

    def __init__(self, session: Session, people: Helpers, files: Mapping[str, str]) -> None:
        self._session = session
        self._people = people
        self._files = files

    def helper(self, ref: str) -> dict[str, str]:
        return {"helper": ref, "name": masked_or_mark(self._session, ref, self._people.name(ref))}

    def contacts(self, rows: Iterable[ContactRow]) -> list[dict[str, Any]]:
        return [{"contact": one.contact, "pairing": one.pairing, **self._place(one.source, one.row)} for one in rows]

    def late(self, row: LateRow) -> dict[str, Any]:
        one = row.contact
        [told] = self.contacts([one])
        return {**told, **self.helper(one.helper), "on": one.on, "noted_on": one.noted_on, "days": row.days}

    def share(self, row: RatioRow, units: UnitNames) -> dict[str, Any]:
        counts = {name: getattr(row, name) for name in ("cadres", "students", "pairings", "households", "needed", "kept")}
        return {**units.said(row.unit), **counts, **self._place(row.source, row.row)}

    def _place(self, source: str | None, row: int | None) -> dict[str, Any]:
        return {"file": self._files.get(source or ""), "row": row}


def _parts(document: dict[str, Any]) -> tuple[Table | Text, ...]:
    """For a person: who missed what, units below their ratio, and what is odd in the records; what is in order is not listed."""
    lacking = [
        {**row, **{duty: "、".join(names) for duty, names in row["missing"].items()}}
        for row in document["pairings"]
        if any(row["missing"].values())
    ]
    heads = [
        Column(_("Pairing"), "pairing"),
        Column(_("Unit"), "unit"),
        Column(_("Student"), "name"),
        *(Column(_(word), duty) for duty, word in DUTY_WORDS.items() if any(row[duty] for row in lacking)),
    ]
    sums = {duty: sum(len(row["missing"][duty]) for row in document["pairings"]) for duty in DUTY_WORDS}
    foot = _("{count} of {all} pairings missed something: {sums}.").format(
        count=len(lacking), all=len(document["pairings"]), sums="、".join(f"{_(word)} {sums[duty]}" for duty, word in DUTY_WORDS.items())
    )
    below = [row for row in document["units"] if not row["kept"]]
    ratio = [
        Column(_("Unit"), "unit"),
        Column(_("Cadres"), "cadres", "right"),
        Column(_("Households"), "households", "right"),
        Column(_("Needed"), "needed", "right"),
    ]
    odd = [{"what": _("recorded late"), "helper": one["name"], "on": one["on"], "count": one["days"], **one} for one in document["late"]]
    odd += [{"what": _("copied text"), "count": len(row["pairings"]), **row} for row in document["copied"]]
    odd += [{"what": _("too many visits in a day"), "count": row["visits"], **row} for row in document["impossible"]]
    records = [
        Column(_("What"), "what"),
        Column(_("Helper"), "name"),
        Column(_("Day"), "on"),
        Column(_("Number"), "count", "right"),
        Column(_("File"), "file"),
        Column(_("Row"), "row", "right"),
    ]
    counts = {"late": len(document["late"]), "copied": len(document["copied"]), "impossible": len(document["impossible"])}
    said = _("{late} records late, {copied} texts copied, {impossible} days impossible.").format(**counts)
    return (
        Table(heads, lacking, caption=_("Owed and not kept"), foot=foot),
        Table(ratio, below, caption=_("Units below their ratio")),
        Table(records, odd, caption=_("Odd in the records"), foot=said),
    )
