"""The management API: all that the admin can do, for programs with a key. It decides nothing; the desk does."""

from collections.abc import Callable
from importlib.metadata import version

import orjson
from flask import Blueprint, Flask, Response, current_app

from api.manage import (
    audit,
    door,
    entries,
    files,
    glossary,
    history,
    imports,
    keys,
    overview,
    partners,
    pictures,
    previews,
    publishing,
    recalls,
    serving,
    translating,
    users,
    webhooks,
)
from api.manage.description import describe
from api.manage.door import Door
from api.manage.operations import Answer, Call, Group, Operation
from api.settings import Settings
from cms.errors import RevisionClash
from cms.people.rights import ACTIONS

description = Group("description", "This description.")
GROUPS = (
    *(
        module.group
        for module in (
            entries,
            history,
            previews,
            imports,
            publishing,
            translating,
            files,
            glossary,
            pictures,
            overview,
            users,
            keys,
            audit,
            partners,
            webhooks,
            recalls,
        )
    ),
    description,
)
PREFIX = "/manage/v1"


@description.does("GET", "/openapi.json", needs=tuple(ACTIONS), gives={"type": "object"})
def get_description(call: Call) -> Answer:
    """Read the OpenAPI description of this API."""
    made: bytes | None = current_app.extensions.get("tolk_manage_openapi")
    if made is None:
        made = orjson.dumps(describe(call.site, version("tolk"), GROUPS, PREFIX))
        current_app.extensions["tolk_manage_openapi"] = made
    return Answer(made)


def routes(settings: Settings) -> Blueprint:
    """Return the management API: every operation behind the door."""
    blueprint = Blueprint("manage", __name__, url_prefix=PREFIX)
    at_door = Door(settings.manage_per_minute, settings.manage_origins, door.program)
    blueprint.before_request(at_door.enter)
    blueprint.after_request(at_door.leave)
    blueprint.register_error_handler(RevisionClash, serving.outdated)
    for group in GROUPS:
        for operation in group.operations:
            run = _route(operation, settings.max_body_bytes)
            blueprint.add_url_rule(operation.path, operation.name, run, methods=[operation.method])
    return blueprint


def _route(operation: Operation, json_bytes: int) -> Callable[..., Response]:
    def run(**where: str) -> Response:
        return serving.serve(operation, json_bytes, where)

    return run


def set_up(app: Flask, settings: Settings) -> None:
    """Put the management API into the application."""
    app.register_blueprint(routes(settings))
