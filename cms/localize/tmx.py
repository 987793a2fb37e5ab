"""TMX 1.4b, the file in which translation memories travel (LISA OSCAR, 2005)."""

import re
from collections.abc import Iterable, Iterator

import langcodes
from lxml import etree

from cms import locales
from cms.content.fields import MAX_TEXT, tidy
from cms.errors import Invalid, Problem
from cms.localize.exchange import guard
from cms.localize.memory import Remembered

# A memory is larger than a file of translations: 50,000 pairs are some 30 MB.
MAX_BYTES = 40 * 1024 * 1024
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# What stands in these is another tool's code; <hi> and what is around them is text.
CODES = frozenset({"bpt", "ept", "ph", "it", "ut"})
# The one document type that TMX files may name. It is taken out and never read; one that declares anything is refused.
DOCTYPE = re.compile(
    r"""<!DOCTYPE\s+tmx\s+(?:SYSTEM|PUBLIC\s+(?:"[^"<>\[\]]*"|'[^'<>\[\]]*'))"""
    r"""\s+(?:"[^"<>\[\]]*tmx1[0-9][a-z]?\.dtd"|'[^'<>\[\]]*tmx1[0-9][a-z]?\.dtd')\s*>"""
)
PLACE = ("x-tolk-entry", "x-tolk-path")


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
        unit = etree.SubElement(body, "tu", _signed(pair))
        for kind, value in zip(PLACE, (pair.entry, pair.path), strict=True):
            if value:
                etree.SubElement(unit, "prop", type=kind).text = _sayable(value)
        for locale, text in ((source_locale, pair.source), (target_locale, pair.target)):
            variant = etree.SubElement(unit, "tuv", {LANG: locale})
            etree.SubElement(variant, "seg").text = _sayable(text)
        unit.tail = "\n"
    done: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return done


def from_tmx(data: bytes, source_locale: str, target_locale: str) -> list[Remembered]:
    """Return the pairs that a TMX file has for two languages, in either direction.

    A regional variant counts as its language, but not as another region's and not in another script. Inline codes of
    other tools are left out, their text is kept. Raises Invalid where it is no TMX, or has none of these pairs.
    """
    guard.refuse_large(len(data), MAX_BYTES)
    root = guard.xml(_without_doctype(data))
    if _name(root) != "tmx":
        raise Invalid([Problem("", "not_tmx")])
    found = list(_pairs(root, source_locale, target_locale))
    if not found:
        stated = sorted({_tag(variant) for variant in root.iter("{*}tuv")} - {""})
        values = {"source": source_locale, "target": target_locale, "stated": stated[:20]}
        raise Invalid([Problem("", "languages_missing", values)])
    return found


def _pairs(root: etree._Element, source_locale: str, target_locale: str) -> Iterator[Remembered]:
    for unit in root.iter("{*}tu"):
        variants = list(unit.iterchildren("{*}tuv"))
        source, target = _text(variants, source_locale), _text(variants, target_locale)
        if 0 < len(source) <= MAX_TEXT and 0 < len(target) <= MAX_TEXT:
            props = {prop.get("type"): tidy(prop.text or "") for prop in unit.iterchildren("{*}prop")}
            entry, path = (props.get(kind, "") for kind in PLACE)
            yield Remembered(source, target, entry, path)


def _text(variants: Iterable[etree._Element], locale: str) -> str:
    """Return the text in a language, from the variant that is nearest to it; of equals, the first."""
    near = [(_distance(_tag(variant), locale), variant) for variant in variants]
    fitting = [(distance, variant) for distance, variant in near if distance is not None]
    if not fitting:
        return ""
    _, best = min(fitting, key=lambda each: each[0])
    return next((_said(segment) for segment in best.iterchildren("{*}seg")), "")


def _distance(tag: str, wanted: str) -> int | None:
    """Return how far a stated language is from the wanted one, None where it is another one."""
    if tag == wanted:
        return 0
    one, other = langcodes.Language.get(tag or "und"), langcodes.Language.get(wanted)
    if one.language != other.language or one.maximize().script != other.maximize().script:
        return None
    if one.territory and other.territory and one.territory != other.territory:
        return None
    return 1 if not one.territory else 2


def _tag(variant: etree._Element) -> str:
    # TMX 1.1 to 1.3 say `lang`.
    stated = variant.get(LANG) or variant.get("lang") or ""
    try:
        return locales.standard(stated.strip()[:80])
    except locales.UnknownTag:
        return ""


def _said(segment: etree._Element) -> str:
    """Return the text of a segment without codes; one walk, however many there are."""
    said = [segment.text or ""]
    walk = etree.iterwalk(segment, events=("start", "end"))
    for event, element in walk:
        if element is segment:
            continue
        if event == "end":
            said.append(element.tail or "")
        elif _name(element) in CODES:
            walk.skip_subtree()
        else:
            said.append(element.text or "")
    return tidy("".join(said))


def _without_doctype(data: bytes) -> bytes:
    """Return a file as UTF-8 without its declaration and the document type of TMX."""
    declared = guard.DECLARED.match(data)
    text = guard.decode(data, declared[1].decode("ascii") if declared else "utf-8")
    body = guard.DECLARATION.sub("", text.removeprefix("\ufeff"), count=1)
    prolog = guard.PROLOG.match(body)
    start = prolog.end() if prolog else 0
    if found := DOCTYPE.match(body, start):
        body = body[found.end() :]
    return body.encode("utf-8", "surrogatepass")


def _signed(pair: Remembered) -> dict[str, str]:
    day = re.sub(r"[-:]|\.\d+", "", pair.saved_at)
    return {name: _sayable(value) for name, value in (("creationdate", day), ("creationid", pair.saved_by)) if value}


def _sayable(text: str) -> str:
    """Return text without the few characters that XML cannot hold."""
    return guard.UNXML.sub("", text)


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname
