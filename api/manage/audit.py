"""The audit: who did what, when, from where, with what it was before and after. Nobody changes it."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from api.manage.asking import BEFORE, LIMIT, moment, words
from api.manage.operations import Answer, Call, Group
from cms.people import audit
from cms.people.audit import Audited
from cms.people.rights import require

group = Group("audit", "Who did what, when and from where; rows are added and never changed.")

FILTERS = (
    words("actor", "Only what this user or key did, by id.", 60),
    words("action", "Only this action, as in `entry.save`.", 60),
    words("entry", "Only what was done to this entry, by id.", 60),
    moment("since", "Only what was done at or after this day or moment."),
    moment("until", "Only what was done before this day or moment."),
)


@group.does("GET", "/audit", needs="audit.read", gives=list[Audited], query=(*FILTERS, BEFORE, LIMIT))
def list_audit(call: Call) -> Answer:
    """List what was done, the newest first; go on with `before` and the last `seq`."""
    require(call.actor, "audit.read")
    asked = call.asked
    return Answer(audit.entries(call.db, **_filters(asked), before_seq=asked["before"], limit=asked["limit"]))


@group.does(
    "GET",
    "/audit/file",
    needs="audit.read",
    gives={200: {"type": "string"}},
    query=FILTERS,
    media=("application/x-ndjson",),
    stream=True,
)
def export_audit(call: Call) -> Answer:
    """Take all of it away as JSONL: one JSON object a line."""
    require(call.actor, "audit.read")
    headers = {"Content-Disposition": 'attachment; filename="audit.jsonl"'}
    found = audit.export(call.db, **_filters(call.asked))
    return Answer(_lines(found), headers=headers, media="application/x-ndjson")


def _filters(asked: Mapping[str, Any]) -> dict[str, str]:
    return {parameter.name: asked[parameter.name] for parameter in FILTERS}


def _lines(found: Iterator[Audited]) -> Iterator[bytes]:
    for each in found:
        yield orjson.dumps(each, option=orjson.OPT_APPEND_NEWLINE)
