"""Compare Markdown by what it makes: emphasis, strong, links, code and lists, none lost, added or broken. Pure."""

import re
from collections import Counter
from collections.abc import Iterator

from markdown_it import MarkdownIt

from cms.localize.checks.finding import ERROR, WARNING, Finding
from cms.localize.facts.remembering import remembered

_marks = re.compile(r"[*_`\[\]<&\\]|\{").search
_TAG = re.compile(
    r"</?(?:a|b|i|u|p|em|strong|br|span|div|code|ul|li|ol|font|sup|sub|g|x|bpt|ept|ph|pc)\b[^<>]*>|&(?:lt|gt|amp|nbsp|quot|#\d+|#x[0-9a-f]+);",
    re.I,
)
_PLACEHOLDER = re.compile(r"\{\{?\s*\w+\s*\}?\}|%\(\w+\)[sd]|%[sd]\b")
_LEFT = re.compile(r"\*\*?|(?<!\w)__?(?=\w)|(?<=\w)__?(?!\w)|`|\]\s*\(|\[[^\[\]]*\]")
_NAMES = {"em_open": "em", "strong_open": "strong", "link_open": "link", "code_inline": "code"}
# An item of a list; of one alone nobody can tell whether it is one.
_ITEM = re.compile(r"^[ \t]{0,3}(?:[-*•+–]|\d{1,2}[.)])[ \t]+\S", re.M)
_LIST = 2
_MARKS_AT_MOST = 2_000


def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False, "maxNesting": 16})
    parser.enable(["emphasis", "link", "backticks", "escape", "entity", "newline"])
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return parser


_markdown = _parser()


def compare(source: str, target: str) -> Iterator[Finding]:
    """Yield what differs between the marks of two texts."""
    yield from _lists(source, target)
    if not _marks(source) and not _marks(target):
        return
    ours, theirs = _read(source), _read(target)
    broken = list(theirs[1] - ours[1])
    if broken:
        at = target.rfind(broken[0])
        span = (at, at + len(broken[0])) if at >= 0 else None
        yield Finding("markup", ERROR, "broken", {"mark": broken[0]}, None, span)
    for name in ("strong", "em", "link", "code"):
        here, there = ours[0][name], theirs[0][name]
        if here == there:
            continue
        reason = "lost" if there < here else "added"
        severe = ERROR if here == 0 or there == 0 or name in ("link", "code") else WARNING
        yield Finding("markup", severe, reason, {"mark": name, "source": here, "target": there})
    for pattern, reason in ((_TAG, "tags"), (_PLACEHOLDER, "placeholder")):
        mine, other = Counter(pattern.findall(source)), Counter(pattern.findall(target))
        if mine != other:
            odd = next(iter((other - mine) or (mine - other)))
            at = target.find(odd)
            yield Finding("markup", ERROR, reason, {"mark": odd}, None, (at, at + len(odd)) if at >= 0 else None)


def _lists(source: str, target: str) -> Iterator[Finding]:
    """Yield a list whose items run on as sentences, or one that was a sentence."""
    here, there = len(_ITEM.findall(source)), len(_ITEM.findall(target))
    if here == there or max(here, there) < _LIST:
        return
    values = {"mark": "list", "source": here, "target": there}
    severe = WARNING if here and there else ERROR
    yield Finding("markup", severe, "lost" if there < here else "added", values)


@remembered
def _read(text: str) -> tuple[Counter[str], Counter[str]]:
    """Count the marks that work, and those that stay visible."""
    working: Counter[str] = Counter()
    visible: Counter[str] = Counter()
    if not _marks(text) or sum(map(text.count, "*_`[")) > _MARKS_AT_MOST:
        return working, visible
    for token in _markdown.parseInline(text)[0].children or []:
        if token.type in _NAMES:
            working[_NAMES[token.type]] += 1
        elif token.type == "text":
            visible.update(_LEFT.findall(token.content))
    # "5 * 3" and a lone asterisk of a footnote are no marks of ours.
    return working, visible
