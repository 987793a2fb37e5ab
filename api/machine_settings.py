"""The settings of machine translation: which service, where, with which key, at what price."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlsplit

from environs import Env
from flask_babel import gettext
from marshmallow import ValidationError

from cms.localize.machine import Price

MACHINES = ("", "deepl", "libretranslate")


@dataclass(frozen=True)
class Machine:
    """The service that is asked; an empty name is none."""

    name: str = ""
    url: str = ""
    key: str = field(default="", repr=False)
    price: Price | None = None


def machine(env: Env) -> Machine:
    """Return what the environment says; faults are gathered in `env`, as those of all settings are."""
    name = env.str("TOLK_MACHINE", "", validate=_known) or ""
    # Without a default, environs says that the variable is missing.
    url = env.str("TOLK_MACHINE_URL", validate=_web) if name == "libretranslate" else _optional(env, "URL", _address)
    key = env.str("TOLK_MACHINE_KEY", validate=_filled) if name == "deepl" else _optional(env, "KEY", _key)
    return Machine(name, (url or "").rstrip("/"), key or "", price(_optional(env, "PRICE", _price)))


def _optional(env: Env, name: str, check: Callable[[str], None]) -> str:
    return env.str(f"TOLK_MACHINE_{name}", "", validate=check) or ""


def price(value: str) -> Price | None:
    """Return what `20 EUR` says; None for nothing, and for what it does not say."""
    number, _, currency = value.strip().partition(" ")
    if not (number.replace(".", "", 1).isascii() and number.replace(".", "", 1).isdigit() and len(number) < 12):
        return None
    return Price(Decimal(number), currency.strip())


def _known(value: str) -> None:
    if value not in MACHINES:
        raise ValidationError(gettext("This must be one of %(choices)s, or empty.", choices=", ".join(MACHINES[1:])))


def _web(value: str) -> None:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValidationError(gettext("This must be an address such as http://127.0.0.1:5000."))


def _address(value: str) -> None:
    if value:
        _web(value)


def _filled(value: str) -> None:
    if not value:
        raise ValidationError(gettext("DeepL asks for the key of an account."))
    _key(value)


def _key(value: str) -> None:
    # The value itself must not be said.
    if not (value.isascii() and value.isprintable()) or " " in value:
        raise ValidationError(gettext("A key has letters, digits and signs only."))


def _price(value: str) -> None:
    if value and price(value) is None:
        raise ValidationError(gettext("Write an amount and a currency, e.g. 20 EUR."))
