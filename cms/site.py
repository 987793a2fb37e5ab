"""What one installation of Tolk is called, where it is read and by which rules it publishes. It reads no settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

TRUST_RULES = ("author", "reviewer", "review_dates", "references")
# What readers of a translation get in place of critical advice that is not current: the source text with a notice,
# the notice alone, or nothing of the whole document.
POLICIES = ("source", "omit", "withdraw")

# Who may have a copy of a document indexed by search engines: nobody, whoever links to the original, or everybody.
INDEXING = ("noindex", "canonical", "index")

# What a text that is hard to read brings before publishing: a warning, or a refusal.
READABILITY_MODES = ("warn", "gate")


@dataclass(frozen=True)
class Plainness:
    """What is asked of the readability of a type; `least` is a score from 0 to 100."""

    mode: str = "warn"
    least: int = 60


@dataclass(frozen=True)
class Licence:
    """Name the terms under which content may be used."""

    name: str = "All rights reserved"
    url: str = ""


@dataclass(frozen=True)
class Site:
    """Carry what publishing needs to know of the installation.

    `url` is where the API is reached, without a trailing slash. `page_url` is the pattern of the public page of a
    document (`{locale}`, `{plural}`, `{slug}`); empty means the API's own address. `trust` names, per type, the rules
    (of TRUST_RULES) that publishing asks for on top of the type's own. `policies` names what becomes of critical
    advice that is not current (of POLICIES), by type or by `type/locale`; where it says nothing, `source`.
    `checks_translations` holds back a locale whose translations fail a check.
    `readability` names, per type, how plain its texts must be; where it says nothing, nothing is asked.
    Whoever takes documents over shows `logo` (an address, or a path below `url`), has copies indexed as `indexing`
    (of INDEXING) says, and fetches them again within `refresh_hours`. Advice whose review is overdue by more than
    `review_grace_days` is no longer listed. What documents went through is kept for `events_days`.
    """

    name: str = "Tolk"
    url: str = "http://127.0.0.1:8000"
    page_url: str = ""
    source_locale: str = "nl"
    locales: tuple[str, ...] = ("nl", "en", "de", "fr", "tr", "ar", "pl", "uk")
    licence: Licence = Licence()
    trust: Mapping[str, frozenset[str]] = field(default_factory=dict)
    policies: Mapping[str, str] = field(default_factory=dict)
    checks_translations: bool = True
    readability: Mapping[str, Plainness] = field(default_factory=dict)
    logo: str = ""
    indexing: str = "canonical"
    refresh_hours: int = 168
    review_grace_days: int = 90
    events_days: int = 400

    @property
    def logo_url(self) -> str | None:
        """Return the absolute address of the logo, None where there is none."""
        return (self.url + self.logo if self.logo.startswith("/") else self.logo) or None

    @property
    def targets(self) -> list[str]:
        """Return the locales that the source is translated into."""
        return [locale for locale in self.locales if locale != self.source_locale]

    def policy(self, type_name: str, locale: str) -> str:
        """Return what becomes of critical advice that is not current in a locale."""
        return self.policies.get(f"{type_name}/{locale}") or self.policies.get(type_name) or POLICIES[0]

    def document_url(self, locale: str, plural: str, slug: str) -> str:
        """Return the absolute address of a document in the delivery API."""
        return f"{self.url}/v1/{locale}/{plural}/{quote(slug)}"

    def canonical_url(self, locale: str, plural: str, slug: str) -> str:
        """Return the absolute address of the page that readers should end up at."""
        if not self.page_url:
            return self.document_url(locale, plural, slug)
        return self.page_url.format(locale=locale, plural=plural, slug=quote(slug))
