"""Translations: a segment's text in one locale, kept by the source text it was made from. Freshness is derived.

A segment is current when a translation made from this very source text exists, stale when only one from an older
text of the same path does, missing when none does. No timestamp and no flag decides. An approved text and the draft
that may follow it stand side by side: readers get the approved one until the next is approved.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cms.content import entries, pending, revisions, touched, types
from cms.content.entries import Entry
from cms.content.fields import tidy
from cms.content.identity import stamp
from cms.errors import Clash, Invalid, NotFound, Problem, Refused, TranslationClash
from cms.localize import fitting, memory, scrutiny, suggestions
from cms.localize.checks import Finding
from cms.localize.fitting import SLUG
from cms.localize.memory import Remembered
from cms.localize.scrutiny import Scrutiny
from cms.localize.segments import Segment, cut
from cms.store import Database, write

# What a translator has handed over; a draft is still theirs.
IN_REVIEW = "needs_review"
STATES = ("draft", IN_REVIEW, "approved")
ORIGINS = ("human", "machine", "memory", "import")
# What no person has chosen; it never takes the place of what one has.
UNASKED = ("machine", "import")
COLUMNS = "path, source_hash, source, text, state, origin, revision, saved_at, saved_by"


@dataclass(frozen=True)
class Translation:
    """One stored translation; `source` is the text that it was made from, `revision` where that was read."""

    path: str
    source_hash: str
    source: str
    text: str
    state: str
    origin: str
    revision: int
    saved_at: str
    saved_by: str


@dataclass(frozen=True)
class Rendering:
    """What a locale has for a segment: the best translation, and whether it is current, stale or missing."""

    segment: Segment
    freshness: str
    translation: Translation | None


@dataclass(frozen=True)
class Outcome:
    """What became of a text: saved, held, suggested or unchanged; `findings` stand against it and nobody waived them.

    Held is kept to be reviewed, although it was to be approved.
    """

    what: str
    findings: tuple[Finding, ...] = ()


def save(
    db: Database,
    entry: str,
    locale: str,
    texts: Mapping[str, str],
    *,
    by: str,
    now: datetime,
    state: str = "approved",
    origin: str = "human",
    revision: int = 0,
    seen: Mapping[str, str] | None = None,
    checks: bool = True,
) -> dict[str, Outcome]:
    """Save translations of segments by path, made from one revision (the latest where none is given).

    `seen` gives, by path, the text that the translator had before them; where another stands by now, nothing is
    saved and TranslationClash names both. A machine's or an import's text where a person's stands becomes a
    suggestion. What a check stands against is held, unless `checks` is off, as it may be for a whole site. Returns
    what became of each path. Raises Invalid where a path is no segment of that revision, or the locale is the source's.
    """
    row = entries.find(db, entry)
    source = revisions.get(db, entry, revision or row.latest)
    segments = {segment.path: segment for segment in cut(types.find(row.type), source.content)}
    tidied = {path: tidy(text) for path, text in texts.items()}
    _refuse_bad(row, locale, state, origin)
    fitting.refuse_misplaced(tidied, segments)
    fitting.refuse_unfit(types.find(row.type), source.content, tidied)
    outcomes = {}
    with write(db):
        standing = {(each.path, each.source_hash): each for each in working(db, entry, locale)}
        checked = scrutiny.read(db, entry, row.source_locale, locale) if checks else None
        clashes = []
        for path, text in tidied.items():
            segment = segments.get(path)
            stands = standing.get((path, segment.source_hash if segment else ""))
            what = _fate(stands, text, state, origin, (seen or {}).get(path))
            if what == "clash" and stands:
                clashes.append(Clash(path, stands.text, text, stands.saved_by))
            findings = checked.standing(path, segment.source, text) if checked and segment else ()
            if what == "saved" and state == "approved" and segment and waits(segment, origin, findings):
                what = "held"
            outcomes[path] = Outcome(what, findings)
        if clashes:
            raise TranslationClash(clashes)
        learnt = []
        before = _rows(db, entry, locale, approved=1) if state == "approved" else []
        for path, outcome in outcomes.items():
            segment = segments.get(path)
            if outcome.what == "suggested" and segment:
                suggestions.offer(db, entry, locale, segment, tidied[path], origin=origin, by=by, now=now)
            elif outcome.what in ("saved", "held"):
                kept = "needs_review" if outcome.what == "held" else state
                _put(db, entry, locale, path, segment, tidied[path], kept, origin, source.number, by, now)
                if segment and kept == "approved" and origin != "machine":
                    learnt.append(Remembered(segment.source, tidied[path], entry, path))
        _remember(db, row.source_locale, locale, learnt, before, by, now)
    return outcomes


def waits(segment: Segment, origin: str, findings: Sequence[Finding]) -> bool:
    """Tell whether a text that is to be approved waits: for what is found, or where nobody chose it and it may harm."""
    return bool(findings) or (segment.critical and origin in UNASKED)


def is_persons(stands: Translation) -> bool:
    """Tell whether a person stands for a text: wrote it, chose it, or approved what a machine or a file brought."""
    return stands.origin not in UNASKED or stands.state == "approved"


def approve(
    db: Database,
    entry: str,
    locale: str,
    paths: Collection[str],
    *,
    by: str,
    now: datetime,
    source_hash: str = "",
    seen: Mapping[str, str] | None = None,
    checks: bool = True,
) -> list[str]:
    """Approve the drafts at these paths, those handed over for review where none is named; return the paths approved.

    `source_hash` leaves out those of other source texts. `seen` gives, by path, the text that the reviewer had before
    them; where another stands by now, TranslationClash. Raises Refused where a check finds an error in one, or warns
    and nobody has waived it. Either way nothing is approved.
    """
    row = entries.find(db, entry)
    with write(db):
        drafts = [
            each
            for each in _rows(db, entry, locale, approved=0)
            if (each.path in paths if paths else each.state == IN_REVIEW) and source_hash in ("", each.source_hash)
        ]
        wanted = seen or {}
        if wanted:
            # Who looks at a text has the newest source beside it: a draft of an older one is not what they saw.
            newest = cut(types.find(row.type), revisions.get(db, entry, row.latest).content)
            current = {(segment.path, segment.source_hash) for segment in newest}
            drafts = [each for each in drafts if each.path not in wanted or (each.path, each.source_hash) in current]
        changed = [each for each in drafts if wanted.get(each.path, each.text) != each.text]
        if changed:
            raise TranslationClash([Clash(each.path, each.text, wanted[each.path], each.saved_by) for each in changed])
        if checks:
            _refuse_failing(scrutiny.read(db, entry, row.source_locale, locale), drafts)
        before = _rows(db, entry, locale, approved=1)
        for draft in drafts:
            _insert(db, entry, locale, {**vars(draft), "state": "approved", "saved_at": stamp(now), "saved_by": by})
        learnt = [Remembered(each.source, each.text, entry, each.path) for each in drafts]
        _remember(db, row.source_locale, locale, learnt, before, by, now)
        return [draft.path for draft in drafts]


def slug(db: Database, entry: str, locale: str) -> str:
    """Return the slug that a translator chose for the locale, or an empty text."""
    try:
        return str(db.table("translation").get((entry, locale, SLUG, "", 1))["text"])
    except NotFound:
        return ""


def approved(db: Database, entry: str, locale: str) -> list[Translation]:
    """Return what readers may see of an entry in a locale, oldest first."""
    return [each for each in _rows(db, entry, locale, approved=1) if each.path != SLUG]


def working(db: Database, entry: str, locale: str) -> list[Translation]:
    """Return what translators work on, oldest first: the draft of a text where there is one, else the approved."""
    rows = _rows(db, entry, locale)
    drafted = {(each.path, each.source_hash) for each in rows if each.state != "approved"}
    return [each for each in rows if each.state != "approved" or (each.path, each.source_hash) not in drafted]


def match(segments: Sequence[Segment], translations: Iterable[Translation], upto: int = 0) -> dict[str, Rendering]:
    """Return, by path, what these translations (oldest first) give for these segments. Pure.

    `upto` is the revision that the segments are of: what was made from a later one, such as a draft that nobody has
    published, does not stand in for an older text; 0 takes all.
    """
    newest: dict[str, Translation] = {}
    exact: dict[tuple[str, str], Translation] = {}
    for translation in translations:
        if not upto or translation.revision <= upto:
            newest[translation.path] = translation
        exact[translation.path, translation.source_hash] = translation
    found = {}
    for segment in segments:
        current = exact.get((segment.path, segment.source_hash))
        older = newest.get(segment.path)
        freshness = "current" if current else "stale" if older else "missing"
        found[segment.path] = Rendering(segment, freshness, current or older)
    return found


def _refuse_bad(row: Entry, locale: str, state: str, origin: str) -> None:
    problems = [
        Problem(f"/{name}", "not_a_choice", {"value": value, "choices": list(choices)})
        for name, value, choices in (("state", state, STATES), ("origin", origin, ORIGINS))
        if value not in choices
    ]
    if locale == row.source_locale:
        problems.append(Problem("/locale", "is_source_locale", {"locale": locale}))
    if problems:
        raise Invalid(problems)


def _refuse_failing(checked: Scrutiny, drafts: Iterable[Translation]) -> None:
    problems = [
        scrutiny.problem(draft.path, finding)
        for draft in drafts
        for finding in checked.standing(draft.path, draft.source, draft.text)
    ]
    if problems:
        raise Refused(problems)


def _fate(stands: Translation | None, text: str, state: str, origin: str, seen: str | None) -> str:
    if stands is None:
        return "saved"
    if stands.text == text:
        # What is approved stays so: a draft of the same words would only be reviewed once more.
        return "unchanged" if stands.state in (state, "approved") or origin in UNASKED else "saved"
    if origin in UNASKED:
        return "suggested" if is_persons(stands) else "saved"
    return "saved" if stands.origin in UNASKED or seen == stands.text else "clash"


def _put(
    db: Database,
    entry: str,
    locale: str,
    path: str,
    segment: Segment | None,
    text: str,
    state: str,
    origin: str,
    revision: int,
    by: str,
    now: datetime,
) -> None:
    row = {
        "path": path,
        "source_hash": segment.source_hash if segment else "",
        "source": segment.source if segment else "",
        "text": text,
        "state": state if segment else "approved",
        "origin": origin,
        "revision": revision,
        "saved_at": stamp(now),
        "saved_by": by,
    }
    _insert(db, entry, locale, row)


def _insert(db: Database, entry: str, locale: str, row: Mapping[str, object]) -> None:
    is_approved = int(row["state"] == "approved")
    db.table("translation").upsert({"entry": entry, "locale": locale, "approved": is_approved, **row})
    touched.mark(db, entry)
    if is_approved:
        # Readers of the locale are to get it: approving is what decides, wherever the locale is live.
        pending.mark(db, entry)
        # The draft that led to it has served.
        db.table("translation").delete_where(
            "entry = ? and locale = ? and path = ? and source_hash = ? and approved = 0",
            [entry, locale, row["path"], row["source_hash"]],
        )


def _remember(
    db: Database,
    source_locale: str,
    locale: str,
    learnt: Sequence[Remembered],
    before: Iterable[Translation],
    by: str,
    now: datetime,
) -> None:
    """Remember what a person approved, and forget what it replaces: a text that was mended is not offered again."""
    stood = {(each.path, each.source): each.text for each in before}
    mended = [
        replace(pair, target=stood[pair.path, pair.source])
        for pair in learnt
        if stood.get((pair.path, pair.source), pair.target) != pair.target
    ]
    memory.forget(db, source_locale, locale, mended)
    memory.remember(db, source_locale, locale, learnt, by=by, now=now)


def _rows(db: Database, entry: str, locale: str, *, approved: int | None = None) -> list[Translation]:
    only, params = ("", []) if approved is None else (" and approved = ?", [approved])
    rows = db.query(
        f"select {COLUMNS} from translation where entry = ? and locale = ?{only} order by saved_at, path, source_hash",
        [entry, locale, *params],
    )
    return [Translation(**row) for row in rows]
