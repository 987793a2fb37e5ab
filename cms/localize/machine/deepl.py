"""DeepL, by its API v2 (translate, usage) and v3 (glossaries): https://developers.deepl.com/api-reference."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cms.calls import Answer, Call
from cms.errors import MachineError, MachineQuota, MachineRefused
from cms.localize.glossary import Term
from cms.localize.machine import Cost, Limits, Price, Text, cost
from cms.localize.machine.calling import Line, decode, post, texts_of
from cms.localize.machine.tags import FIXED

PAID, FREE = "https://api.deepl.com", "https://api-free.deepl.com"
# Keys of free accounts end in this (developers.deepl.com, "Authentication").
FREE_KEY = ":fx"
# A body may have 128 KiB and 50 texts; a part of it is kept for context and envelope.
LIMITS = Limits(texts=50, bytes=96 * 1024)
# Targets that DeepL wants with their region or script; glossaries take the language alone.
VARIANTS = {"en": "EN-GB", "pt": "PT-PT", "zh": "ZH-HANS", "no": "NB", "nn": "NB"}
KNOWN_VARIANTS = frozenset({"EN-GB", "EN-US", "PT-PT", "PT-BR", "ZH-HANS", "ZH-HANT", "ES-419"})
LARGEST_TERM = 1024
PREFIX = "Tolk"


@dataclass(frozen=True)
class DeepL:
    """An account at DeepL. `owner` tells this installation's glossaries from others of the same account."""

    line: Line
    key: str = field(repr=False)
    url: str = ""
    price: Price | None = None
    owner: str = PREFIX
    name: str = "deepl"
    limits: Limits = LIMITS
    _glossaries: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def translate(
        self, texts: Sequence[Text], source_locale: str, target_locale: str, terms: Sequence[Term]
    ) -> list[str]:
        """Return the translation of each text; texts are asked together where their context is the same."""
        found: list[str] = []
        glossary = self._glossary(source_locale, target_locale, terms)
        at = 0
        while at < len(texts):
            context = texts[at].context
            end = next((n for n in range(at, len(texts)) if texts[n].context != context), len(texts))
            found += self._translate(texts[at:end], context, source_locale, target_locale, glossary)
            at = end
        return found

    def estimate(self, characters: int) -> Cost:
        """Return what so many characters cost, and how many the account has left (GET /v2/usage)."""
        call = Call("GET", f"{self._base}/v2/usage", self._headers)
        return cost(characters, self.price, self.line.ask(call, _left))

    def _translate(
        self, texts: Sequence[Text], context: str, source_locale: str, target_locale: str, glossary: str
    ) -> list[str]:
        body: dict[str, Any] = {
            "text": [text.markup for text in texts],
            "source_lang": source_language(source_locale).upper(),
            "target_lang": target_language(target_locale),
            "tag_handling": "xml",
            "tag_handling_version": "v2",
            "ignore_tags": list(FIXED),
            "split_sentences": "nonewlines",
        }
        body |= {name: value for name, value in (("context", context), ("glossary_id", glossary)) if value}

        def read(answer: Answer) -> list[str]:
            said = decode(answer)
            rows = said.get("translations") if isinstance(said, dict) else None
            if not isinstance(rows, list):
                raise ValueError("the answer has no translations")
            return texts_of([row.get("text") if isinstance(row, dict) else None for row in rows], len(texts))

        return self.line.ask(post(f"{self._base}/v2/translate", body, self._headers), read)

    def _glossary(self, source_locale: str, target_locale: str, terms: Sequence[Term]) -> str:
        """Return the id of a glossary with these terms, made where there is none; empty where DeepL takes none.

        A translation without it is worse, not wrong: the checks say afterwards which terms are not there.
        """
        entries = _entries(terms)
        if not entries:
            return ""
        pair = f"{source_language(source_locale)}-{source_language(target_locale)}"
        digest = hashlib.sha256(entries.encode()).hexdigest()[:16]
        prefix = f"{self.owner} {pair} "
        name = prefix + digest
        if name not in self._glossaries:
            try:
                self._glossaries[name] = self._find_or_make(name, prefix, pair, entries)
            except (MachineRefused, MachineQuota):
                self._glossaries[name] = ""
        return self._glossaries[name]

    def _find_or_make(self, name: str, prefix: str, pair: str, entries: str) -> str:
        url = f"{self._base}/v3/glossaries"
        known = self.line.ask(Call("GET", url, self._headers), _glossaries)
        if name in known:
            return known[name]
        source, target = pair.split("-")
        dictionary = {"source_lang": source, "target_lang": target, "entries": entries, "entries_format": "tsv"}
        made = self.line.ask(post(url, {"name": name, "dictionaries": [dictionary]}, self._headers), _glossary_id)
        for older in (id for other, id in known.items() if other.startswith(prefix)):
            self._forget(f"{url}/{older}")
        return made

    def _forget(self, url: str) -> None:
        """Delete a glossary of older terms; that it stays is no harm."""
        try:
            self.line.ask(Call("DELETE", url, self._headers), lambda answer: None)
        except MachineError:
            return

    @property
    def _base(self) -> str:
        return self.url or (FREE if self.key.endswith(FREE_KEY) else PAID)

    @property
    def _headers(self) -> Mapping[str, str]:
        return {"Authorization": f"DeepL-Auth-Key {self.key}", "Accept": "application/json"}


def source_language(locale: str) -> str:
    """Return a locale as a source or a glossary names it: the language alone."""
    language = locale.partition("-")[0].lower()
    return "nb" if language in ("no", "nn") else language


def target_language(locale: str) -> str:
    """Return a locale as a target names it; where DeepL asks for a variety and none is said, the European one."""
    tag = locale.upper()
    return tag if tag in KNOWN_VARIANTS else VARIANTS.get(source_language(locale), source_language(locale).upper())


def _entries(terms: Sequence[Term]) -> str:
    """Return terms as tab-separated lines; a source may stand in them once. What is forbidden cannot be told DeepL."""
    found: dict[str, str] = {}
    for term in terms:
        source = " ".join(term.source.split())
        target = " ".join(term.target.split()) if term.status == "preferred" else source
        if term.status in ("preferred", "keep") and max(len(source.encode()), len(target.encode())) <= LARGEST_TERM:
            found.setdefault(source, target)
    return "\n".join(f"{source}\t{target}" for source, target in sorted(found.items()))


def _glossaries(answer: Answer) -> dict[str, str]:
    said = decode(answer)
    rows = said.get("glossaries") if isinstance(said, dict) else None
    if not isinstance(rows, list):
        raise ValueError("the answer has no glossaries")
    return {str(row.get("name")): str(row["glossary_id"]) for row in rows if "glossary_id" in row}


def _glossary_id(answer: Answer) -> str:
    said = decode(answer)
    if not isinstance(said, dict) or not isinstance(said.get("glossary_id"), str):
        raise ValueError("the answer has no glossary_id")
    return str(said["glossary_id"])


def _left(answer: Answer) -> int:
    said = decode(answer)
    try:
        return max(0, int(said["character_limit"]) - int(said["character_count"]))
    except (KeyError, TypeError):
        raise ValueError("the answer has no character_count") from None
