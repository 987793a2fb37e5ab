"""Inline Markdown as a tree of text and codes, which every exchange format can carry. Pure; `writing` goes back."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

# What is nested deeper than this is shown as it stands, and so it is exchanged as it stands.
DEPTH = 16
MARKS_AT_MOST = 5_000
EMPHASIS = ("em", "strong")
KINDS = (*EMPHASIS, "code", "link", "break")


@dataclass(frozen=True)
class Code:
    """One piece of markup: what it is, what stands in it, where a link goes; `mark` is how it was written."""

    kind: str
    children: tuple["str | Code", ...] = ()
    target: str = ""
    title: str = ""
    mark: str = field(default="", compare=False)


Node = str | Code
Tree = tuple[Node, ...]
Edge = Callable[[str], bool]


def parse(markdown: str) -> Tree:
    """Return the tree of some inline Markdown; whatever is no markup is text."""
    if sum(map(markdown.count, "*_`[\\&")) > MARKS_AT_MOST:
        return (markdown,)
    stack: list[tuple[Token | None, list[Node]]] = [(None, [])]
    for token in _markdown.parseInline(markdown)[0].children or []:
        if token.nesting > 0:
            stack.append((token, []))
        elif token.nesting < 0:
            opened, inner = stack.pop()
            stack[-1][1].append(_paired(opened, inner))
        else:
            stack[-1][1].append(_single(token))
        if len(stack) > DEPTH:
            return (markdown,)
    return joined(stack[0][1])


def plain(tree: Sequence[Node]) -> str:
    """Return what a reader sees of a tree, without markup."""
    return "".join(_shown(node) for node in tree)


def codes(tree: Sequence[Node]) -> Iterator[Code]:
    """Yield every code of a tree in the order of its beginning."""
    for node in tree:
        if isinstance(node, Code):
            yield node
            yield from codes(node.children)


def settled(tree: Sequence[Node]) -> Tree:
    """Return the tree as it reads: no empty emphasis, no space at the edge of one, none around a line break."""
    nodes = _without_edges(joined(list(_inner(tree))))
    return _stripped(nodes)


def joined(nodes: Sequence[Node]) -> Tree:
    """Return the nodes with neighbouring texts, and neighbouring emphasis of one kind, made one."""
    found: list[Node] = []
    for node in nodes:
        last = found[-1] if found else None
        if node == "":
            continue
        if isinstance(node, str) and isinstance(last, str):
            found[-1] = last + node
        elif isinstance(node, Code) and isinstance(last, Code) and node.kind == last.kind and node.kind in EMPHASIS:
            found[-1] = Code(node.kind, joined((*last.children, *node.children)), mark=last.mark)
        else:
            found.append(node)
    return tuple(found)


def _inner(tree: Sequence[Node]) -> Iterator[Node]:
    for node in tree:
        if isinstance(node, str):
            yield re.sub(r" *\n *", "\n", unicodedata.normalize("NFC", node).replace("\r\n", "\n"))
        elif node.kind in EMPHASIS:
            inner = joined(list(_inner(node.children)))
            before, kept, after = split_edges(inner, str.isspace)
            yield before
            if kept:
                yield Code(node.kind, kept, mark=node.mark)
            yield after
        elif node.kind == "code":
            if text := plain(node.children).replace("\n", " "):
                yield Code("code", (unicodedata.normalize("NFC", text),))
        else:
            yield Code(node.kind, joined(list(_inner(node.children))), node.target, node.title)


def split_edges(tree: Tree, is_edge: Edge) -> tuple[str, Tree, str]:
    """Return the edge characters before a tree, the rest of it, and those after it."""
    before = after = ""
    nodes = list(tree)
    if nodes and isinstance(nodes[0], str):
        kept = _cut(nodes[0], is_edge)
        before, nodes[0] = nodes[0][: len(nodes[0]) - len(kept)], kept
    if nodes and isinstance(nodes[-1], str):
        kept = _cut(nodes[-1][::-1], is_edge)[::-1]
        after, nodes[-1] = nodes[-1][len(kept) :], kept
    return before, joined(nodes), after


def _cut(text: str, is_edge: Edge) -> str:
    for at, char in enumerate(text):
        if not is_edge(char):
            return text[at:]
    return ""


def _without_edges(nodes: Tree) -> Tree:
    """Join once more: what was moved out of an emphasis stands beside text now, and around breaks it is not shown."""
    found: list[Node] = []
    for node in nodes:
        after_break = bool(found) and isinstance(found[-1], Code) and found[-1].kind == "break"
        if isinstance(node, str) and after_break:
            node = node.lstrip(" \n")
        elif isinstance(node, Code) and node.kind == "break" and found and isinstance(found[-1], str):
            found[-1] = found[-1].rstrip(" ")
        found.append(node)
    return joined(found)


def _stripped(nodes: Tree) -> Tree:
    """Take away white space and breaks around the whole, as every stored text is."""
    left = list(nodes)
    while left and not _is_solid(left[0]):
        left.pop(0)
    while left and not _is_solid(left[-1]):
        left.pop()
    if left and isinstance(left[0], str):
        left[0] = left[0].lstrip()
    if left and isinstance(left[-1], str):
        left[-1] = left[-1].rstrip()
    return tuple(left)


def _is_solid(node: Node) -> bool:
    return bool(node.strip()) if isinstance(node, str) else node.kind != "break"


def _shown(node: Node) -> str:
    if isinstance(node, str):
        return node
    return "\n" if node.kind == "break" else plain(node.children)


def _paired(opened: Token | None, inner: Sequence[Node]) -> Code:
    token = opened or Token("text", "", 0)
    kind = token.type.removesuffix("_open")
    target, title = str(token.attrs.get("href", "")), str(token.attrs.get("title", ""))
    return Code(kind, joined(inner), target, title, mark=token.markup)


def _single(token: Token) -> Node:
    if token.type == "code_inline":
        return Code("code", (token.content,), mark=token.markup)
    if token.type == "hardbreak":
        return Code("break")
    return "\n" if token.type == "softbreak" else token.content


def _parser() -> MarkdownIt:
    """Return a parser that reads what publishing reads; that no link is judged here is why links stay as written."""
    parser = MarkdownIt("zero", {"html": False, "maxNesting": DEPTH})
    parser.enable(["emphasis", "link", "backticks", "escape", "entity", "newline"])
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return parser


_markdown = _parser()
