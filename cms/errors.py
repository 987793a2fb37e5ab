"""What can go wrong, as facts. Nothing here is worded for people: `api.problems` does that, in their language.

TolkError
├── Invalid            the content does not fit its schema (problems, each with a JSON pointer)
├── NotFound           no such record
├── Refused            a rule forbids it now (reasons, each with a pointer and a code)
├── Conflict           somebody or something was there first
│   ├── RevisionClash  the entry was saved by another since
│   ├── TranslationClash  the segment was translated by another since
│   └── SlugTaken      the slug belongs to another entry
├── StoreError         the database would not take it
│   ├── NoTable        a table that no migration made
│   ├── BrokenReference   a foreign key points at nothing, or something still points here
│   ├── BadValue       a value that the store cannot keep: NUL, lone surrogate, integer beyond 64 bits, wrong type
│   └── StoreUnavailable  the database does not answer, or stayed locked
├── Forbidden          the actor has not the right (action, type, locale)
├── SignInRefused      the e-mail address, password, code or passkey is wrong
├── Throttled          too many attempts to sign in (retry_after, in seconds)
├── KeyRefused         the key is none that is known, or its owner is disabled
│   ├── KeyMissing     no key was given
│   ├── KeyExpired     the key has ended by itself
│   ├── KeyRevoked     the key was ended by somebody
│   ├── KeyOfPartner   the key is a partner's, and was shown to the management API
│   ├── KeyOfProgram   the key is for the management API, and was shown to the delivery API
│   └── PartnerSuspended  the key is good, but its partner is suspended
├── KeyReused          the name of a request stands for another request already
├── Expired            a link or ticket was used, is too old, or never was
├── BadCursor          a cursor was not made here, or was changed on its way
├── CursorExpired      a cursor leads nowhere any longer (reason)
├── MachineError       machine translation failed (service, said, status)
│   ├── MachineUnavailable  the service does not answer, or in no form that can be used
│   ├── MachineRefused     the service refuses: its key, a language, the request
│   └── MachineQuota       the characters of the account are spent
└── SettingsError      the settings are wrong (faults, all at once)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True)
class Fault:
    """Name one thing that is wrong: a stable code and the values that its wording needs."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """Say where a fault is: an RFC 6901 JSON pointer into what the caller sent."""

    pointer: str
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


class TolkError(Exception):
    """The root of all errors that Tolk raises on purpose; `code` is stable and public."""

    code: ClassVar[str] = "error"


class Invalid(TolkError):
    """The content does not fit its schema."""

    code = "invalid"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{p.pointer or '/'}: {p.code} {dict(p.values) or ''}" for p in problems))
        self.problems = tuple(problems)


class NotFound(TolkError):
    """There is no such record: `kind` says what was sought, `key` by which key."""

    code = "not_found"

    def __init__(self, kind: str, key: object) -> None:
        super().__init__(f"{kind} {key}")
        self.kind, self.key = kind, key


class Refused(TolkError):
    """A rule forbids it now; every reason is named at once."""

    code = "refused"

    def __init__(self, reasons: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{r.pointer or '/'}: {r.code} {dict(r.values) or ''}" for r in reasons))
        self.reasons = tuple(reasons)


class Conflict(TolkError):
    """Something with the same key is there already."""

    code = "conflict"


class RevisionClash(Conflict):
    """The entry was saved since the revision that this save was based on."""

    code = "revision_clash"

    def __init__(self, entry: str, based_on: int, latest: int, changed: Sequence[str]) -> None:
        super().__init__(f"{entry}: based on {based_on}, latest is {latest}, changed since: {', '.join(changed)}")
        self.entry, self.based_on, self.latest, self.changed = entry, based_on, latest, tuple(changed)


@dataclass(frozen=True)
class Clash:
    """Show both texts of a segment that two people translated at once."""

    path: str
    theirs: str
    yours: str
    by: str


class TranslationClash(Conflict):
    """Other texts stand by now than those that the translator had seen; nothing was saved."""

    code = "translation_clash"

    def __init__(self, clashes: Sequence[Clash]) -> None:
        super().__init__("; ".join(f"{clash.path}: {clash.theirs!r} by {clash.by}" for clash in clashes))
        self.clashes = tuple(clashes)


class SlugTaken(Conflict):
    """The slug belongs to another entry, now or as an earlier address of it."""

    code = "slug_taken"

    def __init__(self, locale: str, slug: str, holder: str, suggestion: str) -> None:
        super().__init__(f"{locale}/{slug} belongs to {holder}; {suggestion} is free")
        self.locale, self.slug, self.holder, self.suggestion = locale, slug, holder, suggestion


class StoreError(TolkError):
    """The database would not take it."""

    code = "store_error"


class NoTable(StoreError):
    """A table that no migration has made: a misspelling, or migrations not yet applied."""

    code = "no_table"


class BrokenReference(StoreError):
    """A foreign key points at nothing, or something still points at what was to be deleted."""

    code = "broken_reference"


class BadValue(StoreError):
    """A value that the store cannot keep."""

    code = "bad_value"


class StoreUnavailable(StoreError):
    """The database does not answer, or stayed locked for too long."""

    code = "store_unavailable"


class Forbidden(TolkError):
    """The actor has not the right to do this, to this type, in this locale; what was not asked of is empty."""

    code = "forbidden"

    def __init__(self, action: str, type: str = "", locale: str = "") -> None:
        super().__init__(" ".join(filter(None, (action, type, locale))))
        self.action, self.type, self.locale = action, type, locale


class SignInRefused(TolkError):
    """The e-mail address, password, code or passkey is wrong; which of them is said to nobody."""

    code = "sign_in_refused"


class Throttled(TolkError):
    """There were too many attempts to sign in; the next may come in `retry_after` seconds."""

    code = "throttled"

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"again in {retry_after} s")
        self.retry_after = retry_after


class KeyRefused(TolkError):
    """The key is none that is known, or its owner is disabled; which of them is said to nobody."""

    code = "bad_key"


class KeyMissing(KeyRefused):
    """No key was given where one is needed."""

    code = "key_missing"


class KeyExpired(KeyRefused):
    """The key has ended by itself; said only to who knows its whole secret."""

    code = "key_expired"


class KeyRevoked(KeyRefused):
    """The key was ended by somebody, or with its owner; said only to who knows its whole secret."""

    code = "key_revoked"


class KeyOfPartner(KeyRefused):
    """The key opens the delivery API to a partner, and was shown to the management API."""

    code = "key_of_partner"


class KeyOfProgram(KeyRefused):
    """The key opens the management API to a program, and was shown to the delivery API."""

    code = "key_of_program"


class PartnerSuspended(KeyRefused):
    """The key is good, but its partner is suspended; said only to who knows its whole secret."""

    code = "partner_suspended"


class KeyReused(TolkError):
    """The name that a caller gave a request (Idempotency-Key) stands for another request already."""

    code = "idempotency_key_reused"


class Expired(TolkError):
    """A link or ticket for one use was used, is too old, or never was."""

    code = "link_expired"


class BadCursor(TolkError):
    """A cursor was not made here, or was changed on its way."""

    code = "bad_cursor"


class CursorExpired(TolkError):
    """A cursor leads nowhere any longer; `reason` is too_old, other_selection or other_history."""

    code = "cursor_expired"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MachineError(TolkError):
    """Machine translation failed: `said` is what the service, or the network, said of it; `status` is HTTP's or 0."""

    code = "machine_error"

    def __init__(self, service: str, said: str = "", status: int = 0) -> None:
        super().__init__(": ".join(filter(None, (service, str(status or ""), said))))
        self.service, self.said, self.status = service, said, status


class MachineUnavailable(MachineError):
    """The service does not answer, or in no form that can be used; trying later may help."""

    code = "machine_unavailable"


class MachineRefused(MachineError):
    """The service refuses, and would again: a wrong key, a language that it lacks, a request that it does not take."""

    code = "machine_refused"


class MachineQuota(MachineError):
    """The characters that the account may translate are spent."""

    code = "machine_quota"


class SettingsError(TolkError):
    """The settings are wrong; all faults are named at once."""

    code = "settings"

    def __init__(self, faults: Mapping[str, Sequence[str]]) -> None:
        super().__init__("; ".join(f"{name}: {' '.join(said)}" for name, said in sorted(faults.items())))
        self.faults = dict(faults)
