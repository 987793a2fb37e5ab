"""An article with every kind of segment and markup, its files, and what another tool may do to them."""

import re
from datetime import datetime
from typing import Any

from lxml import etree

from cms.localize import translations
from cms.localize.exchange import formats, importing
from cms.localize.exchange.importing import Report
from cms.store import Database
from tests.builders import BY, create, later

ENTRY = "0198a000-0000-7000-8000-000000000001"
LINKED = 'Lees [meer *hier*](https://voorbeeld.nl/rug "Over rugpijn") of bel **112**.'
TEXTS = {
    "title": "Hurt your back",
    "body.b1.text": "What can *you* do?",
    "body.b2.items.b2a.text": "Take **two** tablets.",
    "body.b2.items.b2b.text": "Use `dolo 5*3` at 100 % & more.",
    "body.b3.title": "Call 112",
    "body.b3.body.b3a.text": 'Read [more *here*](https://voorbeeld.nl/rug "Over rugpijn") or call **112**.',
}
XLF2 = {"x": "urn:oasis:names:tc:xliff:document:2.0", "mda": "urn:oasis:names:tc:xliff:metadata:2.0"}
XLF1 = {"x": "urn:oasis:names:tc:xliff:document:1.2"}


def body() -> list[dict[str, Any]]:
    return [
        {"id": "b1", "type": "heading", "level": 2, "text": "Wat kun *je* doen?"},
        {
            "id": "b2",
            "type": "list",
            "ordered": True,
            "items": [
                {"id": "b2a", "text": "Neem **twee** tabletten."},
                {"id": "b2b", "text": "Gebruik `dolo 5*3` bij 100 % & meer."},
            ],
        },
        {
            "id": "b3",
            "type": "callout",
            "urgency": "emergency",
            "title": "Bel 112",
            "body": [{"id": "b3a", "type": "paragraph", "text": LINKED}],
        },
    ]


def an_entry(db: Database, **fields: Any) -> str:
    """Create the article."""
    return create(db, "article", entry=ENTRY, **{"title": "Door je rug gaan", "body": body(), **fields})


def bring(db: Database, data: bytes, *, now: datetime | None = None, **options: Any) -> Report:
    """Import a file a day later."""
    return importing.import_file(db, data, by="vertaalbureau", now=now or later(days=1), **options)


def outcomes(report: Report) -> dict[str, str]:
    """Return what became of each path."""
    return {unit.path: unit.outcome for unit in report.units}


def faults(report: Report, path: str) -> list[str]:
    """Return the codes of what was wrong with a unit."""
    return [fault.code for unit in report.units if unit.path == path for fault in unit.faults]


def standing(db: Database, locale: str = "en", entry: str = ENTRY) -> dict[str, tuple[str, str, str]]:
    """Return text, state and origin of what translators work on, by path."""
    return {each.path: (each.text, each.state, each.origin) for each in translations.working(db, entry, locale)}


def file(db: Database, format: str = "xliff2", **options: Any) -> bytes:
    return formats.export(db, [ENTRY], "en", format=format, **options)


def translated(data: bytes, texts: dict[str, str] | None = None, *, state: str = "translated") -> bytes:
    """Fill an XLIFF file as a tool does: the codes of the source, moved into the text of the target."""
    root = etree.fromstring(data)
    for path, text in (texts or MARKED).items():
        fill(root, path, text, state=state)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


# The texts as a translator sees them: {1} … {/1} are the codes of the source by their numbers.
MARKED = {
    "title": "Hurt your back",
    "body.b1.text": "What can {1}you{/1} do?",
    "body.b2.items.b2a.text": "Take {1}two{/1} tablets.",
    "body.b2.items.b2b.text": "Use {1}dolo 5*3{/1} at 100 % & more.",
    "body.b3.title": "Call 112",
    "body.b3.body.b3a.text": "Read {1}more {2}here{/2}{/1} or call {3}112{/3}.",
}


def unit(root: etree._Element, path: str) -> etree._Element:
    names = XLF2 if root.get("version", "").startswith("2") else XLF1
    kind = "unit" if names is XLF2 else "trans-unit"
    return root.xpath(f"//x:{kind}[@id='{path}']", namespaces=names)[0]


def fill(root: etree._Element, path: str, text: str, *, state: str = "translated") -> None:
    """Write a target with codes by their numbers; elements and attributes are copied from the source."""
    made = unit(root, path)
    space = etree.QName(made).namespace
    source = (
        made.find(f".//{{{space}}}source") if space == XLF1["x"] else made.find(f"{{{space}}}segment/{{{space}}}source")
    )
    assert source is not None
    target = source.getparent().find(f"{{{space}}}target")
    if target is None:
        target = etree.SubElement(source.getparent(), f"{{{space}}}target")
    for child in list(target):
        target.remove(child)
    if space == XLF1["x"]:
        target.attrib.clear()
        target.set("state", state)
    else:
        source.getparent().set("state", state)
        source.getparent().attrib.pop("subState", None)
    target.text = None
    _write(target, source, text)


def _write(target: etree._Element, source: etree._Element, text: str) -> None:
    stack = [target]
    for piece in re.split(r"(\{/?\d+\})", text):
        found = re.fullmatch(r"\{(/?)(\d+)\}", piece)
        if not found:
            _add(stack[-1], piece)
            continue
        alike = [each for each in source.iter() if each.get("id") == found[2]]
        opening = alike[0]
        name = etree.QName(opening).localname
        if name == "bpt":
            copied = etree.SubElement(
                stack[-1], alike[1 if found[1] else 0].tag, dict(alike[1 if found[1] else 0].attrib)
            )
            copied.text = alike[1 if found[1] else 0].text
        elif found[1]:
            stack.pop()
        else:
            copied = etree.SubElement(stack[-1], opening.tag, dict(opening.attrib))
            if name in ("pc", "g"):
                stack.append(copied)


def _add(element: etree._Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def by_now(db: Database, path: str, text: str, *, days: int = 1, **options: Any) -> None:
    """Have a person translate a segment."""
    translations.save(db, ENTRY, "en", {path: text}, by=BY, now=later(days=days), **options)
