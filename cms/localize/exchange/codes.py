"""Inline codes as files carry them: a flat row of events, whatever the format, and the tree that they stand for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cms.errors import Fault
from cms.localize.exchange.inline import DEPTH, Code, Node, Tree, codes, joined, parse
from cms.localize.exchange.writing import fence, link_end


@dataclass(frozen=True, slots=True)
class Event:
    """One thing in the text of a unit: `what` is text, open, close or alone.

    `pair` joins an opening to its closing. `kind` and `data` are what the file itself says of the code: a kind of
    `inline.KINDS`, and the Markdown that it stands for, each empty where the file does not say.
    """

    what: str
    text: str = ""
    id: str = ""
    pair: str = ""
    kind: str = ""
    data: str = ""


Content = str | tuple[Event, ...]


@dataclass
class _Open:
    event: Event
    code: Code | None
    inner: list[Node] = field(default_factory=list)


def data_of(code: Code) -> tuple[str, str]:
    """Return the Markdown that a code stands for: before and after what it holds."""
    if code.kind == "link":
        return "[", link_end(code)
    if code.kind == "code":
        sign = fence("".join(child for child in code.children if isinstance(child, str)))
        return sign, sign
    sign = code.mark or {"em": "*", "strong": "**"}.get(code.kind, "")
    return sign, sign


def numbered(source: Tree, target: Tree) -> tuple[list[str], list[str]]:
    """Return ids for the codes of a source and of its target: a code that both have has one id."""
    waiting = [(code, str(number)) for number, code in enumerate(codes(source), 1)]
    named = [name for _, name in waiting]
    found: list[str] = []
    for code in codes(target):
        at = next((at for at, (other, _) in enumerate(waiting) if _key(code) == _key(other)), None)
        found.append(waiting.pop(at)[1] if at is not None else str(len(named) + len(found) + 1))
    return named, found


def build(events: Sequence[Event], source: Sequence[Event], known: Tree) -> tuple[Tree, list[Fault]]:
    """Return the tree that a target's events stand for, and what is wrong with its codes.

    `source` are the events of the source as the file has it, `known` is the source as Tolk has it: what a code with
    some id is follows from these where the file does not say.
    """
    table = _table(source, known)
    faults: list[Fault] = []
    stack = [_Open(Event("open"), None)]
    for event in events:
        if event.what == "text":
            stack[-1].inner.append(event.text)
        elif event.what == "alone":
            stack[-1].inner.append(_alone(event, table, faults))
        elif event.what == "open":
            stack.append(_Open(event, _meant(event, table, faults) if len(stack) <= DEPTH else None))
            if len(stack) == DEPTH + 2:
                faults.append(Fault("too_deep"))
        elif len(stack) > 1 and stack[-1].event.pair == event.pair:
            _close(stack)
        else:
            faults.append(Fault("code_crossed", {"id": event.id or event.pair}))
    while len(stack) > 1:
        faults.append(Fault("code_crossed", {"id": stack[-1].event.id}))
        stack[-1].code = None
        _close(stack)
    return joined(stack[0].inner), faults


def lost(source: Tree, target: Tree) -> list[Fault]:
    """Return a fault for every code of the source that the target lacks, and for every one that it has too often."""
    before, after = [_key(code) for code in codes(source)], [_key(code) for code in codes(target)]
    faults = []
    for key in dict.fromkeys((*before, *after)):
        if key[0] != "break" and before.count(key) != after.count(key):
            gone = before.count(key) > after.count(key)
            values = {"kind": key[0], "target": key[1]}
            faults.append(Fault("code_missing" if gone else "code_added", values))
    return faults


def shown(content: Content) -> str:
    """Return the text of some content without its codes."""
    return content if isinstance(content, str) else "".join(event.text for event in content)


def _key(code: Code) -> tuple[str, str]:
    return code.kind, code.target


def _close(stack: list[_Open]) -> None:
    closed = stack.pop()
    code = closed.code
    if code is None:
        stack[-1].inner.extend(closed.inner)
    else:
        stack[-1].inner.append(Code(code.kind, joined(closed.inner), code.target, code.title, code.mark))


def _table(source: Iterable[Event], known: Tree) -> Mapping[str, Code]:
    """Return what each id in the file stands for: by its place among the codes of the source, else by its data."""
    started = [event for event in source if event.what in ("open", "alone")]
    sure = list(codes(known))
    if len(started) == len(sure):
        return {event.id: code for event, code in zip(started, sure, strict=True)}
    said = {event.id: _said(event) for event in started}
    return {name: code for name, code in said.items() if code}


def _meant(event: Event, table: Mapping[str, Code], faults: list[Fault]) -> Code | None:
    said, known = _said(event), table.get(event.id)
    # Where both speak of the same kind, the file has the last word: it may lead a link elsewhere.
    meant = said if said and (known is None or said.kind == known.kind) else known
    if meant is None or meant.kind == "break":
        faults.append(Fault("code_unknown", {"id": event.id}))
        return None
    return meant


def _alone(event: Event, table: Mapping[str, Code], faults: list[Fault]) -> Node:
    known = table.get(event.id)
    if event.kind == "break" or (known and known.kind == "break"):
        return Code("break")
    faults.append(Fault("code_unknown", {"id": event.id}))
    return ""


def _said(event: Event) -> Code | None:
    """Return what the file itself says of a code; a link without its destination is not enough."""
    if event.kind == "link":
        found = parse(f"[x{event.data}") if event.data else ()
        return next((code for code in codes(found) if code.kind == "link"), None)
    if event.kind in ("em", "strong"):
        mark = event.data if event.data in ("*", "_", "**", "__") else ""
        return Code(event.kind, mark=mark)
    return Code(event.kind) if event.kind in ("code", "break") else None
