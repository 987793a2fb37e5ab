"""A feed as JSON Feed 1.1 (jsonfeed.org/version/1.1). Pure.

JSON Feed knows no deletions: they stand in the extension `_tolk`, and so does how each text stands.
"""

from typing import TYPE_CHECKING, Any

import orjson

from api.public.atom import names_of, title_of

if TYPE_CHECKING:
    from api.public.feeds import Feed, Item

VERSION = "https://jsonfeed.org/version/1.1"


def write(feed: "Feed") -> bytes:
    """Return the feed as a JSON Feed document."""
    about = feed.home.partition("/v1/")[0] + "/docs"
    departed = [{"id": permalink, "at": each.at, "state": each.state} for each, permalink in feed.departed]
    said: dict[str, Any] = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.address,
        "language": feed.locale,
        "items": [_item(item) for item in feed.items],
        "_tolk": {"about": about, "tombstones": departed},
    }
    if feed.links["next"]:
        said["next_url"] = feed.links["next"]
    return orjson.dumps(said)


def _item(item: "Item") -> dict[str, Any]:
    document = item.document
    said = {
        "id": item.permalink,
        "url": document["canonical_url"],
        "title": title_of(document),
        "content_html": item.html,
        "date_published": document["published_at"],
        "date_modified": item.updated,
        "authors": [{"name": name} for name in names_of(document)],
        "tags": [topic["title"] for topic in document.get("topics") or ()],
        "language": document["locale"],
        "_tolk": {
            "id": document["id"],
            "dir": document["dir"],
            "document": document["url"],
            "etag": item.etag,
            "version": document["version"],
            "freshness": document["translation"]["freshness"],
            "licence": document["licence"],
        },
    }
    if summary := document.get("summary"):
        said["summary"] = summary
    return said
