"""What a partner or a webhook can be limited to, as a form offers it: also what it is limited to already."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.admin.editing import choosing
from api.public.answers import site
from cms.content import types

MOST_TOPICS = 500


def options(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the kinds of content, languages and topics to choose from.

    What stands in `given` and is not offered any more is offered all the same: to leave it out would widen the limit.
    """
    topics = choosing.entries("topic", limit=MOST_TOPICS).options
    known = {topic for topic, _ in topics}
    return {
        "kinds": list(types.every()),
        "locales": [*site().locales, *(tag for tag in _values(given, "locales") if tag not in site().locales)],
        "topics": [*topics, *((id, choosing.title(id)) for id in _values(given, "topics") if id not in known)],
    }


def _values(given: Mapping[str, Any], name: str) -> Sequence[str]:
    return given.get(name) or ()
