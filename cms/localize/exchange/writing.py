"""From a tree of text and codes back to inline Markdown that reads as exactly that tree, where Markdown can say it."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from cms.content.fields import tidy
from cms.localize.exchange.inline import EMPHASIS, Code, Node, Tree, joined, parse, plain, settled, split_edges

# A destination that needs no brackets around it (CommonMark 0.31, section 6.3).
BARE = re.compile(r"[^\s<>()\\\x00-\x1f]+")
STARS = {"em": "*", "strong": "**"}
LINES = {"em": "_", "strong": "__"}

Escape = Callable[[str], str]
Mark = Callable[[Code, int], str]


def write(tree: Sequence[Node]) -> tuple[str, bool]:
    """Return the Markdown of a tree, and whether it reads back as that tree.

    Markdown cannot say everything: where emphasis cannot begin or end at a quotation mark, that mark moves out of
    the emphasis. What cannot be said at all comes back as escaped text.
    """
    # Loaded with the first text: it comes with all that reads pasted texts.
    from cms.content.plaintext.inline import escaped

    wanted = settled(tree)
    for candidate in (wanted, settled(_loosened(wanted))):
        for mark in (_as_given, _stars, _in_turns):
            for escape in (str, escaped):
                text = tidy("".join(_written(candidate, escape, mark, 0)))
                if settled(parse(text)) == candidate:
                    return text, True
    return tidy(escaped(plain(wanted))), False


def link_end(code: Code) -> str:
    """Return what closes a link: its destination and its title."""
    target = code.target if BARE.fullmatch(code.target) else "<" + re.sub(r"([<>\\])", r"\\\1", code.target) + ">"
    target = re.sub(r"&(?=#?\w+;)", r"\\&", target)
    title = re.sub(r'(["\\]|&(?=#?\w+;))', r"\\\1", code.title)
    return f']({target} "{title}")' if title else f"]({target})"


def fence(text: str) -> str:
    """Return the row of backticks that stands around a piece of code."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    return "`" * (longest + 1)


def _written(tree: Sequence[Node], escape: Escape, mark: Mark, depth: int) -> Iterator[str]:
    for node in tree:
        if isinstance(node, str):
            yield escape(node)
            continue
        inner = partial(_written, node.children, escape, mark, depth + 1)
        if node.kind in EMPHASIS:
            sign = mark(node, depth)
            yield from (sign, *inner(), sign)
        elif node.kind == "link":
            yield from ("[", *inner(), link_end(node))
        elif node.kind == "code":
            yield _code(plain(node.children))
        else:
            yield "\\\n"


def _code(text: str) -> str:
    sign = fence(text)
    needs_space = text[:1] == "`" or text[-1:] == "`" or (text[:1] == text[-1:] == " " and text.strip(" "))
    return f"{sign} {text} {sign}" if needs_space else f"{sign}{text}{sign}"


def _as_given(code: Code, depth: int) -> str:
    return code.mark or STARS[code.kind]


def _stars(code: Code, depth: int) -> str:
    return STARS[code.kind]


def _in_turns(code: Code, depth: int) -> str:
    return (LINES if depth % 2 else STARS)[code.kind]


def _loosened(tree: Sequence[Node]) -> Tree:
    """Move what is neither letter nor digit out of the edges of every emphasis."""
    found: list[Node] = []
    for node in tree:
        if isinstance(node, Code) and node.kind in EMPHASIS:
            before, kept, after = split_edges(_loosened(node.children), lambda char: not char.isalnum())
            found += [before, *([Code(node.kind, kept, mark=node.mark)] if kept else []), after]
        elif isinstance(node, Code) and node.kind == "link":
            found.append(Code("link", _loosened(node.children), node.target, node.title))
        else:
            found.append(node)
    return joined(found)
