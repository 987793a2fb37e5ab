"""What was copied in a word processor or on a web page, as blocks: headings, paragraphs, lists, tables, quotations.

Everything else (looks, scripts, pictures) is left behind. It knows no clipboard and no entry.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from lxml import html as parser
from lxml.etree import ParserError, _Comment, _ProcessingInstruction
from lxml.html import HtmlElement

from cms.content.plaintext.blocks import parts_of
from cms.content.plaintext.cleaning import clean
from cms.content.plaintext.inline import escaped
from cms.content.plaintext.lines import gather
from cms.errors import Invalid

Block = dict[str, Any]
# A text, and the mark that it begins and ends with.
Piece = tuple[str, str]

LEFT_OUT = frozenset(
    {"script", "style", "head", "title", "meta", "link", "template", "noscript", "iframe", "object", "svg", "math"}
    | {"form", "button", "input", "select", "textarea", "img", "picture", "video", "audio", "canvas", "nav"}
)
AROUND = frozenset(
    {"html", "body", "div", "section", "article", "main", "header", "footer", "aside", "address", "figure", "center"}
    | {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "table", "blockquote", "pre", "hr"}
)
SCHEMES = ("http://", "https://", "mailto:", "tel:")
SPACE = re.compile(r"[ \t\r\n\f\u00a0]+")
# How Word writes an item of a list: a paragraph with a class, its bullet or number typed before it.
WORD_ITEM = re.compile(r"MsoListParagraph|mso-list:\s*l\d", re.IGNORECASE)
WORD_BULLET = re.compile(r"^(?:[·•▪◦§o\-–]|(\d{1,3}|[a-z])[.)])\s+")
DEEPEST = 100


def blocks(html: str) -> list[Block]:
    """Return the blocks that some HTML amounts to, without ids; empty where there is no text in it."""
    try:
        root = parser.document_fromstring(html.replace("\0", "") or " ", parser=parser.HTMLParser(encoding=None))
    except (ParserError, ValueError):
        return []
    return _joined([block for block in _blocks(root, 0) if _says(block)])


def of_text(text: str) -> list[Block]:
    """Return the blocks that some plain text amounts to, without ids; empty where there is no text in it."""
    try:
        units, _doubts = gather(clean(text)[0])
    except Invalid:
        return []
    return [part.block for part in parts_of([unit for unit in units if unit.kind != "rule"])[0] if part.block]


def texts(found: Iterable[Block]) -> Iterator[str]:
    """Yield what blocks say, as the items of one list."""
    for block in found:
        if "text" in block:
            yield block["text"]
        for item in block.get("items", ()):
            yield item["text"]
        for cells in (block.get("columns", ()), *(row["cells"] for row in block.get("rows", ()))):
            if cells:
                yield " – ".join(cell["text"] for cell in cells)


def _blocks(element: HtmlElement, depth: int) -> Iterator[Block]:
    """Yield the blocks within an element; what stands loose between blocks is a paragraph of its own."""
    loose: list[Piece] = [(_text(element.text), "")]
    for child in element:
        if isinstance(child, (_Comment, _ProcessingInstruction)) or child.tag in LEFT_OUT:
            pass
        elif depth < DEEPEST and (child.tag in AROUND or _holds_blocks(child)):
            yield from _paragraphs(loose)
            yield from _MADE.get(child.tag, _within)(child, depth + 1)
            loose = []
        else:
            loose.append((_inline(child), _mark(child)))
        loose.append((_text(child.tail), ""))
    yield from _paragraphs(loose)


def _within(element: HtmlElement, depth: int) -> Iterator[Block]:
    if WORD_ITEM.search(f"{element.get('class', '')} {element.get('style', '')}"):
        said = _prose(element)
        bullet = WORD_BULLET.match(said)
        item = {"text": said[bullet.end() :] if bullet else said}
        yield {"type": "list", "ordered": bool(bullet and bullet[1]), "items": [item], "joined": True}
        return
    yield from _blocks(element, depth)


def _paragraphs(pieces: list[Piece]) -> Iterator[Block]:
    # Two line breaks in a row were meant as the end of a paragraph.
    for text in re.split(r"(?:\\\n\s*){2,}", _run_on(pieces)):
        if said := _tidy(text):
            yield {"type": "paragraph", "text": said}


def _heading(element: HtmlElement, depth: int) -> Iterator[Block]:
    # The title of an article is its level 1; what was one elsewhere is a part here.
    level = min(max(int(str(element.tag)[1]), 2), 4)
    text = re.sub(r"(\*\*)(.*?)\1", r"\2", _prose(element)).replace("\\\n", " ")
    yield {"type": "heading", "level": level, "text": text}


def _list(element: HtmlElement, depth: int) -> Iterator[Block]:
    items = [{"text": text} for text in _items(element, depth) if text]
    if items:
        yield {"type": "list", "ordered": element.tag == "ol", "items": items}


def _items(element: HtmlElement, depth: int) -> Iterator[str]:
    """Yield the items of a list, those of lists within it after their own: a list here has one level."""
    for child in element:
        if not isinstance(child.tag, str) or depth > DEEPEST:
            continue
        if child.tag in ("ul", "ol"):
            yield from _items(child, depth + 1)
            continue
        yield _prose(child, but=("ul", "ol"))
        for part in child.iterdescendants("ul", "ol"):
            if _nearest_list(part, child):
                yield from _items(part, depth + 1)


def _nearest_list(part: HtmlElement, item: HtmlElement) -> bool:
    above = part.getparent()
    while above is not None and above is not item:
        if above.tag in ("ul", "ol"):
            return False
        above = above.getparent()
    return True


def _table(element: HtmlElement, depth: int) -> Iterator[Block]:
    rows = [
        [_prose(cell) for cell in row if cell.tag in ("td", "th")]
        for row in element.iterdescendants("tr")
        if next(row.iterancestors("table"), None) is element
    ]
    rows = [row for row in rows if any(row)]
    width = max(map(len, rows), default=0)
    # A table of one column or one row is a frame around text; so is one with empty cells, which a table cannot have.
    if width < 2 or len(rows) < 2 or any(len(row) < width or not all(row) for row in rows):
        for row in rows:
            yield from ({"type": "paragraph", "text": text} for text in row if text)
        return
    columns, *others = [[{"text": text} for text in row] for row in rows]
    yield {"type": "table", "columns": columns, "rows": [{"cells": cells} for cells in others]}


def _quote(element: HtmlElement, depth: int) -> Iterator[Block]:
    if text := _prose(element):
        yield {"type": "quote", "text": text}


def _nothing(element: HtmlElement, depth: int) -> Iterator[Block]:
    yield from ()


_MADE: Mapping[Any, Callable[[HtmlElement, int], Iterator[Block]]] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _heading),
    "ul": _list,
    "ol": _list,
    "table": _table,
    "blockquote": _quote,
    "hr": _nothing,
}


def _holds_blocks(element: HtmlElement) -> bool:
    return any(inner.tag in AROUND for inner in element.iterdescendants() if isinstance(inner.tag, str))


def _prose(element: HtmlElement, but: tuple[str, ...] = ()) -> str:
    return _tidy(_inner(element, but))


def _inner(element: HtmlElement, but: tuple[str, ...] = ()) -> str:
    pieces: list[Piece] = [(_text(element.text), "")]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in LEFT_OUT and child.tag not in but:
            # Blocks within a cell or an item run on as one text, a space between them.
            apart = " " if child.tag in AROUND else ""
            pieces += [(apart, ""), (_inline(child, but), _mark(child)), (apart, "")]
        pieces.append((_text(child.tail), ""))
    return _run_on(pieces)


def _run_on(pieces: list[Piece]) -> str:
    """Return pieces as one text; Word cuts what is bold into runs, and to readers it is one."""
    text, last = "", ""
    for piece, mark in pieces:
        if not piece:
            continue
        if mark and mark == last and text.endswith(mark) and piece.startswith(mark):
            text = text.removesuffix(mark) + piece.removeprefix(mark)
        else:
            text += piece
        last = mark
    return text


def _inline(element: HtmlElement, but: tuple[str, ...] = ()) -> str:
    if element.tag == "br":
        return "\\\n"
    text = _inner(element, but)
    if element.tag == "a":
        return _link(text, (element.get("href") or "").strip())
    return _marked(text, _mark(element))


def _mark(element: HtmlElement) -> str:
    """Return the mark for what an element says of its text: bold, italic, or nothing."""
    style = SPACE.sub("", element.get("style", "").lower())
    # Google Docs wraps all that is copied in a <b> whose weight is normal.
    is_bold = element.tag in ("b", "strong") and "font-weight:normal" not in style
    if is_bold or re.search(r"font-weight:(?:bold|[6-9]00)", style):
        return "**"
    is_italic = element.tag in ("i", "em") and "font-style:normal" not in style.replace("mso-bidi-font-style", "")
    return "*" if is_italic or "font-style:italic" in style.replace("mso-bidi-font-style", "") else ""


def _marked(text: str, mark: str) -> str:
    """Put a mark around a text; the space at its ends goes outside, where it does not undo the mark."""
    said = text.strip()
    if not mark or not said or mark in said or "\\\n" in said:
        return text
    before = text[: len(text) - len(text.lstrip())]
    return f"{before}{mark}{said}{mark}{text[len(text.rstrip()) :]}"


def _link(text: str, href: str) -> str:
    said = text.strip()
    if not said or not href.lower().startswith(SCHEMES) or re.search(r"[\s<>\\]", href) or "](" in said:
        return text
    target = href.replace("(", "%28").replace(")", "%29")
    return f"{text[: len(text) - len(text.lstrip())]}[{said}]({target}){text[len(text.rstrip()) :]}"


def _text(text: str | None) -> str:
    return escaped(SPACE.sub(" ", text)) if text else ""


def _tidy(text: str) -> str:
    lines = [SPACE.sub(" ", line).strip() for line in text.split("\n")]
    joined = "\n".join(lines).strip()
    return re.sub(r"(?:\\\n)+$|^(?:\\\n)+|\\$", "", joined).strip()


def _says(block: Block) -> bool:
    return bool(block.get("text") or block.get("items") or block.get("columns"))


def _joined(found: list[Block]) -> list[Block]:
    """Put the items that Word wrote as paragraphs together into lists."""
    joined: list[Block] = []
    for block in found:
        is_item = block.pop("joined", False)
        last = joined[-1] if joined else {}
        if is_item and last.get("open") and last["ordered"] == block["ordered"]:
            last["items"] += block["items"]
            continue
        joined.append({**block, "open": True} if is_item else block)
    return [{name: value for name, value in block.items() if name != "open"} for block in joined]
