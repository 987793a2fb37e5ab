"""What a translator works on in one language: segments saved, approved, offered, checked, and asked of a machine."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flask import current_app

from api.machine import translator
from api.manage.asking import readable, words
from api.manage.bodies import Body, Texts, below
from api.manage.operations import Answer, Call, Group
from api.public.parameters import one_of
from api.wording import say, say_finding
from cms.content.fields import Choice, Inline, ListOf
from cms.desk import translating, workbench
from cms.desk.workbench import Line, Older, Step
from cms.errors import Fault, NotFound
from cms.localize.checks import Finding
from cms.localize.glossary import Place
from cms.localize.machine.translating import ONLY
from cms.localize.memory import Offer, Remembered
from cms.localize.suggestions import Suggestion
from cms.localize.translations import STATES, Outcome
from cms.localize.waivers import Waiver
from cms.people import rights

group = Group("translations", "An entry in one language, segment by segment, in the order of the entry.")

AT = "/entries/<entry>/locales/<locale>"
PATH = words("path", "The path of the segment, as in `body.b2.text`.")
WHICH = one_of("only", "Only what is missing, or only what is stale.", ONLY)
LONGEST = 20_000


class Save(Body):
    """Texts by path; `seen` has the texts that stood there when they were written."""

    texts = Texts(required=True)
    seen = Texts()
    state = Choice(*STATES, load_default="draft")


class Approve(Body):
    """The paths whose drafts are approved, those in review where none is named; `seen` has the texts that were read."""

    paths = ListOf(Inline(max_length=500), load_default=list)
    seen = Texts()


class Waive(Body):
    """Which finding does not matter, and why."""

    path = Inline(required=True, max_length=500)
    code = Inline(required=True, max_length=80)
    reason = Inline(required=True, max_length=2_000)


class Accept(Body):
    """The text that stood beside the suggestion, where one did."""

    seen = Inline(max_length=LONGEST)


class Check(Body):
    """Texts by path that nobody has saved."""

    texts = Texts(required=True)


@dataclass(frozen=True)
class Found:
    """What stands against a text, in words; spans are [start, end) in characters.

    What the field itself refuses has no severity.
    """

    code: str
    severity: str
    reason: str
    detail: str
    source_span: Sequence[int] | None = None
    target_span: Sequence[int] | None = None


@dataclass(frozen=True)
class Segment:
    """One segment; `text` is of the source as it reads now, `older` is there where it is stale."""

    path: str
    field: str
    block: str
    block_type: str
    steps: tuple[Step, ...]
    critical: bool
    is_inline: bool
    max_length: int
    source: str
    freshness: str
    text: str
    approved: str
    state: str
    origin: str
    saved_by: str
    saved_at: str
    is_done: bool
    older: Older | None
    suggestions: tuple[Suggestion, ...]
    memory: tuple[Remembered, ...]
    terms: tuple[Place, ...]
    findings: Sequence[Found]
    waived: tuple[Waiver, ...]


@dataclass(frozen=True)
class TranslatedEntry:
    """An entry in one language, with how many of its segments are current, stale and missing."""

    entry: str
    type: str
    title: str
    source_locale: str
    locale: str
    revision: int
    live_revision: int
    state: str
    slug: str
    current: int
    stale: int
    missing: int
    segments: Sequence[Segment]
    archived_at: str


@dataclass(frozen=True)
class SavedText:
    """What became of a text: saved, held, suggested or unchanged; findings stand against it."""

    what: str
    findings: Sequence[Found]


@dataclass(frozen=True)
class Approved:
    """The paths whose drafts were approved."""

    paths: list[str]


@dataclass(frozen=True)
class Estimate:
    """What a machine would be asked, and what that costs where a price is known."""

    service: str
    characters: int
    segments: int
    amount: str | None
    currency: str
    left: int | None


@dataclass(frozen=True)
class MachineText:
    """What a machine gave for a segment, and what became of it."""

    path: str
    outcome: str
    text: str


@dataclass(frozen=True)
class MachineDone:
    """What a machine gave; `failure` is the code of the error that ended it early, if any."""

    results: Sequence[MachineText]
    failure: str


def found(given: Sequence[Finding | Fault]) -> list[Found]:
    """Return what stands against a text in the caller's language."""
    return [_found(each) for each in given]


def _found(each: Finding | Fault) -> Found:
    if isinstance(each, Fault):
        return Found(each.code, "", "", say(each.code, each.values))
    said = say_finding(each.code, each.reason, each.values)
    return Found(each.code, each.severity, each.reason, said, each.source_span, each.target_span)


@group.does("GET", AT, needs="translation.read", gives=TranslatedEntry)
def get_translation(call: Call, entry: str, locale: str) -> Answer:
    """Read all that a translator sees: source, text, what changed, suggestions, memory, terms, findings."""
    readable(call, entry, locale)
    page = workbench.page(call.db, entry, locale)
    return Answer(
        TranslatedEntry(
            **{name: value for name, value in vars(page).items() if name != "lines"},
            current=page.count("current"),
            stale=page.count("stale"),
            missing=page.count("missing"),
            segments=[_segment(line) for line in page.lines],
        )
    )


