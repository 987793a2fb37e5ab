"""The page on which an entry is translated into one locale. What people do there is in `translating_steps`."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from api.admin import page, session
from api.admin.outline import outline
from api.admin.segments import (
    FILTERS,
    Bench,
    Reach,
    Row,
    Trouble,
    anchor,
    in_field,
    is_draft,
    is_open,
    isolated,
    passes,
    rows,
    said,
)
from api.admin.session import needs
from api.machine_settings import Machine
from api.public.answers import site
from api.report import one_line
from api.wording import say
from cms.content import entries
from cms.desk import publishing, translating
from cms.desk.workbench import Line, TranslationPage
from cms.errors import Fault, NotFound
from cms.localize.checks import Finding
from cms.localize.exchange.inline import parse, plain
from cms.people import rights

# How much of a text is shown to tell it from others.
BEGINNING = 50

pages = Blueprint("translating", __name__, url_prefix="/entries/<entry>/translate/<locale>")


@pages.get("")
@needs("translation.read")
def show(entry: str, locale: str) -> Response:
    """Show source and translation side by side."""
    found = look(entry, locale)
    wanted = request.args.get("memory", "")
    alike = {wanted: translating.offers_for(session.db(), entry, locale, wanted)} if wanted in _paths(found) else {}
    return draw(found, alike=alike)


@pages.get("/next")
@needs("translation.read")
def begin(entry: str, locale: str) -> AnyResponse:
    """Lead to what is to be done next: critical advice first, then as it comes."""
    found = look(entry, locale)
    left = [line for line in found.lines if is_open(line, reach(found))]
    first = next((line for line in left if line.critical and line.freshness != "current"), left[0] if left else None)
    return redirect(address(found, anchor(first.path) if first else ""), 303)


@pages.post("/check")
@needs("translation.read")
def check(entry: str, locale: str) -> Response:
    """Say what is found in a text that is being typed."""
    path = request.form.get("path", "")
    found = translating.check_texts(session.db(), entry, locale, {path: request.form.get("text", "")})
    return page.render("admin/translating/check.html", findings=said(found[path]), path=path)


@pages.get("/memory")
@needs("translation.read")
def memory(entry: str, locale: str) -> Response:
    """Show what the memory has that is like one segment."""
    found, path = look(entry, locale), request.args.get("path", "")
    if path not in _paths(found):
        raise NotFound("segment", path)
    alike = {path: translating.offers_for(session.db(), entry, locale, path)}
    return part(found, [path], alike=alike)


def look(entry: str, locale: str) -> TranslationPage:
    """Return what there is to translate. Raises NotFound also for a locale that the site does not have."""
    if locale not in site().locales or locale == entries.find(session.db(), entry).source_locale:
        raise NotFound("locale", locale)
    return translating.page(session.db(), entry, locale)


def draw(
    found: TranslationPage,
    status: int = 200,
    troubles: Mapping[str, Trouble] | None = None,
    alike: Mapping[str, Any] | None = None,
    slug: str | None = None,
    slug_problem: str = "",
) -> Response:
    """Return the page; what could not be saved stands in its fields again."""
    kept = [line for line in found.lines if passes(line, _narrowed(), reach(found)) or line.path in (troubles or {})]
    drawn = rows(kept, _bench(found, kept, troubles, alike))
    page.section("translations")
    return page.render(
        "admin/translating/page.html",
        status,
        groups=drawn,
        troubled=[row for _group, each in drawn for row in each if row.trouble],
        slug=found.slug if slug is None else slug,
        slug_problem=slug_problem,
        **_around(found),
    )


def part(
    found: TranslationPage,
    paths: Sequence[str],
    status: int = 200,
    troubles: Mapping[str, Trouble] | None = None,
    told: Mapping[str, str] | None = None,
    alike: Mapping[str, Any] | None = None,
) -> Response:
    """Return only these segments and how far the whole has come, for a page that takes them in."""
    # All lines, for what a heading looks like depends on those before it.
    lines = [line for line in found.lines if line.path in paths]
    drawn = rows(found.lines, _bench(found, lines, troubles, alike, told))
    wanted: list[Row] = [row for _group, each in drawn for row in each if row.line.path in paths]
    return page.render("admin/translating/part.html", status, rows=wanted, **_around(found))


def address(found: TranslationPage, at: str = "") -> str:
    """Return the address of the page, narrowed down as it was, at one of its segments."""
    show = request.args.get("show") or None
    return url_for("admin.translating.show", entry=found.entry, locale=found.locale, show=show, _anchor=at or None)


def may(action: str, found: TranslationPage) -> bool:
    """Tell whether the reader may do this to the translation; what is put away can only be taken elsewhere."""
    stays = found.archived_at and action != "translation.export"
    return not stays and rights.may(session.actor(), action, found.type, found.locale)


def reach(found: TranslationPage) -> Reach:
    """Return what the reader may do to the texts."""
    return Reach(writes=may("translation.save", found), approves=may("translation.approve", found))


def _bench(
    found: TranslationPage,
    lines: Iterable[Line],
    troubles: Mapping[str, Trouble] | None,
    alike: Mapping[str, Any] | None,
    told: Mapping[str, str] | None = None,
) -> Bench:
    return Bench(
        reach=reach(found),
        alike=alike or {},
        found=_findings(found, lines, troubles or {}),
        troubles=troubles or {},
        told=told or {},
    )


def _findings(
    found: TranslationPage, lines: Iterable[Line], troubles: Mapping[str, Trouble]
) -> Mapping[str, Sequence[Finding | Fault]]:
    """Return what is found in texts that are in a field and are not saved: what is stale, and what was refused."""
    texts = {line.path: in_field(line) for line in lines if line.older}
    texts |= {path: trouble.text for path, trouble in troubles.items() if path in _paths(found)}
    return translating.check_texts(session.db(), found.entry, found.locale, texts) if texts else {}


def _around(found: TranslationPage) -> dict[str, Any]:
    """Return what stands around the segments: names, rights, how far it has come and what keeps it back."""
    machine: Machine = current_app.config["SETTINGS"].machine
    blockers = publishing.blockers(session.db(), found.entry, found.locale, now=session.now(), site=site())
    may_do = reach(found)
    return {
        "found": found,
        "may_save": may_do.writes,
        "may_approve": may_do.approves,
        "may_waive": may("translation.waive", found),
        "may_publish": may("translation.publish", found),
        "may_exchange": may("translation.export", found),
        "blockers": [
            (problem.pointer.lstrip("/"), say(problem.code, isolated(problem.values))) for problem in blockers
        ],
        "paths": _paths(found),
        "names": {spot.path: spot.label for group in outline(found.lines) for spot in group.spots},
        "begins": {line.path: one_line(plain(parse(line.source)), BEGINNING) for line in found.lines},
        "drafts": sum(is_draft(line) for line in found.lines) if may_do.writes else 0,
        "has_machine": bool(machine.name),
        "show": _narrowed(),
        "counts": {name: sum(passes(line, name, may_do) for line in found.lines) for name in FILTERS},
        "progress": _progress(found),
        "left": sum(is_open(line, may_do) for line in found.lines),
        "is_done": all(line.is_done for line in found.lines),
        "critical": sum(line.critical and line.freshness != "current" for line in found.lines),
    }


def _progress(found: TranslationPage) -> list[tuple[str, int, int]]:
    """Return the parts of the bar: (what, where it begins, how long it is), in segments."""
    kinds = [line.state if line.freshness == "current" else line.freshness for line in found.lines]
    parts, at = [], 0
    for kind in ("approved", "needs_review", "draft", "stale", "missing"):
        if count := kinds.count(kind):
            parts.append((kind, at, count))
            at += count
    return parts


def _narrowed() -> str:
    """Return to which of the segments the page is narrowed down."""
    show = request.args.get("show", "")
    return show if show in FILTERS else FILTERS[0]


def _paths(found: TranslationPage) -> set[str]:
    return {line.path for line in found.lines}
