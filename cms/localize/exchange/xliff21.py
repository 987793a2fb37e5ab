"""XLIFF 2.1 (OASIS, 2018-02-13): one file element an entry, one unit a segment, markup as codes with original data.

It writes the core with the modules for metadata, translation candidates, and size and length restriction.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree
from rapidfuzz import fuzz

from cms import locales
from cms.localize.exchange import elements, names
from cms.localize.exchange.codes import data_of, numbered
from cms.localize.exchange.elements import append
from cms.localize.exchange.inline import Code, Node, Tree
from cms.localize.exchange.received import one_of
from cms.localize.exchange.units import Parcel, Unit, tree

CORE = "urn:oasis:names:tc:xliff:document:2.0"
METADATA = "urn:oasis:names:tc:xliff:metadata:2.0"
MATCHES = "urn:oasis:names:tc:xliff:matches:2.0"
SIZES = "urn:oasis:names:tc:xliff:sizerestriction:2.0"
PREFIXES: dict[Any, str] = {None: CORE, "mda": METADATA, "mtc": MATCHES, "slr": SIZES}
STATES = {"": "initial", "draft": "translated", "needs_review": "translated", "approved": "final"}
CATEGORY = "tolk"
CODES = {
    "em": ("fmt", "xlf:i"), "strong": ("fmt", "xlf:b"), "code": ("fmt", "tolk:code"), "link": ("link", "tolk:link"),
    "break": ("fmt", "xlf:lb"),
}  # fmt: skip


def write(parcels: Sequence[Parcel]) -> bytes:
    """Return the parcels, all from one language into one, as a file."""
    root = etree.Element(f"{{{CORE}}}xliff", nsmap=PREFIXES)
    root.set("version", "2.1")
    root.set("srcLang", one_of([parcel.source_locale for parcel in parcels]))
    root.set("trgLang", one_of([parcel.locale for parcel in parcels]))
    for parcel in parcels:
        if parcel.units:
            _file(root, parcel)
    elements.space_out(root)
    return elements.serialise(root)


def _file(root: etree._Element, parcel: Parcel) -> None:
    file = append(root, "file", id=parcel.entry, original=f"{parcel.type}/{parcel.entry}")
    file.set("srcDir", locales.direction(parcel.source_locale))
    file.set("trgDir", locales.direction(parcel.locale))
    profiles = etree.SubElement(file, f"{{{SIZES}}}profiles", generalProfile="xliff:codepoints")
    etree.SubElement(profiles, f"{{{SIZES}}}normalization", general="nfc")
    notes = append(file, "notes")
    append(notes, "note", f"{parcel.type}: {parcel.title}", category="title")
    append(notes, "note", str(parcel.revision), category="revision")
    for unit in parcel.units:
        made = append(file, "unit", id=names.to_token(unit.path))
        made.set("name", unit.path)
        made.set(elements.SPACE, "preserve")
        made.set(f"{{{SIZES}}}sizeRestriction", str(unit.max_length))
        _fill(made, unit)


def _fill(element: etree._Element, unit: Unit) -> None:
    if unit.earlier:
        _match(element, unit)
    _metadata(element, unit)
    notes = append(element, "notes")
    for category, text in unit.notes:
        append(notes, "note", text, category=category)
    source, target = unit.source_tree, unit.target_tree
    ids, target_ids = numbered(source, target)
    data = _Data(element)
    segment = append(element, "segment", id="s1", state=STATES[unit.state])
    if substate := _substate(unit):
        segment.set("subState", f"tolk:{substate}")
    _content(append(segment, "source"), source, iter(ids), data)
    if unit.text:
        _content(append(segment, "target"), target, iter(target_ids), data)
    data.insert_before(segment)


def _substate(unit: Unit) -> str:
    return "stale" if unit.freshness == "stale" else unit.state if unit.state in ("draft", "needs_review") else ""


def _metadata(element: etree._Element, unit: Unit) -> None:
    group = etree.SubElement(etree.SubElement(element, f"{{{METADATA}}}metadata"), f"{{{METADATA}}}metaGroup")
    group.set("category", CATEGORY)
    said = {"source_hash": unit.source_hash, "text_mark": unit.text_mark, "freshness": unit.freshness}
    for name, value in said.items():
        if value:
            etree.SubElement(group, f"{{{METADATA}}}meta", type=name).text = value


def _match(element: etree._Element, unit: Unit) -> None:
    """Offer what was translated from the older text, with that text."""
    if unit.earlier is None:
        return
    older, text = tree(unit.earlier.source, unit.is_inline), tree(unit.earlier.text, unit.is_inline)
    match = etree.SubElement(
        etree.SubElement(element, f"{{{MATCHES}}}matches"), f"{{{MATCHES}}}match", id="m1", ref="#s1"
    )
    match.set("origin", CATEGORY)
    match.set("type", "idm")
    match.set("similarity", f"{fuzz.ratio(unit.source, unit.earlier.source):.1f}")
    ids, target_ids = numbered(older, text)
    data = _Data(match)
    source = etree.SubElement(match, f"{{{CORE}}}source")
    _content(source, older, iter(ids), data)
    _content(etree.SubElement(match, f"{{{CORE}}}target"), text, iter(target_ids), data)
    data.insert_before(source)


class _Data:
    """The original data of one unit: what its codes stand for, each said once."""

    def __init__(self, parent: etree._Element) -> None:
        self.parent = parent
        self.ids: dict[str, str] = {}

    def id(self, text: str) -> str:
        """Return the id of some original data."""
        return self.ids.setdefault(text, f"d{len(self.ids) + 1}")

    def insert_before(self, element: etree._Element) -> None:
        """Write what was asked for before an element."""
        if self.ids:
            written = etree.Element(f"{{{CORE}}}originalData")
            for text, name in self.ids.items():
                append(written, "data", text, id=name)
            element.addprevious(written)


def _content(parent: etree._Element, nodes: Tree, ids: Iterator[str], data: _Data) -> None:
    for node in nodes:
        if isinstance(node, str):
            _text(parent, node)
        else:
            _code(parent, node, ids, data)


def _text(parent: etree._Element, text: str) -> None:
    for taken, left_out in elements.pieces(text):
        elements.add_text(parent, taken)
        if left_out:
            append(parent, "cp", hex=f"{ord(left_out):04X}")


def _code(parent: etree._Element, node: Node, ids: Iterator[str], data: _Data) -> None:
    if not isinstance(node, Code):
        return
    kind, sub_kind = CODES[node.kind]
    if node.kind == "break":
        append(parent, "ph", id=next(ids), type_=kind, subType=sub_kind, dataRef=data.id("\\\n"), equiv="\n")
        return
    before, after = data_of(node)
    code = append(parent, "pc", id=next(ids), type_=kind, subType=sub_kind)
    for name, value in (("dataRefStart", data.id(before)), ("dataRefEnd", data.id(after))):
        code.set(name, value)
    for name in ("canCopy", "canDelete"):
        code.set(name, "no")
    _content(code, node.children, ids, data)
