"""What the refusals of verification say: what an inspector brings must be a checkpoint, or a whole root."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "against_format": (
        N_("{file} is no checkpoint."),
        N_(
            "Take the file as `mingzhang checkpoint` wrote it, or type two lines into one: the number of events, and the root as it stands "
            "on the paper."
        ),
    ),
    "root_format": (
        N_("“{root}” is no root: that is 64 hex digits, in groups or not, or 44 characters that end in =."),
        N_("Compare it with the paper, character by character, and give all of it; a part of a root proves nothing."),
    ),
}
