"""TMX 1.4b, the file in which translation memories travel (LISA OSCAR, 2005)."""

from collections.abc import Iterable, Iterator

from lxml import etree

from cms.content.fields import tidy
from cms.errors import Invalid, Problem
from cms.locales import base
from cms.localize.exchange.guard import xml
from cms.localize.memory import Remembered

LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def to_tmx(source_locale: str, target_locale: str, pairs: Iterable[Remembered], version: str) -> bytes:
    """Return a TMX file of these pairs. Inline Markdown travels as text."""
    root = etree.Element("tmx", version="1.4")
    header = {
        "srclang": source_locale, "adminlang": "en", "datatype": "plaintext", "segtype": "block",
        "creationtool": "Tolk", "creationtoolversion": version, "o-tmf": "Tolk",
    }  # fmt: skip
    etree.SubElement(root, "header", header)
    body = etree.SubElement(root, "body")
    for pair in pairs:
        unit = etree.SubElement(body, "tu")
        if pair.path:
            etree.SubElement(unit, "prop", type="x-tolk-place").text = f"{pair.entry}/{pair.path}"
        for locale, text in ((source_locale, pair.source), (target_locale, pair.target)):
            variant = etree.SubElement(unit, "tuv", {LANG: locale})
            etree.SubElement(variant, "seg").text = text
    done: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return done


def from_tmx(data: bytes, source_locale: str, target_locale: str) -> list[Remembered]:
    """Return the pairs that a TMX file has for two languages; regional variants count as their language.

    Inline codes of other tools are left out, their text is kept. Raises Invalid where it is no TMX.
    """
    root = xml(data)
    if etree.QName(root).localname != "tmx":
        raise Invalid([Problem("", "not_tmx")])
    return list(_pairs(root, source_locale, target_locale))


def _pairs(root: etree._Element, source_locale: str, target_locale: str) -> Iterator[Remembered]:
    for unit in root.iter("tu"):
        texts = {_language(variant): _text(variant) for variant in unit.iter("tuv")}
        source, target = texts.get(base(source_locale), ""), texts.get(base(target_locale), "")
        if source and target:
            yield Remembered(source, target)


def _language(variant: etree._Element) -> str:
    return base((variant.get(LANG) or variant.get("lang") or "und").lower())


def _text(variant: etree._Element) -> str:
    segment = variant.find("seg")
    if segment is None:
        return ""
    # What stands inside bpt, ept, ph and it is another tool's code, except for text in <sub> and <hi>.
    for code in [*segment.iter("bpt", "ept", "ph", "it", "ut")]:
        tail = code.tail or ""
        parent, before = code.getparent(), code.getprevious()
        if parent is None:
            continue
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
        parent.remove(code)
    return tidy("".join(map(str, segment.itertext())))
