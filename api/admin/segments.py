"""What a translator is shown of each segment: source, field, offers and findings, in words. It reads and saves nothing.

Whatever people typed and could not be saved stands in the field again, with what stood in the way.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext
from markupsafe import Markup

from api.admin.marking import Known, Span, changed, marked
from api.admin.outline import Group, Spot, outline
from api.wording import say, say_finding
from cms.desk.workbench import Line
from cms.errors import Fault
from cms.localize import scrutiny
from cms.localize.checks import ERROR, Finding
from cms.localize.differences import difference
from cms.localize.glossary import Place
from cms.localize.memory import Offer
from cms.localize.segments import source_hash
from cms.localize.suggestions import Suggestion

MARK = 16
# How the segments can be narrowed down, and what is left in each case.
FILTERS = ("all", "unfinished", "stale", "critical", "findings")


def _(text: str) -> str:
    """Mark a text for translation; it is translated when it is said."""
    return text


ORIGINS = {
    "machine": _("Machine translation"),
    "import": _("From a file"),
    "memory": _("From memory"),
    "human": _("By a person"),
}


@dataclass(frozen=True)
class Trouble:
    """Why a text could not be saved: `theirs` and `by` where another stands, `said` in words, for any reason."""

    text: str
    said: str = ""
    theirs: str = ""
    by: str = ""


@dataclass(frozen=True)
class Said:
    """One finding in words. `code` is there where a person may say that it does not matter."""

    text: str
    is_error: bool
    code: str = ""


@dataclass(frozen=True)
class Offered:
    """One text that may be taken: whole and at once by its `id`, or (without one) as something to go on from."""

    text: str
    shown: Markup
    label: str
    id: str = ""
    is_kept: bool = False


@dataclass(frozen=True)
class Row:
    """One segment as it is shown. `mark` tells later what the translator had before them."""

    spot: Spot
    line: Line
    source: Markup
    before: Markup | None
    text: str
    mark: str
    is_open: bool
    offers: tuple[Offered, ...] = ()
    findings: tuple[Said, ...] = ()
    trouble: Trouble | None = None
    theirs: Markup | None = None
    told: str = ""

    @property
    def id(self) -> str:
        """Return by which id the page knows it."""
        return anchor(self.spot.path)


@dataclass(frozen=True)
class Reach:
    """What the reader may do here: write translations, approve them."""

    writes: bool = False
    approves: bool = False


@dataclass(frozen=True)
class Bench:
    """What rows are made with: what the reader may, what is offered beyond the page, what became of what was sent."""

    reach: Reach = Reach()
    alike: Mapping[str, Sequence[Offer]] = field(default_factory=dict)
    found: Mapping[str, Sequence[Finding | Fault]] = field(default_factory=dict)
    troubles: Mapping[str, Trouble] = field(default_factory=dict)
    told: Mapping[str, str] = field(default_factory=dict)


def anchor(path: str) -> str:
    """Return by which id the page knows the segment at a path."""
    return f"s-{path}"


def mark(line: Line) -> str:
    """Return what tells later which source, which translation and which text in the field somebody had before them."""
    return ".".join(map(short, (line.source, line.text, in_field(line))))


def short(text: str) -> str:
    """Return the beginning of a text's hash: enough to tell whether it is still the same. No text has none."""
    return source_hash(text)[:MARK] if text else ""


def in_field(line: Line) -> str:
    """Return what stands in the field: the translation, or the one of the older source that it is to become."""
    return line.text or (line.older.text if line.older else "")


def is_open(line: Line, reach: Reach) -> bool:
    """Tell whether something is left to do: by translators until it waits for review, by reviewers from then on.

    For who may do neither, it is what anybody has left to do.
    """
    is_current = line.freshness == "current"
    if reach.writes and (not is_current or line.state == "draft" or _is_wrong(line)):
        return True
    if reach.approves:
        return is_current and not line.is_done and line.state != "draft"
    return not reach.writes and not line.is_done


def is_draft(line: Line) -> bool:
    """Tell whether a text is a draft that nothing keeps from being reviewed."""
    return line.freshness == "current" and line.state == "draft" and not _is_wrong(line)


def _is_wrong(line: Line) -> bool:
    return any(each.severity == ERROR for each in line.findings)


def passes(line: Line, show: str, reach: Reach) -> bool:
    """Tell whether a segment is left when the page is narrowed down to one of FILTERS."""
    return {
        "unfinished": is_open(line, reach),
        "stale": line.freshness == "stale",
        "critical": line.critical,
        "findings": bool(line.findings),
    }.get(show, True)


