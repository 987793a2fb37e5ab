"""Content paths as ids that XML takes (NMTOKEN), and back; the languages that files state."""

import re
from collections.abc import Collection

from cms import locales
from cms.content.fields import UUID
from cms.localize.exchange.received import refuse


def to_token(path: str) -> str:
    """Return a content path as an NMTOKEN; what one cannot hold stands as `:hex:`."""
    return re.sub(r"[^A-Za-z0-9._-]", lambda found: f":{ord(found[0]):x}:", path)


def from_token(token: str) -> str:
    """Return the content path that an id stands for; an id of another making comes back as it is."""
    return re.sub(r":([0-9a-f]{1,6}):", _character, token)


def entry_in(text: str) -> str:
    """Return the entry id that stands anywhere in a text, such as a file name; empty where none does."""
    found = UUID.search(text.lower())
    return found[0] if found else ""


def locale_of(stated: str, wanted: str | None, known: Collection[str]) -> str:
    """Return the locale that a file is for: the wanted one where the file's language fits it, else a known one.

    Tools add a country where there was none, so `en-GB` fits `en`. Raises Invalid for another language, and where
    neither says which.
    """
    tag = _standard(stated)
    if wanted:
        if tag and locales.base(tag) != locales.base(wanted):
            raise refuse("other_language", stated=stated, wanted=wanted)
        return wanted
    if not tag:
        raise refuse("no_language")
    if tag in known or not known:
        return tag
    near = [locale for locale in known if locales.base(locale) == locales.base(tag)]
    if not near:
        raise refuse("unknown_locale", locale=stated, known=list(known))
    return near[0]


def refuse_other_source(stated: str, source_locale: str) -> None:
    """Refuse a file whose source is in another language than the entry's."""
    tag = _standard(stated)
    if tag and locales.base(tag) != locales.base(source_locale):
        raise refuse("other_language", stated=stated, wanted=source_locale)


def _standard(stated: str) -> str:
    if not stated.strip():
        return ""
    try:
        return locales.standard(stated.strip())
    except locales.UnknownTag:
        raise refuse("not_a_language_tag", value=stated[:40]) from None


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else found[0]
