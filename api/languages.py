"""In which language Tolk itself speaks to a caller. The languages of content are in `cms.locales`."""

from pathlib import Path

from flask import Flask, g, has_request_context, request
from flask_babel import Babel

from cms import locales

CATALOGUES = Path(__file__).resolve().parent.parent / "translations"
SPOKEN = ("en", "nl", "ar")


def choose() -> str:
    """Return the interface language that the caller prefers, English where it says nothing we speak."""
    if not has_request_context():
        return SPOKEN[0]
    # What somebody chose in the admin goes before what the browser prefers.
    if (chosen := g.get("language")) in SPOKEN:
        return str(chosen)
    # Not werkzeug's best_match: to "nl-BE, en;q=0.5" it answers en, as nl-BE is not literally one of ours.
    wanted = [tag for tag, quality in request.accept_languages if tag != "*" and quality > 0]
    return locales.negotiate(wanted, SPOKEN) or SPOKEN[0]


def set_up(app: Flask) -> None:
    """Let flask-babel find the catalogues, whose folder is not the application's own."""
    Babel(app, default_translation_directories=str(CATALOGUES), locale_selector=choose)


def speaker() -> Flask:
    """Return an application that speaks, and does nothing else: the real one is long in the making."""
    app = Flask(__name__)
    set_up(app)
    return app
