"""What the refusals of this concept say: a seed committed to, and the draw it makes."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "seed_not_committed": (
        N_("No seed of {inspection} waits to be published."),
        N_("Commit to one first with `mingzhang inspection commit-seed`: who publishes the seed with the draw could have looked for it."),
    ),
    "seed_committed_already": (
        N_("Seed {number} of {inspection} is committed to and not published yet."),
        N_("Draw with it: `mingzhang inspection sample`. If it is lost, commit to another with --reason; the first stays on record."),
    ),
    "seed_differs": (
        N_("This is not the seed that commitment {number} of {inspection} is for."),
        N_("Type seed and --salt exactly as then. A lost seed is replaced with `mingzhang inspection commit-seed --reason`."),
    ),
    "seed_unusable": (
        N_("A seed or salt is printable text without blanks at its ends, {most} characters at most."),
        N_("Take digits and letters that can be read off paper, such as thrown dice."),
    ),
    "sample_size_differs": (
        N_("{committed} were to be drawn for {inspection}, not {size}."),
        N_("Give --size {committed}, as it was committed to."),
    ),
    "sample_larger_than_frame": (
        N_("{size} cannot be drawn of {held}."),
        N_("Draw {held} at most."),
    ),
    "sample_frame_empty": (
        N_("There is nobody to draw for {inspection}."),
        N_("Check unit, scheme, period and day: `mingzhang roster` shows who has an award."),
    ),
    "sample_frame_differs": (
        N_("Whoever can be drawn by commitment {number} of {inspection} is not who could be when it was made."),
        N_("Run `mingzhang verify`: the log as it was then gives another list now."),
    ),
    "sample_unknown": (
        N_("{inspection} has no draw {number}; it has: {numbers}."),
        N_("Draw with `mingzhang inspection commit-seed` and then `mingzhang inspection sample`."),
    ),
}
