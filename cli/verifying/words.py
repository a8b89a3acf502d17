"""What `verify` found, a sentence for each code; and a sentence for each thing it could not check, and why."""

from __future__ import annotations

from collections.abc import Mapping

from mingzhang.domain.proof.problem import Problem

from ..i18n import N_, _

PROBLEMS: Mapping[str, str] = {
    # the file
    "journal_unreadable": N_("journal.db is no database, or cannot be read ({detail})."),
    "file_truncated": N_("The end of journal.db is missing ({detail} bytes)."),
    "wal_missing": N_("journal.db-wal is missing: the newest records lay in it. Was journal.db copied or moved without it?"),
    "rollback_journal": N_(
        "A file journal.db-journal lies beside journal.db, which this program never makes: whoever opened the ledger would have pages of "
        "journal.db overwritten with those in it."
    ),
    "page_damaged": N_("A page of journal.db is damaged ({detail}): the events from here to before {until} cannot be read."),
    "file_damaged": N_("A page of journal.db is damaged ({detail})."),
    "index_disagrees": N_("The event is in the log and not in its index ({detail}): questions do not find it."),
    "value_of_wrong_kind": N_("The event is stored as another kind of value than it should be: questions do not find it."),
    "guard_missing": N_("The guard {detail} was taken out of journal.db."),
    "guard_changed": N_("{detail} is not as it was made in journal.db."),
    "guard_strange": N_("journal.db holds something that this program did not put there: {detail}."),
    # the log
    "log_empty": N_("The log holds no event."),
    "event_differs": N_("The event is not the one that was recorded: its hash is not the one in the tree."),
    "event_missing": N_("The event was taken out of the log."),
    "event_out_of_place": N_("An event lies outside of the log's order."),
    "event_unreadable": N_("The event is not stored as an event is."),
    "event_malformed": N_("The event does not say what an event of its kind says."),
    "tile_differs": N_("The tree's hash was changed; the events below it are those that were recorded."),
    "tile_incomplete": N_("The tree has no hash for the event: it was not put there by this program."),
    "tile_strange": N_("The tree has a tile that no tree has ({tile})."),
    "log_shorter_than_tree": N_("The tree has {tree} hashes, and the log {size} events: its end was cut off."),
    "recorded_earlier": N_("The event bears an earlier time ({recorded_at}) than the one before it ({before})."),
    "recorded_apart": N_("The event bears another time ({recorded_at}) than its transaction ({before})."),
    "recorded_before_begun": N_("The transaction bears a time ({recorded_at}) before it was begun, as its id tells."),
    "recorded_long_after": N_("The transaction bears a time ({recorded_at}) more than a week after it was begun, as its id tells."),
    "instant_malformed": N_("The transaction's time is not written as this program writes it."),
    "clock_not_attested": N_("The clock was behind the last record ({recorded_at}), and nobody had attested why."),
    "stream_version_wrong": N_("The event stands where version {expected} of its stream should: one is missing, or there twice."),
    "stream_begun_twice": N_("A stream begins for a second time somewhere from here on and before event {until}."),
    # transactions and the people who sign them
    "transaction_malformed": N_("The transaction cannot be read."),
    "transaction_repeated": N_("The transaction bears the id of an earlier one."),
    "transaction_incomplete": N_("The transaction has {found} of its {members} events."),
    "event_without_transaction": N_("The event belongs to no transaction: nobody answers for it."),
    "digest_differs": N_("The transaction's events are not those it was recorded with ({members} follow it)."),
    "actor_differs": N_("The event names somebody else than {staff}, who recorded it."),
    "opening_missing": N_("The log does not begin with the opening of a ledger."),
    "opened_twice": N_("The ledger is opened a second time."),
    "ledger_id_differs": N_("The transaction was recorded in another ledger ({ledger_id})."),
    "signature_missing": N_("{staff} did not sign the transaction."),
    "signature_wrong": N_("The signature is not {staff}'s over this transaction (key {key})."),
    "key_not_enrolled": N_("The transaction is signed with a key that the ledger does not know ({key})."),
    "key_of_somebody_else": N_("The transaction of {staff} is signed with somebody else's key ({key})."),
    "key_revoked": N_("The transaction is signed with a key of {staff}'s that had been taken out of use ({key})."),
    "key_malformed": N_("The key {key} was not enrolled as keys are."),
    "recorded_without_right": N_("{staff} recorded what the role they acted in may not record ({topic})."),
    "recorded_beyond_unit": N_("{staff} gave or took rights ({topic}) beyond {unit}, where they hold the role they acted in."),
    "topic_unknown": N_("This program knows no such kind of event ({topic}): a newer one recorded it, or none."),
    "authority_missing": N_("{staff} acted without naming an appointment."),
    "authority_unknown": N_("{staff} acted as {role} at {unit}; {authority} is no such appointment of theirs."),
    "authority_ended": N_("{staff} acted as {role} at {unit} outside the days of that appointment."),
    "seen_root_differs": N_(
        "{staff} signed for another past than this one ({by}): from event {leaf} on and before event {until} the log was rewritten, tree "
        "and all."
    ),
    "saw_more_than_there_is": N_(
        "{staff} saw {seen} events before this transaction ({by}), and there are {size}: events were taken out, from event {leaf} on."
    ),
    "seen_root_malformed": N_("The transaction does not say which log its actor saw."),
    # what lies beside the log
    "ledger_json_differs": N_("ledger.json names another ledger ({said}) than the log ({ours})."),
    "ledger_json_unreadable": N_("{file} is damaged."),
    "rehearsal_differs": N_("ledger.json and the log do not say the same about whether this is a rehearsal."),
    "log_shorter_than_answered": N_(
        "The log holds {held} events; questions were answered from {size}: its end was cut off, or an older copy put in its place."
    ),
    "answered_from_another_log": N_("Questions were answered from a log whose event {size} was another one."),
    "checkpoint_unreadable": N_("{file} is no checkpoint, or not the one its name says."),
    "log_shorter_than_checkpoint": N_(
        "The checkpoint {source} proves {size} events; the log holds {held}: its end was cut off, or an older copy put in its place."
    ),
    "checkpoint_differs": N_(
        "The log is not the one of the checkpoint {source}: from event {since} on and before event {size} it was rewritten."
    ),
    "events_changed_since_checkpoint": N_("The tree is that of the checkpoint {source}, the events are not: they were changed since."),
    "checkpoint_of_other_log": N_("The checkpoint {source} is about the log {origin}, not about {ours}."),
    "checkpoint_signature_wrong": N_("The checkpoint {source} bears the name of {name}, and not its signature: it was changed."),
    "checkpoint_not_signed": N_("The ledger's own checkpoint {source} does not bear the signature of the ledger's key."),
    "answers_differ": N_(
        "The tables that questions are answered from do not say what the events say ({table}, in projections.db): `mingzhang rebuild` "
        "makes them anew; whoever changed them wanted something else to be read."
    ),
    # documents
    "evidence_file_missing": N_("A document that was handed in is missing (SHA-256 {sha256})."),
    "evidence_file_changed": N_("The file of a document was changed (SHA-256 {sha256})."),
    "evidence_not_opened": N_("A document cannot be opened with the keys there are (SHA-256 {sha256})."),
    "evidence_differs": N_("A document is not the one that was handed in (SHA-256 {sha256})."),
    "evidence_not_erased": N_("A document that was erased is still there (SHA-256 {sha256})."),
}

