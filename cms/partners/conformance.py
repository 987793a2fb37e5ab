"""Hold a page of a partner against the document that it shows: version, attribution, language, indexing, time. Pure.

It knows not how the page was fetched. A page may draw the text in any way of its own: what counts is what it says.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from lxml import etree, html
from lxml.html import HtmlElement

from cms import locales
from cms.content.identity import moment

Severity = Literal["error", "warning"]
# What a finding can be, and how grave it is.
CODES: Mapping[str, Severity] = {
    "page_unreachable": "error",
    "page_missing": "error",
    "page_still_shown": "error",
    "page_outdated": "error",
    "page_unattributed": "error",
    "page_without_notice": "error",
    "page_wrong_language": "error",
    "page_wrong_direction": "error",
    "page_indexed": "error",
    "page_without_canonical": "warning",
    "page_past_its_time": "error",
}
_TEXTS = ("title", "html", "question", "caption", "cite")
_UNSEEN = frozenset({"script", "style", "template", "noscript", "head"})
_INLINE = frozenset(
    {
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "cite",
        "code",
        "em",
        "i",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
    }
    | {"time", "u", "wbr"}
)
# Marks of direction and joining, soft hyphens: a page may add or leave them out.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
DIGEST = "data-tolk-digest"
SHOWN = 80
# So short a text may stand on any page.
SHORT = 20


@dataclass(frozen=True)
class Page:
    """What came of fetching an address: `error` in words where nothing did, else status, headers and the body."""

    url: str
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    error: str = ""


@dataclass(frozen=True)
class Expected:
    """What a page should show: the document, or none where it is gone; then `was` holds the texts that readers had."""

    locale: str
    etag: str
    document: Mapping[str, Any] | None
    was: Sequence[str] = ()
    indexing: str = "canonical"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a page; `values` are for its wording."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """Return how grave it is."""
        return CODES[self.code]


@dataclass(frozen=True)
class Piece:
    """A text of a document as a page must say it: its block, its language, and whether it is a notice."""

    block: str
    text: str
    lang: str
    is_notice: bool = False


class _Text:
    """What a reader sees of a page, in one string, with the place in it of each element."""

    def __init__(self, root: HtmlElement) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._spans: list[tuple[int, int, HtmlElement]] = []
        self._read(root)
        self.said = "".join(self._parts)

    def has(self, text: str) -> bool:
        """Tell whether a text is among it."""
        return _normal(text) in self.said

    def saying(self, text: str) -> HtmlElement | None:
        """Return the innermost element that says a text, the first where several do."""
        sought = _normal(text)
        start = self.said.find(sought)
        if start < 0:
            return None
        around = [(last - first, element) for first, last, element in self._spans
                  if first <= start and start + len(sought) <= last]  # fmt: skip
        return min(around, key=lambda each: each[0])[1] if around else None

    def _read(self, root: HtmlElement) -> None:
        # A loop of its own: a page may be nested deeper than Python calls.
        waiting: list[tuple[HtmlElement, int | None]] = [(root, None)]
        while waiting:
            element, began = waiting.pop()
            if began is not None:
                self._add("" if element.tag in _INLINE else " ")
                self._spans.append((began, self._length, element))
                self._add(element.tail or "")
                continue
            if not isinstance(element.tag, str) or element.tag in _UNSEEN or element.get("hidden") is not None:
                self._add(element.tail or "")
                continue
            self._add("" if element.tag in _INLINE else " ")
            waiting.append((element, self._length))
            self._add(element.text or "")
            waiting += [(child, None) for child in reversed(element)]

    def _add(self, text: str) -> None:
        folded = _fold(text)
        if not folded:
            return
        spaced = " ".join(folded.split())
        before = folded[:1].isspace() and self._length and not self._parts[-1].endswith(" ")
        spaced = f"{' ' if before else ''}{spaced}{' ' if spaced and folded[-1].isspace() else ''}"
        if spaced:
            self._parts.append(spaced)
            self._length += len(spaced)


def judge(page: Page, expected: Expected, now: datetime) -> list[Finding]:
    """Return what is wrong with a page, the gravest first; nothing where it is as it should be."""
    if page.error:
        return [Finding("page_unreachable", {"said": page.error})]
    if expected.document is None:
        return list(_of_what_is_gone(page, expected.was))
    if page.status != 200:
        return [Finding("page_missing", {"status": page.status})]
    root = _parsed(page.body)
    if root is None:
        return [Finding("page_outdated", {"missing": 1, "total": 1, "text": ""})]
    text = _Text(root)
    return [
        *_of_version(root, text, expected),
        *_of_time(expected.document, now),
        *_of_language(text, expected),
        *_of_attribution(root, text, expected.document),
        *_of_indexing(page, root, expected),
    ]


def pieces(document: Mapping[str, Any]) -> list[Piece]:
    """Return every text of a document that a page must say, in reading order."""
    lang = str(document["locale"])
    found = [Piece("", str(document[name]), lang) for name in ("title", "summary") if document.get(name)]
    for value in document.values():
        is_list = isinstance(value, list) and value and isinstance(value[0], Mapping)
        # A card is of a type as well, and leads somewhere; a block does not.
        if is_list and "type" in value[0] and "href" not in value[0]:
            found += _in_blocks(value, lang)
    return found


def _in_blocks(blocks: Iterable[Mapping[str, Any]], lang: str) -> Iterator[Piece]:
    for block in blocks:
        yield from _in_block(block, str(block.get("id", "")), lang, lang)


def _in_block(value: Any, block: str, lang: str, page: str) -> Iterator[Piece]:
    if isinstance(value, Mapping):
        own = str(value.get("lang", lang))
        if notice := value.get("notice"):
            yield Piece(block, str(notice), str(value.get("notice_lang") or page), is_notice=True)
        for name in _TEXTS:
            if isinstance(said := value.get(name), str) and said:
                yield Piece(block, _plain(said) if name == "html" else said, own)
        for name, inner in value.items():
            # A clinic in a contact block is drawn in many ways; its own page is checked by itself.
            if isinstance(inner, list) and name != "images":
                for each in inner:
                    yield from _in_block(each, block, own, page)


def _plain(fragment: str) -> str:
    parsed = html.fragment_fromstring(fragment, create_parent="div")
    return str(parsed.text_content())


def _of_what_is_gone(page: Page, was: Sequence[str]) -> Iterator[Finding]:
    if page.status in (404, 410) or page.status >= 300:
        return
    root = _parsed(page.body)
    if root is None:
        return
    found = _Text(root)
    shown = [text for text in was if len(text) > SHORT and found.has(text)]
    if shown:
        yield Finding("page_still_shown", {"text": shown[0][:SHOWN], "count": len(shown)})


def _of_version(root: HtmlElement, text: _Text, expected: Expected) -> Iterator[Finding]:
    document = expected.document or {}
    wanted = pieces(document)
    missing = [piece for piece in wanted if not text.has(piece.text)]
    notices = [piece for piece in missing if piece.is_notice]
    texts = [piece for piece in missing if not piece.is_notice]
    # A page that says by its digest which version it is may leave out what it draws otherwise, and no notice.
    if texts and expected.etag not in {str(each) for each in root.xpath(f"//@{DIGEST}")}:
        values = {"missing": len(texts), "total": len(wanted), "text": texts[0].text[:SHOWN], "block": texts[0].block}
        yield Finding("page_outdated", values)
    if notices:
        yield Finding("page_without_notice", {"text": notices[0].text[:SHOWN], "block": notices[0].block})


def _of_time(document: Mapping[str, Any], now: datetime) -> Iterator[Finding]:
    until = document.get("display_until")
    if until and moment(str(until)) <= now:
        yield Finding("page_past_its_time", {"until": until})


def _of_language(text: _Text, expected: Expected) -> Iterator[Finding]:
    wrong_language = wrong_direction = None
    for piece in pieces(expected.document or {}):
        element = text.saying(piece.text)
        if element is None:
            continue
        lang = _nearest(element, "lang")
        if locales.base(lang or "und") != locales.base(piece.lang):
            wrong_language = wrong_language or {"lang": lang, "wanted": piece.lang, "text": piece.text[:SHOWN]}
        wanted = locales.direction(piece.lang)
        direction = _nearest(element, "dir").lower()
        if direction != "auto" and (direction or "ltr") != wanted:
            wrong_direction = wrong_direction or {"dir": direction, "wanted": wanted, "text": piece.text[:SHOWN]}
    if wrong_language:
        yield Finding("page_wrong_language", wrong_language)
    if wrong_direction:
        yield Finding("page_wrong_direction", wrong_direction)


def _of_attribution(root: HtmlElement, text: _Text, document: Mapping[str, Any]) -> Iterator[Finding]:
    attribution = document.get("attribution") or {}
    wanted = str(attribution.get("text", ""))
    whole = all(map(text.has, wanted.split(", ")))
    links = {str(each).rstrip("/") for each in root.xpath("//a/@href")}
    linked = {str(document.get(name, "")).rstrip("/") for name in ("canonical_url", "url")} & links
    if wanted and not (whole and linked):
        yield Finding("page_unattributed", {"text": wanted, "url": document.get("canonical_url", "")})


def _of_indexing(page: Page, root: HtmlElement, expected: Expected) -> Iterator[Finding]:
    robots = [str(each) for each in root.xpath("//meta[@name='robots']/@content")]
    robots += [value for name, value in page.headers.items() if name.lower() == "x-robots-tag"]
    if re.search(r"\b(?:noindex|none)\b", " ".join(robots).lower()) or expected.indexing == "index":
        return
    if expected.indexing == "noindex":
        yield Finding("page_indexed")
        return
    canonical = {str(each).rstrip("/") for each in root.xpath("//link[@rel='canonical']/@href")}
    url = str((expected.document or {}).get("canonical_url", ""))
    if url.rstrip("/") not in canonical:
        yield Finding("page_without_canonical", {"url": url})


def _parsed(body: bytes) -> HtmlElement | None:
    try:
        root = html.document_fromstring(body, parser=html.HTMLParser(encoding=_encoding(body), no_network=True))
    except (etree.ParserError, ValueError):
        return None
    return root


def _encoding(body: bytes) -> str:
    """Return UTF-8 unless the page says otherwise at its beginning, as the HTML standard has it."""
    found = re.search(rb"<meta[^>]{0,200}charset=[\"']?([A-Za-z0-9_-]{1,40})", body[:1024])
    name = found[1].decode() if found else "utf-8"
    try:
        "".encode(name)
    except LookupError:
        return "utf-8"
    return name


def _nearest(element: HtmlElement, name: str) -> str:
    for each in (element, *element.iterancestors()):
        if (value := each.get(name)) is not None:
            return str(value)
    return ""


def _normal(text: str) -> str:
    return " ".join(_fold(text).split())


def _fold(text: str) -> str:
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold()
