"""The settings of signing in through an organisation's own service (OpenID Connect)."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from environs import Env
from flask_babel import gettext
from marshmallow import ValidationError


@dataclass(frozen=True)
class Sso:
    """The service that vouches for people; without an issuer there is none."""

    issuer: str = ""
    client: str = ""
    secret: str = field(default="", repr=False)
    name: str = ""


def sso(env: Env) -> Sso:
    """Return what the environment says; faults are gathered in `env`, as those of all settings are."""
    issuer = env.str("TOLK_SSO_ISSUER", "", validate=_issuer) or ""
    if not issuer:
        return Sso()
    client = env.str("TOLK_SSO_CLIENT", validate=_filled) or ""
    secret = env.str("TOLK_SSO_SECRET", validate=_filled) or ""
    return Sso(issuer, client, secret, env.str("TOLK_SSO_NAME", "") or urlsplit(issuer).hostname or "")


def _issuer(value: str) -> None:
    parts = urlsplit(value)
    is_here = parts.hostname in ("localhost", "127.0.0.1")
    if value and (not parts.netloc or parts.query or not (parts.scheme == "https" or is_here)):
        raise ValidationError(gettext("This must be an address such as https://login.example.org/realm."))


def _filled(value: str) -> None:
    if not value:
        raise ValidationError(gettext("This is needed with TOLK_SSO_ISSUER."))
