"""Language tags (BCP 47), their direction and names. The only module that turns nl-BE into nl_BE."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import langcodes
from babel import Locale, UnknownLocaleError
from babel.dates import format_date

# Codes that CLDR names beside countries: unions, pseudo-locales and the unknown.
NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ"})
RTL_SCRIPTS = frozenset({"Adlm", "Arab", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"})


class UnknownTag(ValueError):
    """The text is no language tag that BCP 47 and CLDR know."""


@lru_cache(maxsize=1024)
def standard(tag: str) -> str:
    """Return the tag in its canonical form (`NL_be` becomes `nl-BE`); UnknownTag where it is none (RFC 5646)."""
    try:
        language = langcodes.Language.get(tag, normalize=True)
    except ValueError as fault:
        raise UnknownTag(tag) from fault
    if not language.is_valid() or language.language in (None, "und", "root"):
        raise UnknownTag(tag)
    return language.to_tag()


def is_standard(tag: str) -> bool:
    """Tell whether the text is a language tag in its canonical form."""
    try:
        return standard(tag) == tag
    except UnknownTag:
        return False


@lru_cache(maxsize=1024)
def direction(tag: str) -> str:
    """Return `rtl` or `ltr` by the script that the language is usually written in."""
    return "rtl" if langcodes.Language.get(tag).maximize().script in RTL_SCRIPTS else "ltr"


def territory(tag: str) -> str:
    """Return the country that a tag names (`nl-BE`), empty where it names none."""
    return langcodes.Language.get(tag).territory or ""


def base(tag: str) -> str:
    """Return the language alone: `nl-BE` gives `nl`."""
    return langcodes.Language.get(tag).language or tag


def fallbacks(tag: str) -> list[str]:
    """Return the tag and what stands behind it, most specific first: `nl-BE`, `nl`."""
    chain = [tag]
    while "-" in tag:
        tag = tag.rpartition("-")[0]
        chain.append(tag)
    return chain


def negotiate(wanted: Sequence[str], available: Sequence[str]) -> str | None:
    """Return the available tag that serves the first of the wanted ones that any serves (RFC 4647, CLDR distance)."""
    for tag in wanted:
        try:
            found, _ = langcodes.closest_match(tag, list(available), max_distance=9)
        except ValueError:
            continue
        if found != "und":
            return found
    return None


@lru_cache(maxsize=1024)
def babel_locale(tag: str) -> Locale:
    """Return Babel's locale nearest to the tag, English where CLDR has none."""
    for candidate in fallbacks(tag):
        try:
            return Locale.parse(candidate, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


def language_name(tag: str, reader: str) -> str:
    """Return what the reader's language calls this one: `nl` for `tr` is `Felemenkçe`."""
    return babel_locale(reader).languages.get(base(tag)) or tag


def long_date(day: date, reader: str) -> str:
    """Return the day as the reader's language writes it: `2 mei 2026`."""
    # CLDR's plain "en" is American; health advice in Europe puts the day first.
    return format_date(day, format="long", locale=babel_locale("en-GB" if reader == "en" else reader))


def is_country(code: str) -> bool:
    """Tell whether CLDR knows the code as that of a country (ISO 3166-1 alpha-2)."""
    return len(code) == 2 and code.isalpha() and code in Locale("en").territories and code not in NO_COUNTRIES
