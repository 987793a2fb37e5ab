"""An entry as those see it who read and do not write it: the newest revision, as a page. It changes nothing."""

from flask import Response

from api.admin import session
from api.admin.editing.keeping import Writing
from api.admin.page import render, section
from api.admin.preview import drawn
from api.public.answers import site
from cms.desk import preview


def show(stands: Writing) -> Response:
    """Show the newest revision, and the ways to translate it that are the reader's."""
    section(stands.kind.plural)
    document = newest(stands)
    return render(
        "admin/editing/read.html",
        writing=stands,
        document=document,
        drawn=drawn(document),
        into=own_locales(stands),
        of=stands.locale,
    )


def newest(stands: Writing) -> dict[str, object]:
    """Return the newest revision as readers would get it in the language that it is written in."""
    return preview.document(session.db(), stands.entry, stands.locale, site(), now=session.now(), drafts=True)


def own_locales(stands: Writing) -> list[str]:
    """Return the languages that the reader translates into, where these are theirs alone."""
    own = session.actor().locales
    return [tag for tag in site().locales if tag in own and tag != stands.locale]
