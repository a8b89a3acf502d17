"""A comparison counts as long as what it found does: a list withdrawn, or a row found to be somebody else's, supports nothing any more."""

from __future__ import annotations

from ..crosscheck.crosscheck import CrossCheck
from ..crosscheck.facts import Right
from ..streams import Streams, replace
from .application import Application
from .facts import ListMatch


def as_lists_stand(streams: Streams, case: Application) -> Application:
    """The case without the matches that count no longer, until it is compared again, and with how differences in them were resolved.
    Reads every list the comparison relied on, so that whoever withdraws one meanwhile undoes the decision."""
    if case.compared is None:
        return case
    lists = {match.crosscheck: streams.read(CrossCheck, match.crosscheck) for match in case.compared.matches}
    found = [(match, lists[match.crosscheck], _resolution(lists[match.crosscheck], case, match)) for match in case.compared.matches]
    kept = tuple(match for match, received, said in found if not received.withdrawn and (said is None or said[1] != "different-people"))
    resolutions = tuple(said[0] for _match, _received, said in found if said is not None)
    if (kept, resolutions) == (case.compared.matches, ()):
        return case
    return replace(case, compared=case.compared.model_copy(update={"matches": kept}), resolutions=resolutions)


def _resolution(received: CrossCheck, case: Application, match: ListMatch) -> tuple[str, Right] | None:
    """The newest resolution of a difference in the row, and which side it says is right."""
    return next((one[2:] for one in received.resolved if one[:2] == (case.student, match.says)), None)
