"""Write a number or a unit as a translation writes them: its digits, its separators, its words. Pure.

What a language would inflect in a way that cannot be read off the text gives None.
"""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files

from babel import Locale

from cms.localize.facts.lexicon import lexicon
from cms.localize.facts.reading import normal
from cms.localize.facts.tokens import VULGAR
from cms.localize.stems import language

SYMBOLS = ("mg", "g", "kg", "mcg", "ml", "cl", "dl", "l", "mm", "cm", "m", "km", "mmol", "kcal")
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_GROUPS = {"en": ",", "de": ".", "nl": ".", "fr": "\u202f", "tr": ".", "pl": "\u00a0", "ar": ","}
_SEPARATED = re.compile(r"\d([.,' \u00a0\u202f\u2009٬’])\d{3}(?!\d)")
# Languages whose number words take prefixes, endings or genders: what is not found as it stands is not guessed at.
_INFLECTING = ("ar", "tr", "pl")
_WORD_KINDS = ("numbers", "multiplied", "ordinals", "fractions")


def number(value: Fraction, written: str, before: Fraction, locale: str, least_decimals: int = 0) -> str | None:
    """Return a number in the notation in which `written` says `before`."""
    if any(character.isdecimal() for character in written) or written in VULGAR:
        return _digits(value, written, before, locale, least_decimals)
    return _word(value, written, before, locale)


def category(value: Fraction, locale: str) -> str:
    """Return the plural category of a number, as CLDR names it; a language that inflects nothing has one for all."""
    lang = language(locale)
    if lang == "tr":
        return "other"
    return str(Locale.parse(lang).plural_form(Decimal(value.numerator) / Decimal(value.denominator)))


def unit(written: str, old: tuple[Fraction, str], new: tuple[Fraction, str], locale: str) -> str | None:
    """Return the word of the new amount's unit in the form in which `written` names the old one's."""
    categories = category(old[0], locale), category(new[0], locale)
    if written.casefold() in SYMBOLS or written in ("%", "€", "$", "£"):
        return written if old[1] == new[1] else new[1] if written == old[1] and new[1] in SYMBOLS else None
    if old[1] == new[1] and categories[0] == categories[1]:
        return written
    forms = _forms().get(language(locale), {})
    ours = _split(forms.get(old[1], {}).get(categories[0], ""))
    theirs = _split(forms.get(new[1], {}).get(categories[1], ""))
    lang = language(locale)
    places = [at for at, form in enumerate(ours) if normal(form, lang) == normal(written, lang)]
    possible = {theirs[at] for at in places if at < len(theirs)}
    return possible.pop() if len(possible) == 1 else None


def bare_unit(written: str, before: str, old: str, new: str, locale: str) -> str | None:
    """Return another unit for one that stands without a number: "per day", "daily", "günde"."""
    data, lang = lexicon(locale).data, language(locale)
    ours, theirs = (_split(data.get("rates", {}).get(name, "")) for name in (old, new))
    if (place := _place(written, ours, lang)) is not None and (place == 0 or len(ours) == len(theirs)) and theirs:
        return _cased(theirs[place], written, lang)
    # "per" is followed by the plain form in any gender; "am Tag" and "le jour" are not.
    if re.search(r"(?:^|\W)(?:per|pro|par|na|each|every)\s+$", before.casefold()):
        return unit(written, (Fraction(1), old), (Fraction(1), new), locale)
    return None


def listed(written: str, names: list[str], old: int, new: int, locale: str) -> str | None:
    """Return the name of another month or weekday in the form in which `written` names the old one."""
    ours, theirs = _split(names[old - 1]), _split(names[new - 1])
    lang = language(locale)
    place = _place(written, ours, lang)
    if place is None or place >= len(theirs) or (place and len(ours) != len(theirs)):
        return None
    return _cased(theirs[place], written, lang)


def like_digits(digits: str, written: str) -> str:
    """Return Western digits as the sort of digits that `written` uses."""
    if re.search("[٠-٩]", written):
        return digits.translate(_ARABIC)
    return digits.translate(_PERSIAN) if re.search("[۰-۹]", written) else digits


