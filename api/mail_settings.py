"""The settings of the mail that Tolk sends: by which server, from whom."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from environs import Env
from flask_babel import gettext
from marshmallow import ValidationError

PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True)
class Mail:
    """The server that takes mail; without a host no mail is sent. `smtps` speaks TLS from the first byte."""

    scheme: str = "smtp"
    host: str = ""
    port: int = 587
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""


def mail(env: Env) -> Mail:
    """Return what the environment says; faults are gathered in `env`, as those of all settings are."""
    url = env.str("TOLK_SMTP_URL", "", validate=_server) or ""
    if not url:
        return Mail()
    sender = env.str("TOLK_MAIL_FROM", validate=_address)
    parts = urlsplit(url)
    return Mail(
        parts.scheme,
        parts.hostname or "",
        parts.port or PORTS[parts.scheme],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        sender or "",
    )


def _server(value: str) -> None:
    if not value:
        return
    try:
        parts = urlsplit(value)
        good = parts.scheme in PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        # The value itself may hold a password, and must not be said.
        raise ValidationError(gettext("This must be an address such as smtp://user:password@mail.example.org:587."))


def _address(value: str) -> None:
    name, _, domain = value.rpartition("@")
    if not name or ("." not in domain.strip(".") and domain != "localhost") or not value.isprintable():
        raise ValidationError(gettext("This must be an e-mail address such as tolk@example.org."))