UNCHECKED: Mapping[str, str] = {
    "no_outside_checkpoint": N_(
        "No checkpoint from outside was given (--against, or --size and --root). So it cannot be told whether the end of the log was cut "
        "off in its files, whether an older copy was put in place of all of them, or whether everything was made anew, keys included."
    ),
    "after_checkpoint": N_("The newest checkpoint given is of {size} events; for the {count} after it, only signatures speak."),
    "tail_of_one_signer": N_(
        "Nobody but {staff} has signed since event {since}: whoever has that key could have made the last {count} events anew."
    ),
    "unsigned_practice": N_("{count} transactions of this rehearsal are by people without a key: anybody could have made them."),
    "unsigned_before_signing": N_(
        "{count} transactions are from before this ledger was signed: the first signature after them vouches for them, not their own."
    ),
    "not_thorough": N_(
        "What the events say, and the tables that questions are answered from, were not read: --thorough does that as well, and takes "
        "longer."
    ),
    "answers_not_compared": N_("The tables that questions are answered from were not compared with the events: those are not in order."),
    "key_shared": N_("{names} were given one and the same key ({key}): which of them signed with it cannot be told."),
    "checkpoint_unsigned": N_("What was compared with {source} bears no signature: it counts as much as the place you have it from."),
    "checkpoint_key_unknown": N_("The checkpoint {source} is not signed with the key that this log names as its own."),
    "witness_unknown": N_("The checkpoint {source} is also signed by {names}; give their keys (--witness) to have that checked."),
    "ledger_json_missing": N_("There is no ledger.json beside the log: which ledger it is, the log alone says."),
    "documents_left": N_("The documents that were handed in do not lie beside this log, and were not looked at."),
    "documents_not_opened": N_("{count} documents were compared with their hashes and not opened: no keys were used."),
    "documents_only_hashed": N_("Of {count} documents the log holds nothing but their SHA-256; they were never handed in."),
}


def problem_text(one: Problem) -> str:
    """The problem in a sentence, without its place."""
    return _said(PROBLEMS[one.code], one)


def unchecked_text(one: Problem) -> str:
    return _said(UNCHECKED[one.code], one)


def _said(sentence: str, one: Problem) -> str:
    words: dict[str, object] = {"leaf": one.leaf, "until": one.until, **one.context}
    return _(sentence).format(**{name: "、".join(map(str, word)) if isinstance(word, list) else word for name, word in words.items()})
