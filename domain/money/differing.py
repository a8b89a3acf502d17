"""What was paid for one scheme and period, and what would be due by what is known now: by the rules that decide awards and payments.

The award as it now stands, the plan version that decides its day, the conditions and tiers of that version, the entry or form it rests on,
and the enrolment on each pay day. Nothing is worked out by days: leaving after the pay day changes nothing that was paid.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from ..aid.application import Application
from ..aid.basis import basis_of
from ..aid.due_amounts import due_under
from ..aid.lists import as_lists_stand
from ..aid.stacking import decided_before
from ..plan.adoption import AdoptedPlan
from ..refusal import Refused
from ..streams import Streams
from ..student.facts import CategoryDetermined, CategoryEnded
from ..student.student import Student, every_reference, last_file
from ..values.parts import parts_of
from ..values.periods import period as period_of
from .batch import DOES_NOT_STACK, Obstacle, gone_on, obstacle
from .chain import payments_of, still_to_pay_fen
from .difference import Difference, Reason, Remedy, freed_top_ups
from .instalments import instalments_of
from .own_money import own_money_fen
from .payment import Payment


@dataclass(frozen=True)
class Differing:
    """A difference between what was paid and what is due; amounts in whole fen.

    award: the application that counts; paid_fen: kept of everything paid to the person for it; asked_back_fen: of that, already asked back;
    due_fen: what is theirs of what was to be paid by now; difference_fen: what nobody has decided or prepared yet, negative for too much;
    obstacle: why a top-up could not be paid today; take_back: the payments to ask it back from, in that order, with what they hold;
    remedy, decided: how and by which fact this very difference was decided.
    """

    scheme: str
    student: str
    period: str
    unit: str
    award: str
    paid_fen: int
    asked_back_fen: int
    due_fen: int
    difference_fen: int
    reasons: tuple[Reason, ...]
    obstacle: Obstacle | None = None
    take_back: tuple[tuple[str, int], ...] = ()
    remedy: Remedy | None = None
    decided: str = ""


@dataclass(frozen=True)
class _Award:
    case: Application
    due_fen: int
    reasons: tuple[Reason, ...]
    payments: tuple[Payment, ...]

    @property
    def held_fen(self) -> int:
        return sum(map(_held_fen, self.payments))


def _held_fen(payment: Payment) -> int:
    """What the payee has, less what is asked back of it; below zero where the fund holds money of their own (`own_money`)."""
    return payment.paid_fen - (payment.clawback_fen - payment.clawed_back_fen)


def differing(streams: Streams, scheme: str, student: str, period: str, day: date, ended: Collection[str] = ()) -> Differing | None:
    """What one person was paid for a scheme and period against what is due by what `streams` know; None where nothing was ever awarded.

    `day` is the one on which it is asked; `ended`: the endings of a category (`student/…@n`) that were recorded after the award, which no
    stream alone can tell. An answer without reasons has the difference 0.
    """
    refs = every_reference(streams, student)
    person = last_file(streams, student).id
    cases = [case for ref in refs if (case := streams.read(Application, scheme, ref, period)).approved_ref and case.kind == "grant"]
    if not cases:
        return None
    awards = [_award(streams, case, ended) for case in cases]
    counts = max(awards, key=lambda one: (one.held_fen > 0, one.due_fen, one.case.student == person))
    others = [one for one in awards if one is not counts]
    case, reasons = counts.case, list(counts.reasons)
    held = [payment for one in awards for payment in one.payments if payment.exists]

    count = instalments_of(streams, case, day)
    parts = parts_of(counts.due_fen, count)
    wrong: dict[str, int] = {}  # what was paid although nothing was due that day
    for payment in counts.payments:
        kept = payment.paid_fen > 0 or payment.clawed_back_fen > 0
        if payment.instalment.isdigit() and kept and payment.paid_on is not None:
            says = gone_on(streams, case, payment.paid_on)
            if says is not None:
                wrong[payment.instalment] = max(0, _held_fen(payment))
                reasons.append(Reason(code="paid_while_not_enrolled", says=says))
    prepared = {int(one.instalment) for one in counts.payments if one.instalment.isdigit() and not one.free}
    lawful_parts = sum(part for number, part in enumerate(parts, 1) if str(number) not in wrong)
    prepared_parts = sum(part for number, part in enumerate(parts, 1) if str(number) not in wrong and number in prepared)

    stands = case.stand == "approved" and not case.held_by
    in_the_way = obstacle(streams, case, day)
    lawful_fen = counts.held_fen - sum(wrong.values())
    more_to_come = len(prepared) < count and stands and in_the_way is None  # and brings what is missing so far
    due_fen = min(lawful_fen, lawful_parts) if more_to_come else prepared_parts
    open_fen = due_fen - lawful_fen
    if open_fen > 0:
        coming = sum(_coming_fen(streams, case, payment, in_the_way) for payment in counts.payments)
        open_fen = max(0, open_fen - coming - _freed_fen(streams, counts) - _settled_otherwise(counts))
        reasons += _undone(counts, reasons)
    surplus = sum(max(0, _held_fen(payment)) for one in others for payment in one.payments)
    if any(payment.paid_fen or payment.clawed_back_fen for one in others for payment in one.payments):
        reasons += _merges(streams, refs)
    total = open_fen - sum(wrong.values()) - surplus
    found = tuple(dict.fromkeys(reasons))
    taken_from = _take_back([p for one in others for p in one.payments], counts.payments, wrong)
    answer = Differing(
        scheme,
        person,
        period,
        case.unit,
        case.stream,
        sum(payment.paid_fen for payment in held),
        sum(payment.clawback_fen - payment.clawed_back_fen for payment in held),
        due_fen,
        total if found else 0,
        found,
        in_the_way if total > 0 else None,
        taken_from,
    )
    return _with_decision(streams, refs, answer)


def _award(streams: Streams, case: Application, ended: Collection[str]) -> _Award:
    """What the award comes to by what is known now, and why that is not what was decided first."""
    payments = tuple(payments_of(streams, case.scheme, case.student, case.period))
    if case.stand not in ("approved", "suspended"):
        objection = next((ref for ref in case.stopped_because if ref.startswith("objection/")), None)
        stopped = Reason(code="objection_upheld" if objection else "award_revoked", says=objection or case.stopped_ref or case.ref)
        return _Award(case, 0, (stopped,), payments)
    reasons, amount_fen = [], case.amount_fen
    if case.amount_ref != case.approved_ref:
        reasons.append(Reason(code="award_reassessed", says=case.amount_ref))
    lost = _category_ended(streams, case, ended)
    if lost is not None:
        return _Award(case, 0, (*reasons, Reason(code="category_ended", says=lost)), payments)
    beside = decided_before(streams, case)
    if beside:
        found = (Reason(code=DOES_NOT_STACK, says=merge) for merge in beside)
        return _Award(case, 0, (*reasons, *found), payments)
    anew = _decided_anew(streams, case)
    if anew is not None:
        amount_fen, reason = anew
        reasons.append(reason)
    return _Award(case, amount_fen, tuple(reasons), payments)


def _decided_anew(streams: Streams, case: Application) -> tuple[int, Reason] | None:
    """What the award would be by the version that now decides its day, or on a basis that was put right; None where it would be the same.
    Figures that people set are left alone as long as the conditions are met."""
    plan_code, _, code = case.scheme.partition(".")
    plan = streams.read(AdoptedPlan, plan_code)
    basis = basis_of(streams, case)
    version = plan.version_on(case.amount_on) if case.amount_on is not None else None
    amended = version is not None and version.plan.version != case.plan_version
    corrected = basis is not None and basis.ref not in case.amount_because
    if not amended:
        version = next((one for one in reversed(plan.versions) if one.plan.version == case.plan_version), version)
    if basis is None or basis.withdrawn:
        return 0, Reason(code="entry_withdrawn", says=basis.ref if basis else case.basis)
    if version is None or not (amended or corrected):
        return None
    reason = Reason(code="plan_amended", says=version.ref) if amended else Reason(code="basis_corrected", says=basis.ref)
    try:
        scheme = version.plan.scheme(code)
    except Refused:
        return 0, reason
    due = due_under(scheme, basis, as_lists_stand(streams, case))
    if due.amount_fen is None or due.amount_fen == case.amount_fen:
        return None
    return due.amount_fen, reason


def _category_ended(streams: Streams, case: Application, ended: Collection[str]) -> str | None:
    """The ending, recorded after the award, by which the student was in no category any more when the period began."""
    found = None
    for ref in every_reference(streams, case.student):
        for recorded in streams.facts(f"{Student.prefix}/{ref}"):
            fact = recorded.fact
            if isinstance(fact, CategoryEnded) and recorded.ref in ended and fact.effective_on <= period_of(case.period).first:
                found = recorded.ref
            elif isinstance(fact, CategoryDetermined) and found is not None:
                found = None
    return found


def _coming_fen(streams: Streams, case: Application, payment: Payment, in_the_way: Obstacle | None) -> int:
    """What is under way, or will be paid by a further attempt: what is the payee's own, whatever stands in the way."""
    if payment.under_way:
        return payment.committed_fen - payment.paid_fen
    coming_fen = max(0, still_to_pay_fen(streams, case, payment)) if payment.reissuable else 0
    return coming_fen if in_the_way is None else min(own_money_fen(payment), coming_fen)


