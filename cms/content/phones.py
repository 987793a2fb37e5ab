"""Telephone numbers as people write and read them: with their country, and in groups. It knows no fields."""

import re

from cms import locales

# Languages that are written where most numbers without a country are of one country.
HOMES = {"nl": "NL"}


def is_short(text: str) -> bool:
    """Tell whether it is a number such as 112, which has no country and is dialled as it is."""
    return bool(re.fullmatch(r"[0-9]{3,6}", text))


def parsed(text: str, region: str = "") -> str:
    """Return a number in E.164, dialled from a region (ISO 3166-1 alpha-2). Raises ValueError where it is none."""
    # Loaded with the first number: it is long in the loading, and most commands meet none.
    import phonenumbers
    from phonenumbers import NumberParseException, PhoneNumberFormat

    try:
        number = phonenumbers.parse(text, region or None)
    except NumberParseException:
        raise ValueError(text) from None
    if not phonenumbers.is_possible_number(number):
        raise ValueError(text)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def completed(text: str, region: str = "") -> str:
    """Return a number in E.164, and what is none as it was typed."""
    try:
        return text if is_short(text.strip()) else parsed(text, region)
    except ValueError:
        return text


def shown(number: str) -> str:
    """Return a number in groups, as people read it: `+31 299 653499` (ITU-T E.123); what is none as it is."""
    import phonenumbers
    from phonenumbers import NumberParseException, PhoneNumberFormat

    try:
        return phonenumbers.format_number(phonenumbers.parse(number, None), PhoneNumberFormat.INTERNATIONAL)
    except NumberParseException:
        return number


def region_of(locale: str) -> str:
    """Return the region whose numbers people writing this language leave without a country, empty where any may be."""
    return locales.territory(locale) or HOMES.get(locale.partition("-")[0], "")