def _digits(value: Fraction, written: str, before: Fraction, locale: str, least_decimals: int) -> str | None:
    vulgar = {amount: sign for sign, amount in VULGAR.items()}
    if written in VULGAR and value in vulgar:
        return vulgar[value]
    decimals = next((n for n in range(least_decimals, 7) if (value * 10**n).denominator == 1), None)
    if decimals is None or (set(written) & set(VULGAR) and value.denominator != 1) or "/" in written:
        return None
    lang, arabic = language(locale), bool(re.search("[٠-٩۰-۹]", written))
    grouped = _SEPARATED.search(written) if before >= 1000 else None
    group = grouped[1] if grouped else "٬" if arabic else _GROUPS.get(lang, "")
    point = "٫" if arabic else str(lexicon(locale).data.get("decimal", "?")).replace("?", ".")
    if before.denominator != 1 and (mark := re.search(r"[.,٫](?=\d+$)", written)):
        point = mark[0]
    whole, _, rest = f"{Decimal(value.numerator) / Decimal(value.denominator):.{decimals}f}".partition(".")
    wants_group = bool(grouped) if before >= 1000 else value >= 10_000
    if wants_group and value >= 1000 and group:
        whole = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", group, whole)
    return like_digits(whole + (point + rest if rest else ""), written)


def _word(value: Fraction, written: str, before: Fraction, locale: str) -> str | None:
    data, lang = lexicon(locale).data, language(locale)
    for kind in _WORD_KINDS:
        ours, theirs = (_split(data.get(kind, {}).get(str(amount), "")) for amount in (before, value))
        place = _place(written, ours, lang)
        if place is None:
            continue
        if kind == "numbers":
            chosen = _number_word(place, ours, theirs, value, lang)
            return _cased(chosen, written, lang) if chosen else _digits(value, "0", Fraction(0), locale, 0)
        if lang == "en" and kind == "multiplied" and place == 0:
            # "thrice" is in the list since it is understood; nobody writes it.
            times = _split(data["numbers"].get(str(value), ""))
            return _cased("twice" if value == 2 else f"{times[0]} times", written, lang) if times else None
        if place < len(theirs) and (place == 0 or len(ours) == len(theirs)):
            return _cased(theirs[place], written, lang)
        return None
    if lang in _INFLECTING or not data:
        return None
    theirs = _split(data["numbers"].get(str(value), ""))
    return _cased(theirs[0], written, lang) if theirs else _digits(value, "0", Fraction(0), locale, 0)


def _number_word(place: int, ours: list[str], theirs: list[str], value: Fraction, lang: str) -> str | None:
    if not theirs:
        return None
    if lang == "ar":
        # From three to ten a number has two genders; which one is told by the ending.
        if not 3 <= value <= 10:
            return None
        ending = ours[place].endswith("ة")
        fitting = [word for word in theirs if word.endswith("ة") == ending]
        return fitting[1] if value == 8 and not ending and len(fitting) > 1 else fitting[0] if fitting else None
    if lang == "pl":
        # "dwa" and "dwie" differ in gender, what follows does not.
        return theirs[0] if place == 0 and value > 2 else None
    return theirs[0] if place == 0 else None


def _place(written: str, words: list[str], lang: str) -> int | None:
    wanted = normal(written, lang)
    return next((at for at, word in enumerate(words) if normal(word, lang) == wanted), None)


def _cased(word: str, like: str, lang: str) -> str:
    if not like[:1].isupper():
        return word
    first = "İ" if lang == "tr" and word[:1] == "i" else word[:1].upper()
    return first + word[1:]


def _split(words: str) -> list[str]:
    return [word.strip() for word in words.split(",") if word.strip()]


@cache
def _forms() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Return the names of units by language, unit and plural category; the cases stand in the same order."""
    found: Mapping[str, Mapping[str, Mapping[str, str]]] = json.loads(
        files("cms.localize").joinpath("unit_forms.json").read_text("utf-8")
    )
    return found
