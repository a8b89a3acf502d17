"""What the refusals of keeping a ledger say: backups, restores, exports, network shares, a shorter log, a wrong clock."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "ledger_on_network_share": (
        N_("{ledger} lies on a network share ({share}), where records made by two computers at once are lost."),
        N_("Keep the ledger on a disk of this computer, and put its backups on the share with `mingzhang backup`."),
    ),
    "log_shorter_than_answered": (
        N_("The log holds {size} events, but had {answered} when it was last read here: records are missing, or it is an older copy."),
        N_(
            "Look for journal.db-wal, which belongs beside journal.db; else `mingzhang restore` the newest backup. "
            "If it is meant, let an administrator run `mingzhang attest loss`."
        ),
    ),
    "nothing_lost": (
        N_("Nothing here says that the log had been longer than its {size} events."),
        N_("Go on working; `mingzhang verify --against` compares it with a checkpoint from elsewhere."),
    ),
    "clock_not_behind": (
        N_("The clock does not stand before the last record ({until})."),
        N_("Nothing needs to be attested; go on working."),
    ),
    "clock_attested_already": (
        N_("It is attested already that a clock ran ahead, up to {until}."),
        N_("Go on working; new records bear that instant until it has come."),
    ),
    "backup_exists": (
        N_("There is something in {folder} already, and a backup never takes its place."),
        N_("Name a folder that does not exist yet, such as one with today's date."),
    ),
    "folder_busy": (
        N_("Another program is filling {folder} at this moment."),
        N_("Wait until it has finished, or name another folder."),
    ),
    "backup_inside_ledger": (
        N_("{folder} and the ledger {ledger} lie in one another: one would be lost with the other."),
        N_("Name a folder on another disk."),
    ),
    "backup_keys_with_events": (
        N_("{folder} would lie together with {other}, and so keys and events in one place."),
        N_("Name a place for it that others look after: whoever comes by one must not have the other."),
    ),
    "backup_not_written": (
        N_("The file {file} of the backup could not be made to stand by itself."),
        N_("Make the backup on another disk."),
    ),
    "backup_missing": (
        N_("There is no backup in {backup}."),
        N_("Name the folder in which backup.json lies."),
    ),
    "backup_unfinished": (
        N_("The backup in {backup} was cut off while it was made: it is none."),
        N_("Take an earlier one; `mingzhang backup` to the same folder makes it anew."),
    ),
    "backup_format": (
        N_("This version cannot read backup.json in {backup}."),
        N_("Use the version of the program that wrote it, or a newer one."),
    ),
    "backup_other_kind": (
        N_("{backup} is a backup of the {kind}, and one of the {wanted} is needed here."),
        N_("Events are named first; their keys with --keys."),
    ),
    "backup_damaged": (
        N_("The file {file} in {backup} is not as it was when the backup was made."),
        N_("Take another backup, and have a look at the disk this one lies on."),
    ),
    "backup_contradicts_checkpoint": (
        N_("The backup's log is another one than that of the checkpoint at log size {size}: one of them was made up."),
        N_("Keep both as they are, and have them looked into; take another backup."),
    ),
    "backup_older_than_checkpoint": (
        N_("The backup holds {size} events; the checkpoint given says that there were {last}."),
        N_("Take a newer backup; if there is none, `mingzhang restore --older` goes back to this one, and what came after it is lost."),
    ),
    "keys_of_other_ledger": (
        N_("The keys in {keys} are another ledger's."),
        N_("Name the backup of this ledger's keys."),
    ),
    "keys_in_place": (
        N_("The ledger has keys already: {folder}."),
        N_("Use them; if they do not fit, move that folder elsewhere first, and keep it."),
    ),
    "restore_into_existing": (
        N_("There is something in {folder} already, and a restore never takes its place."),
        N_("Name a folder that does not exist yet."),
    ),
    "erasure_list_format": (
        N_("{file} is no list of erasures that this version reads."),
        N_("Name erasures.json out of a backup, or the backup's folder."),
    ),
    "erasure_list_of_other_ledger": (
        N_("The list of erasures {file} is another ledger's."),
        N_("Name one out of a backup of this ledger."),
    ),
    "export_format": (
        N_("This is no exported log that this version reads."),
        N_("Name a file written by `mingzhang export`."),
    ),
    "export_line_wrong": (
        N_("Line {line} of the file does not fit: {reason}. Nothing was taken in."),
        N_("Have the log exported again; compare both files from this line on."),
    ),
    "export_not_continued": (
        N_("The file begins at leaf {begins}, or after other events, and the log here ends at {size}."),
        N_("Have it exported with `mingzhang export --from`, beginning at {size}, out of the same log."),
    ),
    "export_not_verified": (
        N_("With these events the log would not be verified (event {leaf}: {problem}). Nothing was taken in."),
        N_("Run `mingzhang verify` on both ledgers, and have the log exported again from the one that is in order."),
    ),
    "export_of_other_ledger": (
        N_("The file {file} is another ledger's."),
        N_("Name an export of this ledger, or another folder."),
    ),
    "file_changed": (
        N_("The file {file} was changed while it was being read."),
        N_("Run the command again when nobody writes to it."),
    ),
}
