"""A source text as translators read it: its marks shown lightly, its terms underlined, what changed marked. Pure.

It makes no HTML of Markdown: every sign of the text stays where it is, for it is to be typed again.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from cms.localize.exchange.inline import codes, parse

# A text with more of them is shown as it stands: no person wrote it, and seeking their partners would take long.
MARKS_AT_MOST = 400
# Marked text by its kind: what stands before, the text, and what stands after.
MARKS = (
    ("code", re.compile(r"(`+)(.+?)(\1)(?!`)")),
    ("link", re.compile(r"(\[)((?:\\.|[^\[\]\\])+)(\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"]*\")?\))")),
    ("strong", re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)(\1)(?![*_])")),
    ("em", re.compile(r"((?<![\w*])_|\*)(?=[^\s*_])(.+?)(?<=[^\s*_])(\1)(?![*])")),
)
# What stands around a piece of text by what it is, from within outwards.
AROUND: Mapping[str, Markup] = {
    "sign": Markup('<span class="sign">{}</span>'),
    "code": Markup("<code>{}</code>"),
    "link": Markup('<span class="linked">{}</span>'),
    "em": Markup("<em>{}</em>"),
    "strong": Markup("<strong>{}</strong>"),
    "new": Markup("<ins>{}</ins>"),
    "gone": Markup("<del>{}</del>"),
}
TERM = Markup(
    '<span class="term-around"><dfn class="term" tabindex="0" aria-describedby="{id}">{text}</dfn>'
    '<span class="term-wanted" role="tooltip" id="{id}" dir="auto">{said}</span></span>'
)


@dataclass(frozen=True)
class Span:
    """Characters [start, end) of a text and what they are: code, link, strong, em, sign, new or gone."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Known:
    """A glossary term in a text: [start, end), and in words what is wanted of it; `id` is the page's own for it."""

    start: int
    end: int
    said: str
    id: str


def marked(text: str, *, is_inline: bool, terms: Sequence[Known] = (), changes: Sequence[Span] = ()) -> Markup:
    """Return a text as HTML. Where terms overlap each other, the first is shown."""
    spans = [*(signs(text) if is_inline else ()), *changes]
    out, at = [], 0
    for term in sorted(terms, key=lambda each: each.start):
        if term.start >= at:
            inner = _runs(text, term.start, term.end, spans)
            out += [_runs(text, at, term.start, spans), TERM.format(id=term.id, text=inner, said=term.said)]
            at = term.end
    return Markup("").join([*out, _runs(text, at, len(text), spans)])


def signs(text: str) -> list[Span]:
    """Return what is marked in a text and by which signs; nothing where it reads otherwise than it looks."""
    if sum(map(text.count, "*_`[")) > MARKS_AT_MOST:
        return []
    found = list(_signs(text, 0))
    read = sorted(code.kind for code in codes(parse(text)) if code.kind != "break")
    return found if sorted(span.kind for span in found if span.kind != "sign") == read else []


def changed(difference: Sequence[tuple[str, str]], side: str) -> tuple[str, list[Span]]:
    """Return one side of a difference, `gone` the old text or `new` the new one, and what is only there."""
    text, spans = "", []
    for kind, piece in difference:
        if kind == side:
            spans.append(Span(len(text), len(text) + len(piece.rstrip()), kind))
        if kind in (side, "same"):
            text += piece
    return text, spans


def _signs(text: str, offset: int) -> Iterator[Span]:
    at = 0
    while found := _nearest(text, at):
        kind, match = found
        (start, end), (before, after) = match.span(2), match.span()
        yield Span(offset + start, offset + end, kind)
        yield Span(offset + before, offset + start, "sign")
        yield Span(offset + end, offset + after, "sign")
        if kind != "code":
            yield from _signs(text[start:end], offset + start)
        at = after


def _nearest(text: str, at: int) -> tuple[str, re.Match[str]] | None:
    found = [(kind, match) for kind, sign in MARKS if (match := sign.search(text, at))]
    return min(found, key=lambda each: each[1].start(), default=None)


def _runs(text: str, start: int, end: int, spans: Sequence[Span]) -> Markup:
    edges = {start, end, *(edge for span in spans for edge in (span.start, span.end) if start < edge < end)}
    return Markup("").join(
        _run(text[one:other], {span.kind for span in spans if span.start <= one and other <= span.end})
        for one, other in pairwise(sorted(edges))
    )


def _run(text: str, kinds: Collection[str]) -> Markup:
    shown: Markup = escape(text)
    for kind, around in AROUND.items():
        if kind in kinds:
            shown = around.format(shown)
    return shown
