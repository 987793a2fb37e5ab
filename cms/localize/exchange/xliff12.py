"""XLIFF 1.2 (OASIS, 2008-02-01): one file element an entry, one trans-unit a segment, markup as g, x, and bpt with ept.

The schema takes no foreign attributes, so what Tolk needs again stands in a context group that is not for people.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from cms.localize.exchange import elements, names
from cms.localize.exchange.codes import data_of, numbered
from cms.localize.exchange.elements import append
from cms.localize.exchange.inline import Code, Node, Tree
from cms.localize.exchange.received import one_of
from cms.localize.exchange.units import Parcel, Unit, tree
from cms.localize.exchange.writing import LINES

NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
PREFIXES: dict[Any, str] = {None: NAMESPACE}
TOOL = "tolk"
CONTEXT = "x-tolk"
STATES = {
    ("missing", ""): "new", ("stale", ""): "needs-translation", ("current", "draft"): "needs-review-translation",
    ("current", "needs_review"): "translated", ("current", "approved"): "final",
}  # fmt: skip
QUALIFIERS = {"stale": "x-tolk-stale", "draft": "x-tolk-draft"}
CODES = {"em": "italic", "strong": "bold", "code": "x-tolk-code", "link": "link", "break": "lb"}
RESTYPES = {"heading": "x-heading", "list item": "listitem", "table cell": "cell", "caption of a table": "caption"}


def write(parcels: Sequence[Parcel]) -> bytes:
    """Return the parcels, all from one language into one, as a file."""
    one_of([parcel.source_locale for parcel in parcels])
    one_of([parcel.locale for parcel in parcels])
    root = etree.Element(f"{{{NAMESPACE}}}xliff", nsmap=PREFIXES, version="1.2")
    for parcel in parcels:
        if parcel.units:
            _file(root, parcel)
    elements.space_out(root)
    return elements.serialise(root)


def _file(root: etree._Element, parcel: Parcel) -> None:
    file = append(root, "file", original=parcel.entry, source_language=parcel.source_locale, datatype="x-tolk")
    file.set("target-language", parcel.locale)
    file.set("tool-id", TOOL)
    file.set("build-num", str(parcel.revision))
    file.set(elements.SPACE, "preserve")
    header = append(file, "header")
    append(header, "tool", tool_id=TOOL, tool_name="Tolk")
    append(header, "note", f"{parcel.type}: {parcel.title}")
    body = append(file, "body")
    for unit in parcel.units:
        _unit(body, unit)


def _unit(body: etree._Element, unit: Unit) -> None:
    made = append(body, "trans-unit", id=names.to_token(unit.path), resname=unit.path)
    made.set("restype", RESTYPES.get(unit.kind, "x-" + unit.kind.replace(" ", "-")))
    made.set(elements.SPACE, "preserve")
    made.set("maxwidth", str(unit.max_length))
    made.set("size-unit", "char")
    if unit.state == "approved":
        made.set("approved", "yes")
    source, text = unit.source_tree, unit.target_tree
    ids, target_ids = numbered(source, text)
    _content(append(made, "source"), source, iter(ids))
    target = append(made, "target", state=STATES[unit.freshness, unit.state])
    if qualifier := QUALIFIERS.get(unit.freshness) or QUALIFIERS.get(unit.state):
        target.set("state-qualifier", qualifier)
    _content(target, text, iter(target_ids))
    _context(made, unit)
    for category, said in unit.notes:
        append(made, "note", f"{category}: {said}", from_=TOOL, annotates="source")
    _earlier(made, unit)


def _context(made: etree._Element, unit: Unit) -> None:
    group = append(made, "context-group", purpose=CONTEXT)
    append(group, "context", unit.source_hash, context_type=f"{CONTEXT}-source-hash")
    if unit.text_mark:
        append(group, "context", unit.text_mark, context_type=f"{CONTEXT}-text-mark")


def _earlier(made: etree._Element, unit: Unit) -> None:
    """Offer what was translated from the older text, with that text."""
    if unit.earlier:
        older, text = tree(unit.earlier.source, unit.is_inline), tree(unit.earlier.text, unit.is_inline)
        ids, target_ids = numbered(older, text)
        found = append(made, "alt-trans", alttranstype="previous-version", origin=TOOL)
        found.set(elements.SPACE, "preserve")
        _content(append(found, "source"), older, iter(ids))
        _content(append(found, "target"), text, iter(target_ids))


def _content(parent: etree._Element, nodes: Tree, ids: Iterator[str]) -> None:
    for node in nodes:
        if isinstance(node, str):
            _text(parent, node)
        else:
            _code(parent, node, ids)


def _text(parent: etree._Element, text: str) -> None:
    for taken, left_out in elements.pieces(text):
        elements.add_text(parent, taken)
        if left_out:
            code = f"{ord(left_out):04X}"
            append(parent, "x", id=f"cp{code}", ctype="x-tolk-cp", equiv_text=code, clone="yes")


def _code(parent: etree._Element, node: Node, ids: Iterator[str]) -> None:
    if not isinstance(node, Code):
        return
    name, kind = next(ids), CODES[node.kind]
    if node.kind == "break":
        append(parent, "x", id=name, ctype=kind)
    elif node.kind == "link":
        # Where a link leads is its own data, which only bpt and ept can carry.
        before, after = data_of(node)
        append(parent, "bpt", before, id=name, rid=name, ctype=kind)
        _content(parent, node.children, ids)
        append(parent, "ept", after, id=name, rid=name)
    else:
        # How it was written matters where it was written in the less usual way.
        mark = node.mark if node.mark in LINES.values() else ""
        _content(append(parent, "g", id=name, ctype=kind, clone="no", equiv_text=mark), node.children, ids)
