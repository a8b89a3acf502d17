"""What the refusals of this concept say: the ledger itself, who may act in it, its clock and its points in time."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
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
        N_(
            "Run `mingzhang status` before repeating anything, and report this reference ({error} at "
            "{at}); it contains no personal data."
        ),
    ),
    "clock_behind": (
        N_("The clock stands before the last record, which was made at {until}."),
        N_(
            "Set the computer's clock right, or with a rehearsal ledger give a later --now; a record is"
            " never dated back."
        ),
    ),
    "clock_not_settable": (
        N_("The clock may be set with --now only in a rehearsal ledger."),
        N_("Leave out --now (and MINGZHANG_NOW), or practise in a ledger made with `mingzhang init --rehearsal`."),
    ),
    "now_not_rehearsal": (
        N_("The clock may be set with --now only in a rehearsal ledger."),
        N_("Leave out --now (and MINGZHANG_NOW), or practise in a ledger made with `mingzhang init --rehearsal`."),
    ),
    "log_size_unknown": (
        N_("The log holds {size} events; point {wanted} lies beyond it."),
        N_("Ask for a log size from 0 to {size}, or for a date or an instant."),
    ),
    "known_at_in_future": (
        N_("What will be known at {known_at} cannot be asked today."),
        N_("Give a moment that has passed, or leave out --known-at."),
    ),
    "calendar_unknown": (
        N_("The official holiday calendar of {year} is not known, so working days cannot be counted."),
        N_(
            "Record the calendar published by the State Council for {year}, then try again; working "
            "days are never guessed."
        ),
    ),
    "ledger_not_found": (
        N_("There is no ledger at {ledger}."),
        N_("Make one with `mingzhang init`, or name another one with --ledger or MINGZHANG_LEDGER."),
    ),
    "ledger_missing": (
        N_("There is no ledger at {ledger}."),
        N_("Make one with `mingzhang init`, or name another one with --ledger or MINGZHANG_LEDGER."),
    ),
    "ledger_exists": (
        N_("There is a ledger here already."),
        N_("Use it as it is, or name another place with --ledger."),
    ),
    "ledger_not_empty": (
        N_("The folder {ledger} holds other things already."),
        N_("Name a folder that is empty or does not exist yet."),
    ),
    "ledger_contended": (
        N_(
            "Others kept writing to the ledger; the record could not be placed after {attempts} "
            "attempts. Nothing was recorded."
        ),
        N_("Wait a moment and run the same command again."),
    ),
    "ledger_busy": (
        N_("Another program holds the ledger."),
        N_("Wait until it has finished and run the command again."),
    ),
    "ledger_damaged": (
        N_("The ledger contradicts itself at {detail}."),
        N_("Stop working in it, run `mingzhang verify`, and compare with the last checkpoint and backup."),
    ),
    "ledger_format_unknown": (
        N_("The ledger was written in format {format}, which this version does not know."),
        N_("Use the version of the program that wrote it, or a newer one."),
    ),
    "ledger_address_malformed": (
        N_("{ledger} is neither a folder nor an address like postgresql://…?schema=NAME."),
        N_("Write the address of the ledger again; a schema's name is letters, digits and underscores."),
    ),
    "extra_missing": (
        N_("This needs the additional package group {extra}, which is not installed."),
        N_('Install it with `pip install "mingzhang[{extra}]"`.'),
    ),
    "actor_missing": (
        N_("It is not said who acts."),
        N_("Give your staff id with --as, or set MINGZHANG_AS."),
    ),
    "acting_as_missing": (
        N_("It is not said who acts."),
        N_("Give your staff id with --as, or set MINGZHANG_AS."),
    ),
    "staff_unknown": (
        N_("There is no staff member {staff} in this ledger."),
        N_(
            "Check the id with `mingzhang staff list`; an administrator can appoint a new one with "
            "`mingzhang staff appoint`."
        ),
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
    "staff_already_relieved": (
        N_("{staff} has been relieved of this role already."),
        N_("Nothing needs to be done; `mingzhang staff list` shows all appointments."),
    ),
    "last_administrator": (
        N_("{staff} is the last administrator."),
        N_("Appoint another administrator first."),
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
        N_("There is no unit {unit} in this ledger."),
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
    "reveal_not_permitted": (
        N_("Full names and numbers may be shown only to {roles}."),
        N_("Leave out --reveal, or ask somebody who holds the role; every such look is recorded."),
    ),
    "effective_in_future": (
        N_("{on} lies in the future; what has not happened cannot be recorded."),
        N_("Give the day on which it did happen, today at the latest."),
    ),
    "dates_reversed": (
        N_("The first date {start} lies after the last, {end}."),
        N_("Write the earlier date first."),
    ),
    "reason_missing": (
        N_("A reason is needed here."),
        N_("Say why with --reason; it is recorded."),
    ),
    "confirmation_missing": (
        N_("This has to be confirmed."),
        N_("Run the command again with --yes if you mean it."),
    ),
    "vault_missing": (
        N_("The key store of this ledger is missing, so nothing personal in it can be read."),
        N_("Restore the folder keys/ from its own backup; it never lies in the same file as the events."),
    ),
    "vault_locked": (
        N_("The master key does not open the key store."),
        N_("Restore the master key that belongs to this ledger."),
    ),
    "box_damaged": (
        N_("The sealed data about {subject} were changed and cannot be opened."),
        N_("Run `mingzhang verify` and compare with the last backup."),
    ),
    "box_algorithm_unknown": (
        N_("The sealed data about {subject} use {alg}, which this version does not know."),
        N_("Use the version of the program that wrote them, or a newer one."),
    ),
    "key_missing": (
        N_("The key of {subject} is missing although no erasure is recorded."),
        N_("Restore the folder keys/ from its own backup."),
    ),
    "person_erased": (
        N_("The personal data of {student} were erased; nothing more may be recorded about this person."),
        N_("If the person applies anew, register a new file for them."),
    ),
    "person_restricted": (
        N_("Access to the file of {student} is restricted until {until}."),
        N_("Ask the privacy officer if it has to be opened before."),
    ),
    "legal_hold": (
        N_("The file of {student} is held until {until} and may not be erased."),
        N_("Restrict it instead, and erase it when the hold has ended."),
    ),
}
