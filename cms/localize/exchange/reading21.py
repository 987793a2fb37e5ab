"""Read XLIFF 2.0 and 2.1, also as other tools leave it: split segments, annotations, split and renumbered codes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from lxml import etree

from cms.localize.exchange import elements, names
from cms.localize.exchange.codes import Event
from cms.localize.exchange.received import FINISHED, UNFINISHED, UNSAID, Bundle, Received, refuse
from cms.localize.exchange.xliff21 import CATEGORY, CODES, CORE, METADATA

OURS = frozenset({CORE})
VERSIONS = ("2.0", "2.1")
KINDS = {sub_kind: kind for kind, (_, sub_kind) in CODES.items()}


def read(root: etree._Element) -> Bundle:
    """Return what a file of XLIFF 2.0 or 2.1 holds."""
    if root.get("version") not in VERSIONS:
        raise refuse("unknown_xliff", version=str(root.get("version"))[:20])
    units = [
        _unit(unit, names.entry_in(f"{file.get('original', '')} {file.get('id', '')}"))
        for file in root.iterchildren(f"{{{CORE}}}file")
        for unit in file.iter(f"{{{CORE}}}unit")
    ]
    return Bundle("xliff2", root.get("srcLang", ""), root.get("trgLang", ""), tuple(units))


def _unit(unit: etree._Element, entry: str) -> Received:
    parts = [part for part in unit if elements.local(part, OURS) in ("segment", "ignorable")]
    data = {each.get("id", ""): _text(each) for each in unit.iterfind(f"{{{CORE}}}originalData/{{{CORE}}}data")}
    meta = _metadata(unit)
    segments = [part for part in parts if elements.local(part, OURS) == "segment"]
    done = sum(map(_has_target, segments))
    return Received(
        entry=entry,
        path=names.from_token(unit.get("id", "")),
        source=tuple(_sources(parts, data)),
        target=tuple(_targets(parts, data)) if done else None,
        source_hash=meta.get("source_hash", ""),
        text_mark=meta.get("text_mark", ""),
        state=_state(segments),
        is_partial=0 < done < len(segments),
    )


def _sources(parts: Sequence[etree._Element], data: Mapping[str, str]) -> Iterator[Event]:
    for part in parts:
        yield from _events(part.find(f"{{{CORE}}}source"), data)


def _targets(parts: Sequence[etree._Element], data: Mapping[str, str]) -> Iterator[Event]:
    """Yield the targets in the order that they ask for; between segments stands what stood there in the source."""
    for part in _in_order(parts):
        target = part.find(f"{{{CORE}}}target")
        if target is None and elements.local(part, OURS) == "ignorable":
            target = part.find(f"{{{CORE}}}source")
        found = list(_events(target, data))
        yield from found
        # Where a tool leaves the space after a sentence in the source, translators do not always type it again.
        if _ends_in_space(_events(part.find(f"{{{CORE}}}source"), data)) and not _ends_in_space(found):
            yield Event("text", " ")


def _ends_in_space(events: Iterable[Event]) -> bool:
    said = "".join(event.text for event in events)
    return said[-1:].isspace()


def _in_order(parts: Sequence[etree._Element]) -> list[etree._Element]:
    """Return the parts by the `order` of their targets (section 4.3.1.19); a part without one stays in its place."""
    placed: dict[int, etree._Element] = {}
    rest = []
    for part in parts:
        target = part.find(f"{{{CORE}}}target")
        order = target.get("order", "") if target is not None else ""
        if order.isdecimal() and 0 < int(order) <= len(parts) and int(order) not in placed:
            placed[int(order)] = part
        else:
            rest.append(part)
    others = iter(rest)
    return [placed[at] if at in placed else next(others) for at in range(1, len(parts) + 1)]


def _has_target(part: etree._Element) -> bool:
    target = part.find(f"{{{CORE}}}target")
    return target is not None and (len(target) > 0 or bool((target.text or "").strip()))


def _state(segments: Sequence[etree._Element]) -> str:
    """Return how far the unit is: as far as the least of its segments. `initial` is also what tools leave unsaid."""
    states = [segment.get("state", "initial") for segment in segments]
    if any(segment.get("subState") in ("tolk:draft", "tolk:stale") for segment in segments):
        return UNFINISHED if "initial" in states or "tolk:draft" in [s.get("subState") for s in segments] else FINISHED
    return FINISHED if states and "initial" not in states else UNSAID


def _metadata(unit: etree._Element) -> Mapping[str, str]:
    path = f"{{{METADATA}}}metadata/{{{METADATA}}}metaGroup"
    groups = [group for group in unit.iterfind(path) if group.get("category") == CATEGORY]
    return {
        meta.get("type", ""): (meta.text or "").strip()
        for group in groups
        for meta in group.iterfind(f"{{{METADATA}}}meta")
    }


def _events(element: etree._Element | None, data: Mapping[str, str]) -> Iterator[Event]:
    if element is None:
        return
    yield from _said(element.text)
    for child in element:
        yield from _code(child, data)
        yield from _said(child.tail)


def _code(child: etree._Element, data: Mapping[str, str]) -> Iterator[Event]:
    name, of = elements.local(child, OURS), str(child.get("copyOf") or child.get("id", ""))
    kind = KINDS.get(child.get("subType", ""), "")
    if name == "cp":
        yield Event("text", elements.character(child.get("hex")))
    elif name == "pc":
        written = data.get(child.get("dataRefEnd" if kind == "link" else "dataRefStart", ""), "")
        pair = f"pc{id(child)}"
        yield Event("open", id=of, pair=pair, kind=kind, data=written)
        yield from _events(child, data)
        yield Event("close", id=of, pair=pair)
    elif name == "sc":
        # What a link leads to is said where it ends; the code of the source has it.
        written = data.get(child.get("dataRef", ""), "") if kind != "link" else ""
        yield Event("open", id=of, pair=f"sc{child.get('id', '')}", kind=kind, data=written)
    elif name == "ec":
        pair = str(child.get("startRef") or child.get("id", ""))
        yield Event("close", id=pair, pair=f"sc{pair}")
    elif name == "ph":
        yield Event("alone", id=of, kind=kind)
    elif name == "mrk":
        yield from _events(child, data)
    elif name not in ("sm", "em"):
        yield Event("alone", id=of)


def _said(text: str | None) -> Iterator[Event]:
    if text:
        yield Event("text", text)


def _text(element: etree._Element) -> str:
    """Return the text of original data, where code points may stand for characters."""
    return "".join(event.text for event in _events(element, {}))
