"""From the inline Markdown of a text to safe inline HTML, to plain text, and to the targets of its links.

Any string goes in, none raises. Knows nothing of blocks or addresses: `link` says where an entry lives.
"""

import re
from collections.abc import Callable, Iterator
from html import escape

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.token import Token

Link = Callable[[str], str | None]

ENTRY = "entry:"
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
TAGS = frozenset({"em", "strong", "a", "br", "code"})
ATTRIBUTES = {"a": {"href", "hreflang", "rel"}}
DEPTH = 16
"""Emphasis nested deeper than this loses its tags: no reader sees it, and no later parser is strained."""

# What no reader sees and what can turn a sentence round: controls, embeddings, overrides and isolates,
# zero-width spaces, word joiners, byte order marks, tags. Kept: LRM, RLM, ALM, ZWJ and ZWNJ, which Arabic,
# Persian and emoji need, and the soft hyphen, which long Dutch words need.
_INVISIBLE = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u180e\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
)
_BREAKS = "\x0b\x0c\x85\u2028\u2029"
_SURROGATES = "\ud800-\udfff"
_MARKS = "\\\\`*_\\[&\n\r"

_special = re.compile(f"[{_MARKS}<>{_INVISIBLE}{_BREAKS}{_SURROGATES}]").search
_markup = re.compile(r"[\\`*_\[\n\r]|&[#A-Za-z]").search
_unclean = re.compile(f"[{_INVISIBLE}{_BREAKS}{_SURROGATES}]")
_ignored_in_url = re.compile(f"[\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u061c\u3000{_INVISIBLE}{_BREAKS}]")
_scheme = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE).match

# More marks than any person writes in one text: it is shown as it is, unparsed, and keeps no worker busy.
_MARKS_AT_MOST = 5_000

_cleaner = nh3.Cleaner(
    tags=set(TAGS),
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    url_schemes=set(SCHEMES),
    link_rel=None,
)


def to_html(markdown: str, link: Link) -> str:
    """Turn inline Markdown into sanitised inline HTML; `link` gives an entry's address, None for no link."""
    if not _special(markdown):
        return markdown
    text = without_controls(markdown)
    if not _markup(text):
        return escape(text, quote=False)
    return _sanitise("".join(_html(_tokens(text), link)))


def linked(text: str, address: str) -> str:
    """Turn a plain text into safe HTML that leads to an address, or nowhere where the address is not safe."""
    href = safe_href(address)
    said = escape(without_controls(text), quote=False)
    return f'<a href="{escape(href)}" rel="noopener noreferrer">{said}</a>' if href else said


def plain(markdown: str) -> str:
    """Give the readable text without marks; a hard break is a newline, any other a space."""
    if not _special(markdown):
        return markdown
    return without_controls(
        "".join(_SHOWN_AS.get(token.type, token.content) for token in _tokens(without_controls(markdown)))
    )


def links(markdown: str) -> list[str]:
    """List the targets of all links in order, as written (entities and escapes resolved), safe or not."""
    if "[" not in markdown:
        return []
    return [
        without_controls(str(token.attrs.get("href", "")))
        for token in _tokens(without_controls(markdown))
        if token.type == "link_open"
    ]


def safe_href(target: str, schemes: frozenset[str] = SCHEMES) -> str | None:
    """Give the target as an address that may be followed, or None: these schemes, "/path" and "#anchor"."""
    squeezed = _ignored_in_url.sub("", target)
    scheme = _scheme(squeezed)
    if scheme:
        return normalizeLink(squeezed) if scheme[1].lower() in schemes else None
    # "//host" and "/\host" leave the site while looking as if they stayed on it.
    if squeezed.startswith("#") or (squeezed.startswith("/") and squeezed[1:2] not in {"/", "\\"}):
        return normalizeLink(squeezed)
    return None


def without_controls(text: str) -> str:
    """Take out what no reader sees and what could turn a sentence round; a lone surrogate becomes U+FFFD."""
    return _unclean.sub(_replacement, text)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False, "maxNesting": DEPTH})
    parser.enable(["emphasis", "link", "backticks", "escape", "entity", "newline"])
    # Which links may be followed is decided in one place, safe_href; here every link stays as written.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return parser


_markdown = _parser()
_SHOWN_AS = {"softbreak": " ", "hardbreak": "\n"}
_TAG = {
    "em_open": "<em>",
    "em_close": "</em>",
    "strong_open": "<strong>",
    "strong_close": "</strong>",
}


def _tokens(text: str) -> list[Token]:
    if sum(map(text.count, "*_`[\\&")) > _MARKS_AT_MOST:
        return [Token("text", "", 0, content=text)]
    return _markdown.parseInline(text)[0].children or []


def _html(tokens: list[Token], link: Link) -> Iterator[str]:
    depth, linked = 0, False
    for token in tokens:
        kind = token.type
        if kind == "text":
            yield escape(token.content, quote=False)
        elif kind in _TAG:
            depth += min(token.nesting, 0)
            if depth < DEPTH:
                yield _TAG[kind]
            depth += max(token.nesting, 0)
        elif kind == "link_open":
            opening = _anchor(str(token.attrs.get("href", "")), link)
            linked = opening is not None
            yield opening or ""
        elif kind == "link_close":
            yield "</a>" if linked else ""
        elif kind == "code_inline":
            yield f"<code>{escape(token.content, quote=False)}</code>"
        elif kind == "hardbreak":
            yield "<br>"
        else:
            yield "\n" if kind == "softbreak" else escape(token.content, quote=False)


def _anchor(target: str, link: Link) -> str | None:
    if target.startswith(ENTRY):
        address = link(target.removeprefix(ENTRY))
        return None if address is None else f'<a href="{escape(address)}">'
    address = safe_href(target)
    if address is None:
        return None
    rel = ' rel="noopener noreferrer"' if address[:4].lower() == "http" else ""
    return f'<a href="{escape(address)}"{rel}>'


def _sanitise(html: str) -> str:
    # Cleaned once more, since `&#x202e;` becomes a character by parsing only. A no-break space comes out as
    # an entity, which XML and many feed readers do not know.
    return _cleaner.clean(without_controls(html)).replace("&nbsp;", "\u00a0")


def _replacement(match: re.Match[str]) -> str:
    character = match[0]
    if character in _BREAKS:
        return " "
    return "\ufffd" if "\ud800" <= character <= "\udfff" else ""
