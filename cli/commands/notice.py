"""`notice`: the list that hangs in public (公示) before a case goes on: hung up, photographed, completed after its days, taken down."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import click

from mingzhang.domain.aid.application import Application
from mingzhang.domain.aid.basis import standing_basis
from mingzhang.domain.aid.notice import (
    AddNoticeEvidence,
    CompleteNotice,
    NoticeCompleted,
    PostNotice,
    WithdrawNotice,
    existing_notice,
    notice_step,
)
from mingzhang.domain.aid.printing import PrintNotice
from mingzhang.domain.aid.procedure import refuse_unmet
from mingzhang.domain.refusal import Refused

from ..cases.chosen import Selection, references_in, scheme_on
from ..cases.notices import case_rows, case_table, list_row, list_table, public_list, public_table
from ..cases.open_cases import open_cases
from ..i18n import _, ngettext
from ..intake.units import UnitNames
from ..options import (
    Globals,
    KnownAt,
    Noun,
    as_of_options,
    example,
    on_option,
    period_option,
    reason_option,
    scheme_option,
    table_file_options,
    unit_option,
)
from ..output import Answer, Text, show
from ..session import Session, new_id

_public = click.option("--public", is_flag=True, help=_("The masked list itself, as it may be hung up: no numbers, no addresses."))


@click.group(cls=Noun, help=_("Public notices: post, evidence, complete, withdraw, list, show."))
@example("mingzhang --as clerk notice post --scheme county-grant --period 2020-2021 --unit 张庄村 --place 村务公开栏")
def notice() -> None:
    pass


@notice.command("post", help=_("Hang a list up: of all cases that wait for this notice, or of those in FILE, one reference in each line."))
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@scheme_option(required=True)
@period_option(required=True)
@unit_option(help=_("Where it hangs, and whose cases it is about: that unit's and those of the units below it (its id, or its name)."))
@click.option("--step", "step_name", metavar="NAME", help=_("Which notice of the plan, where cases wait for several."))
@click.option("--days", type=click.IntRange(1, 365), help=_("For how many days, where the plan leaves it open or more are wanted."))
@click.option("--place", required=True, metavar="TEXT", help=_("The official place; it is recorded as it is, so name nobody."))
@on_option
@example(
    "mingzhang --as clerk notice post --scheme county-grant --period 2020-2021 --unit 张庄村 --place 村务公开栏",
    "mingzhang --as clerk notice post --scheme freshmen --period once --days 7 --place 教育局门户网站",
)
@click.pass_obj
def post(
    globals: Globals,
    file: Path | None,
    scheme: str,
    period: str,
    unit: str | None,
    step_name: str | None,
    days: int | None,
    place: str,
    on: date | None,
) -> int:
    with Session(globals) as session:
        stored = session.scheme(scheme)
        scheme_on(session, stored, period, on)
        units = UnitNames(session)
        where = units.resolve(unit) if unit else _own_unit(session)
        if file is not None:
            cases, left, ineligible = references_in(file), 0, 0
        else:
            cases, left, ineligible = _waiting(session, Selection((), stored, period, where, single=False), step_name, on)
        identifier = new_id("notice")
        command = PostNotice(
            on=on, notice=identifier, scheme=stored, period=period, unit=where, place=place, applications=tuple(cases), days=days
        )
        session.execute(command)
        _state, posted = existing_notice(session.streams, identifier)
        earliest = posted.last_day + timedelta(days=1)
        said = [
            ngettext(
                "Notice {notice} hangs at {unit} with {count} case: {step}.", "Notice {notice} hangs at {unit} with {count} cases: {step}.",
                len(posted.cases),
            ).format(notice=identifier, unit=units.title(where), count=len(posted.cases), step=posted.step),
            _("The day of posting does not count; the last day is {last_day}, and it can be completed from {earliest} on.").format(
                last_day=posted.last_day, earliest=earliest
            ),
            _("Print the list with `mingzhang notice show {notice} --public --for-the-wall`.").format(notice=identifier),
        ]  # fmt: skip
        if posted.photo:
            said.append(_("Put a photo of the place on record with `mingzhang notice evidence {notice}`.").format(notice=identifier))
        if left:
            said.append(
                ngettext("{count} case that an objection holds was left out.", "{count} cases that an objection holds were left out.", left)
                .format(count=left)
            )  # fmt: skip
        if ineligible:
            said.append(
                ngettext(
                    "{count} case that is not eligible was left out; `mingzhang application check` says why.",
                    "{count} cases that are not eligible were left out; `mingzhang application check` says why.",
                    ineligible,
                ).format(count=ineligible)
            )
        document = {
            "notice": identifier,
            "scheme": stored,
            "period": period,
            "step": posted.step,
            **units.said(where),
            "place": posted.place,
            "posted_on": posted.effective_on,
            "days": posted.days,
            "day_kind": posted.day_kind,
            "last_day": posted.last_day,
            "earliest_completion": earliest,
            "calendar": list(posted.calendar),
            "cases": len(posted.cases),
            "left_out": left,
            "ineligible": ineligible,
        }
        return show(globals, Answer.saying(document, *said), rehearsal=session.rehearsal)


def _own_unit(session: Session) -> str:
    """Where somebody works who names no unit: that of their one appointment for this. Refused `notice_unit_needed` if there are more."""
    from mingzhang.projections.register import staff_rows

    with session.engine.view(session.as_of(None, None)) as view:
        held = {row.unit for row in staff_rows(view) if row.staff == session.actor and row.role in PostNotice.roles and not row.until}
    if len(held) != 1:
        raise Refused("notice_unit_needed", units=sorted(held))
    return held.pop()


def _waiting(session: Session, chosen: Selection, step_name: str | None, on: date | None) -> tuple[list[str], int, int]:
    """The cases whose next step is this notice, how many an objection holds, and how many are not eligible and so on no list.

    Refused `notice_steps_differ` where they wait for several and none was named."""
    scheme = scheme_on(session, str(chosen.scheme), str(chosen.period), on)
    references = open_cases(session, chosen)
    session.streams.fetch(references)
    steps: dict[str, list[str]] = {}
    held = ineligible = 0
    for reference in references:
        case = session.streams.at(Application, reference)
        try:
            number, step = notice_step(case, scheme)
        except Refused as refusal:
            held += refusal.code == "case_held"
            continue
        try:
            refuse_unmet(scheme, standing_basis(session.streams, case), case, number)
        except Refused:
            ineligible += 1
        else:
            steps.setdefault(step.name, []).append(reference)
    if step_name is not None:
        known = [step.name for step in scheme.steps if step.kind == "notice"]
        if step_name not in known:
            raise Refused("notice_step_unknown", step=step_name, steps=known)
        return steps.get(step_name, []), held, ineligible
    if len(steps) > 1:
        raise Refused("notice_steps_differ", steps=list(steps))
    return next(iter(steps.values()), []), held, ineligible


@notice.command("evidence", help=_("Put photos of the notice in its place on record; they are kept, sealed, and named by their SHA-256."))
@click.argument("notice_id", metavar="NOTICE")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@on_option
@example("mingzhang --as clerk notice evidence notice-4F7KQ2AB 现场照片1.jpg 现场照片2.jpg")
@click.pass_obj
def evidence(globals: Globals, notice_id: str, files: tuple[Path, ...], on: date | None) -> int:
    with Session(globals) as session:
        identifier = _known(session, notice_id)
        digests = [session.hand_in(file) for file in files]
        session.execute(AddNoticeEvidence(on=on, notice=identifier, evidence=tuple(dict.fromkeys(digests))))
        state, _posted = existing_notice(session.streams, identifier)
        photos = [{"file": str(file), "sha256": digest} for file, digest in zip(files, digests, strict=True)]
        said = _("Photos of notice {notice} on record: {count}. They are kept, sealed, in this ledger.").format(
            notice=identifier, count=len(state.photos)
        )
        document = {"notice": identifier, "photos": len(state.photos), "added": photos}
        return show(globals, Answer.saying(document, said), rehearsal=session.rehearsal)


def _known(session: Session, notice_id: str) -> str:
    return existing_notice(session.streams, notice_id)[0].id


@notice.command("complete", help=_("The notice has hung its days: its cases go on, but for those that an objection holds."))
@click.argument("notice_id", metavar="NOTICE")
@on_option
@example("mingzhang --as clerk notice complete notice-4F7KQ2AB")
@click.pass_obj
def complete(globals: Globals, notice_id: str, on: date | None) -> int:
    with Session(globals) as session:
        identifier = _known(session, notice_id)
        execution = session.execute(CompleteNotice(on=on, notice=identifier))
        fact = next(one.fact for one in execution.recorded if isinstance(one.fact, NoticeCompleted))
        state, _posted = existing_notice(session.streams, identifier)
        said = [
            _("Notice {notice} is complete. Passed: {passed}; held by an objection: {held}; no longer open: {closed}.").format(
                notice=identifier, passed=len(fact.passed), held=len(fact.held), closed=len(fact.closed)
            )
        ]
        if fact.held:
            said.append(_("Those that are held pass when it is completed again after their objections were dismissed."))
        if state.withdrawn_on is None:
            said.append(_("Take the list down now, and record it with `mingzhang notice withdraw {notice}`.").format(notice=identifier))
        document = {
            "notice": identifier,
            "completed_on": fact.effective_on,
            "passed": len(fact.passed),
            "held": list(fact.held),
            "closed": list(fact.closed),
            "to_withdraw": state.withdrawn_on is None,
        }
        return show(globals, Answer.saying(document, *said), rehearsal=session.rehearsal)


@notice.command("withdraw", help=_("The list was taken down: after its last day as it should be, before that without effect (--reason)."))
@click.argument("notice_id", metavar="NOTICE")
@reason_option()
@on_option
@example(
    "mingzhang --as clerk notice withdraw notice-4F7KQ2AB",
    "mingzhang --as clerk notice withdraw notice-4F7KQ2AB --reason 名单有误，改正后重新公示",
)
@click.pass_obj
def withdraw(globals: Globals, notice_id: str, reason: str | None, on: date | None) -> int:
    with Session(globals) as session:
        identifier = _known(session, notice_id)
        box = session.seal_text(reason) if reason and reason.strip() else None
        session.execute(WithdrawNotice(on=on, notice=identifier, reason=box))
        state, _posted = existing_notice(session.streams, identifier)
        said = (
            _("Notice {notice} is broken off; its cases wait for another one.") if state.broken_off else _("Notice {notice} is taken down.")
        ).format(notice=identifier)
        document = {"notice": identifier, "withdrawn_on": state.withdrawn_on, "early": state.broken_off}
        return show(globals, Answer.saying(document, said), rehearsal=session.rehearsal)


@notice.command("list", help=_("All notices on any day: until when they hang, how many cases, and which are to be taken down."))
@scheme_option()
@period_option()
@unit_option()
@_public
@as_of_options
@table_file_options
@example("mingzhang notice list --on 2020-09-10", "mingzhang notice list --public")
@click.pass_obj
def list_(
    globals: Globals,
    scheme: str | None,
    period: str | None,
    unit: str | None,
    public: bool,
    on: date | None,
    known_at: KnownAt | None,
) -> int:
    from mingzhang.projections.notices import notices

    with Session(globals) as session:
        units = UnitNames(session)
        stored, where = session.scheme(scheme) if scheme else None, units.wanted(unit)
        with session.engine.view(session.as_of(on, known_at)) as view:
            rows = notices(view, stored, period, where)
            if not public:
                document = [list_row(row, units) for row in rows]
                return show(globals, Answer(document, (list_table(document),)), rehearsal=session.rehearsal)
            lists = [public_list(session, units, view, row) for row in rows if row.state == "posted"]
        parts = tuple(public_table(one) for one in lists) or (Text((_("No list hangs on this day."),)),)
        return show(globals, Answer(lists, parts), rehearsal=session.rehearsal)


@notice.command("show", help=_("Show one notice with its cases; with --public the masked list that may be hung up."))
@click.argument("notice_id", metavar="NOTICE")
@_public
@as_of_options
@table_file_options
@click.option(
    "--for-the-wall",
    is_flag=True,
    help=_("With --public: whole names, for the list that is really hung up; who printed it is recorded. Numbers never stand on it."),
)
@example(
    "mingzhang notice show notice-4F7KQ2AB --public",
    "mingzhang --as clerk notice show notice-4F7KQ2AB --public --for-the-wall --xlsx 公示.xlsx",
)
@click.pass_obj
def show_(
    globals: Globals, notice_id: str, public: bool, for_the_wall: bool, on: date | None, known_at: KnownAt | None
) -> int:
    from mingzhang.projections.notices import notices

    if for_the_wall and not public:
        raise click.UsageError(_("--for-the-wall goes with --public."))
    with Session(globals) as session:
        units = UnitNames(session)
        identifier = notice_id.removeprefix("notice/")
        with session.engine.view(session.as_of(on, known_at)) as view:
            rows = notices(view, notice=identifier)
            if not rows:
                raise Refused("notice_unknown", notice=identifier)
            if public:
                if for_the_wall:  # first the fact, then the names
                    session.vault.need_key()
                    session.execute(PrintNotice(disclosure=new_id("look"), notice=identifier))
                found = public_list(session, units, view, rows[0], whole_names=for_the_wall)
                return show(globals, Answer(found, (public_table(found),)), rehearsal=session.rehearsal)
            document = {**list_row(rows[0], units), "list": case_rows(session, view, rows[0])}
        parts = (list_table([document]), case_table(document["list"]))
        return show(globals, Answer(document, parts), rehearsal=session.rehearsal)