def _segment(line: Line) -> Segment:
    return Segment(
        **{**vars(line), "findings": found(line.findings)},
        block=line.block,
        block_type=line.block_type,
        is_done=line.is_done,
    )


@group.does("PUT", f"{AT}/segments", needs="translation.save", gives=Mapping[str, SavedText], body=Save())
def save_segments(call: Call, entry: str, locale: str) -> Answer:
    """Save the texts of these segments, and leave the others as they are."""
    given = call.given
    with below("/texts"):
        outcomes = translating.save(
            call.db,
            call.actor,
            entry,
            locale,
            given["texts"],
            now=call.now,
            seen=given.get("seen"),
            state=given["state"],
            checks=call.site.checks_translations,
        )
    return Answer(_outcomes(outcomes))


def _outcomes(outcomes: Mapping[str, Outcome]) -> dict[str, SavedText]:
    return {path: SavedText(outcome.what, found(outcome.findings)) for path, outcome in outcomes.items()}


@group.does("POST", f"{AT}/checks", needs="translation.read", gives=Mapping[str, list[Found]], body=Check())
def check_texts(call: Call, entry: str, locale: str) -> Answer:
    """See what would stand against texts that nobody has saved; nothing is kept."""
    readable(call, entry, locale)
    with below("/texts"):
        said = translating.check_texts(call.db, entry, locale, call.given["texts"])
    return Answer({path: found(findings) for path, findings in said.items()})


@group.does("POST", f"{AT}/approve", needs="translation.approve", gives=Approved, body=Approve())
def approve_segments(call: Call, entry: str, locale: str) -> Answer:
    """Approve drafts, so that readers get them."""
    given = call.given
    paths = translating.approve(
        call.db,
        call.actor,
        entry,
        locale,
        given["paths"],
        now=call.now,
        seen=given.get("seen"),
        checks=call.site.checks_translations,
    )
    return Answer(Approved(paths))


@group.does("POST", f"{AT}/waive", needs="translation.waive", gives={204: None}, body=Waive())
def waive_finding(call: Call, entry: str, locale: str) -> Answer:
    """Say that a finding about a text does not matter, and why; it holds for this wording alone."""
    translating.waive(call.db, call.actor, entry, locale, **call.given, now=call.now)
    return Answer(None, 204)


@group.does("GET", f"{AT}/offers", needs="translation.read", gives=list[Offer], query=(PATH,), required=("path",))
def list_offers(call: Call, entry: str, locale: str) -> Answer:
    """Find what the memory has for a segment: the same text, then what is like it."""
    readable(call, entry, locale)
    return Answer(translating.offers_for(call.db, entry, locale, call.asked["path"]))


@group.does(
    "POST",
    f"{AT}/suggestions/<suggestion>/accept",
    needs="translation.save",
    gives=Mapping[str, SavedText],
    body=Accept(),
)
def accept_suggestion(call: Call, entry: str, locale: str, suggestion: str) -> Answer:
    """Take what is offered: approved by who may approve, else to be reviewed."""
    outcomes = translating.accept(
        call.db,
        call.actor,
        entry,
        locale,
        suggestion,
        now=call.now,
        seen=call.given.get("seen"),
        checks=call.site.checks_translations,
    )
    return Answer(_outcomes(outcomes))


@group.does("DELETE", f"{AT}/suggestions/<suggestion>", needs="translation.save", gives={204: None})
def dismiss_suggestion(call: Call, entry: str, locale: str, suggestion: str) -> Answer:
    """Refuse a suggestion that was kept."""
    translating.dismiss(call.db, call.actor, entry, locale, suggestion, now=call.now)
    return Answer(None, 204)


@group.does("GET", f"{AT}/machine", needs="translation.machine", gives=Estimate, query=(WHICH,))
def estimate_machine(call: Call, entry: str, locale: str) -> Answer:
    """See what a machine would be asked to translate, and what that costs."""
    plan = translating.plan(call.db, call.actor, entry, locale, only=call.asked["only"] or "")
    with translator(_settings()) as machine:
        if not machine.name:
            raise NotFound("machine", "")
        cost = asdict(machine.estimate(plan.characters))
    amount = cost.pop("amount")
    said = str(amount) if amount is not None else None
    return Answer(Estimate(service=machine.name, segments=len(plan.wanted), amount=said, **cost))


@group.does("POST", f"{AT}/machine", needs="translation.machine", gives=MachineDone, query=(WHICH,))
def ask_machine(call: Call, entry: str, locale: str) -> Answer:
    """Have a machine translate what is missing or stale; people review what it gives."""
    rights.require(call.actor, "translation.machine", readable(call, entry).type, locale)
    with translator(_settings()) as machine:
        if not machine.name:
            raise NotFound("machine", "")
        done = translating.machine(
            call.db,
            call.actor,
            entry,
            locale,
            translator=machine,
            now=call.now,
            only=call.asked["only"] or "",
        )
    results = [MachineText(each.path, each.outcome, each.text) for each in done.results]
    return Answer(MachineDone(results, done.failure.code if done.failure else ""))


def _settings() -> Any:
    return current_app.config["SETTINGS"]
