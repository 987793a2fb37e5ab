"""Recalls: that advice was withdrawn for safety, whom that concerns, and who has acknowledged it.

They follow the events of publishing, so that none is lost whoever withdrew it. They know not how anybody is reached.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from cms.content import entries, revisions, types
from cms.content.identity import moment, new_id, stamp
from cms.errors import NotFound, Problem, Refused
from cms.partners import holdings, partners
from cms.partners.partners import Partner
from cms.partners.scopes import fits
from cms.publish import events, followers, live
from cms.publish.references import TOPICS, targets
from cms.store import Database, Row, write

FOLLOWER = "recalls"
OPENED, REMINDER, OVERDUE, CLOSED = "recall.opened", "recall.reminder", "recall.overdue", "recall.closed"
# How a partner was found to have taken it down: it said so, its cursor passed it, or a person of ours noted it.
HOWS = ("api", "sync", "person")
BY_ALL = "acknowledged"
CHUNK = 200


@dataclass(frozen=True)
class Recall:
    """Advice that must not be shown any more; a drill is the same without a withdrawal.

    `seq` is the event that a partner's cursor must have passed. What has not happened is empty.
    """

    id: str
    entry: str
    type: str
    title: str
    locales: tuple[str, ...]
    severity: str
    explanation: str
    replacement: str
    drill: bool
    seq: int
    opened_at: str
    opened_by: str
    closed_at: str
    closed_by: str
    closed_why: str


@dataclass(frozen=True)
class Held:
    """A version that a partner may show, as the ledger knew when the recall was opened."""

    locale: str
    revision: int


@dataclass(frozen=True)
class Called:
    """A partner that a recall concerns, what it held, and how far it has come."""

    recall: str
    partner: str
    partner_name: str
    contacts: tuple[str, ...]
    holds: tuple[Held, ...]
    deadline_at: str
    acknowledged_at: str
    how: str
    applied_at: str
    places: tuple[str, ...]
    note: str
    reminded_at: str
    escalated_at: str

    def state(self, now: datetime) -> str:
        """Return how it stands: acknowledged, waiting or overdue."""
        if self.acknowledged_at:
            return "acknowledged"
        return "overdue" if self.deadline_at <= stamp(now) else "waiting"


def keep(db: Database, now: datetime) -> None:
    """Open what was withdrawn for safety since, take note of who has come past it, remind and escalate.

    Each is an event by the same write, from which partners and people hear of it: whoever asks may call this.
    """
    follow(db, now)
    if _any_open(db):
        _settle(db, now)
        _remind(db, now)


def follow(db: Database, now: datetime) -> None:
    """Open a recall for each withdrawal for safety that has none yet."""
    while followers.position(db, FOLLOWER) < events.latest(db):
        with write(db):
            since = followers.position(db, FOLLOWER)
            found = events.of_types(db, ["edition.withdrawn"], since, CHUNK)
            for entry, at, own in _withdrawals(found):
                _open_withdrawn(db, entry, at, own, now)
            followers.move(db, FOLLOWER, found[-1].seq if len(found) == CHUNK else events.latest(db))


def drill(
    db: Database, entry: str, *, explanation: str, locales: Collection[str] = (), by: str, now: datetime
) -> Recall:
    """Open a recall for exercise: all as in earnest, and nothing withdrawn. Raises NotFound, Refused."""
    with write(db):
        row = entries.find(db, entry)
        published = sorted(each.locale for each in live.current(db, entry).values() if each.state == "published")
        problems = []
        if not explanation.strip():
            problems.append(Problem("/explanation", "needed"))
        if missing := sorted(set(locales) - set(published)):
            problems.append(Problem("/locales", "not_published", {"locale": ", ".join(missing)}))
        elif not published:
            problems.append(Problem("/locales", "not_published", {"locale": row.source_locale}))
        if problems:
            raise Refused(problems)
        facts = {"severity": "safety", "explanation": explanation.strip(), "replacement": ""}
        return _open(db, entry, sorted(locales) or published, facts, by=by, drill=True, seq=0, now=now)


def acknowledge(
    db: Database,
    recall: str,
    partner: str,
    *,
    applied_at: datetime | None = None,
    places: Sequence[str] = (),
    note: str = "",
    how: str = "api",
    now: datetime,
) -> Called:
    """Note that a partner has taken it down, since when and where; the first time stands. Raises NotFound."""
    with write(db):
        found, called = find(db, recall), of_partner(db, recall, partner)
        if not called.acknowledged_at:
            _acknowledge(db, found, partner, how, applied_at or now, now, places=places, note=note)
            _close_when_done(db, found, now)
        return of_partner(db, recall, partner)


def close(db: Database, recall: str, *, by: str, why: str, now: datetime) -> Recall:
    """Close a recall though not everybody has acknowledged it; what they hold stays in the ledger.

    Raises NotFound; Refused without a reason, or where it is closed.
    """
    with write(db):
        found = find(db, recall)
        if found.closed_at:
            raise Refused([Problem("", "recall_closed")])
        if not why.strip():
            raise Refused([Problem("/why", "needed")])
        _close(db, found, by, why.strip(), now)
        return find(db, recall)


def find(db: Database, recall: str) -> Recall:
    """Return the recall of this id. Raises NotFound."""
    for row in db.table("recall").rows_where("id = ?", [recall]):
        return _read(row)
    raise NotFound("recall", recall)


def every(db: Database, *, entry: str = "", open_only: bool = False, limit: int = 200) -> list[Recall]:
    """Return recalls, the newest first."""
    terms = [*(["entry = ?"] if entry else []), *(["closed_at = ''"] if open_only else [])]
    rows = db.table("recall").rows_where(
        " and ".join(terms) or None, [entry] if entry else [], order_by="opened_at desc, id desc", limit=limit
    )
    return [_read(row) for row in rows]


def called(db: Database, recall: str) -> list[Called]:
    """Return the partners that a recall concerns, by name."""
    return _called(db, "r.recall = ?", [recall])


def of_partner(db: Database, recall: str, partner: str) -> Called:
    """Return how one partner stands with a recall. Raises NotFound where it does not concern it."""
    for each in _called(db, "r.recall = ? and r.partner = ?", [recall, partner]):
        return each
    raise NotFound("recall", recall)


def concerning(db: Database, partner: str, *, unacknowledged: bool = False) -> list[tuple[Recall, Called]]:
    """Return the recalls that concern a partner, the newest first."""
    waiting = " and r.acknowledged_at = ''" if unacknowledged else ""
    own = {each.recall: each for each in _called(db, f"r.partner = ?{waiting}", [partner])}
    found = [find(db, recall) for recall in own]
    return [(each, own[each.id]) for each in sorted(found, key=lambda each: each.opened_at, reverse=True)]


def report(db: Database, recall: str, now: datetime) -> dict[str, Any]:
    """Return all that is known of a recall, ready for JSON: who held what, who acknowledged when and how."""
    found, own = find(db, recall), called(db, recall)
    states = [each.state(now) for each in own]
    still = holdings.holders(db, found.entry)
    return {
        **asdict(found),
        "made_at": stamp(now),
        "counts": {state: states.count(state) for state in ("acknowledged", "waiting", "overdue")},
        "partners": [{**asdict(each), "state": state} for each, state in zip(own, states, strict=True)],
        "may_still_show": [
            {"partner": each.partner, "name": each.partner_name, "locale": each.locale, "revision": each.revision}
            for each in still
            if each.locale in found.locales and each.seq <= found.seq
        ],
    }


def _withdrawals(found: Sequence[events.Event]) -> Iterator[tuple[str, str, list[events.Event]]]:
    """Yield the events that one withdrawal made: the same entry at the same moment."""
    acts: dict[tuple[str, str], list[events.Event]] = {}
    for event in found:
        acts.setdefault((event.entry, event.at), []).append(event)
    for (entry, at), own in acts.items():
        yield entry, at, own


def _open_withdrawn(db: Database, entry: str, at: str, own: list[events.Event], now: datetime) -> None:
    locales = sorted(event.locale for event in own)
    said = live.withdrawn_at(db, entry, locales[0], at)
    # The same act may lie on both sides of a chunk.
    known = [each for each in every(db, entry=entry) if each.opened_at == at]
    if said is None or said.facts["severity"] != "safety":
        return
    last = max(event.seq for event in own)
    if known:
        _widen(db, known[0], locales, last)
        return
    now = max(now, moment(at))
    _open(db, entry, locales, said.facts, by=said.by, drill=False, seq=last, now=now, opened_at=at)


def _widen(db: Database, recall: Recall, locales: Collection[str], seq: int) -> None:
    wider = orjson.dumps(sorted({*recall.locales, *locales})).decode()
    db.table("recall").update(recall.id, {"locales": wider, "seq": max(seq, recall.seq)})


def _open(
    db: Database,
    entry: str,
    locales: list[str],
    facts: Mapping[str, str],
    *,
    by: str,
    drill: bool,
    seq: int,
    now: datetime,
    opened_at: str = "",
) -> Recall:
    row, newest = entries.find(db, entry), revisions.latest(db, entry)
    kind = types.find(row.type)
    made = Recall(
        id=new_id(),
        entry=entry,
        type=row.type,
        title=str(newest.content.get(kind.title, "")),
        locales=tuple(locales),
        severity=facts["severity"],
        explanation=facts["explanation"],
        replacement=facts["replacement"],
        drill=drill,
        seq=seq,
        opened_at=opened_at or stamp(now),
        opened_by=by,
        closed_at="",
        closed_by="",
        closed_why="",
    )
    db.table("recall").insert({**asdict(made), "locales": orjson.dumps(locales).decode(), "drill": int(drill)})
    topics = [target for field, target in targets(kind, newest.content) if field == TOPICS]
    for partner, holds in _concerned(db, made, topics):
        _call(db, made, partner, holds, now)
    last = 0
    for each in called(db, made.id):
        last = events.append(db, OPENED, entry, "", _facts(made, each), now).seq
    if drill:
        made = _passed_by(db, made, last or events.latest(db))
    _close_when_done(db, made, now)
    return made


def _passed_by(db: Database, recall: Recall, seq: int) -> Recall:
    db.table("recall").update(recall.id, {"seq": seq})
    return find(db, recall.id)


def _concerned(db: Database, recall: Recall, topics: Collection[str]) -> Iterator[tuple[Partner, list[Held]]]:
    """Yield who may show it: who was given it, suspended or not, and who may have had it without a key."""
    held: dict[str, list[Held]] = {}
    for each in holdings.holders(db, recall.entry):
        if each.locale in recall.locales:
            held.setdefault(each.partner, []).append(Held(each.locale, each.revision))
    for partner in partners.every(db):
        in_scope = partner.is_active and any(
            fits(partner.scope, type=recall.type, locale=locale, topics=topics) for locale in recall.locales
        )
        if in_scope or partner.id in held:
            yield partner, held.get(partner.id, [])


def _call(db: Database, recall: Recall, partner: Partner, holds: list[Held], now: datetime) -> None:
    deadline = moment(recall.opened_at) + timedelta(hours=partner.acknowledge_hours)
    db.table("recall_partner").insert(
        {
            "recall": recall.id,
            "partner": partner.id,
            "holds": orjson.dumps([asdict(each) for each in holds]).decode(),
            "deadline_at": stamp(deadline),
            "places": "[]",
            **dict.fromkeys(("acknowledged_at", "how", "applied_at", "note", "reminded_at", "escalated_at"), ""),
        }
    )


def _facts(recall: Recall, called: Called) -> dict[str, Any]:
    """Return what an event about a recall tells one partner."""
    return {
        "type": recall.type,
        "recall": recall.id,
        "partner": called.partner,
        "locales": list(recall.locales),
        "severity": recall.severity,
        "explanation": recall.explanation,
        "replacement": recall.replacement,
        "drill": recall.drill,
        "opened_at": recall.opened_at,
        "deadline_at": called.deadline_at,
    }


def _any_open(db: Database) -> bool:
    return any(db.query("select 1 as one from recall where closed_at = '' limit 1"))


def _settle(db: Database, now: datetime) -> None:
    """Note who has come past a recall by sync: the cursor is beyond it, and nothing of it is held any more."""
    rows = db.query(
        "select r.recall, r.partner, p.seen_at from recall_partner r join recall c on c.id = r.recall"
        " join partner p on p.id = r.partner"
        " where c.closed_at = '' and r.acknowledged_at = '' and p.position >= c.seq"
    )
    for row in rows:
        with write(db):
            recall = find(db, row["recall"])
            holds = [each for each in holdings.holders(db, recall.entry) if each.partner == row["partner"]]
            if not recall.drill and any(each.seq <= recall.seq and each.locale in recall.locales for each in holds):
                continue
            passed = moment(row["seen_at"]) if row["seen_at"] else now
            _acknowledge(db, recall, row["partner"], "sync", passed, now)
            _close_when_done(db, recall, now)


def _remind(db: Database, now: datetime) -> None:
    """Remind who has not acknowledged at half of the time, and tell everybody when it is over."""
    for recall in every(db, open_only=True):
        for each in called(db, recall.id):
            if each.acknowledged_at:
                continue
            opened, deadline = moment(recall.opened_at), moment(each.deadline_at)
            if not each.escalated_at and now >= deadline:
                _tell(db, recall, each, OVERDUE, "escalated_at", now)
            elif not each.reminded_at and opened + (deadline - opened) / 2 <= now < deadline:
                _tell(db, recall, each, REMINDER, "reminded_at", now)


def _tell(db: Database, recall: Recall, each: Called, kind: str, column: str, now: datetime) -> None:
    with write(db):
        # Another process may have told it since.
        current = of_partner(db, recall.id, each.partner)
        if not (current.acknowledged_at or getattr(current, column)):
            db.table("recall_partner").update((recall.id, each.partner), {column: stamp(now)})
            events.append(db, kind, recall.entry, "", _facts(recall, each), now)


def _acknowledge(
    db: Database,
    recall: Recall,
    partner: str,
    how: str,
    applied_at: datetime,
    now: datetime,
    *,
    places: Sequence[str] = (),
    note: str = "",
) -> None:
    said = {
        "acknowledged_at": stamp(now),
        "how": how,
        "applied_at": stamp(applied_at),
        "places": orjson.dumps(list(places)).decode(),
        "note": note,
    }
    db.table("recall_partner").update((recall.id, partner), said)
    if not recall.drill:
        holdings.end(db, partner, recall.entry, upto=recall.seq, locales=recall.locales, how="recall", now=now)


def _close_when_done(db: Database, recall: Recall, now: datetime) -> None:
    waiting = db.table("recall_partner").count_where("recall = ? and acknowledged_at = ''", [recall.id])
    if not waiting and not find(db, recall.id).closed_at:
        _close(db, recall, "", BY_ALL, now)


def _close(db: Database, recall: Recall, by: str, why: str, now: datetime) -> None:
    db.table("recall").update(recall.id, {"closed_at": stamp(now), "closed_by": by, "closed_why": why})
    for each in called(db, recall.id):
        events.append(db, CLOSED, recall.entry, "", {**_facts(recall, each), "why": why}, now)


def _called(db: Database, where: str, params: list[Any]) -> list[Called]:
    rows = db.query(
        "select r.*, p.name as partner_name, p.contacts as contacts from recall_partner r"
        f" join partner p on p.id = r.partner where {where} order by p.name_key, r.recall",
        params,
    )
    return [
        Called(
            **{
                **row,
                "contacts": tuple(orjson.loads(row["contacts"])),
                "holds": tuple(Held(**each) for each in orjson.loads(row["holds"])),
                "places": tuple(orjson.loads(row["places"])),
            }
        )
        for row in rows
    ]


def _read(row: Row) -> Recall:
    return Recall(**{**row, "locales": tuple(orjson.loads(row["locales"])), "drill": bool(row["drill"])})
