"""The HTTP status that each error code is answered with, read from the code that answers."""

import inspect
from collections.abc import Iterator

from api.problems import HTTP_CODES, STATUSES, BadParameter, StaleForm
from cms import errors

# Said by the delivery API itself, beside errors of the library and of HTTP.
SAID = {BadParameter.code: 400, StaleForm.code: 403, "unknown_locale": 404, "not_in_locale": 404, "internal": 500}


def statuses() -> dict[str, int]:
    """Return the status of each code that the API can answer with."""
    found = {code: status for status, code in HTTP_CODES.items()} | SAID
    for error in _tolk_errors():
        found[error.code] = next((status for kind, status in STATUSES.items() if issubclass(error, kind)), 500)
    return found


def _tolk_errors() -> Iterator[type[errors.TolkError]]:
    for _, found in inspect.getmembers(errors, inspect.isclass):
        if issubclass(found, errors.TolkError):
            yield found
