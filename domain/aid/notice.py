"""公示: a case goes on only after its list has hung in a public place for as long as the plan says, photographed where the plan says so.

The list is made from the cases whose next step is this notice. What a completed notice permits is written into each case's own stream;
an open objection keeps its own case from passing, and no other. `last_day` was worked out at posting (see `calendar`) and stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Literal

from ..calendar import calendar_sources, last_notice_day
from ..command import Command, Context, refuse_before
from ..facts import Fact
from ..plan.adoption import scheme_in_force
from ..plan.schemes import Scheme, Step
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, State, Streams, replace
from ..student.student import current_student
from ..unit import lies_within, working_unit
from ..values.periods import period_of_kind
from .application import Application, application_parts, existing_application
from .basis import Basis, standing_basis
from .facts import CaseNoticed, CaseUnnoticed, NoticePassed
from .lists import as_lists_stand
from .procedure import next_step, reaches, refuse_unmet

OFFICE = frozenset({"clerk", "applicant-clerk", "reviewer"})


class NoticePosted(Fact):
    """Hung up on `effective_on` by `unit`, at an official `place`: that day does not count, `last_day` is the last that does.

    cases: the streams of the applications on it; in the same order shown, the facts that tell who each is, and tiers, by their codes what
    the plan gives each (None where it has no tiers). number: 0-based place of the step in the procedure; calendar: what the working days
    were read from, none for calendar days.
    """

    topic = "notice.posted"
    scheme: str
    period: str
    step: str
    number: int
    unit: str
    place: str
    cases: tuple[str, ...]
    shown: tuple[str, ...]
    tiers: tuple[str | None, ...]
    days: int
    day_kind: Literal["workdays", "calendar"]
    last_day: date
    photo: bool
    calendar: tuple[str, ...] = ()
    plan_version: str


class NoticeEvidenceAdded(Fact):
    """现场照片: `evidence` are the SHA-256 digests of the photos."""

    topic = "notice.evidence_added"


class NoticeCompleted(Fact):
    """公示无异议 for those that `passed`; `held` are those an objection holds, which pass later once they are free, and `closed` those
    decided or sent back meanwhile."""

    topic = "notice.completed"
    passed: tuple[str, ...]
    held: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()


class NoticeWithdrawn(Fact):
    """Taken down on `effective_on`. `early`: before its last day was over, which ends it without effect, for the sealed reason."""

    topic = "notice.withdrawn"
    early: bool
    reason: Sealed | None = None


@dataclass(frozen=True)
class Notice(State):
    """`notice/<id>`. `waiting`: cases that have not passed, in the order of the list."""

    prefix: ClassVar[str] = "notice"
    posted: NoticePosted | None = None
    posted_ref: str = ""
    photos: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    completed_on: date | None = None
    completed_ref: str = ""
    evidence_refs: tuple[str, ...] = ()
    withdrawn_on: date | None = None
    broken_off: bool = False

    def evolve(self, fact: Fact, ref: str) -> Notice:
        match fact:
            case NoticePosted():
                return replace(self, posted=fact, posted_ref=ref, waiting=fact.cases, photos=fact.evidence)
            case NoticeEvidenceAdded():
                refs = (*self.evidence_refs, ref)
                return replace(self, photos=tuple(dict.fromkeys((*self.photos, *fact.evidence))), evidence_refs=refs)
            case NoticeCompleted():
                return replace(self, waiting=fact.held, completed_on=self.completed_on or fact.effective_on, completed_ref=ref)
            case NoticeWithdrawn():
                return replace(self, withdrawn_on=fact.effective_on, broken_off=fact.early)
        return self


def existing_notice(streams: Streams, notice: str) -> tuple[Notice, NoticePosted]:
    """The notice and how it was posted, or `notice_unknown`."""
    found = streams.read(Notice, notice.removeprefix("notice/"))
    if found.posted is None:
        raise Refused("notice_unknown", notice=notice)
    return found, found.posted


def notice_step(case: Application, scheme: Scheme) -> tuple[int, Step]:
    """The notice that a case waits for, as (0-based place, step).

    Refused `application_not_open`, `case_held`, `notice_runs` (it hangs already) or `notice_not_next` with the step that comes first.
    """
    if case.stand != "submitted":
        raise Refused("application_not_open", application=case.stream, stand=case.stand)
    case.refuse_if_held()
    if case.running is not None:
        raise Refused("notice_runs", application=case.stream, notice=case.running[0], last_day=case.running[1].isoformat())
    number, step = next_step(case, scheme)
    if step.kind != "notice":
        raise Refused("notice_not_next", application=case.stream, step=step.name)
    return number, step


@dataclass(frozen=True, kw_only=True)
class PostNotice(Command):
    """Hangs the list of these applications up. All must wait for the same step; `days` is needed where the plan leaves the number open,
    and may be more than the plan's, never fewer."""

    name: ClassVar[str] = "PostNotice"
    roles: ClassVar[frozenset[str]] = OFFICE
    notice: str
    scheme: str
    period: str
    unit: str
    place: str
    applications: tuple[str, ...]
    days: int | None = None

    def needs(self) -> tuple[str, ...]:
        return tuple("application/" + "/".join(application_parts(reference)) for reference in self.applications)

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (self.unit,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        day = self.on or context.today
        state = streams.read(Notice, self.notice)
        if state.exists:
            raise Refused("notice_exists", notice=self.notice)
        if not self.place.strip():
            raise Refused("notice_place_missing", notice=self.notice)
        scheme, version = scheme_in_force(streams, self.scheme, day)
        period_of_kind(self.period, scheme.period)
        found = [existing_application(streams, reference) for reference in dict.fromkeys(self.applications)]
        cases = [as_lists_stand(streams, case) for case in found]
        number, step = self._step(cases, scheme)
        for case in cases:
            current_student(streams, case.student)
        bases = [standing_basis(streams, case) for case in cases]
        for case, basis in zip(cases, bases, strict=True):
            refuse_unmet(scheme, basis, case, number)
        self._refuse_unit(streams, cases, bases, step, day)
        self.refuse_out_of_time(context, *(one for case in cases for one in case.bases), *((basis.since, basis.ref) for basis in bases))
        days = self._days(scheme, step)
        last_day = last_notice_day(day, days, step.day_kind, streams)
        calendar = calendar_sources(streams, day + timedelta(days=1), last_day) if step.day_kind == "workdays" else ()
        tiers = [scheme.tier_for(basis) if scheme.amount == "tiers" else None for basis in bases]
        taken = [(case.submitted_ref, *case.steps_because)[-1] for case in cases]
        steps = (ref for one, basis in zip(taken, bases, strict=True) for ref in (one, basis.ref))
        because = (version.ref, *steps, *(ref for ref in calendar if "@" in ref))
        posted = NoticePosted(
            **self.stamp(context, *because),
            scheme=self.scheme,
            period=self.period,
            step=step.name,
            number=number,
            unit=self.unit,
            place=self.place.strip(),
            cases=tuple(case.stream for case in cases),
            shown=tuple(basis.ref for basis in bases),
            tiers=tuple(tier.code if tier is not None else None for tier in tiers),
            days=days,
            day_kind=step.day_kind,
            last_day=last_day,
            photo=step.photo,
            calendar=calendar,
            plan_version=version.plan.version,
        )
        common = self.stamp(context, streams.next_ref(state.stream)) | {"evidence": ()}
        noticed = CaseNoticed(**common, notice=self.notice, step=step.name, last_day=last_day)
        return [(state.stream, posted), *((case.stream, noticed) for case in cases)]

    def _step(self, cases: list[Application], scheme: Scheme) -> tuple[int, Step]:
        found: dict[int, Step] = {}
        for case in cases:
            if (case.scheme, case.period) != (self.scheme, self.period):
                raise Refused("notice_of_another_list", application=case.stream, scheme=self.scheme, period=self.period)
            number, step = notice_step(case, scheme)
            found[number] = step
        if not found:
            raise Refused("notice_without_cases", scheme=self.scheme, period=self.period)
        if len(found) > 1:
            raise Refused("notice_steps_differ", steps=[step.name for _, step in sorted(found.items())])
        return next(iter(found.items()))

    def _refuse_unit(self, streams: Streams, cases: Iterable[Application], bases: Iterable[Basis], step: Step, day: date) -> None:
        """The notice hangs at a unit above all its cases, of the level the plan says or a higher one."""
        unit = working_unit(streams, self.unit, day)
        if step.level is not None and not reaches(streams, unit, step.level):
            raise Refused("notice_level_too_low", step=step.name, level=step.level, unit=self.unit)
        covered: dict[str, bool] = {}
        for case, basis in zip(cases, bases, strict=True):
            if basis.unit not in covered:
                covered[basis.unit] = lies_within(streams, basis.unit, self.unit)
            if not covered[basis.unit]:
                raise Refused("notice_unit_elsewhere", application=case.stream, theirs=basis.unit, unit=self.unit)

    def _days(self, scheme: Scheme, step: Step) -> int:
        about = {"scheme": scheme.code, "step": step.name}
        if self.days is None and step.days is None:
            raise Refused("notice_days_needed", **about)
        days, least = self.days if self.days is not None else step.days or 1, step.days or 1
        if days < least:
            raise Refused("notice_too_short", **about, days=days, least=least, day_kind=step.day_kind)
        return days


@dataclass(frozen=True, kw_only=True)
class _OnNotice(Command):
    roles: ClassVar[frozenset[str]] = OFFICE
    notice: str

    def units(self, streams: Streams) -> tuple[str, ...]:
        posted = streams.read(Notice, self.notice).posted
        return (posted.unit,) if posted is not None else ()


@dataclass(frozen=True, kw_only=True)
class AddNoticeEvidence(_OnNotice):
    """Puts photos on record by their digests (`evidence`), taken on that day: one of after the completion shows nothing."""

    name: ClassVar[str] = "AddNoticeEvidence"

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        notice, posted = existing_notice(streams, self.notice)
        self.refuse_out_of_time(context, (posted.effective_on, notice.posted_ref))
        if notice.broken_off:
            raise Refused("notice_withdrawn", notice=notice.id)
        day = self.on or context.today
        if notice.completed_on is not None and day > notice.completed_on:
            raise Refused("notice_evidence_late", notice=notice.id, on=day.isoformat(), completed_on=notice.completed_on.isoformat())
        if not set(self.evidence) - set(notice.photos):
            raise Refused("notice_evidence_known", notice=notice.id, photos=len(notice.photos))
        return [(notice.stream, NoticeEvidenceAdded(**self.stamp(context, notice.posted_ref)))]


@dataclass(frozen=True, kw_only=True)
class CompleteNotice(_OnNotice):
    """公示无异议: from the day after the last day. May be given again once a case that was held has become free."""

    name: ClassVar[str] = "CompleteNotice"

    def needs(self) -> tuple[str, ...]:
        return (f"notice/{self.notice}",)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        notice, posted = existing_notice(streams, self.notice)
        day = self.on or context.today
        if notice.broken_off:
            raise Refused("notice_withdrawn", notice=notice.id)
        if notice.completed_ref and not notice.waiting:
            raise Refused("notice_completed", notice=notice.id)
        if day <= posted.last_day:
            earliest = (posted.last_day + timedelta(days=1)).isoformat()
            raise Refused("notice_running", notice=notice.id, last_day=posted.last_day.isoformat(), earliest=earliest)
        self.refuse_out_of_time(context, (notice.completed_on, notice.completed_ref))
        if posted.photo and not notice.photos:
            raise Refused("notice_evidence_missing", notice=notice.id, step=posted.step)
        streams.fetch(notice.waiting)
        cases = [streams.at(Application, stream) for stream in notice.waiting]
        running = [case for case in cases if case.stand == "submitted" and case.running is not None and case.running[0] == notice.id]
        passing = [case for case in running if not case.held_by]
        refuse_before(day, *((case.freed_on, case.freed_ref) for case in passing))
        held = [case.stream for case in running if case.held_by]
        if notice.completed_ref and not passing:
            raise Refused("notice_still_held", notice=notice.id, cases=held)
        open_streams = {case.stream for case in running}
        because = (notice.completed_ref or notice.posted_ref, *notice.evidence_refs)
        completed = NoticeCompleted(
            **self.stamp(context, *because),
            passed=tuple(case.stream for case in passing),
            held=tuple(held),
            closed=tuple(case.stream for case in cases if case.stream not in open_streams),
        )
        common = self.stamp(context, notice.posted_ref, streams.next_ref(notice.stream)) | {"evidence": ()}
        passed = NoticePassed(**common, notice=notice.id, step=posted.step)
        return [(notice.stream, completed), *((case.stream, passed) for case in passing)]


@dataclass(frozen=True, kw_only=True)
class WithdrawNotice(_OnNotice):
    """Takes the list down: before its last day is over that breaks the notice off, and its cases wait for another one."""

    name: ClassVar[str] = "WithdrawNotice"
    reason: Sealed | None = None

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        notice, posted = existing_notice(streams, self.notice)
        if notice.withdrawn_on is not None:
            raise Refused("notice_withdrawn", notice=notice.id)
        self.refuse_out_of_time(context, (posted.effective_on, notice.posted_ref))
        early = (self.on or context.today) <= posted.last_day
        if early and notice.completed_ref:
            raise Refused("notice_completed", notice=notice.id)
        if early and self.reason is None:
            raise Refused("notice_reason_needed", notice=notice.id, last_day=posted.last_day.isoformat())
        withdrawn = NoticeWithdrawn(**self.stamp(context, notice.posted_ref, notice.completed_ref), early=early, reason=self.reason)
        events: list[Event] = [(notice.stream, withdrawn)]
        if early:
            freed = CaseUnnoticed(**self.stamp(context, streams.next_ref(notice.stream)), notice=notice.id)
            streams.fetch(notice.waiting)
            cases = (streams.at(Application, stream) for stream in notice.waiting)
            events += [(case.stream, freed) for case in cases if case.running is not None and case.running[0] == notice.id]
        return events
