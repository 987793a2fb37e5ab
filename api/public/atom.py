"""A feed as Atom (RFC 4287), with tombstones (RFC 6721) and pages (RFC 5005). Pure."""

import re
from typing import TYPE_CHECKING, Any

from lxml import etree
from lxml.etree import Element, QName, SubElement, _Element

if TYPE_CHECKING:
    from api.public.feeds import Feed, Item

ATOM, DELETED, HISTORY = (
    "http://www.w3.org/2005/Atom",
    "http://purl.org/atompub/tombstones/1.0",
    "http://purl.org/syndication/history/1.0",
)
NAMES: Any = {None: ATOM, "at": DELETED, "fh": HISTORY}  # lxml-stubs knows no default namespace
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# What XML 1.0 cannot hold, section 2.2.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# The pages around this one, by the names that RFC 5005 gives them.
_PAGES = {"first": "first", "prev": "previous", "next": "next", "last": "last"}


def write(feed: "Feed") -> bytes:
    """Return the feed as an Atom document."""
    root = Element(QName(ATOM, "feed"), nsmap=NAMES)
    root.set(XML_LANG, feed.locale)
    _add(root, "id", str(feed.links["first"]))
    _add(root, "title", feed.title)
    _add(root, "updated", feed.updated)
    _add(_add(root, "author"), "name", feed.title)
    _link(root, "self", feed.address, type="application/atom+xml")
    _link(root, "alternate", feed.home, type="application/json", hreflang=feed.locale)
    if feed.links["first"] == feed.links["last"]:
        SubElement(root, QName(HISTORY, "complete"))
    else:
        for name, rel in _PAGES.items():
            if address := feed.links[name]:
                _link(root, rel, address, type="application/atom+xml")
    for departed, permalink in feed.departed:
        gone = SubElement(root, QName(DELETED, "deleted-entry"), ref=permalink, when=departed.at)
        SubElement(gone, QName(DELETED, "comment")).text = departed.state
    for item in feed.items:
        _entry(root, item)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _entry(root: _Element, item: "Item") -> None:
    document = item.document
    entry = _add(root, "entry")
    entry.set(XML_LANG, document["locale"])
    _add(entry, "id", item.permalink)
    _add(entry, "title", title_of(document))
    _add(entry, "updated", item.updated)
    _add(entry, "published", document["published_at"])
    for name in names_of(document):
        _add(_add(entry, "author"), "name", name)
    for topic in document.get("topics") or ():
        _add(entry, "category").attrib.update({"term": topic["slug"], "label": _legal(topic["title"])})
    _link(entry, "alternate", document["canonical_url"], hreflang=document["locale"])
    _link(entry, "related", document["url"], type="application/json")
    if url := document["licence"].get("url"):
        _link(entry, "license", url)
    _add(entry, "rights", document["licence"]["name"])
    if summary := document.get("summary"):
        _add(entry, "summary", summary)
    content = _add(entry, "content", item.html)
    content.set("type", "html")


def title_of(document: dict[str, Any]) -> str:
    """Return by what name a document goes."""
    return str(document.get("title") or document.get("name") or document["slug"])


def names_of(document: dict[str, Any]) -> list[str]:
    """Return who answers for a document: its authors, else its clinics, else the installation."""
    cards = document.get("authors") or document.get("clinics") or ()
    return [str(card["name"]) for card in cards if card.get("name")] or [str(document["attribution"]["text"])]


def _add(parent: _Element, name: str, text: str = "") -> _Element:
    made = SubElement(parent, QName(ATOM, name))
    if text:
        made.text = _legal(text)
    return made


def _link(parent: _Element, rel: str, href: str, **more: str) -> None:
    made = _add(parent, "link")
    for name, value in {"rel": rel, "href": href, **more}.items():
        made.set(name, value)


def _legal(text: str) -> str:
    return _FORBIDDEN.sub("", text)
