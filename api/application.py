"""Put the application together, for these settings, of the three APIs. What they do is not known here."""

from collections.abc import Callable, Collection
from time import monotonic
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import NotFound, RequestEntityTooLarge
from werkzeug.middleware.proxy_fix import ProxyFix

from api import admin, edge, languages, logs, manage, partner, problems
from api import settings as settings_module
from api.admin import errors as error_pages
from api.connections import Connections
from api.manage.serving import FILE_BYTES
from api.public import access
from api.public.answers import cache_control
from api.public.routes import routes
from api.rules import LateRule
from api.settings import Settings
from api.starting import load_types

ADMIN_BODY_BYTES = 12 * 2**20
ADMIN_FORM_PARTS = 20_000


class Application(Flask):
    """Flask, with plain functions alone: it need not look at each call whether one is a coroutine."""

    url_rule_class = LateRule

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is."""
        return func


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application for these settings, the environment's where none are given."""
    settings = settings or settings_module.read()
    logs.set_up(settings.log_level)
    load_types(settings)
    app = Application("api", static_folder=None)
    app.config.update(
        SITE=settings.site,
        MAX_CONTENT_LENGTH=settings.max_body_bytes,
        WEBHOOK_PRIVATE=settings.webhook_private,
        CACHE_CONTROL=cache_control(settings.cache_seconds),
    )
    # Addresses are exact: a slash more is another address, and answers as an unknown one.
    app.url_map.strict_slashes = True
    app.url_map.merge_slashes = False
    connections = Connections(settings.database_url)
    app.extensions["tolk_connections"] = connections
    languages.set_up(app)
    problems.set_up(app, {"/admin": error_pages.show})
    app.register_blueprint(routes(settings, connections))
    admin.set_up(app, settings)
    manage.set_up(app, settings)
    partner.set_up(app, settings)
    _guard(app, settings, access.set_up(app, settings, connections))
    open_to_all = "*" in settings.cors_origins
    if not open_to_all:
        _let_in(app, frozenset(settings.cors_origins))
    if settings.access_log:
        _log(app)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0)  # type: ignore[method-assign]
    app.wsgi_app = edge.edged(app.wsgi_app, open_to_all)  # type: ignore[method-assign, assignment]  # as Flask has it
    return app


def _guard(app: Flask, settings: Settings, enter: Callable[[access.Environ], None]) -> None:
    @app.before_request
    def begin() -> None:
        environ = request.environ
        g.request_id = environ.get(edge.REQUEST_ID, "")
        most = settings.max_body_bytes
        if environ.get("PATH_INFO", "").startswith("/admin"):
            # Pictures come this way, and forms with a field for each piece of an article.
            most = max(most, ADMIN_BODY_BYTES)
            request.max_content_length = request.max_form_memory_size = most
            request.max_form_parts = ADMIN_FORM_PARTS
        elif environ.get("PATH_INFO", "").startswith("/manage"):
            # What an operation takes is judged when it is known which.
            most = max(most, FILE_BYTES)
        if environ.get("CONTENT_LENGTH") and (request.content_length or 0) > most:
            raise RequestEntityTooLarge
        # No slug, id or file name holds one, and PostgreSQL would not be asked for it.
        if "\0" in environ.get("PATH_INFO", ""):
            raise NotFound
        enter(environ)


def _let_in(app: Flask, origins: Collection[str]) -> None:
    @app.after_request
    def allow(response: Response) -> Response:
        if request.path.startswith(edge.PRIVATE):
            return response
        response.vary.add("Origin")
        if request.headers.get("Origin") in origins:
            response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
        return response


def _log(app: Flask) -> None:
    @app.before_request
    def begin() -> None:
        g.began = monotonic()

    @app.after_request
    def finish(response: Response) -> Response:
        logs.request_line(response.status_code)
        return response
