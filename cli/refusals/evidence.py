"""What the refusals of this concept say: documents behind facts, kept, opened and erased."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "evidence_is_folder": (
        N_("{file} is no file that could be kept, but a folder or a device."),
        N_("Give the photos or scans themselves, one by one."),
    ),
    "evidence_unreadable": (
        N_("The file {file} may not be read."),
        N_("Close it in other programs, and check who may use it."),
    ),
    "evidence_too_large": (
        N_("The file {file} has {bytes} bytes; up to {limit_mb} MB are kept of one document."),
        N_("Scan it with a lower resolution or split it; whoever runs the ledger can set another limit with MINGZHANG_EVIDENCE_MB."),
    ),
    "evidence_limit_unusable": (
        N_("The setting {variable} is no number of megabytes from 1 to {most}."),
        N_("Correct it, or leave it away."),
    ),
    "evidence_changed": (
        N_("The file {file} was changed while it was read."),
        N_("Wait until the scanner or the other program is done with it, then give the command again."),
    ),
    "evidence_kind_unknown": (
        N_("The file {file} is neither an image, nor a PDF or OFD, an office file or plain text."),
        N_("Hand in a photo or a scan of the document."),
    ),
    "evidence_unknown": (
        N_("No fact names a document {sha256}."),
        N_(
            "See `mingzhang evidence list`; give the SHA-256 or at least its first eight characters. "
            "A file must be the very one, byte for byte."
        ),
    ),
    "evidence_ambiguous": (
        N_("{count} documents begin with {sha256}."),
        N_("Give more characters of the SHA-256, as `mingzhang evidence list` has it."),
    ),
    "evidence_not_named": (
        N_("The fact {event} does not name this document ({sha256})."),
        N_("The file must be the very one, byte for byte. See `mingzhang evidence list --state hashed` for what is missing."),
    ),
    "evidence_not_kept": (
        N_("Of the document {sha256} only the SHA-256 is on record; it was never handed in."),
        N_("Whoever has the file can hand it in with `mingzhang evidence keep`."),
    ),
    "evidence_kept_already": (
        N_("The document {sha256} is kept already, whole."),
        N_("Nothing needs to be done."),
    ),
    "evidence_shows_already": (
        N_("That is what the document {sha256} is known to show already."),
        N_("See `mingzhang evidence list`."),
    ),
    "evidence_erased": (
        N_("The document {sha256} was erased for good."),
        N_("It can be neither opened nor handed in again. The facts that name it stay."),
    ),
    "evidence_shows_others": (
        N_("The document {sha256} shows other students too ({others})."),
        N_("Decide whether they can do without it; then give it up with `mingzhang evidence erase --although-others`."),
    ),
    "evidence_file_missing": (
        N_("The sealed file {stored} of the document {sha256} is not in the ledger's folder."),
        N_("Bring it back from a backup, or hand the document in again with `mingzhang evidence keep`."),
    ),
    "evidence_damaged": (
        N_("The sealed file of the document {document} is damaged, or not the one that was stored."),
        N_("Bring it back from a backup, or hand the document in again with `mingzhang evidence keep`."),
    ),
    "evidence_busy": (
        N_("Somebody is just handing a document in."),
        N_("Try again in a moment."),
    ),
}
