"""A trail told to a person: from the bank's line back to the survey row and the clause, chapter by chapter, one fact below the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..clock import day_of, parse_instant
from ..i18n import _, ngettext
from ..output.words import instant_text
from ..width import columns, wrap
from .trail import CHAPTERS, Naming, gap_text, role_word

if TYPE_CHECKING:
    from mingzhang.projections.trail import Step, Trail

_DOT, _LINE = "●", "│"
_MARGIN = 15  # two blanks, the day, two blanks, the mark and a blank


def story(trail: Trail, name: str, naming: Naming, width: int, *, bold: bool = False) -> list[str]:
    """The lines, none wider than `width` where words allow. `name` is the student's, masked; `bold` for a terminal."""
    lines = [*_heading(trail, name, naming, width), ""]
    clauses = _clauses(trail.steps)
    for title, steps in _chapters(trail.steps):
        rule = _rule(_(title) if title else _("Further facts"), width)
        lines.append(f"\x1b[1m{rule}\x1b[0m" if bold else rule)
        for number, step in enumerate(steps):
            lines += _step_lines(step, naming, clauses.get(step.event, []), width, last=number == len(steps) - 1)
        lines.append("")
    return lines + _verdict(trail, width)


def _heading(trail: Trail, name: str, naming: Naming, width: int) -> list[str]:
    if not trail.payment.startswith("payment/"):
        return wrap(_("How {event} came about").format(event=trail.payment), width)
    scheme, student, period, instalment = trail.payment.split("/")[1:]
    who = _("{name} ({student})").format(name=name or _("name not readable"), student=student)
    what = _("{scheme}, {period}").format(scheme=naming.scheme(scheme), period=period)
    said = [f"{who} · {what}" + ("" if instalment == "1" else f" · {instalment}")]
    newest = next((step for step in trail.steps if step.event.rpartition("@")[0] == trail.payment), None)
    if newest is not None:
        said.append(f"{newest.effective_on}  {naming.summary(newest.topic, newest.facts)}")
    return [part for sentence in said for part in wrap(sentence, width)]


def _chapters(steps: Sequence[Step]) -> Iterator[tuple[str, list[Step]]]:
    known = {word for _title, words in CHAPTERS for word in words}
    for title, words in (*CHAPTERS, ("", ())):
        chosen = [one for one in steps if (first := one.topic.partition(".")[0]) in words or (not title and first not in known)]
        if chosen:
            yield title, chosen


def _rule(title: str, width: int) -> str:
    head = f"── {title} "
    return head + "─" * max(2, width - columns(head))


def _clauses(steps: Sequence[Step]) -> dict[str, list[tuple[str, str]]]:
    """The fact that brought a plan's version -> the clauses that awards cite from it, each with its text."""
    found: dict[str, list[tuple[str, str]]] = {}
    for step in steps:
        if step.facts.get("clause_text"):
            cited = (str(step.facts["clause"]), str(step.facts["clause_text"]))
            for ref in step.because:
                if ref.startswith("plan/") and cited not in found.setdefault(ref, []):
                    found[ref].append(cited)
    return found


def _step_lines(step: Step, naming: Naming, clauses: Sequence[tuple[str, str]], width: int, *, last: bool) -> list[str]:
    head, *rest = wrap(naming.summary(step.topic, step.facts), width - _MARGIN)
    lines = [f"  {step.effective_on}  {_DOT} {head}"]
    details = [*rest]
    for sentence in (_who(step, naming), _where(step), _by_which_clauses(step, clauses)):
        details += wrap(sentence, width - _MARGIN) if sentence else []
    bar = " " if last else _LINE
    return lines + [f"  {'':10}  {bar} {detail}".rstrip() for detail in details]


def _who(step: Step, naming: Naming) -> str:
    """Who decided it in which capacity, when it was recorded if that was another day, and where it stands in the log."""
    who = step.actor
    if step.acting_as is not None:
        role, unit = role_word(step.acting_as.role), naming.unit(step.acting_as.unit)
        who = _("{role}, {unit}").format(role=role, unit=unit)
        if step.actor != step.acting_as.role:
            who = f"{step.actor} ({who})"
    recorded = instant_text(step.recorded_at)
    if step.acting_as is not None and step.acting_as.clock_at is not None:
        clock = instant_text(step.acting_as.clock_at)[:16]
        told = _("recorded {instant}, by a clock at {clock}").format(instant=recorded[:16], clock=clock)
        return f"{who} · {told} · #{step.leaf}"
    if day_of(parse_instant(step.recorded_at)).isoformat() == step.effective_on:
        return f"{who} · #{step.leaf}"
    return f"{who} · " + _("recorded {instant}").format(instant=recorded[:16]) + f" · #{step.leaf}"


def _where(step: Step) -> str:
    """The file, sheet and row a fact was read from."""
    source = step.source
    if source is None:
        return ""
    if source.row is None:
        return _("File {file}, SHA-256 {sha256}…").format(file=source.file, sha256=source.sha256[:16])
    if source.sheet:
        return _("From {file}, sheet {sheet}, row {row}").format(file=source.file, sheet=source.sheet, row=source.row)
    return _("From {file}, row {row}").format(file=source.file, row=source.row)


def _by_which_clauses(step: Step, clauses: Sequence[tuple[str, str]]) -> str:
    """A plan's title, and the clauses that the awards of this trail cite from it."""
    if step.topic not in ("plan.adopted", "plan.amended"):
        return ""
    said = [_("Clause “{clause}”: {text}").format(clause=clause, text=text) for clause, text in clauses]
    return "\n".join([str(step.facts.get("title", "")), *said]).strip()


def _verdict(trail: Trail, width: int) -> list[str]:
    count = len(trail.steps)
    if trail.complete:
        said = ngettext("Complete: {count} fact, no link is missing.", "Complete: {count} facts, no link is missing.", count)
        return wrap(said.format(count=count), width)
    lines = [_("Not complete: {count} facts, and these links are missing:").format(count=count)]
    lines += [f"  × {gap_text(gap.code)} ({gap.expected})" for gap in trail.gaps]
    return [part for line in lines for part in wrap(line, width)]
