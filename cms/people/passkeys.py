"""Passkeys (WebAuthn, level 3): adding one to a user, and verifying what it answers at signing in.

Each demands that the device verified its user, so that it stands for both factors. It knows nothing of HTTP: what a
browser sends is given as the JSON of `PublicKeyCredential.toJSON()`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from cms.content.fields import tidy
from cms.content.identity import stamp
from cms.errors import BadValue, Expired, Invalid, NotFound, Problem, SignInRefused
from cms.people import one_time, sessions, throttle, tokens, users
from cms.people.users import User
from cms.store import Database, write

MINUTES = 5
MAX_NAME = 100
# What parsing a hostile answer may end in; none of it is a fault of ours.
UNREADABLE = (WebAuthnException, KeyError, TypeError, ValueError, AttributeError)
_COLUMNS = "id, person, name, transports, created_at, last_used_at"


@dataclass(frozen=True)
class Passkey:
    """A passkey as it is listed; `last_used_at` is empty until it was used."""

    id: str
    person: str
    name: str
    transports: tuple[str, ...]
    created_at: str
    last_used_at: str


def adding_options(db: Database, user: str, *, rp_id: str, rp_name: str, now: datetime) -> dict[str, Any]:
    """Return what `navigator.credentials.create` is to be given. Raises NotFound."""
    person = users.find(db, user)
    options = webauthn.generate_registration_options(
        rp_id=rp_id,
        rp_name=rp_name,
        user_id=person.id.encode(),
        user_name=person.email,
        user_display_name=person.name,
        challenge=_challenge(db, user, "passkey.add", now),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[_descriptor(passkey) for passkey in of(db, user)],
    )
    return _plain(options)


def add(db: Database, user: str, response: Any, *, name: str, rp_id: str, origin: str, now: datetime) -> Passkey:
    """Add the passkey that a browser made. Raises Invalid, Expired where the answer came too late or twice."""
    called = sessions.kept(tidy(name), MAX_NAME)
    if not called:
        raise Invalid([Problem("/name", "blank")])
    token = _token(response)
    try:
        if one_time.look(db, token, "passkey.add", now).id != user:
            raise Expired
        one_time.take(db, token, "passkey.add", now)
        made = webauthn.verify_registration_response(
            credential=response,
            expected_challenge=base64url_to_bytes(token),
            expected_rp_id=rp_id,
            expected_origin=origin,
            require_user_verification=True,
        )
    except UNREADABLE:
        raise Invalid([Problem("/response", "passkey_refused")]) from None
    id = bytes_to_base64url(made.credential_id)
    with write(db):
        db.table("passkey").insert(
            {
                "id": id,
                "person": user,
                "name": called,
                "public_key": made.credential_public_key,
                "sign_count": made.sign_count,
                "transports": " ".join(_transports(response)),
                "created_at": stamp(now),
                "last_used_at": "",
            }
        )
        return _find(db, id)


def sign_in_options(db: Database, *, rp_id: str, address: str, now: datetime) -> dict[str, Any]:
    """Return what `navigator.credentials.get` is to be given; the device asks which user. Raises Throttled."""
    throttle.enter(db, [throttle.Limit(f"passkey {throttle.place(address)}", 60)], now)
    options = webauthn.generate_authentication_options(
        rp_id=rp_id,
        challenge=_challenge(db, "", "passkey.sign_in", now),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _plain(options)


def verified(db: Database, response: Any, *, rp_id: str, origin: str, now: datetime) -> User:
    """Return the user whose passkey gave this answer. Raises SignInRefused."""
    try:
        token = _token(response)
        one_time.take(db, token, "passkey.sign_in", now)
        row = db.table("passkey").get(response["id"])
        answer = webauthn.verify_authentication_response(
            credential=response,
            expected_challenge=base64url_to_bytes(token),
            expected_rp_id=rp_id,
            expected_origin=origin,
            credential_public_key=row["public_key"],
            credential_current_sign_count=row["sign_count"],
            require_user_verification=True,
        )
        user = users.find(db, row["person"])
    except (*UNREADABLE, BadValue, Expired, Invalid, NotFound):
        raise SignInRefused from None
    if user.state != "active":
        raise SignInRefused
    with write(db):
        db.table("passkey").update(row["id"], {"sign_count": answer.new_sign_count, "last_used_at": stamp(now)})
    return user


def of(db: Database, user: str) -> list[Passkey]:
    """Return the passkeys of a user, the oldest first."""
    rows = db.query(f"select {_COLUMNS} from passkey where person = ? order by created_at, id", [user])
    return [_read(row) for row in rows]


def remove(db: Database, user: str, id: str) -> bool:
    """Remove one passkey of a user, and return whether there was such a one."""
    with write(db):
        return bool(db.table("passkey").delete_where("id = ? and person = ?", [id, user]))


def _challenge(db: Database, user: str, purpose: one_time.Purpose, now: datetime) -> bytes:
    # The answer carries the challenge, so that nothing needs to be remembered but its hash.
    challenge = tokens.make().encode()
    one_time.keep(db, bytes_to_base64url(challenge), user, purpose, now=now, hours=MINUTES / 60)
    return challenge


def _token(response: Any) -> str:
    """Return the challenge that an answer names, as text. Raises Invalid where it names none."""
    try:
        said = parse_client_data_json(base64url_to_bytes(response["response"]["clientDataJSON"]))
        return bytes_to_base64url(said.challenge)
    except UNREADABLE:
        raise Invalid([Problem("/response", "passkey_refused")]) from None


def _find(db: Database, id: str) -> Passkey:
    for row in db.query(f"select {_COLUMNS} from passkey where id = ?", [id]):
        return _read(row)
    raise NotFound("passkey", id)


def _read(row: Mapping[str, Any]) -> Passkey:
    return Passkey(**{**row, "transports": tuple(row["transports"].split())})


def _transports(response: Mapping[str, Any]) -> list[str]:
    said = response["response"].get("transports") or []
    known = {transport.value for transport in AuthenticatorTransport}
    return [name for name in said if name in known] if isinstance(said, list) else []


def _descriptor(passkey: Passkey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(
        id=base64url_to_bytes(passkey.id),
        transports=[AuthenticatorTransport(name) for name in passkey.transports],
    )


def _plain(options: Any) -> dict[str, Any]:
    plain: dict[str, Any] = orjson.loads(webauthn.options_to_json(options))
    return plain
