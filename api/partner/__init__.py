"""The API for partners themselves, with the key that they read with: webhooks and deliveries. It decides nothing."""

from collections.abc import Callable
from importlib.metadata import version

import orjson
from flask import Blueprint, Flask, Response, current_app, request

from api.manage import serving
from api.manage.description import describe
from api.manage.door import Door
from api.manage.operations import Answer, Call, Group, Operation
from api.partner import account, deliveries, pages, recalls, webhooks
from api.public import access
from api.settings import Settings
from cms.desk import delivering
from cms.people.rights import Actor

PREFIX = "/v1/partner"
NAME = "partner API"
ABOUT = """What partners look after themselves: where they are told of what happens, and what they were told.

Every request shows the key that a partner reads with: `Authorization: Bearer tolk_…`. A partner sees what is its own;
what is another's is not there.

Requests that make something may carry an `Idempotency-Key`: sent again within a day, they are answered the same and
nothing is made twice.
"""

description = Group("description", "This description.")
GROUPS = (*(module.group for module in (account, webhooks, deliveries, recalls, pages)), description)


@description.does("GET", "/openapi.json", needs=(), gives={"type": "object"})
def get_description(call: Call) -> Answer:
    """Read the OpenAPI description of this API."""
    made: bytes | None = current_app.extensions.get("tolk_partner_openapi")
    if made is None:
        made = orjson.dumps(describe(call.site, version("tolk"), GROUPS, PREFIX, NAME, ABOUT))
        current_app.extensions["tolk_partner_openapi"] = made
    return Answer(made)


def set_up(app: Flask, settings: Settings) -> None:
    """Put the API for partners into the application."""
    blueprint = Blueprint("partner", __name__, url_prefix=PREFIX)
    at_door = Door(settings.manage_per_minute, settings.manage_origins, _who)
    blueprint.before_request(at_door.enter)
    blueprint.after_request(at_door.leave)
    for group in GROUPS:
        for operation in group.operations:
            run = _route(operation, settings.max_body_bytes)
            blueprint.add_url_rule(operation.path, operation.name, run, methods=[operation.method])
    app.register_blueprint(blueprint)


def _who(secret: str) -> Actor:
    """Return the partner as an actor: whose key it is was found out before."""
    return delivering.itself(access.needed(), request.remote_addr or "")


def _route(operation: Operation, json_bytes: int) -> Callable[..., Response]:
    def run(**where: str) -> Response:
        return serving.serve(operation, json_bytes, where)

    return run
