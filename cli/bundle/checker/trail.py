"""Whether the trail hangs together: every reason a fact of the payment names is here, or left out for a stated cause; no link is missing.

Which links there must be is the program's own table (trail_links), carried along. Which steps an award needs is said by the plan it names.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from mingzhang.projections.trail_links import DIRECT, ENDS_HERE, OF_OTHERS, PHOTOGRAPHED, SIGNED_FOR, WHOLE

from .formats import Event
from .found import Findings
from .log import Log

_STEPS = {
    "review": ("application.review_passed", "review_missing"),
    "notice": ("case.notice_passed", "notice_missing"),
    "crosscheck": ("case.compared", "comparison_missing"),
}
OTHERS, FUND, OFF_TRAIL = "others", "fund", "off_trail"


class Trail(NamedTuple):
    """`steps`: the events of the payment and all they rest on, in the log's order; `left_out`: reference -> why it is not followed."""

    payment: str
    steps: tuple[Event, ...]
    left_out: dict[str, str]

    @property
    def student(self) -> str:
        """The reference of whoever is paid."""
        parts = self.payment.split("/")
        return parts[2] if len(parts) == 5 else ""


def follow(log: Log, payment: str, findings: Findings) -> Trail:
    """Walks the recorded references from the payment's own events, and checks the links on the way."""
    own = [event for event in log.by_leaf.values() if event.stream == payment]
    if not own:
        findings.problem("payment_missing", payment=payment)
        return Trail(payment, (), {})
    if sorted(event.version for event in own) != list(range(1, len(own) + 1)):
        findings.problem("payment_not_from_its_start", payment=payment)
    found: dict[str, Event] = {event.ref: event for event in own}
    left_out: dict[str, str] = {}
    waiting = list(own)
    missing: list[tuple[str, str]] = []
    while waiting:
        event = waiting.pop()
        for ref in event.because:
            why = _left_out(event, ref)
            if why is not None:
                left_out.setdefault(ref, why)
            elif ref not in log.events:
                missing.append((event.ref, ref))
            elif ref not in found:
                found[ref] = log.events[ref]
                waiting.append(log.events[ref])
    for ref, wanted in sorted(set(missing)):
        findings.problem("reference_missing", event=ref, expected=wanted)
    for event in log.by_leaf.values():
        if event.ref not in found:
            left_out.update((ref, OFF_TRAIL) for ref in event.because if ref not in log.events)
    kept = {ref: why for ref, why in left_out.items() if ref not in log.events}
    trail = Trail(payment, tuple(sorted(found.values(), key=lambda event: event.leaf)), kept)
    problems = len(findings.problems)
    _links(trail, found, findings)
    if len(findings.problems) == problems and not missing:
        findings.prove("trail_complete", count=len(found))
    return trail


def _left_out(event: Event, ref: str) -> str | None:
    if event.topic in ENDS_HERE:
        return FUND
    return OTHERS if ref.startswith(OF_OTHERS.get(event.topic, ())) else None


def _links(trail: Trail, found: dict[str, Event], findings: Findings) -> None:
    gaps: dict[tuple[str, str], None] = {}
    for event in trail.steps:
        reasons = [found[ref] for ref in event.because if ref in found]
        topics = {one.topic for one in reasons}
        for link in DIRECT.get(event.topic, ()):
            if topics.isdisjoint(link.topics):
                gaps[(event.ref, link.code)] = None
        if event.topic == "payment.paid" and signed_list(event, trail) and topics.isdisjoint(SIGNED_FOR.topics):
            gaps[(event.ref, SIGNED_FOR.code)] = None
        if event.topic == "notice.completed":
            _photo(event, reasons, found, gaps, findings)
        if event.topic == "award.approved":
            _steps(event, reasons, found, gaps, findings)
    present = {event.topic for event in trail.steps}
    for event in trail.steps:
        for link in WHOLE.get(event.topic, ()) if event.stream == trail.payment else ():
            if present.isdisjoint(link.topics):
                gaps[(event.ref, link.code)] = None
    for ref, code in gaps:
        findings.problem("link_missing", event=ref, link=code)


def _photo(
    completed: Event, reasons: list[Event], found: dict[str, Event], gaps: dict[tuple[str, str], None], findings: Findings
) -> None:
    posted = [one for one in reasons if one.topic == "notice.posted"]
    for one in posted:
        steps = _plan_steps(one, found, findings)
        wanted = any(step.get("photo") is True and step.get("name") == one.facts.get("step") for step in steps)
        if wanted and not any(reason.facts.get("evidence") for reason in reasons):
            gaps[(completed.ref, PHOTOGRAPHED.code)] = None


def _steps(
    award: Event, reasons: list[Event], found: dict[str, Event], gaps: dict[tuple[str, str], None], findings: Findings
) -> None:
    """Every step that the plan version of the award lays down must be among its reasons: reviews and notices by their names."""
    named: set[tuple[str, Any]] = {(one.topic, str(one.facts.get("step"))) for one in reasons} | {(one.topic, None) for one in reasons}
    for step in _plan_steps(award, found, findings):
        kind = step.get("kind")
        if isinstance(kind, str) and kind in _STEPS:
            topic, code = _STEPS[kind]
            if (topic, None if kind == "crosscheck" else str(step.get("name"))) not in named:
                gaps[(award.ref, code)] = None


def _plan_steps(event: Event, found: dict[str, Event], findings: Findings) -> list[dict[str, Any]]:
    """The steps that the plan among the event's reasons lays down for its scheme; none, and an open point, where no plan can be read."""
    texts = [found[ref].facts.get("text") for ref in event.because if ref in found and found[ref].topic.startswith("plan.")]
    if not texts:
        return []  # its absence is a gap of its own
    try:
        import tomllib
    except ImportError:  # Python before 3.11
        if not any(point.code == "steps_unchecked" for point in findings.open):
            findings.left_open("steps_unchecked")
        return []
    try:
        plan = tomllib.loads(str(texts[0]))
        code = str(event.facts.get("scheme")).partition(".")[2]
        schemes = [one for one in plan.get("schemes", ()) if one.get("code") == code]
        steps: list[dict[str, Any]] = [dict(step) for scheme in schemes for step in scheme.get("steps", ())]
        return steps
    except (ValueError, TypeError, AttributeError, RecursionError):
        findings.problem("plan_unreadable", event=event.ref)
        return []


def signed_list(event: Event, trail: Trail) -> bool:
    """Whether the batch left the house as a list to be signed."""
    batch = event.facts.get("batch")
    stream = f"batch/{batch}" if isinstance(batch, str) else event.stream
    return any(one.stream == stream and one.topic == "batch.exported" and one.facts.get("profile") == "sign-list" for one in trail.steps)
