"""What the refusals of this concept say: signing keys, their files and their passphrases."""

from __future__ import annotations

from ..i18n import N_
from .sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "signing_key_missing": (
        N_("{staff} signs with the key {key}, which is not here. Nothing was recorded."),
        N_("Act on the computer where the key file lies, or name the file with --key or MINGZHANG_KEY. If it is lost, an administrator "
           "gives another one with `mingzhang staff key replace`."),
    ),
    "signing_key_not_enrolled": (
        N_("{staff} has no signing key. Nothing was recorded."),
        N_("Let an administrator give them one with `mingzhang staff key enrol`."),
    ),
    "signing_key_revoked": (
        N_("{staff} has no signing key any more: it was taken out of use. Nothing was recorded."),
        N_("Let an administrator give them another one with `mingzhang staff key enrol`; `mingzhang staff key list` says since when."),
    ),
    "signing_key_replaced": (
        N_("The key {key} of {staff} was taken out of use; {live} is theirs now. Nothing was recorded."),
        N_("Act with the file of the newer key: name it with --key or MINGZHANG_KEY."),
    ),
    "signing_key_other": (
        N_("The key {key} was never enrolled for {staff} in this ledger; {live} is theirs. Nothing was recorded."),
        N_("The file is of another ledger, or was exchanged. Name the right one with --key or MINGZHANG_KEY."),
    ),
    "signing_key_of_another": (
        N_("The key file {file} is not {staff}'s."),
        N_("Act as yourself with --as, or name your own file with --key or MINGZHANG_KEY."),
    ),
    "signing_key_not_found": (
        N_("There is no key file {file}."),
        N_("Put the stick in, or name the file with --key or MINGZHANG_KEY."),
    ),
    "signing_key_exists": (
        N_("There is a key file at this place already; it was left as it is."),
        N_("Choose another name. A key file is never overwritten."),
    ),
    "signing_key_file_damaged": (
        N_("The key file cannot be read, or was changed."),
        N_("Take your copy of it. If there is none, an administrator gives another key with `mingzhang staff key replace`."),
    ),
    "signing_key_format": (
        N_("This is no public key."),
        N_("A public key is 32 bytes, in base64. Let the program make the key with `mingzhang staff key renew`."),
    ),
    "signing_key_live": (
        N_("{staff} has a signing key already: {key}."),
        N_("They renew it themselves with `mingzhang staff key renew`; if it is lost, use `mingzhang staff key replace` with --lost."),
    ),
    "signing_key_used": (
        N_("{staff} had the key {key} before; a key that was taken out of use does not come back."),
        N_("Make a new one with `mingzhang staff key renew` or `mingzhang staff key enrol`."),
    ),
    "signing_key_own": (
        N_("{staff} is an administrator and cannot take their own key out of use: a ledger is never without one who can give keys."),
        N_("Take a new key with `mingzhang staff key renew`, or let another administrator revoke this one."),
    ),
    "signing_begun": (
        N_("This ledger is signed already."),
        N_("Give single keys with `mingzhang staff key enrol`."),
    ),
    "signing_passphrase_needed": (
        N_("The signing key of {staff} has a passphrase, and there is nobody here to ask for it. Nothing was recorded."),
        N_("Set MINGZHANG_SIGNING_PASSPHRASE, or run the command at a terminal; it is never given on the command line."),
    ),
    "signing_passphrase_new_needed": (
        N_("The new signing key of {staff} needs a passphrase, and there is nobody here to ask for it. Nothing was recorded."),
        N_("Set MINGZHANG_SIGNING_PASSPHRASE_NEW, or run the command at a terminal."),
    ),
    "signing_passphrase_wrong": (
        N_("The passphrase does not open the signing key of {staff}, or the key file is damaged. Nothing was recorded."),
        N_("Try again, or check MINGZHANG_SIGNING_PASSPHRASE. If it is forgotten, an administrator gives another key with "
           "`mingzhang staff key replace`."),
    ),
    "signature_wrong": (
        N_("What was signed does not fit the enrolled key {key}. Nothing was recorded."),
        N_("Run the command again; if it comes back, the key file or this program is faulty: report it to whoever looks after the ledger."),
    ),
}  # fmt: skip
