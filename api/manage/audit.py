"""The audit: who did what, when, from where, with what it was before and after. Nobody changes it."""

from collections.abc import Mapping
from typing import Any

from api.audit_file import FORMATS
from api.manage.asking import BEFORE, LIMIT, moment, words
from api.manage.operations import Answer, Call, Group
from api.public.parameters import one_of
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
FORMAT = one_of("format", "In which form.", FORMATS, "jsonl")


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
    query=(*FILTERS, FORMAT),
    media=[media.partition(";")[0] for media, _write in FORMATS.values()],
    stream=True,
)
def export_audit(call: Call) -> Answer:
    """Take all of it away as JSONL, one JSON object a line, or as CSV."""
    require(call.actor, "audit.read")
    name = call.asked["format"]
    media, write = FORMATS[name]
    headers = {"Content-Disposition": f'attachment; filename="audit.{name}"'}
    found = audit.export(call.db, **_filters(call.asked))
    return Answer(write(found), headers=headers, media=media)


def _filters(asked: Mapping[str, Any]) -> dict[str, str]:
    return {parameter.name: asked[parameter.name] for parameter in FILTERS}
