"""What readers would get if an entry were published now, and links that show it for a while."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import url_for

from api.manage.asking import flag, readable
from api.manage.bodies import Body
from api.manage.operations import Answer, Call, Group
from api.public.parameters import whole
from api.public.shapes import pascal, ref
from cms.content import types
from cms.content.fields import Whole
from cms.content.identity import stamp
from cms.desk import preview
from cms.people import own_secrets

group = Group("previews", "The document that a frontend would get; nothing of it is stored.")

REVISION = whole("revision", "Which revision; the newest where none is named.", 0, 2**31 - 1, 0)
DRAFTS = flag("drafts", "Show what translators work on in the place of what is approved.")


class Lasting(Body):
    """What a link shows, and for how long."""

    revision = Whole(maximum=2**31 - 1, load_default=0)
    hours = Whole(minimum=1, maximum=24 * 90, load_default=24 * 7)


@dataclass(frozen=True)
class PreviewLink:
    """An address that shows an entry without signing in, until a moment."""

    url: str
    expires_at: str


def document_schema() -> dict[str, Any]:
    """Return the schema of a document of any type."""
    return {"anyOf": [ref(pascal(kind.name)) for kind in types.every()]}


@group.does(
    "GET",
    "/entries/<entry>/preview/<locale>",
    needs="entry.read",
    gives={"document": True},
    query=(REVISION, DRAFTS),
)
def preview_entry(call: Call, entry: str, locale: str) -> Answer:
    """Show the document that readers of a language would get if a revision were published now."""
    readable(call, entry, locale)
    asked = call.asked
    return Answer(
        preview.document(call.db, entry, locale, call.site, asked["revision"], now=call.now, drafts=asked["drafts"])
    )


@group.does(
    "POST",
    "/entries/<entry>/preview/<locale>/links",
    needs="entry.read",
    gives={201: PreviewLink},
    body=Lasting(),
)
def link_preview(call: Call, entry: str, locale: str) -> Answer:
    """Make a link that shows a preview without signing in, for a while."""
    readable(call, entry, locale)
    expires = call.now + timedelta(hours=call.given["hours"])
    secret = own_secrets.of(call.db, "preview")
    token = preview.token(secret, entry, locale, call.given["revision"], expires)
    url = call.site.url + url_for("admin.preview.shared", token=token)
    return Answer(PreviewLink(url, stamp(expires)), 201)
