"""The bodies of requests: JSON that fits a schema and nothing else, or a file. It knows no operation."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from flask import request
from marshmallow import RAISE, Schema, fields
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from api.manage.operations import Operation, Upload
from cms.content import validate
from cms.content.fields import Inline, Ref, fault
from cms.content.identity import stamp
from cms.errors import Invalid, Problem, Refused

JSON = "application/json"
FORM = "multipart/form-data"
MAX_TEXTS = 5_000
MAX_MEMBERS = 100
MAX_NAME = 200


class Body(Schema):
    """The base of every JSON body: what it does not name is refused."""

    class Meta:
        """Refuse what the schema does not name."""

        unknown = RAISE


class Content(fields.Field[Any]):
    """The content of an entry, which its type judges."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise fault("not_an_object")
        return dict(value)


class Texts(fields.Field[Any]):
    """Texts by the paths of their segments; what a text may be is judged where it is saved."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, str]:
        if not isinstance(value, Mapping):
            raise fault("not_an_object")
        if len(value) > MAX_TEXTS:
            raise fault("too_many", maximum=MAX_TEXTS)
        text = Inline()
        return {str(path): str(text.deserialize(each)) for path, each in value.items()}


class Moment(fields.Field[Any]):
    """A moment with its zone (RFC 3339)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        said = value if isinstance(value, str) else ""
        try:
            found = datetime.fromisoformat(said.strip())
            stamp(found)  # which the first and the last day of the calendar may fail
        except (ValueError, OverflowError):
            raise fault("not_a_moment", value=said[:40]) from None
        if found.tzinfo is None or "T" not in said.upper():
            raise fault("not_a_moment", value=said[:40])
        return found


class Id(Ref):
    """The id of an entry of any type."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("", **kwargs)


def read(operation: Operation) -> Mapping[str, Any]:
    """Return the JSON body that an operation takes. Raises Invalid, BadRequest, UnsupportedMediaType."""
    if operation.body is None:
        return {}
    needed = any(field.required for field in operation.body.fields.values())
    data = request.get_data(cache=False)
    if not data and not needed:
        return validate.read(operation.body, {})
    if request.mimetype != JSON:
        raise UnsupportedMediaType
    try:
        raw = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise BadRequest from None
    if isinstance(raw, Mapping) and len(raw) > MAX_MEMBERS:
        # To name what was meant by each of very many would take long.
        raise Invalid([Problem("", "too_many", {"maximum": MAX_MEMBERS})])
    return validate.read(operation.body, raw)


def upload(operation: Operation) -> Upload:
    """Return the file that was sent. Raises Invalid where there is none, UnsupportedMediaType."""
    if request.mimetype == FORM:
        unknown = sorted({*request.files, *request.form} - {"file"})
        if unknown:
            raise Invalid([Problem(f"/{name[:80]}", "unknown_field", {"name": name[:80]}) for name in unknown])
        sent = request.files.get("file")
        found = Upload(sent.stream.read(), (sent.filename or "")[:MAX_NAME]) if sent else Upload(b"")
    elif request.mimetype in operation.files:
        found = Upload(request.get_data(cache=False))
    else:
        raise UnsupportedMediaType
    if not found.data:
        raise Invalid([Problem("/file" if request.mimetype == FORM else "", "no_file")])
    return replace(found, name="".join(char for char in found.name if char.isprintable()))


@contextmanager
def below(at: str) -> Iterator[None]:
    """Let what the library says of values in a part of the body point to where they stand in it."""
    try:
        yield
    except (Invalid, Refused) as error:
        found = error.problems if isinstance(error, Invalid) else error.reasons
        raise type(error)(
            [Problem(each.pointer and f"{at}{each.pointer}", each.code, each.values) for each in found]
        ) from None
