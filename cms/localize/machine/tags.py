"""Inline Markdown as numbered tags, which machine translation moves with the words, and back. Pure."""

import re
from collections.abc import Iterator, Sequence
from html import escape, unescape
from itertools import count

from cms.content.fields import tidy
from cms.errors import Fault
from cms.localize.exchange.codes import Event, build, lost
from cms.localize.exchange.elements import without_unxml
from cms.localize.exchange.inline import Code, Node, Tree, parse, plain
from cms.localize.exchange.writing import write

NAMES = {"em": "em", "strong": "strong", "link": "a", "code": "code", "break": "br"}
KINDS = {name: kind for kind, name in NAMES.items()}
# What holds no words to translate.
FIXED = ("code",)
# Only tags of these names are tags; a service that gives back `a < b` or `<x>` unescaped has given text.
_TAG = re.compile(rf"<(/?)({'|'.join(KINDS)})((?:\s[^<>]*?)?)\s*(/?)>", re.I)
_ID = re.compile(r"\sid\s*=\s*[\"']?(\d+)")


def tree_of(text: str, is_inline: bool) -> Tree:
    """Return a text as a tree; in plain text only the ends of lines are codes."""
    if is_inline:
        return parse(text)
    found: list[Node] = []
    for number, line in enumerate(text.split("\n")):
        found += [*([Code("break")] if number else []), *([line] if line else [])]
    return tuple(found)


def tagged(tree: Sequence[Node]) -> str:
    """Return a tree as text with tags, numbered in the order of their beginning: well-formed XML and HTML alike."""
    return "".join(_tagged(tree, count(1)))


def untagged(markup: str, source: Tree, is_inline: bool) -> tuple[str, tuple[Fault, ...]]:
    """Return the text that a service's answer stands for, and what happened to the markup of the source in it."""
    tree, faults = build(list(_events(markup)), list(_events(tagged(source))), source)
    if not is_inline:
        return tidy(plain(tree)), tuple(faults)
    text, is_faithful = write(tree)
    if not is_faithful:
        faults.append(Fault("markup_unsayable"))
    faults += lost(source, parse(text))
    return text, tuple(fault for at, fault in enumerate(faults) if fault not in faults[:at])


def _tagged(tree: Sequence[Node], numbers: Iterator[int]) -> Iterator[str]:
    for node in tree:
        if isinstance(node, str):
            # A single end of line is a space to readers, and would end a sentence for some services.
            yield escape(without_unxml(node.replace("\n", " ")), quote=False)
            continue
        name, number = NAMES[node.kind], next(numbers)
        if node.kind == "break":
            yield f'<{name} id="{number}"/>'
        else:
            yield f'<{name} id="{number}">'
            yield from _tagged(node.children, numbers)
            yield f"</{name}>"


def _events(markup: str) -> Iterator[Event]:
    at, waiting = 0, list[tuple[str, str]]()
    for number, found in enumerate(_TAG.finditer(markup)):
        if before := markup[at : found.start()]:
            yield Event("text", unescape(before))
        at = found.end()
        ends, name, attributes, closes = found[1], found[2].lower(), found[3], found[4]
        kind = KINDS[name]
        if ends:
            yield Event("close", pair=_ended(name, waiting))
            continue
        said = _ID.search(attributes)
        pair, own_id = str(number), said[1] if said else ""
        if kind == "break":
            yield Event("alone", id=own_id, kind=kind)
            continue
        yield Event("open", id=own_id, pair=pair, kind=kind)
        if closes:
            yield Event("close", pair=pair)
        else:
            waiting.append((name, pair))
    if rest := markup[at:]:
        yield Event("text", unescape(rest))


def _ended(name: str, waiting: list[tuple[str, str]]) -> str:
    """Return which opening a closing tag belongs to: the last of its name."""
    for at in range(len(waiting) - 1, -1, -1):
        if waiting[at][0] == name:
            return waiting.pop(at)[1]
    return "none"
