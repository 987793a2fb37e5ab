"""Sample content of our own: load it to see Tolk at work. It is data; how it is stored is the library's business."""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from cms.content import saving
from cms.content.revisions import latest
from cms.localize import glossary, review, translations
from cms.localize.glossary_csv import from_csv
from cms.publish import editions
from cms.publish.documents import known_as
from cms.publish.refresh import drain
from cms.site import Site
from cms.store import Database, write

HERE = Path(__file__).parent
MEDIA = HERE / "media"
# What is named must be there before what names it is published.
ORDER = ("topic", "clinic", "author", "article")
KEY = re.compile(r"(article|author|clinic|topic):([a-z0-9-]+)")
LINK = re.compile(r"\(entry:([a-z]+):([a-z0-9-]+)\)")
BY = "sample"


def entry_id(kind: str, slug: str) -> str:
    """Return the id of a sample entry: the same in every installation, so that examples can be written down."""
    return str(uuid5(NAMESPACE_URL, f"https://tolk.example/{kind}/{slug}"))


def load(db: Database, site: Site, now: datetime, media_dir: Path) -> int:
    """Store and publish all sample entries that are not there yet, all or none; return how many were added.

    What stands under a sample's slug already, such as a clinic that was imported, is used in its place. One article
    is changed once more after it was translated, so that the demo shows what readers of a translation are told.
    """
    contents = {(kind, content["slug"]): content for kind, content in _read()}
    with write(db):
        ids = {key: known_as(db, *key) or entry_id(*key) for key in contents}
        known = {row["id"] for row in db.query("select id from entry")}
        wanted = {key: content for key, content in contents.items() if ids[key] not in known}
        # Entries name each other in circles: first all of them without references, then as they are.
        for (kind, slug), content in wanted.items():
            bare: dict[str, Any] = {name: content[name] for name in ("title", "name", "slug") if name in content}
            saving.create(db, kind, bare, by=BY, now=now, source_locale="nl", entry=ids[kind, slug])
        earlier = json.loads((HERE / "earlier.json").read_text("utf-8"))
        waived = json.loads((HERE / "waivers.json").read_text("utf-8"))
        glossary.add(db, from_csv((HERE / "glossary.csv").read_bytes()))
        for key in sorted(wanted, key=lambda key: ORDER.index(key[0])):
            content = _resolved(wanted[key], ids)
            before = _before(content, earlier.get(".".join(key), {}))
            _publish(db, site, ids[key], before, "major", now)
            for locale, texts in _translations(key, site):
                reasons = waived.get(locale, {}).get(".".join(key), {})
                _translate(db, site, ids[key], locale, _resolved(texts, ids), reasons, now)
                editions.publish(db, ids[key], locale, by=BY, now=now, site=site)
            if before != content:
                _publish(db, site, ids[key], content, "safety", now)
        drain(db, site, now)
    media_dir.mkdir(parents=True, exist_ok=True)
    for picture in MEDIA.glob("*.svg"):
        shutil.copyfile(picture, media_dir / picture.name)
    return len(wanted)


def _publish(db: Database, site: Site, entry: str, content: Mapping[str, Any], update_type: str, now: datetime) -> None:
    number = latest(db, entry).number
    saving.save(db, entry, content, based_on=number, by=BY, now=now, update_type=update_type)
    editions.publish(db, entry, "nl", by=BY, now=now, site=site)


def _translate(
    db: Database,
    site: Site,
    entry: str,
    locale: str,
    texts: Mapping[str, str],
    reasons: Mapping[str, Mapping[str, str]],
    now: datetime,
) -> None:
    """Save translations, and approve what was held for a warning that there is a reason for."""
    outcomes = translations.save(db, entry, locale, texts, by=BY, now=now, checks=site.checks_translations)
    for path, outcome in outcomes.items():
        if path in reasons and outcome.what == "held":
            for code in {finding.code for finding in outcome.findings} & reasons[path].keys():
                review.waive(db, entry, locale, path, code, reasons[path][code], by=BY, now=now)
            translations.approve(db, entry, locale, [path], by=BY, now=now)


def _translations(key: tuple[str, str], site: Site) -> Iterator[tuple[str, dict[str, str]]]:
    for locale in site.locales:
        path = HERE / "translations" / locale / f"{'.'.join(key)}.json"
        if path.exists():
            yield locale, json.loads(path.read_text("utf-8"))


def _before(content: dict[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    """Return content as it read before its newest change, which some translations have not followed yet."""
    before: dict[str, Any] = deepcopy(content)
    for path, text in texts.items():
        *way, name = path.split(".")
        place: Any = before
        for step in way:
            place = place[step] if isinstance(place, dict) else next(part for part in place if part["id"] == step)
        place[name] = text
    return before


def _read() -> Iterator[tuple[str, dict[str, Any]]]:
    for kind in ("topic", "clinic", "author"):
        for content in json.loads((HERE / f"{kind}s.json").read_text("utf-8")):
            yield kind, content
    for path in sorted((HERE / "articles").glob("*.json")):
        yield "article", json.loads(path.read_text("utf-8"))


def _resolved(value: Any, ids: Mapping[tuple[str, str], str]) -> Any:
    """Return content in which `type:slug` has become the id of that entry, in references and in links."""
    if isinstance(value, dict):
        return {name: _resolved(inner, ids) for name, inner in value.items()}
    if isinstance(value, list):
        return [_resolved(inner, ids) for inner in value]
    if not isinstance(value, str):
        return value
    if found := KEY.fullmatch(value):
        return ids[found[1], found[2]]
    return LINK.sub(lambda at: f"(entry:{ids[at[1], at[2]]})", value)
