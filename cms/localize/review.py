"""What a reviewer decides beside approving, and what the checks hold against publishing. It knows no documents."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from cms.content import entries
from cms.content.identity import stamp
from cms.errors import Invalid, NotFound, Problem, Refused
from cms.localize import scrutiny, waivers
from cms.localize.progress import desk
from cms.localize.translations import Rendering
from cms.localize.waivers import Waiver
from cms.store import Database, write


def reasons(
    db: Database, entry: str, source_locale: str, locale: str, renderings: Mapping[str, Rendering]
) -> list[Problem]:
    """Return what the checks hold against publishing these texts, of those that are current."""
    current = {
        path: (rendering.segment.source, rendering.translation.text)
        for path, rendering in renderings.items()
        if rendering.freshness == "current" and rendering.translation
    }
    checks = scrutiny.read(db, entry, source_locale, locale).concerning(source for source, _ in current.values())
    return [
        scrutiny.problem(path, finding)
        for path, (source, text) in current.items()
        for finding in checks.standing(path, source, text)
    ]


def waive(db: Database, entry: str, locale: str, path: str, code: str, reason: str, *, by: str, now: datetime) -> None:
    """Say that a finding about the text that translators see at a path does not matter, and why.

    It holds for this wording of this source text. Raises Invalid without a reason, NotFound where there is no such
    translation or finding, Refused where it is an error that nobody may waive.
    """
    if not reason.strip():
        raise Invalid([Problem("/reason", "blank")])
    with write(db):
        rendering = desk(db, entry, locale).get(path)
        text = rendering.translation if rendering else None
        if text is None:
            raise NotFound("translation", path)
        checks = scrutiny.read(db, entry, entries.find(db, entry).source_locale, locale)
        found = [finding for finding in checks.findings(text.source, text.text) if finding.code == code]
        if not found:
            raise NotFound("finding", f"{code} {path}")
        if not any(map(scrutiny.is_waivable, found)):
            raise Refused([replace(scrutiny.problem(path, found[0]), code="not_waivable")])
        wording = waivers.text_hash(text.text)
        waiver = Waiver(path, text.source_hash, wording, code, reason.strip(), stamp(now), by)
        waivers.keep(db, entry, locale, waiver)
