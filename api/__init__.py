"""The Flask application: it speaks HTTP and decides nothing."""

import re
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from secrets import token_hex
from time import monotonic
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import NotFound, RequestEntityTooLarge

from api import languages, logs, problems
from api import settings as settings_module
from api.connections import Connections
from api.public.answers import cache_control
from api.public.routes import routes
from api.settings import Settings
from cms.errors import SettingsError

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
EXPOSED = "Content-Language, Content-Location, ETag, Link, Location, Retry-After, X-Request-ID"


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
    _name_requests(app, settings)
    return app


def _name_requests(app: Flask, settings: Settings) -> None:
    origins = frozenset(settings.cors_origins)

    always = [("X-Content-Type-Options", "nosniff"), ("Access-Control-Expose-Headers", EXPOSED)]
    if "*" in origins:
        always.append(("Access-Control-Allow-Origin", "*"))

    @app.before_request
    def begin() -> None:
        environ = request.environ
        given = environ.get("HTTP_X_REQUEST_ID")
        g.request_id = given if given and REQUEST_ID.fullmatch(given) else token_hex(8)
        if settings.access_log:
            g.began = monotonic()
        if environ.get("CONTENT_LENGTH") and (request.content_length or 0) > settings.max_body_bytes:
            raise RequestEntityTooLarge
        # No slug, id or file name holds one, and PostgreSQL would not be asked for it.
        if "\0" in environ.get("PATH_INFO", ""):
            raise NotFound

    @app.after_request
    def finish(response: Response) -> Response:
        headers = response.headers
        headers.add("X-Request-ID", g.request_id)
        for name, value in always:
            headers.add(name, value)
        if "*" not in origins:
            response.vary.add("Origin")
            if request.headers.get("Origin") in origins:
                headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
        if request.method == "OPTIONS":
            headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
            headers["Access-Control-Allow-Headers"] = "Accept-Language, If-Modified-Since, If-None-Match, X-Request-ID"
            headers["Access-Control-Max-Age"] = "86400"
        if settings.access_log:
            logs.request_line(response.status_code)
        return response
