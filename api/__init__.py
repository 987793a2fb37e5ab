"""The Flask application: it speaks HTTP and decides nothing."""

import sys
from collections.abc import Callable, Collection
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import NotFound, RequestEntityTooLarge

from api import edge, languages, logs, problems
from api import settings as settings_module
from api.connections import Connections
from api.public.answers import cache_control
from api.public.routes import routes
from api.settings import Settings
from cms.errors import SettingsError


class Application(Flask):
    """Flask, with plain functions alone: it need not look at each call whether one is a coroutine."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is."""
        return func


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application for these settings, the environment's where none are given."""
    settings = settings or settings_module.read()
    logs.set_up(settings.log_level)
    # Content types may be loose files where the command is run; what is installed goes before them.
    if "" not in sys.path and str(Path.cwd()) not in sys.path:
        sys.path.append(str(Path.cwd()))
    for module in settings.content_types:
        try:
            import_module(module)
        except (ImportError, ValueError) as error:
            raise SettingsError({"TOLK_CONTENT_TYPES": [f"{module!r}: {error}."]}) from error
    app = Application(__name__, static_folder=None)
    app.config.update(
        SITE=settings.site,
        MAX_CONTENT_LENGTH=settings.max_body_bytes,
        CACHE_CONTROL=cache_control(settings.cache_seconds),
    )
    # Addresses are exact: a slash more is another address, and answers as an unknown one.
    app.url_map.strict_slashes = True
    app.url_map.merge_slashes = False
    connections = Connections(settings.database_url)
    app.extensions["tolk_connections"] = connections
    languages.set_up(app)
    problems.set_up(app)
    app.register_blueprint(routes(settings, connections))
    _guard(app, settings)
    open_to_all = "*" in settings.cors_origins
    if not open_to_all:
        _let_in(app, frozenset(settings.cors_origins))
    if settings.access_log:
        _log(app)
    app.wsgi_app = edge.edged(app.wsgi_app, open_to_all)  # type: ignore[method-assign, assignment]  # as Flask has it
    return app


def _guard(app: Flask, settings: Settings) -> None:
    @app.before_request
    def begin() -> None:
        environ = request.environ
        g.request_id = environ.get(edge.REQUEST_ID, "")
        if environ.get("CONTENT_LENGTH") and (request.content_length or 0) > settings.max_body_bytes:
            raise RequestEntityTooLarge
        # No slug, id or file name holds one, and PostgreSQL would not be asked for it.
        if "\0" in environ.get("PATH_INFO", ""):
            raise NotFound


def _let_in(app: Flask, origins: Collection[str]) -> None:
    @app.after_request
    def allow(response: Response) -> Response:
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
