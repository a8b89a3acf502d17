"""What the refusals of this concept say: the ledger itself, who may act in it, its clock and its points in time."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "demo_step_failed": (
        N_("The demonstration stopped: `{command}` ended with exit code {exit_code}."),
        N_("This is a fault of the program. Report the command and what it printed; your own ledgers are not touched."),
    ),
    "demo_unknown": (
        N_("There is no demonstration of `{plan}`."),
        N_("Name one of the plans that come with mingzhang: {codes}."),
    ),
    "field_unknown": (
        N_("An entry has no fields {fields}."),
        N_("Use some of: {known}."),
    ),
    "interrupted": (
        N_("Interrupted. Nothing was recorded."),
        N_("Run the command again when you are ready."),
    ),
    "interrupted_after_recording": (
        N_("Interrupted. What had been recorded before stays recorded."),
        N_("Run `mingzhang status` to see where the ledger stands before running the command again."),
    ),
    "internal_error": (
        N_("The program met an error of its own ({error} at {at}). Nothing was recorded."),
        N_("Report this reference ({error} at {at}) to whoever looks after the program; it contains no personal data."),
    ),
    "internal_error_after_recording": (
        N_("The program met an error of its own ({error} at {at}), after the records had been made."),
        N_("Run `mingzhang status` before repeating anything, and report this reference ({error} at {at}); it contains no personal data."),
    ),
    "clock_behind": (
        N_("The clock stands before the last record, which was made at {until}."),
        N_(
            "Set the computer's clock right (--now in a rehearsal); a record is never dated back. If the clock is right and the last "
            "record's was not, let an administrator run `mingzhang attest clock`."
        ),
    ),
    "log_size_unknown": (
        N_("The log holds {last} events; {size} lies beyond it."),
        N_("Ask for a log size from 0 to {last}, or for a date or an instant that has passed."),
    ),
    "ledger_missing": (
        N_("There is no ledger at {ledger}."),
        N_("Make one with `mingzhang init`, or name another one with --ledger or MINGZHANG_LEDGER."),
    ),
    "ledger_exists": (
        N_("There is a ledger here already."),
        N_("Use it as it is, or name another place with --ledger."),
    ),
    "ledger_contended": (
        N_("Others kept writing to the ledger; the record could not be placed after {attempts} attempts. Nothing was recorded."),
        N_("Wait a moment and run the same command again."),
    ),
    "ledger_busy": (
        N_("Another program holds the ledger."),
        N_("Wait until it has finished and run the command again."),
    ),
    "ledger_damaged": (
        N_("The ledger contradicts itself at {detail}."),
        N_("Stop working in it, keep the folder as it is, and make a new one of the last good backup with `mingzhang restore`."),
    ),
    "staff_unknown": (
        N_("There is no staff member {staff} in this ledger."),
        N_("Check the id with `mingzhang staff list`; an administrator can appoint a new one with `mingzhang staff appoint`."),
    ),
    "staff_id_personal": (
        N_("A staff id must not tell who somebody is: no name, identity number or mobile number."),
        N_("Choose a number or a short Latin word, since it stands in every record; the name goes in with --name and is sealed."),
    ),
    "role_missing": (
        N_("{staff} holds none of the roles that may do this ({roles})."),
        N_("Let somebody do it who holds one of these roles, or have an administrator appoint {staff} to it."),
    ),
    "role_unknown": (
        N_("There is no role {role}."),
        N_("Use one of: {roles}."),
    ),
    "unit_not_covered": (
        N_("The authority of {staff} covers {covers}, not {units}."),
        N_("Let somebody of that unit do it, or have an administrator widen the appointment."),
    ),
    "staff_already_appointed": (
        N_("{staff} already holds the role {role} for {unit}."),
        N_("Nothing needs to be done; `mingzhang staff list` shows all appointments."),
    ),
    "staff_not_appointed": (
        N_("{staff} does not hold the role {role} for {unit}."),
        N_("Check the appointments with `mingzhang staff list`."),
    ),
    "last_administrator": (
        N_("{staff} cannot relieve themselves as administrator: a ledger is never without one."),
        N_("Appoint another administrator, and let them relieve {staff}."),
    ),
    "interest_already_declared": (
        N_("{staff} has declared the relation to student {student} already."),
        N_("Nothing needs to be done."),
    ),
    "decided_on_own_family": (
        N_("{staff} has declared a family relation to student {student} and may not decide this case."),
        N_("Let a colleague without such a relation decide it."),
    ),
    "same_person_decided_twice": (
        N_("{staff} already took part in an earlier step of this case; {step} needs another person."),
        N_("Let somebody else do this step."),
    ),
    "unit_unknown": (
        N_("There is no such unit in this ledger: {unit}."),
        N_("See `mingzhang unit list`; a new unit is entered with `mingzhang unit register`."),
    ),
    "unit_exists": (
        N_("The unit {unit} is registered already."),
        N_("Use it as it is, or choose another id."),
    ),
    "unit_closed": (
        N_("The unit {unit} was closed."),
        N_("Use the unit that took over its work."),
    ),
    "effective_in_future": (
        N_("{on} lies in the future; what has not happened cannot be recorded."),
        N_("Give the day on which it did happen, today at the latest."),
    ),
    "dated_before_basis": (
        N_("{on} lies before {since}, the day from which {says} holds, on which this rests."),
        N_("Check both dates; what is decided or paid comes after what it rests on."),
    ),
    "reason_missing": (
        N_("A reason is needed here."),
        N_("Say why with --reason; it is recorded."),
    ),
    "vault_missing": (
        N_("The key store of this ledger is missing, so nothing personal in it can be read."),
        N_("Put the keys back with `mingzhang restore --keys`; their backup never lies with that of the events."),
    ),
    "box_damaged": (
        N_("The sealed data about {subject} were changed and cannot be opened."),
        N_("Stop working in it, keep the folder as it is, and compare with the last good copy of it."),
    ),
    "box_algorithm_unknown": (
        N_("The sealed data about {subject} use {alg}, which this version does not know."),
        N_("Use the version of the program that wrote them, or a newer one."),
    ),
    "person_erased": (
        N_("The personal data of {student} were erased; nothing more may be recorded about this person."),
        N_("If the person applies anew, register a new file for them."),
    ),
    "legal_hold": (
        N_("The file of {student} is held and may not be erased; the hold ends: {until}."),
        N_("Restrict it instead, and erase it when the hold has ended; an open one is ended with `mingzhang student release`."),
    ),
    "id_unusable": (
        N_("“{id}” cannot be the id of a {what}."),
        N_("Use letters, digits, Chinese characters, dots, dashes and underscores, without blanks or slashes, 64 at most."),
    ),
    "bank_only_in_rehearsal": (
        N_("Only a rehearsal ledger plays the bank itself."),
        N_("Take the bank's own answer with `mingzhang payment reconcile`."),
    ),
    "clock_only_in_rehearsal": (
        N_("The clock may be set with --now only in a rehearsal ledger."),
        N_("Leave out --now (and MINGZHANG_NOW), or practise in a ledger made with `mingzhang init --rehearsal`."),
    ),
    "staff_needed": (
        N_("It is not said who acts."),
        N_("Give your staff id with --as, or set MINGZHANG_AS."),
    ),
    "ledger_url_unsupported": (
        N_("This address of a ledger cannot be opened here."),
        N_("Name a folder."),
    ),
    "ledger_other_format": (
        N_("The ledger was written in format {format}; this version reads {supported}."),
        N_("Use the version of the program that wrote it, or a newer one."),
    ),
    "folder_not_empty": (
        N_("The folder {folder} holds other things already."),
        N_("Name a folder that is empty or does not exist yet."),
    ),
    "ledger_read_only": (
        N_("The ledger may not be written to."),
        N_(
            "Check who may write to the folder, and that the disk is not read-only. To look only, copy the whole folder to a disk that can "
            "be written to; `mingzhang verify` works where it is."
        ),
    ),
    "ledger_cannot_open": (
        N_("A file of the ledger cannot be opened ({detail})."),
        N_(
            "Check that the folder is there, and who may use it and write to it. To look only, copy the whole folder to a disk that can be "
            "written to; `mingzhang verify` works where it is."
        ),
    ),
    "disk_full": (
        N_("The disk is full. Nothing was recorded."),
        N_("Make room and run the command again."),
    ),
    "disk_failed": (
        N_("The disk failed ({detail}). Nothing was recorded."),
        N_("Check the disk, then look with `mingzhang status` and `mingzhang rebuild` whether the ledger is in order."),
    ),
    "event_unreadable": (
        N_("The event {event} ({topic}) cannot be read by this version."),
        N_("Use the version of the program that wrote it or a newer one; if it is the same, go back to the last good copy of the folder."),
    ),
    "master_key_missing": (
        N_("The master key of this ledger is missing."),
        N_("Restore keys/master.key from its own backup; without it nothing personal can be read. All else: `--without-names`."),
    ),
    "keys_left_out": (
        N_("This needs the keys of the ledger, and --without-names leaves them out."),
        N_("Leave --without-names away; without keys a ledger can be read, but nothing can be recorded, revealed or sent to a bank."),
    ),
    "master_key_format": (
        N_("The master key cannot be read."),
        N_("Restore keys/master.key from its own backup."),
    ),
    "master_key_wrong": (
        N_("The master key does not open the key store."),
        N_("Restore the master key that belongs to this ledger."),
    ),
    "master_key_exposed": (
        N_("Others may read the master key."),
        N_("Let only its owner read it (`chmod 600 keys/master.key`), and find out who had access."),
    ),
    "keys_folder_missing": (
        N_("The folder keys/ of this ledger is missing."),
        N_("Restore it from its own backup."),
    ),
    "passphrase_needed": (
        N_("The master key is protected by a passphrase."),
        N_("Set MINGZHANG_PASSPHRASE for this command; it is never given on the command line."),
    ),
    "passphrase_wrong": (
        N_("The passphrase does not open the master key."),
        N_("Check MINGZHANG_PASSPHRASE and try again."),
    ),
    "vault_busy": (
        N_("Another program holds the key store."),
        N_("Wait until it has finished and run the command again."),
    ),
    "vault_format": (
        N_("The key store cannot be read by this version."),
        N_("Use the version of the program that wrote it, or restore keys/ from its own backup."),
    ),
    "field_not_sealed": (
        N_("The field {field} about {subject} was not sealed with this record."),
        N_("Ask for a field that the record holds."),
    ),
    "erasure_unfinished": (
        N_("The erasure of {subject} has not been finished."),
        N_("Open the ledger again; it finishes erasures that were interrupted."),
    ),
    "person_unknown": (
        N_("There is no person {subject} in the key store."),
        N_("Check the reference; if it is right, restore keys/ from its own backup."),
    ),
    "person_key_damaged": (
        N_("The key of {subject} was changed and cannot be used."),
        N_("Restore keys/ from its own backup."),
    ),
    "id_number_taken": (
        N_("This number belongs to another person in this ledger ({held_by})."),
        N_("Compare both with their documents; if they are one person, merge the identities."),
    ),
    "projections_replaced": (
        N_("The derived tables were replaced while they were being read."),
        N_("Run the command again."),
    ),
    "unit_name_needed": (
        N_("The office or school that keeps this ledger has no name yet."),
        N_("Give it with --unit, or name a plan with --plan that says it."),
    ),
}
