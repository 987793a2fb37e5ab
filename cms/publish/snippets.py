"""The piece of a text that shows why it was found. Pure: it knows neither the index nor the document."""

import re
from collections.abc import Iterator, Sequence
from html import escape

from cms.localize import stems
from cms.localize.stems import Forms
from cms.store.fulltext import Node, Phrase, Prefix, Term

LENGTH = 200  # characters
LEAD = 50  # of them before the first word that matches

_ENDS = re.compile("[.?!\n؟。]")

Span = tuple[int, int, str]


def snippet(text: str, node: Node, locale: str) -> str:
    """Return, as HTML, some 200 characters of a text where most of what was asked for is found, in `<mark>`."""
    spans = stems.words(text)
    found = matching([stems.forms(word, locale) for _, _, word in spans], node)
    start, end = _window(text, spans, _densest(spans, found))
    shown, seen = [], start
    for number in sorted(found):
        a, b, _ = spans[number]
        if a >= start and b <= end:
            shown += [_html(text[seen:a]), f"<mark>{_html(text[a:b])}</mark>"]
            seen = b
    shown.append(_html(text[seen:end]))
    return f"{'… ' if start else ''}{''.join(shown)}{' …' if end < len(text) else ''}"


def matching(words: Sequence[Forms], node: Node) -> dict[int, str]:
    """Return which of the words were asked for, by their number, with what each was found by."""
    leaves = list(_leaves(node))
    terms = {leaf.word for leaf in leaves if isinstance(leaf, Term)}
    starts = tuple(leaf.start for leaf in leaves if isinstance(leaf, Prefix))
    found: dict[int, str] = {}
    for number, forms in enumerate(words):
        if starts or not terms.isdisjoint(forms.every):
            for form in forms.every:
                if form in terms or (starts and form.startswith(starts)):
                    found[number] = form
                    break
    for leaf in leaves:
        if isinstance(leaf, Phrase):
            for first in _places(words, leaf.words):
                found |= dict.fromkeys(range(first, first + len(leaf.words)), " ".join(leaf.words))
    return found


def _leaves(node: Node) -> Iterator[Term | Prefix | Phrase]:
    if isinstance(node, Term | Prefix | Phrase):
        yield node
    else:
        for inner in node.nodes:
            yield from _leaves(inner)


def _places(words: Sequence[Forms], phrase: tuple[str, ...]) -> Iterator[int]:
    for stream in ([forms.stem for forms in words], [forms.plain for forms in words]):
        for first in range(len(stream) - len(phrase) + 1):
            if stream[first] == phrase[0] and tuple(stream[first : first + len(phrase)]) == phrase:
                yield first


def _densest(spans: Sequence[Span], found: dict[int, str]) -> int:
    """Return the matching word that most different matches, then most matches at all, follow closely."""
    at = sorted(found)
    best, first = (0, 0), 0
    for place, number in enumerate(at):
        near = []
        for other in at[place : place + LENGTH]:
            if spans[other][1] - spans[number][0] > LENGTH - LEAD:
                break
            near.append(found[other])
        if (score := (len(set(near)), len(near))) > best:
            best, first = score, number
    return first


def _window(text: str, spans: Sequence[Span], focus: int) -> tuple[int, int]:
    """Return where to cut, between words: at the beginning of a sentence where one is close before the focus."""
    if not spans:
        return 0, min(len(text), LENGTH)
    first = focus
    while first and spans[focus][0] - spans[first - 1][0] <= LEAD:
        if _ENDS.search(text, spans[first - 1][1], spans[first][0]):
            break
        first -= 1
    last = focus
    while last + 1 < len(spans) and spans[last + 1][1] - spans[first][0] <= LENGTH:
        last += 1
    if last + 1 == len(spans):  # The text ends here: show more of what comes before.
        while first and spans[last][1] - spans[first - 1][0] <= LENGTH:
            first -= 1
    start = spans[first][0] if first else 0
    end = len(text) if last + 1 == len(spans) else spans[last][1]
    return start, min(end, start + 2 * LENGTH)


def _html(text: str) -> str:
    return escape(text.replace("\n", " · "))
