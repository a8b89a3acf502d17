"""What the refusals of this concept say: files of tables, and the season's packet."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "output_folder_missing": (
        N_("There is no folder {folder}."),
        N_("Make the folder first, or choose another one."),
    ),
    "output_too_large": (
        N_("This does not fit into a worksheet: it has too many rows, or a text in it is too long."),
        N_("Write it with --csv, or ask for less at a time."),
    ),
}
