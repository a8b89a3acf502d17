"""`diff`: what changed between two points of either time axis, and which facts made it so."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click
import orjson

from mingzhang.domain.plan.adoption import AdoptedPlan
from mingzhang.domain.plan.vocabulary import Plan

from ..cases.named import masked_names
from ..cases.stands import stand_text
from ..cases.touched import Touched, touched, touched_table
from ..i18n import N_, _, listed, ngettext
from ..options import POINT, Globals, Point, Verb, example, table_file_options
from ..output import Answer, Column, Table, show, wants_file
from ..output.words import cell_text
from ..session import Session
from ..words.trail import Naming

if TYPE_CHECKING:
    from mingzhang.projections.asof import AsOf
    from mingzhang.projections.difference import Change

KINDS = {
    "identity": N_("identity"),
    "roster": N_("roster"),
    "enrolment": N_("enrolment"),
    "entry": N_("survey entry"),
    "details": N_("personal details"),
    "award": N_("award"),
    "payment": N_("payment"),
}
FIELDS = {
    "survivor": N_("answered for by"),
    "recognised": N_("recognised"),
    "unit": N_("unit"),
    "categories": N_("categories"),
    "kinds": N_("categories as written"),
    "level": N_("level"),
    "status": N_("status"),
    "stage": N_("stage of education"),
    "new": N_("new"),
    "lifted": N_("lifted out of poverty"),
    "income_fen": N_("income per head, yuan"),
    "household_size": N_("household size"),
    "account_given": N_("account given"),
    "person": N_("personal fields (sealed)"),
    "state": N_("state"),
    "amount_fen": N_("amount, yuan"),
    "stand": N_("stands at"),
    "paid_fen": N_("paid, yuan"),
}
_POINT_HELP = N_("A point: DATE, @SIZE, @INSTANT or DATE@SIZE.")


@click.command(cls=Verb, help=_("What changed between two points of either time axis: days in the world, or states of the log."))
@click.option("--from", "start", type=POINT, required=True, metavar="POINT", help=_(_POINT_HELP))
@click.option("--to", "end", type=POINT, metavar="POINT", help=_(_POINT_HELP) + " " + _("Default: now."))
@table_file_options
@example(
    "mingzhang diff --from 2020-03-31 --to 2020-04-30",
    "mingzhang diff --from @1200 --to @1350",
    "mingzhang --json diff --from 2020-04-25@2020-04-25 --to 2020-04-25",
)
@click.pass_obj
def diff(globals: Globals, start: Point, end: Point | None) -> int:
    from mingzhang.projections.difference import difference

    with Session(globals) as session:
        last = end or Point("")
        a, b = session.as_of(start.on, start.known_at), session.as_of(last.on, last.known_at)
        changes = difference(session.engine, a, b)
        document: dict[str, object] = {
            "from": _point(start, a),
            "to": _point(last, b),
            "changes": [{**change._asdict(), "says": list(change.says)} for change in changes],
        }
        amended = _amended(session, a, b)
        document["plans"] = [
            {"plan": plan.code, "version": plan.version, "says": ref, "touched": [one.document() for one in awards]}
            for plan, ref, awards in amended
        ]
        if globals.json and not wants_file():
            return show(globals, Answer(document), rehearsal=session.rehearsal)
        more = tuple(touched_table(session, awards) for _plan, _ref, awards in amended if awards)
        return show(globals, Answer(document, (_table(session, changes, a, b), *more)), rehearsal=session.rehearsal)


def _amended(session: Session, a: AsOf, b: AsOf) -> list[tuple[Plan, str, list[Touched]]]:
    """The plan versions that became known, or came into force, between the two points, with the awards each would have decided
    otherwise. They changed nothing by themselves."""
    from mingzhang.projections.register import plan_codes

    found = []
    streams = session.ledger.streams(b.known_at)
    with session.engine.view(b) as view:
        codes = plan_codes(view.connection)
        leaves = {
            f"{row.originator_id}@{row.originator_version}": row.leaf_index
            for row in session.ledger.journal.select_streams([f"plan/{code}" for code in codes])
        }
        for code in sorted(codes):
            versions = streams.read(AdoptedPlan, code).versions
            for number, version in enumerate(versions[1:], start=1):
                if leaves[version.ref] >= a.known_at or a.day < version.since.isoformat() <= b.day:
                    earlier = [one.plan.version for one in versions[:number]]
                    found.append((version.plan, version.ref, touched(streams, view, version.plan, version.since, earlier)))
    return found


def _point(point: Point, as_of: AsOf) -> dict[str, object]:
    return {"point": point.text, "on": as_of.day, "known_at": as_of.known_at}


def _table(session: Session, changes: list[Change], a: AsOf, b: AsOf) -> Table:
    names = masked_names(session, [change.student for change in changes])
    said = _summaries(session, (ref for change in changes for ref in change.says))
    naming = Naming(session)
    shown = []
    for (student, kind, place), group in groupby(changes, lambda one: (one.student, one.kind, one.field.rpartition(".")[0])):
        some = list(group)
        lines = _lines(some, naming)
        refs = dict.fromkeys(ref for one in some for ref in one.says)
        name = names.get(student) or _("name not readable")
        shown.append(
            {
                "name": f"{name}\n{student}",
                "what": "\n".join([_what(kind, place, naming), *lines]),
                "says": "\n".join(said.get(ref, ref) for ref in refs),
            }
        )
    heads = [Column(_("Student"), "name"), Column(_("What changed"), "what"), Column(_("Because of"), "says")]
    people = len({change.student for change in changes})
    foot = ngettext("{count} change of {people} students.", "{count} changes of {people} students.", len(changes)).format(
        count=len(changes), people=people
    )
    caption = _("From {a} as known at log size {size_a} to {b} as known at log size {size_b}").format(
        a=a.day, size_a=a.known_at, b=b.day, size_b=b.known_at
    )
    return Table(heads, shown, caption=caption, foot=foot)


def _what(kind: str, place: str, naming: Naming) -> str:
    scheme, slash, rest = place.partition("/")
    where = f"{naming.scheme(scheme)} {rest}" if slash else place
    return f"{_(KINDS[kind])} {where}".rstrip()


def _lines(changes: list[Change], naming: Naming) -> list[str]:
    """What began or ended in one line, what became something else in a line of its own."""
    told: list[str] = []
    begun: list[str] = []
    ended: list[str] = []
    for one in changes:
        name = one.field.rpartition(".")[2]
        field, before, after = _(FIELDS.get(name, name)), _shown(one, one.before, naming), _shown(one, one.after, naming)
        if before and after:
            told.append(f"{field} {before} → {after}")
        elif after:
            begun.append(f"{field} {after}")
        elif before:
            ended.append(f"{field} {before}")
    if begun:
        told.append("+ " + listed(*begun))
    if ended:
        told.append("− " + listed(*ended))
    return told


def _shown(change: Change, value: Any, naming: Naming) -> str:
    name = change.field.rpartition(".")[2]
    if value is None:
        return ""
    if name == "unit":
        return naming.unit(str(value))
    if change.kind == "details" or name == "person":
        return _("sealed")
    if name in ("state", "stand"):
        return stand_text(value)
    return cell_text(value, name)


def _summaries(session: Session, refs: Iterable[str]) -> dict[str, str]:
    """`2020-04-20 Enrolment: 退学 (#321)` for each fact."""
    naming = Naming(session)
    wanted = set(refs)
    found = {}
    for row in session.ledger.journal.select_streams(sorted({ref.rpartition("@")[0] for ref in wanted})):
        ref = f"{row.originator_id}@{row.originator_version}"
        if ref in wanted:
            state = orjson.loads(row.state)
            found[ref] = f"{state['effective_on']} {naming.summary(row.topic, state)} (#{row.leaf_index})"
    return found
