"""Codes from an authenticator, one for every half minute (TOTP, RFC 6238); each is good once."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

import pyotp

from cms.errors import Invalid, NotFound, Problem
from cms.people import recovery, tokens, users
from cms.store import Database, Row, write

STEP = 30  # seconds
DRIFT = 1  # steps that a clock may be off, either way


@dataclass(frozen=True)
class Offer:
    """What an authenticator is given: the secret to type, and the same as an address for a QR code."""

    secret: str
    uri: str


def offer(db: Database, user: str, *, issuer: str) -> Offer:
    """Offer a new secret to a user; nothing changes before a code of it is confirmed. Raises NotFound."""
    secret = pyotp.random_base32()
    made = _offer(db, user, secret, issuer)
    with write(db):
        db.table("tolk_user").update(user, {"totp_offered": secret})
    return made


def offered(db: Database, user: str, *, issuer: str) -> Offer | None:
    """Return what was offered last and not confirmed yet, to be shown again after a mistyped code."""
    secret = _secrets(db, user)["totp_offered"]
    return _offer(db, user, secret, issuer) if secret else None


def confirm(db: Database, user: str, code: str, *, now: datetime) -> list[str]:
    """Turn on what was offered, once a code shows that the authenticator has it; return recovery codes to print.

    Raises Invalid for a wrong code.
    """
    with write(db):
        secret = _secrets(db, user)["totp_offered"]
        step = _step_of(secret, code, now, after=0) if secret else None
        if step is None:
            raise Invalid([Problem("/code", "wrong_code")])
        db.table("tolk_user").update(user, {"totp_secret": secret, "totp_offered": "", "totp_step": step})
        return recovery.make(db, user, now=now)


def check(db: Database, user: str, code: str, *, now: datetime) -> bool:
    """Tell whether this is a code of now that was not used before, and use it up."""
    with write(db):
        row = _secrets(db, user)
        step = _step_of(row["totp_secret"], code, now, after=row["totp_step"]) if row["totp_secret"] else None
        if step is None:
            return False
        db.table("tolk_user").update(user, {"totp_step": step})
        return True


def remove(db: Database, user: str) -> None:
    """Turn codes off for a user, recovery codes too."""
    with write(db):
        db.table("tolk_user").update(user, {"totp_secret": "", "totp_offered": "", "totp_step": 0})
        recovery.forget(db, user)


def _offer(db: Database, user: str, secret: str, issuer: str) -> Offer:
    email = users.find(db, user).email
    return Offer(secret, pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer))


def _secrets(db: Database, user: str) -> Row:
    for row in db.query("select totp_secret, totp_offered, totp_step from tolk_user where id = ?", [user]):
        return row
    raise NotFound("user", user)


def _step_of(secret: str, code: str, now: datetime, *, after: int) -> int | None:
    """Return the half minute whose code this is, near enough to now and later than `after`. Pure."""
    said = "".join(str(unicodedata.decimal(char, "")) for char in code)
    maker = pyotp.TOTP(secret)
    at = int(now.timestamp()) // STEP
    steps = (step for step in range(at - DRIFT, at + DRIFT + 1) if step > after)
    return next((step for step in steps if tokens.same(maker.generate_otp(step), said)), None)
