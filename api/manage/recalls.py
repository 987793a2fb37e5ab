"""Recalls: what was withdrawn for safety, and who is known to have taken it down."""

from dataclasses import dataclass, fields

from api.manage.asking import flag
from api.manage.bodies import Body, Id, Moment
from api.manage.operations import Answer, Call, Group
from cms.content.fields import Inline, ListOf
from cms.content.identity import stamp
from cms.desk import recalling
from cms.partners import holdings, recalls
from cms.partners.recalls import Called, Held, Recall
from cms.people.rights import require

group = Group("recalls", "What was withdrawn for safety, and who is known to have taken it down.")
ACTION = "recall.manage"
OPEN = flag("open", "Only those that are not closed.")


class Drill(Body):
    """An exercise: partners are called, and nothing is withdrawn."""

    entry = Id(required=True)
    explanation = Inline(required=True, max_length=2_000)
    locales = ListOf(Inline(max_length=40), load_default=list, maximum=200)


class Said(Body):
    """What a partner said by telephone or mail."""

    partner = Inline(required=True, max_length=60)
    note = Inline(required=True, max_length=2_000)
    applied_at = Moment()
    places = ListOf(Inline(max_length=2_000), load_default=list, maximum=100)


class Closing(Body):
    """Why no more is waited for."""

    why = Inline(required=True, max_length=2_000)


@dataclass(frozen=True)
class CalledPartner:
    """A partner that a recall concerns; `state` is acknowledged, waiting or overdue."""

    partner: str
    partner_name: str
    contacts: list[str]
    holds: list[Held]
    state: str
    deadline_at: str
    acknowledged_at: str
    how: str
    applied_at: str
    places: list[str]
    note: str
    reminded_at: str
    escalated_at: str


@dataclass(frozen=True)
class StillHolding:
    """A version that a partner may still show."""

    partner: str
    partner_name: str
    locale: str
    revision: int
    since: str


@dataclass(frozen=True)
class Report:
    """All that is known of a recall at `made_at`."""

    recall: Recall
    made_at: str
    partners: list[CalledPartner]
    may_still_show: list[StillHolding]


@group.does("GET", "/recalls", needs=ACTION, gives=list[Recall], query=(OPEN,))
def list_recalls(call: Call) -> Answer:
    """List recalls, the newest first."""
    require(call.actor, ACTION, "", call.site.source_locale)
    recalls.follow(call.db, call.now)
    return Answer(recalls.every(call.db, open_only=call.asked["open"]))


@group.does("POST", "/recalls", needs=ACTION, gives={201: Recall}, body=Drill(), once=True)
def begin_drill(call: Call) -> Answer:
    """Begin an exercise of a recall; one in earnest begins by withdrawing for safety."""
    made = recalling.drill(call.db, call.actor, **call.given, now=call.now)
    return Answer(made, 201, {"Location": f"{call.site.url}/manage/v1/recalls/{made.id}"})


@group.does("GET", "/recalls/<recall>", needs=ACTION, gives=Report)
def get_recall(call: Call, recall: str) -> Answer:
    """Report on a recall: who held what, who acknowledged when and how, who may still show it."""
    found = _find(call, recall)
    own = [_called(call, each) for each in recalls.called(call.db, found.id)]
    still = [
        StillHolding(each.partner, each.partner_name, each.locale, each.revision, each.since)
        for each in holdings.holders(call.db, found.entry)
        if each.locale in found.locales and each.seq <= found.seq
    ]
    return Answer(Report(found, stamp(call.now), own, still))


@group.does("POST", "/recalls/<recall>/acknowledgements", needs=ACTION, gives={201: CalledPartner}, body=Said())
def note_acknowledgement(call: Call, recall: str) -> Answer:
    """Note what a partner said by other ways than its key."""
    given = dict(call.given)
    said = recalling.acknowledge(call.db, call.actor, recall, given.pop("partner"), **given, now=call.now)
    return Answer(_called(call, said), 201)


@group.does("POST", "/recalls/<recall>/close", needs=ACTION, gives=Recall, body=Closing())
def close_recall(call: Call, recall: str) -> Answer:
    """Close a recall that not everybody has acknowledged."""
    return Answer(recalling.close(call.db, call.actor, recall, why=call.given["why"], now=call.now))


def _find(call: Call, recall: str) -> Recall:
    require(call.actor, ACTION, "", call.site.source_locale)
    recalls.keep(call.db, call.now)
    return recalls.find(call.db, recall)


def _called(call: Call, called: Called) -> CalledPartner:
    names = [each.name for each in fields(CalledPartner) if each.name != "state"]
    told = {name: getattr(called, name) for name in names}
    told |= {"contacts": list(called.contacts), "holds": list(called.holds), "places": list(called.places)}
    return CalledPartner(state=called.state(call.now), **told)
