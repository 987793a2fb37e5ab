"""The admin in the browser: pages that work without scripts and are better with them. It decides nothing."""

from flask import Blueprint, Flask

from api.admin import (
    audit,
    clashes,
    exchange_pages,
    glossary,
    history,
    home,
    importing,
    keys,
    machine_pages,
    page,
    partners,
    passkeys,
    people,
    preview,
    publishing,
    recall_pages,
    recovery,
    reviewing,
    session,
    signing,
    sso,
    tables,
    translating_steps,
    translations,
    uses,
    webhook_pages,
    writing,
    you,
)
from api.settings import Settings

# One blueprint a job, each from its module; the address of all begins with /admin.
JOBS = (
    home,
    signing,
    sso,
    recovery,
    passkeys,
    you,
    people,
    keys,
    partners,
    webhook_pages,
    recall_pages,
    audit,
    glossary,
    tables,
    writing,
    clashes,
    publishing,
    history,
    preview,
    reviewing,
    uses,
    importing,
    translations,
    translating_steps,
    exchange_pages,
    machine_pages,
)


def routes() -> Blueprint:
    """Return the admin: every page behind the guard, with the same headers."""
    blueprint = Blueprint(
        "admin",
        __name__,
        url_prefix="/admin",
        static_folder="static",
        static_url_path="/static",
        template_folder="templates",
    )
    blueprint.before_request(session.guard)
    page.set_up(blueprint)
    for job in JOBS:
        blueprint.register_blueprint(job.pages)
    return blueprint


def set_up(app: Flask, settings: Settings) -> None:
    """Put the admin into the application."""
    app.config.update(
        SETTINGS=settings,
        TIMEZONE=settings.timezone,
        MAIL=settings.mail,
        SSO=settings.sso,
        MEDIA_DIR=settings.media_dir.resolve(),
    )
    app.register_blueprint(routes())
