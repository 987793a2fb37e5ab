"""From a document in blocks to the same document in one string of HTML, Markdown or plain text.

Knows nothing of the kinds of block: Markdown and text are made from the HTML that `draw` makes.
"""

import re
import string
import unicodedata
from collections.abc import Callable, Collection, Mapping
from typing import Any

from markdownify import MarkdownConverter

from cms.publish.draw import Thing, to_html

FORMATS = ("blocks", "html", "markdown", "text")
_LRM = "\u200e"
_scheme = re.compile(r"^[a-z]+:(//)?")


def as_format(document: Thing, format: str, bodies: Collection[str] = ("body",)) -> dict[str, Any]:
    """Give the document with its bodies as one string each; `bio_html` becomes `bio_markdown` or `bio_text` with it.

    The name changes because text is not escaped: under `bio_html` a page would take it for markup.
    Raises ValueError where `format` is none of FORMATS.
    """
    if format not in FORMATS:
        raise ValueError(format)
    if format == "blocks":
        return dict(document)
    convert = _CONVERTERS[format]
    direction = document.get("dir", "ltr")
    shown: dict[str, Any] = {}
    for name, value in document.items():
        if name in bodies and isinstance(value, list):
            shown[name] = convert(to_html(value, document), direction)
        elif name.endswith("_html") and isinstance(value, str):
            shown[name.removesuffix("html") + format] = convert(value, direction)
        else:
            shown[name] = value
    return shown


def to_markdown(html: str, direction: str = "ltr") -> str:
    """Turn sanitised HTML into CommonMark with pipe tables."""
    return _converted(_Markdown(bullets="-", heading_style="atx"), html, direction)


def to_text(html: str, direction: str = "ltr") -> str:
    """Turn sanitised HTML into plain text: a blank line between blocks, a link as "text (address)"."""
    return _converted(_Text(bullets="-", strong_em_symbol=""), html, direction)


_CONVERTERS: Mapping[str, Callable[[str, str], str]] = {
    "html": lambda html, direction: html,
    "markdown": to_markdown,
    "text": to_text,
}


def _converted(converter: "_Markdown", html: str, direction: str) -> str:
    converter.direction = direction
    # The wrapper keeps its parser from taking a short text for a file name or an address, with a warning.
    said = converter.convert(f"<div>{html}</div>")
    return re.sub(r"\n{3,}", "\n\n", said)


# What would be read as markup: anywhere, or only where a line begins; an entity; a "!" that meets a link.
_ESCAPES = (
    (re.compile(r"([\\`*_\[\]<|~])"), r"\\\1"),
    (re.compile(r"&(?=#?\w+;)"), r"\&"),
    (re.compile(r"^(\s*)(>|=|-{2,}|[-+](?=\s|$)|#{1,6}(?=\s|$))", re.MULTILINE), r"\1\\\2"),
    (re.compile(r"^(\s*\d{1,9})([.)])(?=\s|$)", re.MULTILINE), r"\1\\\2"),
    (re.compile(r"!$"), r"\!"),
)

# (outside, inside) of the asterisks, so that they begin or end emphasis and cannot do the other.
_APART = {("space", "word"), ("mark", "word"), ("space", "mark")}
_INLINE = ("br", "em", "strong", "a", "code", "bdi")


class _Markdown(MarkdownConverter):
    """CommonMark that reads back as the same words; a callout is a quotation."""

    direction = "ltr"

    def escape(self, text: str, parent_tags: set[str]) -> str:
        for sought, replacement in _ESCAPES:
            text = sought.sub(replacement, text)
        return text

    def convert_a(self, el: Any, text: str, parent_tags: set[str]) -> str:
        href = el.get("href")
        return f"[{text}]({_closed(href)})" if href and text.strip() else text

    def convert_br(self, el: Any, text: str, parent_tags: set[str]) -> str:
        if "_inline" in parent_tags:
            return " "
        # At the end of a block a backslash would be one of the words.
        return "\\\n" if _is_followed(el) else ""

    def convert_em(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"*{text}*" if _stands_apart(el, text) else f"<em>{text}</em>"

    def convert_strong(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"**{text}**" if _stands_apart(el, text) else f"<strong>{text}</strong>"

    def convert_img(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"\n\n![{self.escape(el.get('alt', ''), parent_tags)}]({_closed(el['src'])})\n\n"

    def convert_bdi(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"{_LRM}{text}" if self.direction == "rtl" and text.startswith("+") else text

    def convert_aside(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return "\n\n" + "\n".join(f"> {line}".rstrip() for line in text.strip().split("\n")) + "\n\n"

    convert_blockquote = convert_aside

    def convert_dt(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"\n\n**{text.strip()}**\n\n"

    def convert_dd(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{text.strip()}\n\n"

    convert_address = convert_dd


class _Text(_Markdown):
    """Words only: numbers, dashes and the bars of a table are all that is left of the marks."""

    def escape(self, text: str, parent_tags: set[str]) -> str:
        return text

    def convert_a(self, el: Any, text: str, parent_tags: set[str]) -> str:
        href = el.get("href", "")
        address = _scheme.sub("", href).rstrip("/")
        within = not href or href.startswith(("/", "#"))
        return text if within or address in text else f"{text} ({href})"

    def convert_img(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{el.get('alt', '')}\n\n"

    def convert_hN(self, n: int, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{text.strip()}\n\n"

    def convert_br(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return " " if "_inline" in parent_tags else "\n"

    def convert_em(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return text

    convert_strong = convert_em

    def convert_code(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return text

    def convert_aside(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{text.strip()}\n\n"

    convert_blockquote = convert_dt = convert_aside

    def convert_td(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return (" | " if el.find_previous_sibling() else "") + " ".join(text.split())

    convert_th = convert_td

    def convert_tr(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return f"{text}\n"


def _is_followed(el: Any) -> bool:
    """Tell whether anything but white space comes after this in its block."""
    while el.name in _INLINE:
        if any(sibling.get_text().strip() for sibling in el.next_siblings):
            return True
        el = el.parent
    return False


def _stands_apart(el: Any, text: str) -> bool:
    """Tell whether asterisks around this text can only be read as its own (CommonMark 0.31, 6.2)."""
    before, after = _neighbour(el.previous_sibling, el.parent, -1), _neighbour(el.next_sibling, el.parent, 0)
    opens = (before, _class(text[:1])) in _APART
    return opens and (after, _class(text[-1:])) in _APART


def _neighbour(sibling: Any, parent: Any, place: int) -> str:
    """Return the class of the character beside an element."""
    if sibling is None:
        # Where emphasis begins at once with emphasis, their asterisks would run together.
        return "odd" if parent.name in ("em", "strong") else "space"
    if isinstance(sibling, str):
        return _class(sibling[place : place + 1 or None])
    return "mark" if sibling.name in ("a", "code") else "space" if sibling.name == "br" and place else "odd"


def _class(character: str) -> str:
    if not character or character.isspace():
        return "space"
    if character in string.punctuation:
        return "mark"
    return {"P": "mark", "S": "odd", "C": "odd", "Z": "odd"}.get(unicodedata.category(character)[0], "word")


def _closed(href: str) -> str:
    return href.replace("(", "%28").replace(")", "%29").replace("<", "%3C").replace(">", "%3E").replace(" ", "%20")
