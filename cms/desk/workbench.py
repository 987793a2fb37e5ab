"""All that a translator sees of one entry in one locale, in the entry's own order. It reads and changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError

from cms.content import entries, revisions, types
from cms.content.fields import tidy
from cms.errors import Fault, Invalid, Problem
from cms.localize import glossary, memory, offers, scrutiny, translations, waivers
from cms.localize.checks import Finding
from cms.localize.differences import difference
from cms.localize.exchange.units import Value, values
from cms.localize.glossary import Place
from cms.localize.memory import Offer, Remembered
from cms.localize.scrutiny import Scrutiny
from cms.localize.suggestions import Suggestion
from cms.localize.translations import Rendering, Translation
from cms.publish import live
from cms.store import Database

MOST_REMEMBERED = 5
Difference = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Step:
    """One step on the way to a text: into which list, and the thing there with what tells how it looks.

    `number` counts the things of the list from 1; `type`, `level`, `ordered` and `urgency` are those of a block.
    """

    list: str
    id: str
    number: int
    type: str = ""
    level: int = 0
    ordered: bool = False
    urgency: str = ""


@dataclass(frozen=True)
class Older:
    """A translation of an older source text; `change` is how that source became the present one, in words."""

    source: str
    text: str
    change: Difference
    saved_by: str
    saved_at: str


@dataclass(frozen=True)
class Line:
    """One segment. `text` and all about it are of the source as it reads now; `older` is there where it is stale.

    `field` is the name of the value, `steps` the way to it, empty for a field of the entry itself. `approved` is the
    text that readers of the locale get, where a draft stands beside it. `waived` has the findings that do not count.
    """

    path: str
    field: str
    steps: tuple[Step, ...]
    critical: bool
    is_inline: bool
    max_length: int
    source: str
    freshness: str
    text: str = ""
    approved: str = ""
    state: str = ""
    origin: str = ""
    saved_by: str = ""
    saved_at: str = ""
    older: Older | None = None
    suggestions: tuple[Suggestion, ...] = ()
    memory: tuple[Remembered, ...] = ()
    terms: tuple[Place, ...] = ()
    findings: tuple[Finding, ...] = ()
    waived: tuple[waivers.Waiver, ...] = ()

    @property
    def block(self) -> str:
        """Return the id of the top-level block or part around the text, empty for a field."""
        return self.steps[0].id if self.steps else ""

    @property
    def block_type(self) -> str:
        """Return the type of that block, empty where there is none."""
        return self.steps[0].type if self.steps else ""

    @property
    def is_done(self) -> bool:
        """Tell whether nothing is left to do: current, approved, and nothing stands against it."""
        return self.freshness == "current" and self.state == "approved" and not self.findings


@dataclass(frozen=True)
class TranslationPage:
    """One entry in one locale; `state` is that of its edition there: none, published, unpublished or withdrawn."""

    entry: str
    type: str
    title: str
    source_locale: str
    locale: str
    revision: int
    live_revision: int
    state: str
    slug: str
    lines: tuple[Line, ...]
    archived_at: str = ""

    def count(self, freshness: str) -> int:
        """Return how many segments are current, stale or missing."""
        return sum(line.freshness == freshness for line in self.lines)


def page(db: Database, entry: str, locale: str) -> TranslationPage:
    """Return what a translator needs of the newest revision. Raises NotFound, Invalid where it is the source's locale.

    Of the memory it has what was remembered for the very same text; `offers_for` has what is like it.
    """
    row = entries.find(db, entry)
    _refuse_source(row.source_locale, locale)
    kind, revision = types.find(row.type), revisions.get(db, entry, row.latest)
    found = values(kind, revision.content)
    working = translations.working(db, entry, locale)
    rendered = translations.match([value.segment for value in found.values()], working)
    approved = {(each.path, each.source_hash): each.text for each in translations.approved(db, entry, locale)}
    offered: dict[tuple[str, str], list[Suggestion]] = {}
    for each in offers.open_for(db, entry, locale):
        offered.setdefault((each.path, each.source_hash), []).append(each)
    sources = [value.segment.source for value in found.values()]
    remembered = memory.exact(db, sources, row.source_locale, locale, entry=entry)
    checks = scrutiny.read(db, entry, row.source_locale, locale).concerning(sources)
    waived = waivers.waived(db, entry, locale)
    editions = live.current(db, entry)
    source, edition = editions.get(row.source_locale), editions.get(locale)
    lines = tuple(
        _line(
            revision.content,
            value,
            rendered[path],
            approved.get((path, value.segment.source_hash), ""),
            offered.get((path, value.segment.source_hash), []),
            remembered.get(value.segment.source, []),
            checks,
            waived,
        )
        for path, value in found.items()
    )
    return TranslationPage(
        entry=entry,
        type=row.type,
        title=str(revision.content[kind.title]),
        source_locale=row.source_locale,
        locale=locale,
        revision=revision.number,
        live_revision=source.revision if source and source.state == "published" else 0,
        state=edition.state if edition else "none",
        slug=translations.slug(db, entry, locale) or (edition.slug if edition else ""),
        lines=lines,
        archived_at=row.archived_at,
    )


def offers_for(db: Database, entry: str, locale: str, path: str, limit: int = 5) -> list[Offer]:
    """Return what the memory has for one segment: the same text, then what is like it. Raises NotFound, Invalid."""
    row = entries.find(db, entry)
    value = _values(db, entry, locale, [path])[path]
    return memory.suggest(db, value.segment.source, row.source_locale, locale, limit, entry=entry, path=path)


def check_texts(
    db: Database, entry: str, locale: str, texts: Mapping[str, str]
) -> dict[str, tuple[Finding | Fault, ...]]:
    """Return what is wrong with texts that nobody has saved: what their fields refuse (Fault), then what checks find.

    What has been waived for these very wordings is left out. Raises NotFound, Invalid for a path that is none.
    """
    row = entries.find(db, entry)
    found = _values(db, entry, locale, texts)
    checks = scrutiny.read(db, entry, row.source_locale, locale)
    checks = checks.concerning(found[path].segment.source for path in texts)
    said: dict[str, tuple[Finding | Fault, ...]] = {}
    for path, text in texts.items():
        tidied = tidy(text)
        misfits = _misfits(found[path], tidied) if tidied else ()
        said[path] = (*misfits, *(checks.standing(path, found[path].segment.source, tidied) if tidied else ()))
    return said


def _line(
    content: Mapping[str, Any],
    value: Value,
    rendering: Rendering,
    approved: str,
    offered: Sequence[Suggestion],
    remembered: Sequence[Remembered],
    checks: Scrutiny,
    waived: Mapping[waivers.Key, waivers.Waiver],
) -> Line:
    segment, stands = value.segment, rendering.translation
    current = stands if rendering.freshness == "current" else None
    wording = (segment.path, segment.source_hash, waivers.text_hash(current.text if current else ""))
    return Line(
        path=segment.path,
        field=segment.path.rpartition(".")[2],
        steps=_steps(content, segment.path),
        critical=segment.critical,
        is_inline=value.is_inline,
        max_length=value.field.max_length,
        source=segment.source,
        freshness=rendering.freshness,
        text=current.text if current else "",
        approved=approved,
        state=current.state if current else "",
        origin=current.origin if current else "",
        saved_by=current.saved_by if current else "",
        saved_at=current.saved_at if current else "",
        older=_older(stands, segment.source) if stands and not current else None,
        suggestions=tuple(offered),
        memory=tuple(each for each in remembered if not current or each.target != current.text)[:MOST_REMEMBERED],
        terms=tuple(glossary.in_text(checks.terms, segment.source, checks.source_locale)),
        findings=checks.standing(segment.path, segment.source, current.text) if current else (),
        waived=tuple(waiver for key, waiver in waived.items() if key[:3] == wording),
    )


def _older(stands: Translation, source: str) -> Older:
    return Older(stands.source, stands.text, difference(stands.source, source), stands.saved_by, stands.saved_at)


def _steps(content: Mapping[str, Any], path: str) -> tuple[Step, ...]:
    steps: list[Step] = []
    here: Any = content
    name = ""
    for part in path.split("."):
        if isinstance(here, list):
            number = next(at for at, thing in enumerate(here, 1) if thing["id"] == part)
            here = here[number - 1]
            steps.append(
                Step(
                    list=name,
                    id=part,
                    number=number,
                    type=here.get("type", ""),
                    level=here.get("level", 0),
                    ordered=bool(here.get("ordered")),
                    urgency=here.get("urgency", ""),
                )
            )
        else:
            name, here = part, here[part]
    return tuple(steps)


def _values(db: Database, entry: str, locale: str, paths: Sequence[str] | Mapping[str, str]) -> dict[str, Value]:
    row = entries.find(db, entry)
    _refuse_source(row.source_locale, locale)
    found = values(types.find(row.type), revisions.get(db, entry, row.latest).content)
    if unknown := [path for path in paths if path not in found]:
        raise Invalid([Problem(f"/{path}", "no_such_segment") for path in unknown])
    return found


def _refuse_source(source_locale: str, locale: str) -> None:
    if locale == source_locale:
        raise Invalid([Problem("/locale", "is_source_locale", {"locale": locale})])


def _misfits(value: Value, text: str) -> tuple[Fault, ...]:
    try:
        value.field.deserialize(text)
    except ValidationError as error:
        return tuple(each for each in error.messages if isinstance(each, Fault))
    return ()
