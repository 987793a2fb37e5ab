"""What the management API can do: each operation with its address, right, parameters, body and answers.

One declaration serves the routes, the checks before anything is done, the description and the tests.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from marshmallow import Schema

from api.public.parameters import Parameter
from cms.people.rights import Actor
from cms.site import Site
from cms.store import Database


@dataclass(frozen=True)
class Upload:
    """A file that was sent: as the whole body, or as the part `file` of a form."""

    data: bytes
    name: str = ""


@dataclass(frozen=True)
class Call:
    """One request that was found in order: who asks, and what. `based_on` is the revision that If-Match names."""

    db: Database
    actor: Actor
    now: datetime
    site: Site
    asked: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)
    upload: Upload = Upload(b"")
    based_on: int = 0


@dataclass(frozen=True)
class Answer:
    """What was done, before it becomes JSON; bytes are sent as they are, as `media`."""

    value: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""
    media: str = "application/json"


@dataclass(frozen=True)
class Operation:
    """One method at one address.

    `rights` are the actions of which a caller needs one, none where the door has judged; what exactly is judged by the
    desk. `answers` gives by status the dataclass (or JSON Schema) of the answer, None where it has no body; `media` the
    type of an answer that is a file, `stream` that it is sent while it is made. `files` are the types of a body that is
    a file. `conditional` needs If-Match. `once` heeds an Idempotency-Key; `apart` says that it takes long, and is the
    same when done twice.
    """

    name: str
    tag: str
    method: str
    path: str
    summary: str
    rights: Sequence[str]
    run: Callable[..., Answer]
    answers: Mapping[int, Any]
    query: Mapping[str, Parameter]
    required: Sequence[str] = ()
    body: Schema | None = None
    files: Sequence[str] = ()
    conditional: bool = False
    once: bool = False
    apart: bool = False
    media: Sequence[str] = ("application/json",)
    stream: bool = False


class Group:
    """The operations of one kind of thing, in the order in which they are declared."""

    def __init__(self, tag: str, about: str) -> None:
        self.tag, self.about = tag, about
        self.operations: list[Operation] = []

    def does(
        self,
        method: str,
        path: str,
        *,
        needs: str | Sequence[str],
        gives: Any,
        query: Sequence[Parameter] = (),
        **more: Any,
    ) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
        """Declare the function below as an operation; its docstring is the summary."""

        def declare(run: Callable[..., Answer]) -> Callable[..., Answer]:
            self.operations.append(
                Operation(
                    name=run.__name__,
                    tag=self.tag,
                    method=method,
                    path=path,
                    summary=(run.__doc__ or "").strip().partition("\n")[0].rstrip("."),
                    rights=(needs,) if isinstance(needs, str) else tuple(needs),
                    run=run,
                    answers=gives
                    if isinstance(gives, dict) and all(isinstance(k, int) for k in gives)
                    else {200: gives},
                    query={parameter.name: parameter for parameter in query},
                    **more,
                )
            )
            return run

        return declare
