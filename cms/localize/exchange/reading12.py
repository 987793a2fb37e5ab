"""Read XLIFF 1.1 and 1.2, also as other tools leave it: segmented, with tracked changes, with codes of their own."""

from collections.abc import Iterator, Mapping

from lxml import etree

from cms.localize.exchange import elements, names
from cms.localize.exchange.codes import Event
from cms.localize.exchange.received import FINISHED, UNFINISHED, UNSAID, Bundle, Received, one_of, refuse
from cms.localize.exchange.xliff12 import CODES, CONTEXT, NAMESPACE

OURS = frozenset({NAMESPACE, "urn:oasis:names:tc:xliff:document:1.1", ""})
VERSIONS = ("1.1", "1.2")
KINDS = {ctype: kind for kind, ctype in CODES.items()}
PAIRED = {"bpt": "open", "bx": "open", "ept": "close", "ex": "close"}
# What is to be reviewed in the other tool (Translate Toolkit's fuzzy) nobody there has confirmed.
FINAL = frozenset({"final", "signed-off", "translated"})
# What a translator took out, where a tool shows changes.
DELETED = frozenset({"x-sdl-deleted", "x-deleted"})


def read(root: etree._Element) -> Bundle:
    """Return what a file of XLIFF 1.1 or 1.2 holds."""
    if root.get("version") not in VERSIONS:
        raise refuse("unknown_xliff", version=str(root.get("version"))[:20])
    files = [file for file in root if elements.local(file, OURS) == "file"]
    units = [
        _unit(unit, names.entry_in(file.get("original", "")))
        for file in files
        for unit in file.iter()
        if elements.local(unit, OURS) == "trans-unit"
    ]
    source_locale = one_of([file.get("source-language", "") for file in files])
    return Bundle("xliff1", source_locale, one_of([file.get("target-language", "") for file in files]), tuple(units))


def _unit(unit: etree._Element, entry: str) -> Received:
    source, target = _child(unit, "source"), _child(unit, "target")
    events = tuple(_events(target)) if target is not None else ()
    is_filled = any(event.text.strip() for event in events) or any(event.what != "text" for event in events)
    return Received(
        entry=entry,
        path=names.from_token(unit.get("id", "")),
        source=tuple(_events(source)) if source is not None else None,
        target=events if is_filled else None,
        source_hash=_context(unit, "source-hash"),
        text_mark=_context(unit, "text-mark"),
        state=_state(unit, target),
        is_partial=is_filled and _is_partial(unit, target),
    )


def _child(unit: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in unit if elements.local(child, OURS) == name), None)


def _state(unit: etree._Element, target: etree._Element | None) -> str:
    state = target.get("state", "") if target is not None else ""
    qualifier = target.get("state-qualifier", "") if target is not None else ""
    if qualifier == "x-tolk-draft" or state.startswith(("needs-translation", "needs-adaptation", "needs-l10n")):
        return UNFINISHED
    return FINISHED if state in FINAL or unit.get("approved") == "yes" else UNSAID


def _is_partial(unit: etree._Element, target: etree._Element | None) -> bool:
    """Tell whether a tool cut the source into segments and only some of them have a text."""
    cut = _child(unit, "seg-source")
    if cut is None or target is None:
        return False
    filled = {mark.get("mid") for mark in _marks(target) if any(event.text.strip() for event in _events(mark))}
    wanted = {mark.get("mid") for mark in _marks(cut) if any(event.text.strip() for event in _events(mark))}
    return bool(filled) and bool(wanted - filled)


def _marks(element: etree._Element) -> Iterator[etree._Element]:
    for mark in element.iter():
        if elements.local(mark, OURS) == "mrk" and mark.get("mtype") == "seg":
            yield mark


def _context(unit: etree._Element, name: str) -> str:
    for group in unit:
        if elements.local(group, OURS) == "context-group":
            for context in group:
                if context.get("context-type") == f"{CONTEXT}-{name}":
                    return (context.text or "").strip()
    return ""


def _events(element: etree._Element) -> Iterator[Event]:
    if element.text:
        yield Event("text", element.text)
    # What a link leads to stands in the code that closes it.
    ends = {_pair(child): child.text or "" for child in reversed(element) if elements.local(child, OURS) == "ept"}
    for child in element:
        yield from _code(child, ends)
        if child.tail:
            yield Event("text", child.tail)


def _code(child: etree._Element, ends: Mapping[str, str]) -> Iterator[Event]:
    name, own = elements.local(child, OURS), child.get("id", "")
    kind = KINDS.get(child.get("ctype", ""), "")
    if name == "g":
        pair = f"g{id(child)}"
        yield Event("open", id=own, pair=pair, kind=kind, data=child.get("equiv-text", ""))
        yield from _events(child)
        yield Event("close", id=own, pair=pair)
    elif name in PAIRED:
        pair = _pair(child)
        data = ends.get(pair, "") if kind == "link" else (child.text or "").strip()
        yield Event(PAIRED[name], id=own, pair=pair, kind=kind, data=data)
    elif name == "it":
        what = "open" if child.get("pos") == "open" else "close"
        yield Event(what, id=own, pair=_pair(child), kind=kind)
    elif name == "x" and child.get("ctype") == "x-tolk-cp":
        yield Event("text", elements.character(child.get("equiv-text")))
    elif name == "mrk":
        if child.get("mtype") not in DELETED:
            yield from _events(child)
    else:
        # memoQ and others write characters as elements of their own; any other is a code that nobody knows.
        yield Event("alone", id=own, kind=kind)


def _pair(child: etree._Element) -> str:
    return str(child.get("rid") or child.get("id", ""))