def rows(lines: Sequence[Line], bench: Bench) -> list[tuple[Group, list[Row]]]:
    """Return the segments as they are shown, in the groups that they form."""
    by_path = {line.path: line for line in lines}
    return [(group, [_row(by_path[spot.path], spot, bench) for spot in group.spots]) for group in outline(lines)]


def said(found: Iterable[Finding | Fault]) -> list[Said]:
    """Return findings in words, errors first as they come."""
    return [
        # These are whole sentences; what checks find is part of one.
        Said(say(each.code, isolated(each.values)).removesuffix("."), is_error=True)
        if isinstance(each, Fault)
        else Said(
            say_finding(each.code, each.reason, isolated(each.values)),
            each.severity == ERROR,
            each.code if scrutiny.is_waivable(each) else "",
        )
        for each in found
    ]


def isolated(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values whose texts keep their own direction in a sentence of another (FSI and PDI, UAX #9)."""
    # These two name what a check found, and are not shown themselves.
    kept = ("check", "reason")
    return {
        name: f"\u2068{value}\u2069" if isinstance(value, str) and name not in kept else value
        for name, value in values.items()
    }


def _row(line: Line, spot: Spot, bench: Bench) -> Row:
    trouble = bench.troubles.get(line.path)
    shown = line.source
    before: Markup | None = None
    changes: list[Span] = []
    if line.older:
        old, gone = changed(line.older.change, "gone")
        shown, changes = changed(line.older.change, "new")
        before = marked(old, is_inline=line.is_inline, changes=gone)
    theirs = None
    if trouble and trouble.theirs:
        their_text, new = changed(difference(trouble.text, trouble.theirs), "new")
        theirs = marked(their_text, is_inline=line.is_inline, changes=new)
    return Row(
        spot=spot,
        line=line,
        source=marked(shown, is_inline=line.is_inline, terms=_known(line), changes=changes),
        before=before,
        text=trouble.text if trouble else in_field(line),
        mark=mark(line),
        is_open=is_open(line, bench.reach),
        offers=tuple(_offers(line, bench.alike.get(line.path))),
        findings=tuple(said(bench.found.get(line.path, line.findings))),
        trouble=trouble,
        theirs=theirs,
        told=bench.told.get(line.path, ""),
    )


def _known(line: Line) -> list[Known]:
    together: dict[tuple[int, int], list[Place]] = {}
    for place in line.terms:
        together.setdefault((place.start, place.end), []).append(place)
    return [
        Known(start, end, "; ".join(map(_wanted, places)), f"t-{line.path}-{start}")
        for (start, end), places in together.items()
    ]


def _wanted(place: Place) -> str:
    term = place.term
    said = {
        "preferred": gettext("Use “%(term)s”", term=term.target),
        "forbidden": gettext("Not “%(term)s”", term=term.target),
        "keep": gettext("Leave it as it is"),
    }[term.status]
    return f"{said} ({term.note})" if term.note else said


def _offers(line: Line, alike: Sequence[Offer] | None) -> Iterable[Offered]:
    seen = {line.text}
    for each in line.suggestions:
        if each.text not in seen:
            seen.add(each.text)
            yield _suggested(line, each)
    for target, likeness in _remembered(line, alike):
        if target not in seen:
            seen.add(target)
            label = _("From memory: the same text") if likeness >= 100 else _("From memory: %(likeness)s%% alike")
            yield Offered(target, marked(target, is_inline=line.is_inline), gettext(label, likeness=int(likeness)))


def _remembered(line: Line, alike: Sequence[Offer] | None) -> list[tuple[str, float]]:
    if alike is None:
        return [(pair.target, 100.0) for pair in line.memory]
    return [(offer.pair.target, offer.likeness) for offer in alike]


def _suggested(line: Line, each: Suggestion) -> Offered:
    is_facts = each.why == "facts"
    # Only a change of facts is one of the text in the field; of any other text all would be marked.
    text, new = changed(difference(in_field(line), each.text), "new") if is_facts else (each.text, [])
    return Offered(
        text=each.text,
        shown=marked(text, is_inline=line.is_inline, changes=new),
        label=gettext("The same change in your translation: only facts changed") if is_facts else _origin(each.origin),
        id=each.id,
        is_kept=not is_facts,
    )


def _origin(origin: str) -> str:
    return gettext(ORIGINS[origin]) if origin in ORIGINS else origin
