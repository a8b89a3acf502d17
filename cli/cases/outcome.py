"""What can be done is done in one transaction; what the rules do not allow is named with its reason, case by case.

CLI.md: bulk commands answer `{"done":int,"refused":[{"application","code","message"}]}` and exit 3 where `refused` is
not empty. A single named case that is refused is a refusal like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType

from mingzhang.domain.command import Command
from mingzhang.domain.refusal import Refused

from ..i18n import _
from ..options import Globals
from ..output import Answer, Column, Table, Text
from ..progress import Bar
from ..refusals import explain
from ..session import Session

# What is wrong with the command itself and not with a case: said once, not a thousand times.
OF_THE_COMMAND = frozenset(
    {
        "staff_unknown",
        "role_missing",
        "unit_not_covered",
        "plan_not_adopted",
        "plan_not_yet_effective",
        "plan_repealed",
        "scheme_unknown",
        "scheme_malformed",
        "period_malformed",
        "period_kind_differs",
        "basis_differs",
        "amount_needed",
        "amount_set_by_plan",
        "amount_not_positive",
    }
)


@dataclass
class Outcome:
    """`done` counts cases, not events; `refused` and `left_out` pair a case with its refusal."""

    done: int = 0
    refused: list[tuple[str, Refused]] = field(default_factory=list)
    left_out: list[tuple[str, Refused]] = field(default_factory=list)

    def answer(self, said: str, **more: object) -> Answer:
        """The JSON of CLI.md with `more` fields, and for people the sentence and a table of what was refused."""
        refused = [
            {"application": case, "code": refusal.code, "message": explain(refusal).message}
            for case, refusal in self.refused
        ]
        parts: list[Table | Text] = [Text((said,))]
        if refused:
            columns = [Column(_("Application"), "application"), Column(_("Why not"), "message")]
            parts.append(Table(columns, refused, caption=_("{count} refused:").format(count=len(refused))))
        elif not self.done:
            parts.append(Text((_("Nothing was waiting for this step; `mingzhang application list` shows where each case stands."),)))
        return Answer({"done": self.done, "refused": refused, **more}, tuple(parts), 3 if refused else 0)


def decide_cases(
    session: Session,
    commands: Sequence[Command],
    case_of: Callable[[Command], str],
    *,
    single: bool,
    passed_over: frozenset[str] = frozenset(),
) -> Outcome:
    """Executes the commands. `passed_over` are codes that mean "not meant" in a bulk run; they land in `left_out`.

    Raises Refused where a single case is refused, or all are for a reason that lies in the command (OF_THE_COMMAND).
    """
    if not commands:
        return Outcome()
    if single:
        session.execute(commands[0])
        return Outcome(done=1)
    with ProgressOf(session.globals, _("Deciding")) as progress:
        execution = session.execute_many(commands, collect=True, on_progress=progress.at)
    codes = {refused.refusal.code for refused in execution.refused}
    if execution.refused and not execution.recorded and len(codes) == 1 and codes <= OF_THE_COMMAND:
        raise execution.refused[0].refusal
    # Counted by stream, which also holds when the answer to an append was lost and found again.
    done = {r.originator_id for r in execution.recorded if r.originator_id.startswith("application/")}
    outcome = Outcome(done=len(done))
    for refused in execution.refused:
        kept = outcome.left_out if refused.refusal.code in passed_over else outcome.refused
        kept.append((case_of(refused.command), refused.refusal))
    return outcome


class ProgressOf:
    """Turns (done, in all) into a bar."""

    def __init__(self, globals: Globals, label: str) -> None:
        self._globals = globals
        self._label = label
        self._bar: Bar | None = None
        self._done = 0

    def __enter__(self) -> ProgressOf:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.__exit__(kind, problem, trace)

    def at(self, done: int, total: int) -> None:
        """`done` of `total` are decided; a retry begins again and the bar waits for it."""
        if self._bar is None:
            self._bar = Bar(self._globals, self._label, total).__enter__()
        if done > self._done:
            self._bar.advance(done - self._done)
            self._done = done
