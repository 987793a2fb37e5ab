"""Text that was written elsewhere, taken in: what it amounts to is shown first, with all that is doubtful."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from api.admin import addresses, forms, session, words
from api.admin.page import render, say, section
from api.admin.writing_page import shown
from api.public.answers import site
from api.wording import DROPPED, say_doubt
from cms.content.plaintext import understand
from cms.desk import writing
from cms.errors import Invalid
from cms.publish import draw

pages = Blueprint("importing", __name__)


@pages.get("/import")
@session.needs("entry.import")
def show() -> Response:
    """Ask for the text."""
    return _page("", {})


@pages.post("/import")
@session.needs("entry.import")
def take_in() -> AnyResponse:
    """Show what the text amounts to, or take it in where that was seen."""
    text = _text()
    try:
        if forms.text("do") != "load":
            understood = understand(text)
            proposals = writing.propose_text(session.db(), session.actor(), text)
            return _page(text, {}, understood=understood, proposals=proposals)
        made = writing.import_text(session.db(), session.actor(), text, now=session.now(), site=site())
    except Invalid as error:
        return _page(text, {"text": " ".join(forms.said(error))}, 422)
    if made.changed:
        say(_("The text is taken in as a draft. Read it through, then publish it."))
    else:
        say(_("This text was taken in before, and nothing in it is new."), "info")
    return redirect(addresses.entry(made.article), 303)


def _text() -> str:
    sent = request.files.get("file")
    if sent is not None and sent.filename:
        data = sent.stream.read(2_000_001)
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return data.decode("cp1252", errors="replace")
    return request.form.get("text", "").replace("\r\n", "\n")


def _page(text: str, problems: Mapping[str, str], status: int = 200, **found: Any) -> Response:
    section("articles")
    return render(
        "admin/editing/import.html",
        status,
        text=text,
        problems=problems,
        doubt=lambda doubt: say_doubt(doubt.code, doubt.values),
        left_out=_left_out,
        block=_block,
        of=site().source_locale,
        **found,
    )


def _left_out(reason: str) -> str:
    """Return why a line is left out, in words."""
    return words.said(DROPPED.get(reason, reason))


def _block(block: Mapping[str, Any]) -> Markup:
    """Return a block as readers would see it; what is in it is escaped or sanitised where it is drawn."""
    return Markup(draw.to_html([_shown(block)], {}))  # noqa: S704


def _shown(value: Any) -> Any:
    """Return what a pasted text amounts to in the shape of a document; the clinic that it names is told elsewhere."""
    if isinstance(value, list):
        return [_shown(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    made = {name: _shown(inner) for name, inner in value.items() if name != "clinic"}
    return {**made, "html": str(shown(value["text"]))} if "text" in value else made
