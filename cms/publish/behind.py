"""How far live locales are behind their source: kept with their editions, and told once. It renders nothing."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from cms.content.identity import stamp
from cms.localize.segments import Segment
from cms.publish import events, live
from cms.publish.compose import Subject
from cms.publish.live import Edition
from cms.store import Database

STALE = "translation.stale"
STALE_CRITICAL = "translation.stale.critical"


def note(db: Database, what: Subject, lacking: Mapping[str, Collection[Segment]], now: datetime) -> Subject:
    """Note how live locales stand, by the segments that are not current in each; return the subject with it.

    That one has fallen behind is told as `translation.stale`, or as `translation.stale.critical` for each critical
    text once, also where it was behind in lesser things before. Call it inside `store.write` only.
    """
    critical = {
        locale: {segment.path: segment.source_hash for segment in segments if segment.critical}
        for locale, segments in lacking.items()
    }
    told = _told(db, what.entry.id) if any(critical.values()) else []
    noted = {}
    for locale, segments in lacking.items():
        edition = what.editions[locale]
        if not segments:
            noted[locale] = replace(edition, translated_from=edition.revision, stale_since="")
            continue
        since = edition.stale_since or stamp(now)
        known = {item for where, at, texts in told if where == locale and at >= since for item in texts.items()}
        facts = live.as_facts(edition, what.topics)
        if critical[locale].items() - known:
            said = {**facts, "critical": critical[locale]}
            events.append(db, STALE_CRITICAL, what.entry.id, locale, said, now)
        elif not edition.stale_since:
            events.append(db, STALE, what.entry.id, locale, facts, now)
        noted[locale] = replace(edition, stale_since=since)
    _keep(db, what, noted)
    return replace(what, editions={**what.editions, **noted})


def _told(db: Database, entry: str) -> list[tuple[str, str, dict[str, str]]]:
    """Return which critical texts were told to be behind: locale, moment, source hashes by path."""
    return [(each.locale, each.at, each.data["critical"]) for each in events.of_kind(db, entry, STALE_CRITICAL)]


def _keep(db: Database, what: Subject, noted: Mapping[str, Edition]) -> None:
    alike: dict[tuple[int, str], list[str]] = {}
    for locale, edition in noted.items():
        if edition != what.editions[locale]:
            alike.setdefault((edition.translated_from, edition.stale_since), []).append(locale)
    for (translated_from, stale_since), locales in alike.items():
        live.note_freshness(db, what.entry.id, locales, translated_from, stale_since)