def _freed_fen(streams: Streams, counts: _Award) -> int:
    """Top-ups that were decided and are in no batch yet."""
    begun = {payment.stream for payment in counts.payments if not payment.free}
    return sum(freed.fen for stream, freed in freed_top_ups(streams, counts.case).items() if stream not in begun)


def _by_rule(because: Collection[str]) -> bool:
    return any(ref.startswith(("difference/", "objection/")) for ref in because)


def _settled_otherwise(counts: _Award) -> int:
    """What somebody asked back for reasons of their own (`payment clawback`): that decision stands."""
    return sum(fen for payment in counts.payments for because, fen, _ref in payment.clawbacks if not _by_rule(because))


def _undone(counts: _Award, reasons: Collection[Reason]) -> Iterator[Reason]:
    """Reasons for which something was asked back, and which hold no longer."""
    holding = {reason.says for reason in reasons}
    for payment in counts.payments:
        for because, _fen, _ref in payment.clawbacks:
            if payment.clawed_back_fen > 0 and _by_rule(because):
                gone = (ref for ref in because if not ref.startswith(("payment/", "difference/")) and ref not in holding)
                yield from (Reason(code="clawback_unfounded", says=ref) for ref in gone)


def _merges(streams: Streams, refs: Collection[str]) -> list[Reason]:
    found = [(other, merge) for ref in refs for other, merge in streams.read(Student, ref).merges if other in refs]
    return [Reason(code="identity_merged", says=merge) for _other, merge in found]


def _take_back(others: Collection[Payment], own: Collection[Payment], wrong: dict[str, int]) -> tuple[tuple[str, int], ...]:
    """First what was paid under another file, then what was paid on a day on which nothing was due, then the newest."""
    first = [payment for payment in own if payment.instalment in wrong]
    rest = [payment for payment in reversed([*own]) if payment.instalment not in wrong]
    return tuple((one.stream, _held_fen(one)) for one in (*others, *first, *rest) if _held_fen(one) > 0)


def _with_decision(streams: Streams, refs: Collection[str], found: Differing) -> Differing:
    """The newest decision, where it was about these very reasons: let stand for this amount, or carried out, so that nothing is left."""
    for ref in refs:
        for decided, fact in reversed(streams.read(Difference, found.scheme, ref, found.period).decided):
            same = {*fact.reasons} == {*found.reasons}
            if same and (found.difference_fen == 0 or (fact.remedy == "let-stand" and fact.difference_fen == found.difference_fen)):
                return Differing(**{**vars(found), "remedy": fact.remedy, "decided": decided})
            break
    return found
