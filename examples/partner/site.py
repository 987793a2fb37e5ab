"""The site itself: pages for readers, and the address that Tolk's webhooks come to."""

import threading
from datetime import UTC, datetime
from typing import Any, cast

from flask import Flask, Response, redirect, render_template, request, url_for
from standardwebhooks import Webhook, WebhookVerificationError

from examples.partner.shelf import Shelf


def create_site(shelf: Shelf, wake: threading.Event) -> Flask:
    """Return the site over a shelf; `wake` is set when there is something to fetch."""
    app = Flask(__name__)

    @app.get("/")
    def home() -> str:
        return render_template("home.html", documents=shelf.documents(), synced_at=shelf.recall("synced_at"))

    @app.get("/<locale>/<slug>")
    def show(locale: str, slug: str) -> tuple[str, int] | Response:
        if found := shelf.find(locale, slug):
            document, etag = found
            if why := _too_old(shelf, document):
                return render_template("unsure.html", document=document, why=why), 503
            page = render_template("document.html", document=document, etag=etag)
            response = Response(page)
            if shelf.recall("indexing") == "noindex":
                response.headers["X-Robots-Tag"] = "noindex"
            return response
        if now_at := shelf.moved_to(locale, slug):
            return cast(Response, redirect(url_for("show", locale=locale, slug=now_at), 301))
        gone = shelf.gone(locale, slug)
        return render_template("gone.html", locale=locale, gone=gone), 410 if gone else 404

    @app.post("/tolk")
    def hear() -> tuple[str, int]:
        secret = shelf.recall("webhook_secret")
        if not secret:
            return "no webhook is set up", 503
        try:
            # The bytes as they came: written anew, they would not be what was signed.
            Webhook(secret).verify(request.get_data(), dict(request.headers))
        except WebhookVerificationError:
            return "not signed by Tolk", 401
        # Whatever it says, the answer is the same: ask what changed. Sync brings it in order, and all of it.
        if shelf.is_new(request.headers["webhook-id"]):
            wake.set()
        return "", 204

    return app


def _too_old(shelf: Shelf, document: dict[str, Any]) -> str:
    """Return why a document must not be shown, an empty text where it may.

    It may until `refresh_by` unless Tolk has said since that nothing changed, and never after `display_until`.
    """
    now = datetime.now(UTC)
    until = document.get("display_until")
    if until and datetime.fromisoformat(until) <= now:
        return "display_until"
    asked = max(filter(None, (document["refresh_by"], shelf.recall("refresh_by"))))
    return "refresh_by" if datetime.fromisoformat(asked) <= now else ""
