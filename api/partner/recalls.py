"""Recalls that concern the partner that asks, and saying that it has taken something down."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.manage.asking import flag
from api.manage.bodies import Body, Moment
from api.manage.operations import Answer, Call, Group
from cms.content.fields import Inline, Link, ListOf
from cms.partners import recalls
from cms.partners.recalls import Called, Held, Recall

group = Group("recalls", "What was withdrawn for safety and has to be taken down, and saying that it was.")
WAITING = flag("waiting", "Only those that the partner has not acknowledged.")
MOST_PLACES = 1_000


class Acknowledgement(Body):
    """Since when it is down, and where it was: now and nowhere in particular, where that is not said."""

    applied_at = Moment()
    where = ListOf(Link(max_length=2_000), load_default=list, maximum=MOST_PLACES)
    note = Inline(max_length=2_000, load_default="")


@dataclass(frozen=True)
class OwnRecall:
    """A recall as it concerns the partner: what it was given of it, until when to act, and what it said.

    `state` is acknowledged, waiting or overdue; what has not happened is empty.
    """

    id: str
    entry: str
    entry_type: str
    title: str
    locales: Sequence[str]
    severity: str
    explanation: str
    replacement: str
    drill: bool
    opened_at: str
    deadline_at: str
    closed_at: str
    holds: Sequence[Held]
    state: str
    acknowledged_at: str
    how: str
    applied_at: str
    where: Sequence[str]
    note: str


@group.does("GET", "/recalls", needs=(), gives=list[OwnRecall], query=(WAITING,))
def list_recalls(call: Call) -> Answer:
    """List the recalls that concern the partner, the newest first."""
    recalls.keep(call.db, call.now)
    found = recalls.concerning(call.db, call.actor.id, unacknowledged=call.asked["waiting"])
    return Answer([_shown(call, recall, called) for recall, called in found])


@group.does("GET", "/recalls/<recall>", needs=(), gives=OwnRecall)
def get_recall(call: Call, recall: str) -> Answer:
    """Read a recall that concerns the partner."""
    recalls.keep(call.db, call.now)
    called = recalls.of_partner(call.db, recall, call.actor.id)
    return Answer(_shown(call, recalls.find(call.db, recall), called))


@group.does("POST", "/recalls/<recall>/acknowledgement", needs=(), gives=OwnRecall, body=Acknowledgement())
def acknowledge_recall(call: Call, recall: str) -> Answer:
    """Say that it is down everywhere; the first time stands."""
    called = recalls.acknowledge(
        call.db,
        recall,
        call.actor.id,
        applied_at=call.given.get("applied_at"),
        places=call.given["where"],
        note=call.given["note"],
        now=call.now,
    )
    return Answer(_shown(call, recalls.find(call.db, recall), called))


def _shown(call: Call, recall: Recall, called: Called) -> OwnRecall:
    of_recall = ("id", "entry", "title", "locales", "severity", "explanation", "replacement", "drill")
    of_called = ("deadline_at", "holds", "acknowledged_at", "how", "applied_at", "note")
    return OwnRecall(
        entry_type=recall.type,
        opened_at=recall.opened_at,
        closed_at=recall.closed_at,
        state=called.state(call.now),
        where=called.places,
        **{name: getattr(recall, name) for name in of_recall},
        **{name: getattr(called, name) for name in of_called},
    )
