"""An entry as readers would get it if it were published now: as a page, and as the exact JSON. Nothing is stored."""

from datetime import timedelta

import orjson
from flask import Blueprint, Response, redirect, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from api.admin import addresses, forms, session
from api.admin.editing import choosing, keeping, problems
from api.admin.editing.keeping import Writing
from api.admin.page import render, say, section
from api.public.answers import site
from cms.desk import preview, publishing
from cms.errors import Invalid, NotFound
from cms.people import own_secrets, rights
from cms.publish import draw

pages = Blueprint("preview", __name__)

# How many problems of a draft are said at once.
SHOWN = 3
LASTS = {"1": timedelta(days=1), "7": timedelta(days=7), "30": timedelta(days=30)}


@pages.get("/entries/<entry>/preview")
@session.needs("entry.read")
def show(entry: str) -> AnyResponse:
    """Show the newest revision, or another, in a language."""
    stands = keeping.saved(session.db(), entry)
    section(stands.kind.plural)
    locale = _locale(request.args.get("locale", ""), stands.locale)
    number = forms.whole(request.args.get("revision", ""))
    draft = keeping.drafted(session.db(), session.actor(), stands) if request.args.get("draft") == "on" else None
    try:
        document = preview.document(
            session.db(), entry, locale, site(), number, now=session.now(), drafts=True, content=_content(draft)
        )
    except Invalid as error:
        # What is typed cannot be drawn yet; the form says where it is wrong.
        for problem in error.problems[:SHOWN]:
            say(problems.worded(problem), "bad")
        return redirect(f"{addresses.entry(entry)}?draft=on", 303)
    return render(
        "admin/editing/preview.html",
        writing=stands,
        locale=locale,
        locales=site().locales,
        revision=number,
        document=document,
        drawn=drawn(document),
        is_draft=draft is not None,
        unseen=[choosing.title(each) for each in publishing.companions(session.db(), entry)],
        exact=orjson.dumps(document, option=orjson.OPT_INDENT_2).decode(),
        link=_own_link(request.args.get("link", "")),
        lasts=[("1", _("For a day")), ("7", _("For a week")), ("30", _("For thirty days"))],
        of=stands.locale,
    )


@pages.post("/entries/<entry>/preview")
@session.needs("entry.read")
def make_link(entry: str) -> AnyResponse:
    """Make a link that shows this without signing in, for a while."""
    stands = keeping.saved(session.db(), entry)
    rights.require(session.actor(), "entry.read", stands.kind.name, stands.locale)
    locale = _locale(forms.text("locale"), stands.locale)
    expires = session.now() + LASTS.get(forms.text("lasts"), LASTS["7"])
    secret = own_secrets.of(session.db(), "preview")
    token = preview.token(secret, entry, locale, 0, expires)
    say(_("The link is made. Whoever has it can read this until then."))
    return redirect(f"{addresses.entry(entry)}/preview?locale={locale}&link={token}#link", 303)


@pages.get("/preview/<token>")
@session.open_to_all
def shared(token: str) -> Response:
    """Show what a link leads to, to whoever has it, until it ends."""
    found = preview.read(own_secrets.of(session.db(), "preview"), token, session.now())
    document = preview.document(
        session.db(), found.entry, found.locale, site(), found.revision, now=session.now(), drafts=True
    )
    return render("admin/editing/shared.html", document=document, drawn=drawn(document), expires_at=found.expires_at)


def _content(draft: Writing | None) -> dict[str, object] | None:
    """Return what a draft would save."""
    return None if draft is None else keeping.finished(draft)


def _own_link(token: str) -> dict[str, str]:
    """Return a link that was just made, and until when it holds; nothing for what was not made here."""
    if not token:
        return {}
    found = preview.read(own_secrets.of(session.db(), "preview"), token, session.now())
    # By the address of the site: what a request calls its host is up to whoever sends it.
    return {"href": site().url + url_for("admin.preview.shared", token=token), "expires_at": found.expires_at}


def _locale(asked: str, source: str) -> str:
    if asked and asked not in site().locales:
        raise NotFound("locale", asked[:40])
    return asked or source


def drawn(document: dict[str, object]) -> Markup:
    """Return the body of a document as HTML; what is in it is sanitised where it is made."""
    body = document.get("body")
    return Markup(draw.to_html(body, document)) if isinstance(body, list) else Markup("")  # noqa: S704
