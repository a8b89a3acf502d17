"""Each natural person has one opaque reference and one key; without the key nothing the events say can be read.

The vault commits before the journal: a key without an event is harmless, an event under a lost key is not. Randomness
is given by the caller as `random_bytes(count)` and must be as good as the operating system's (`os.urandom`).
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ..refusal import Refused
from ..sealed import Sealed
from .own_secrets import OwnSecrets
from .sealing import NONCE_BYTES, OpenedField, noise_needed, open_fields, seal_fields
from .store import SqliteStore
from .tokens import Kind, token_of

KEY_BYTES = 32
LOG_KEY = "log_key"
REFERENCE_CHARACTERS = 10
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: they are misread
_KEY_TAG = b"mingzhang/person-key/1\x00"

RandomBytes = Callable[[int], bytes]


class Vault:
    """Keys and tokens of the people in one ledger. Made with `Vault.create` or `Vault.open`.

    Refusals name people by reference only. Any call may refuse `vault_busy`."""

    def __init__(self, store: SqliteStore, master_key: bytes, vault_id: bytes, random_bytes: RandomBytes) -> None:
        self._store = store
        self._random = random_bytes
        self._wrapping = AESGCM(_derived(master_key, vault_id, b"wrap"))
        self.secrets = OwnSecrets(store, self._wrapping, random_bytes)
        self._token_key = _derived(master_key, vault_id, b"token")
        self._digest_key = _derived(master_key, vault_id, b"digest")
        self._digest_keys: dict[str, bytes] = {}
        # Plain keys, not ciphers: a cipher object costs 2.4 KB of memory against 0.8 µs for making it again.
        self._keys: dict[str, bytes] = {}
        self._erasures_seen = store.erasures()
        self._restricted: frozenset[str] | None = None

    @classmethod
    def create(cls, path: str | Path, master_key: bytes, random_bytes: RandomBytes) -> Vault:
        """A new vault file (0600) without people. Refuses `vault_exists`, `keys_folder_missing`."""
        vault_id = random_bytes(16)
        about = {"id": vault_id, "master_check": _derived(master_key, vault_id, b"check")}
        vault = cls(SqliteStore.create(Path(path), about), master_key, vault_id, random_bytes)
        vault.secrets.keep(LOG_KEY, KEY_BYTES)  # the log's own key: every vault has one from its first day
        return vault

    @classmethod
    def open(cls, path: str | Path, master_key: bytes, random_bytes: RandomBytes) -> Vault:
        """An existing vault; a destruction that was interrupted is finished first.

        Refuses, in this order: `vault_missing`, `vault_format`, `master_key_wrong`.
        """
        store = SqliteStore.open(Path(path))
        try:
            vault_id, check = store.about("id"), store.about("master_check")
            if vault_id is None or check is None:
                raise Refused("vault_format")
            if not hmac.compare_digest(check, _derived(master_key, vault_id, b"check")):
                raise Refused("master_key_wrong")
            if store.about("purge_pending") != b"0":
                store.purge()
            return cls(store, master_key, vault_id, random_bytes)
        except BaseException:
            store.close()
            raise

    def need_key(self) -> None:
        """Refuses where the keys are not to be had (`WithoutKeys`); here they are."""

    def close(self) -> None:
        """Forget the keys and let go of the file."""
        self._keys = {}
        self._store.close()

    # Who is it: references and tokens

    def subjects_for(self, id_numbers: Sequence[str], prefix: str = "s") -> list[str]:
        """The reference of each ID number's person, in the same order; people not met before are taken in.

        One transaction under the write lock, so two imports at once agree. A person known already keeps the reference
        they have, also if it begins with another prefix: a helper who was once a student is one person with one key.
        Refuses `number_missing` for an empty number (such a person gets a `new_subject`).
        """
        tokens = [token_of(self._token_key, "id_number", number) for number in id_numbers]
        wanted = list(dict.fromkeys(tokens))
        known = dict(self._store.holders("id_number", wanted))
        if len(known) < len(wanted):
            with self._store.writing():
                known = dict(self._store.holders("id_number", wanted))  # again: somebody may have been faster
                missing = [token for token in wanted if token not in known]
                taken_in = self._take_in(len(missing), prefix)
                known.update(zip(missing, taken_in, strict=True))
                self._store.add_tokens([("id_number", token, known[token]) for token in missing])
        return [known[token] for token in tokens]

    def new_subject(self, prefix: str = "p") -> str:
        """A new person without a usable ID number."""
        return self.new_subjects(1, prefix)[0]

    def new_subjects(self, count: int, prefix: str = "p") -> list[str]:
        """So many new people without a usable ID number, in one transaction."""
        with self._store.writing():
            return self._take_in(count, prefix)

    def keyed_subject(self, prefix: str, purpose: str, *parts: str) -> str:
        """The reference of what is known by its keyed digest, such as a document, with a key of its own; taken in where it is met first."""
        subject = f"{prefix}-{self.digest(purpose, *parts)[:20]}"
        with self._store.writing():
            if subject not in self._store.wrapped_keys([subject]):
                self._store.add_persons([self._with_key(subject)])
        return subject

    def find(self, kind: Kind, value: str) -> list[str]:
        """References of everybody known to have this number, in order; several may share an account or a phone."""
        return self.find_many(kind, [value])[0]

    def find_many(self, kind: Kind, values: Sequence[str]) -> list[list[str]]:
        """`find` for many numbers of one kind, aligned with `values`."""
        tokens = [token_of(self._token_key, kind, value) for value in values]
        found: dict[bytes, list[str]] = {}
        for token, subject in self._store.holders(kind, list(dict.fromkeys(tokens))):
            found.setdefault(token, []).append(subject)
        return [list(found.get(token, ())) for token in tokens]

    def shared(self, kind: Kind) -> list[tuple[bytes, str]]:
        """(token, reference) of everybody who has a number of this kind in common with somebody else; those of one number together."""
        return self._store.shared(kind)

    def add_tokens(self, items: Sequence[tuple[Kind, str, str]]) -> None:
        """Let people be found by further numbers: (kind, value, subject), all or none; one known already is left alone.

        Refuses, in this order: `number_missing` (kind), `person_unknown`, `person_erased` (subject), `id_number_taken`
        (subject, held_by) where an ID number is another person's.
        """
        rows = [(kind, token_of(self._token_key, kind, value), subject) for kind, value, subject in items]
        with self._store.writing():
            for subject, wrapped in self._wrapped_keys(list(dict.fromkeys(row[2] for row in rows))).items():
                if wrapped is None:
                    raise Refused("person_erased", subject=subject)
            claimed = {token: subject for kind, token, subject in rows if kind == "id_number"}
            held = dict(self._store.holders("id_number", list(claimed)))
            for kind, token, subject in rows:
                if kind == "id_number" and held.setdefault(token, subject) != subject:
                    raise Refused("id_number_taken", subject=subject, held_by=held[token])
            self._store.add_tokens(rows)

    def key_for(self, subject: str, purpose: str) -> bytes:
        """A key of the subject's own for one purpose, for what is no box. Refuses `person_unknown`, `person_erased`."""
        key = self._live_keys([subject])[subject]
        return HKDF(SHA256(), length=KEY_BYTES, salt=None, info=b"mingzhang/subject/1/" + purpose.encode()).derive(key)

    # What is said about them: boxes

    def seal(self, subject: str, fields: Mapping[str, str]) -> Sealed:
        """Seal one person's fields. Refuses `person_unknown`, `person_erased`, `text_not_unicode` (subject, field)."""
        return self.seal_many([(subject, fields)])[0]

    def seal_many(self, items: Sequence[tuple[str, Mapping[str, str]]]) -> list[Sealed]:
        """A box for each (subject, fields), aligned; refuses as `seal`, and then all of them."""
        keys, random = self._live_keys([subject for subject, _ in items]), self._random
        return [seal_fields(keys[subject], subject, fields, random(noise_needed(len(fields)))) for subject, fields in items]

    def open_box(self, sealed: Sealed) -> dict[str, str]:
        """The fields of one box. Refuses `person_unknown`, `person_erased`, `person_restricted`, `box_damaged`, `box_algorithm_unknown`."""
        return {field: opened.value for field, opened in self._opened(sealed).items()}

    def open_many(self, boxes: Sequence[Sealed], *, also_restricted: bool = False) -> list[dict[str, str] | None]:
        """The fields of each box, aligned; None where the person has been erased or restricted, since a list must still come out.

        also_restricted: for what the law needs of somebody restricted all the same, such as paying what was awarded to them.
        Refuses `person_unknown`, `box_damaged`, `box_algorithm_unknown` (subject).
        """
        keys, _ = self._fetch_keys([sealed.subject for sealed in boxes])
        if not also_restricted and self.restricted:
            keys = {subject: key for subject, key in keys.items() if subject not in self.restricted}
        fields: list[dict[str, str] | None] = []
        for sealed in boxes:
            key = keys.get(sealed.subject)
            opened = None if key is None else open_fields(key, sealed)
            fields.append(None if opened is None else {field: one.value for field, one in opened.items()})
        return fields

    def disclose(self, sealed: Sealed, field: str) -> OpenedField:
        """(salt, value) of one field; with both, `check_disclosure` proves the value against the event.

        Refuses as `open_box`, and `field_not_sealed` (subject, field).
        """
        opened = self._opened(sealed)
        if field not in opened:
            raise Refused("field_not_sealed", subject=sealed.subject, field=field)
        return opened[field]

    # The end of it: erasure

    def digest(self, purpose: str, *parts: str) -> str:
        """A keyed digest (HMAC-SHA256, 32 hex characters): equal texts are found, and nobody without the key can try out what one might
        say. Each purpose has a key of its own; every part has its length before it."""
        key = self._digest_keys.get(purpose)
        if key is None:
            key = self._digest_keys[purpose] = hmac.digest(self._digest_key, purpose.encode(), "sha256")
        said = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
        return hmac.digest(key, said, "sha256").hex()[:32]

    def is_erased(self, subject: str) -> bool:
        """Whether this person's key has been destroyed; False for a reference the vault has never seen."""
        return self._store.wrapped_keys([subject]).get(subject, b"") is None

    def erased(self) -> list[str]:
        """References of all erased people, in order: what a restore of an older vault must erase again."""
        return self._store.erased()

    def erase(self, *subjects: str) -> None:
        """Destroy these persons' keys and tokens for good, all in one; on return they are out of the file and its log.

        Safe to repeat. A reference the vault does not know is marked as erased too: a vault restored from before that
        person was taken in must refuse them all the same. Refuses `erasure_unfinished` (subject) when another process
        kept the log from being emptied: the keys are gone for all readers, and erasing again, or opening the vault,
        does the rest.
        """
        with self._store.writing():
            known = self._store.wrapped_keys(subjects)
            for subject in subjects:
                if known.get(subject, b"") is not None:
                    self._store.erase(subject)
        self._keys = {}
        if self._store.about("purge_pending") != b"0" and not self._store.purge():
            raise Refused("erasure_unfinished", subject=subjects[0])

    def knows(self, subject: str) -> bool:
        """Whether there is, or was, such a person."""
        return subject in self._store.wrapped_keys([subject])

    # Whose boxes stay shut though their keys are kept: restriction

    @property
    def carried_out(self) -> str:
        """Up to which entry the ledger's list of erasures and restrictions has been carried out here; empty: none yet."""
        return (self._store.about("privacy_list") or b"").decode()

    def note_carried_out(self, mark: str, restricted: Iterable[str]) -> None:
        """Remembers that entry, and whose data are restricted as the whole list up to it says."""
        with self._store.writing():
            self._store.told({"privacy_list": mark.encode(), "restricted": json.dumps(sorted(restricted)).encode()})

    @property
    def elsewhere(self) -> bytes:
        """What a list that is newer than the log said when this vault was restored (`privacy.elsewhere`); empty: nothing."""
        return self._store.about("elsewhere") or b""

    def note_elsewhere(self, said: bytes) -> None:
        """Keeps that; the ledger's own list is then carried out anew."""
        with self._store.writing():
            self._store.told({"privacy_list": b"anew", "elsewhere": said})

    @property
    def restricted(self) -> frozenset[str]:
        """References of everybody whose data are kept but not shown. Read anew when anybody, in any process, was erased or restricted."""
        self._look_again()
        if self._restricted is None:
            self._restricted = frozenset(json.loads(self._store.about("restricted") or b"[]"))
        return self._restricted

    # Inside

    def _opened(self, sealed: Sealed) -> dict[str, OpenedField]:
        if sealed.subject in self.restricted:
            raise Refused("person_restricted", student=sealed.subject)
        return open_fields(self._live_keys([sealed.subject])[sealed.subject], sealed)

    def _live_keys(self, subjects: Sequence[str]) -> dict[str, bytes]:
        keys, erased = self._fetch_keys(subjects)
        if erased:
            raise Refused("person_erased", subject=erased[0])
        return keys

    def _fetch_keys(self, subjects: Sequence[str]) -> tuple[dict[str, bytes], list[str]]:
        """Keys that include those of all the living among `subjects`, and who of them is erased.

        Keys stay in memory until anybody, in any process, is erased: the count of erasures is read each time. They
        are then dropped by starting a new dict, so that a thread still at work on the old one finds what it was
        promised.
        """
        self._look_again()
        keys = self._keys
        missing = list(dict.fromkeys(subject for subject in subjects if subject not in keys))
        if not missing:
            return keys, []
        wrapped_keys = self._wrapped_keys(missing)
        for subject in missing:
            wrapped = wrapped_keys[subject]
            if wrapped is not None:
                keys[subject] = self._unwrapped(subject, wrapped)
        return keys, [subject for subject in missing if wrapped_keys[subject] is None]

    def _look_again(self) -> None:
        erasures = self._store.erasures()
        if erasures != self._erasures_seen:
            self._keys, self._erasures_seen, self._restricted = {}, erasures, None

    def _wrapped_keys(self, subjects: Sequence[str]) -> dict[str, bytes | None]:
        wrapped_keys = self._store.wrapped_keys(subjects)
        for subject in subjects:
            if subject not in wrapped_keys:
                raise Refused("person_unknown", subject=subject)
        return wrapped_keys

    def _unwrapped(self, subject: str, wrapped: bytes) -> bytes:
        try:
            return self._wrapping.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _KEY_TAG + subject.encode())
        except (InvalidTag, ValueError):
            raise Refused("person_key_damaged", subject=subject) from None

    def _take_in(self, count: int, prefix: str) -> list[str]:
        """New references with new keys, inside `writing`. 50 random bits; one that is taken, or was, is drawn again."""
        fresh: dict[str, None] = {}
        while len(fresh) < count:
            drawn = [self._reference(prefix) for _ in range(count - len(fresh))]
            taken = self._store.wrapped_keys(drawn)
            fresh.update((subject, None) for subject in drawn if subject not in taken)
        self._store.add_persons([self._with_key(subject) for subject in fresh])
        return list(fresh)

    def _with_key(self, subject: str) -> tuple[str, bytes]:
        """A reference and a new key for it, wrapped."""
        key, nonce = self._random(KEY_BYTES), self._random(NONCE_BYTES)
        return subject, nonce + self._wrapping.encrypt(nonce, key, _KEY_TAG + subject.encode())

    def _reference(self, prefix: str) -> str:
        number = int.from_bytes(self._random(7), "big")
        return prefix + "-" + "".join([_CROCKFORD[number >> 5 * at & 31] for at in range(REFERENCE_CHARACTERS)])


def _derived(master_key: bytes, vault_id: bytes, purpose: bytes) -> bytes:
    """A 32-byte key for one purpose (HKDF-SHA256, salt the vault's id), so that no key does two jobs."""
    return HKDF(SHA256(), length=KEY_BYTES, salt=vault_id, info=b"mingzhang/vault/1/" + purpose).derive(master_key)
