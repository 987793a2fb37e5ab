"""Whether a translation is written in its language's script, and each word in one. Pure; it knows no words."""

import re
from collections.abc import Iterator
from functools import lru_cache

import langcodes

from cms.localize.checks.finding import ERROR, Finding

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# Where a link leads; another link in it says that this one was never closed.
TARGET = r"\]\([^)\]]*+(?:\](?!\()[^)\]]*+)*+\)"
ADDRESSES = re.compile(
    TARGET + r"|https?://\S+|www\.\S+|(?<!\S)\S+@\S+|`[^`]*`|(?<![\w.-])(?:[a-z0-9-]+\.)+[a-z]{2,6}(?![\w-])(?:/\S*)?"
)
_SCRIPTS = {
    "Latn": "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff",
    "Arab": "\u0620-\u065f\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc",
    "Cyrl": "\u0400-\u052f",
    "Grek": "\u0370-\u03ff\u1f00-\u1fff",
    "Hebr": "\u0590-\u05ff",
}
_ANY = {name: re.compile(f"[{letters}]") for name, letters in _SCRIPTS.items()}
_RUN = {name: re.compile(f"[{letters}][{letters}'’\\-]*") for name, letters in _SCRIPTS.items()}


def compare(source: str, target: str, locale: str) -> Iterator[Finding]:
    """Yield the first word of another script that the source does not have, and a target wholly in Latin."""
    wanted = script_of(locale)
    if wanted not in _ANY:
        return
    shown = without_addresses(target)
    if odd := _mixed(shown) or _foreign(source, shown, wanted):
        yield odd
        return
    if wanted != "Latn" and not _ANY[wanted].search(shown):
        # Names and brands are those of the source; all other Latin is another script, or the source itself.
        named = {word.casefold() for word in WORD.findall(source) if not word.islower()}
        words = [word for word in WORD.findall(shown) if len(word) > 2 and not word.isupper()]
        left = [word for word in words if word.casefold() not in named]
        if len(left) >= 2 or (left and (len(words) == len(left) or left[0].islower())):
            yield Finding("script", ERROR, "wrong", {"script": wanted}, None, (0, len(target)))


@lru_cache(maxsize=1024)
def script_of(locale: str) -> str:
    """Return the script that a locale is written in, as four letters (ISO 15924)."""
    return langcodes.Language.get(locale).maximize().script or "Latn"


def without_addresses(text: str) -> str:
    """Return a text of the same length in which links, addresses and code are blank."""
    return ADDRESSES.sub(lambda match: " " * len(match[0]), text)


def _mixed(shown: str) -> Finding | None:
    if shown.isascii():
        return None
    for word in WORD.finditer(shown):
        mixed = [name for name in ("Latn", "Cyrl", "Grek") if _ANY[name].search(word[0])]
        if len(mixed) > 1 and not {"µ", "μ"} & set(word[0]) and "-" not in word[0]:
            return Finding("script", ERROR, "mixed", {"word": word[0]}, None, word.span())
    return None


def _foreign(source: str, shown: str, wanted: str) -> Finding | None:
    if shown.isascii():
        return None
    for name, run in _RUN.items():
        if name in (wanted, "Latn"):
            continue
        for word in run.finditer(shown):
            if word[0] in source:
                continue
            if len(word[0]) > 1:
                return Finding("script", ERROR, "foreign", {"word": word[0], "script": name}, None, word.span())
            if name == "Cyrl":
                return Finding("script", ERROR, "mixed", {"word": word[0]}, None, word.span())
    return None
