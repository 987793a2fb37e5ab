"""The settings of machine translation: which service, where, with which key, at what price."""

from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlsplit

from environs import Env
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
    wanted = env.str("TOLK_MACHINE", "") or ""
    return Machine(
        name=env.str("TOLK_MACHINE", "", validate=_known) or "",
        url=(env.str("TOLK_MACHINE_URL", "", validate=lambda url: _address(url, wanted)) or "").rstrip("/"),
        key=env.str("TOLK_MACHINE_KEY", "", validate=lambda key: _key(key, wanted)) or "",
        price=price(env.str("TOLK_MACHINE_PRICE", "", validate=_price) or ""),
    )


def price(value: str) -> Price | None:
    """Return what `20 EUR` says; None for nothing, and for what it does not say."""
    number, _, currency = value.strip().partition(" ")
    if not (number.replace(".", "", 1).isascii() and number.replace(".", "", 1).isdigit() and len(number) < 12):
        return None
    return Price(Decimal(number), currency.strip())


def _known(value: str) -> None:
    if value not in MACHINES:
        raise ValidationError(f"Must be one of: {', '.join(MACHINES[1:])}; or empty.")


def _address(value: str, wanted: str) -> None:
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.netloc):
        raise ValidationError("Must be an address such as https://translate.example.org.")
    if not value and wanted == "libretranslate":
        raise ValidationError("Say where LibreTranslate is reached, e.g. http://127.0.0.1:5000.")


def _key(value: str, wanted: str) -> None:
    if not value and wanted == "deepl":
        raise ValidationError("DeepL asks for the key of an account.")
    if not (value.isascii() and value.isprintable()) or " " in value:
        # The value itself must not be said.
        raise ValidationError("A key has letters, digits and signs only.")


def _price(value: str) -> None:
    if value and price(value) is None:
        raise ValidationError("Write an amount and a currency, e.g. 20 EUR.")
