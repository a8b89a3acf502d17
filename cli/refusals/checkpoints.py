"""What the refusals of this concept say: signed notes, checkpoints, proofs as text, and witnesses."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "note_format": (
        N_("{file} is no signed note."),
        N_("Take the file as `mingzhang checkpoint` wrote it, to the last line break; a mail or a word processor may have changed it."),
    ),
    "note_not_signed": (
        N_("{file} is not signed with any of these keys: {key_names}."),
        N_("Check that the key belongs to this log or witness, and ask for the key on another way than for the file."),
    ),
    "note_signature_wrong": (
        N_("{file} bears the name of {key_name}, and not its signature: the text or the signature was changed, or the key is another."),
        N_("Do not rely on it. Keep it as it is, and ask for the file and for the key again, each on another way."),
    ),
    "vkey_format": (
        N_("This is no key that notes are checked with (name {key_name})."),
        N_("Copy the whole line, name+number+letters, as `mingzhang checkpoint` or `mingzhang witness show` print it."),
    ),
    "key_name_unusable": (
        N_("“{key_name}” cannot be the name of a key."),
        N_("Use a name without blanks and plus signs, best an address of your office, such as audit.example.cn/witness."),
    ),
    "checkpoint_format": (
        N_("{file} is signed, but says no checkpoint."),
        N_("Take the file as `mingzhang checkpoint` wrote it."),
    ),
    "proof_format": (
        N_("{file} is no proof that can be read here."),
        N_("Take the file as `mingzhang prove` or `mingzhang checkpoint --since` wrote it."),
    ),
    "proof_without_record": (
        N_("The proof does not hold the event it is about."),
        N_("Take the file as `mingzhang prove` wrote it; its second line begins with `extra`."),
    ),
    "proof_wrong": (
        N_("The proof is false: what it shows is not number {leaf} (counted from 0) in the log of {size} events."),
        N_("Do not rely on it. Keep it as it is, and have whoever gave it to you make it again."),
    ),
    "log_key_missing": (
        N_("The log's own key is not in the key store, so the log cannot sign."),
        N_("Restore keys/ from its own backup; the root is said without a key by `mingzhang status`."),
    ),
    "log_key_not_enrolled": (
        N_("The log does not name the key it would sign with, so nobody could check the signature."),
        N_("Restore the keys/ that belong to this ledger; a ledger of an older version is brought up to date by `mingzhang upgrade`."),
    ),
    "vault_secret_damaged": (
        N_("What the key store keeps as {secret} was changed and cannot be used."),
        N_("Restore keys/ from its own backup."),
    ),
    "checkpoint_contradicted": (
        N_("This log does not contain what it signed before, at {saved} events ({file}): it was replaced or rewritten since."),
        N_("Stop working in it, keep the folder as it is, and compare it with the checkpoints others hold."),
    ),
    "checkpoint_not_ours": (
        N_("This is not what this log says at {size} events: the checkpoint is another log's, or one of the two was rewritten."),
        N_("Compare the first line with `mingzhang checkpoint`. If it names this log, stop working in it and keep both as they are."),
    ),
    "checkpoint_of_other_log": (
        N_("The checkpoint is of the log {other}, not of {origin}."),
        N_("Take the checkpoint, the proof and the key of one log."),
    ),
    "checkpoint_older": (
        N_("The checkpoint holds {size} events, and {seen} had been seen before: a log does not shrink."),
        N_("Ask for the present checkpoint. If there is none with more events, the log was cut: keep both files, they prove it."),
    ),
    "checkpoint_proof_needed": (
        N_("The last checkpoint seen had {seen} events; what is shown proves growth from {old}."),
        N_("Ask the office that keeps the log for `mingzhang checkpoint --since {seen}`."),
    ),
    "checkpoint_inconsistent": (
        N_("The checkpoint of {size} events does not continue the one of {seen} events seen before: the past of this log was rewritten."),
        N_("Do not sign. Both bear the log's signature and prove it together; the one shown is kept as {kept}."),
    ),
    "log_unknown": (
        N_("This witness has not seen the log {origin} before."),
        N_("Give its key with --key, and ask for the key on another way than for the checkpoint."),
    ),
    "log_key_differs": (
        N_("This witness knows the log {origin} by another key."),
        N_("Leave --key away; if the log really has a new key, its office must explain it in writing, and a new witness folder begins."),
    ),
    "witness_other_kind": (
        N_("One of the two is for practice: the log {origin}, or this witness."),
        N_("A rehearsal is witnessed by a witness made with `mingzhang witness init --rehearsal`, a real log by a real one."),
    ),
    "witness_missing": (
        N_("There is no witness in {folder}."),
        N_("Make one with `mingzhang witness init`, or name its folder with --folder."),
    ),
    "witness_exists": (
        N_("There is a witness in {folder} already."),
        N_("Use it as it is, or name another folder with --folder."),
    ),
    "witness_damaged": (
        N_("The files of the witness in {folder} cannot be read."),
        N_("Restore the folder from its own backup."),
    ),
}
