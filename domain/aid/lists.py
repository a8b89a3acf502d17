"""A comparison counts as long as what it found does: a list withdrawn, or a row found to be somebody else's, supports nothing any more."""

from __future__ import annotations

from ..crosscheck.crosscheck import CrossCheck
from ..streams import Streams, replace
from .application import Application
from .facts import ListMatch


def as_lists_stand(streams: Streams, case: Application) -> Application:
    """The case without the matches that count no longer, until it is compared again. Reads every list the comparison relied on, so that
    whoever withdraws one meanwhile undoes the decision."""
    if case.compared is None:
        return case
    kept = tuple(match for match in case.compared.matches if _counts_still(streams, case, match))
    if kept == case.compared.matches:
        return case
    return replace(case, compared=case.compared.model_copy(update={"matches": kept}))


def _counts_still(streams: Streams, case: Application, match: ListMatch) -> bool:
    received = streams.read(CrossCheck, match.crosscheck)
    parted = any(one[:2] == (case.student, match.says) and one[3] == "different-people" for one in received.resolved)
    return not received.withdrawn and not parted
