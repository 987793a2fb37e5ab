"""Days, moments and numbers as the reader writes them, in the time zone of the installation. It reads no clock."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime, format_timedelta
from babel.numbers import format_decimal
from flask import current_app
from flask_babel import get_locale
from markupsafe import Markup

from cms import locales


def zone() -> ZoneInfo:
    """Return the time zone that people of this installation live by."""
    found: ZoneInfo = current_app.config["TIMEZONE"]
    return found


def moment(stamp: str | None, form: str = "medium") -> Markup:
    """Return a stamp of the store as a <time> element, nothing where there is none."""
    if not stamp:
        return Markup("")
    shown = format_datetime(
        _read(stamp).astimezone(zone()), "d MMM y HH:mm" if form == "medium" else form, locale=_locale()
    )
    return Markup('<time datetime="{}">{}</time>').format(stamp, shown)


def ago(stamp: str | None) -> Markup:
    """Return how long ago a stamp of the store is, with the moment itself as its title."""
    if not stamp:
        return Markup("")
    passed = datetime.now(UTC) - _read(stamp)
    shown = format_timedelta(-passed, add_direction=True, locale=_locale())
    exact = format_datetime(_read(stamp).astimezone(zone()), "d MMM y HH:mm", locale=_locale())
    return Markup('<time datetime="{}" title="{}">{}</time>').format(stamp, exact, shown)


def day(value: str | date | None) -> Markup:
    """Return a calendar day (2026-03-01, or the day of a stamp) as a <time> element, nothing where there is none."""
    if not value:
        return Markup("")
    read = value if isinstance(value, date) else date.fromisoformat(value[:10])
    return Markup('<time datetime="{}">{}</time>').format(read.isoformat(), locales.long_date(read, _tag()))


def moment_input(stamp: str | None) -> str:
    """Return a stamp as `<input type="datetime-local">` takes it, in the zone of the installation."""
    return _read(stamp).astimezone(zone()).strftime("%Y-%m-%dT%H:%M") if stamp else ""


def from_input(value: str) -> datetime:
    """Return the moment that a `datetime-local` field names; ValueError where it names none."""
    return datetime.fromisoformat(value).replace(tzinfo=zone()).astimezone(UTC)


def number(value: int | float) -> str:
    """Return a number with the separators of the reader's language."""
    return str(format_decimal(value, locale=_locale()))


def _tag() -> str:
    return str(get_locale() or "en")


def _locale() -> Locale:
    # CLDR's plain "en" is American; here the day comes first and the clock has 24 hours.
    return Locale("en", "GB") if _tag() == "en" else Locale.parse(_tag())


def _read(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp).astimezone(UTC)
