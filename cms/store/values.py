"""Which values both engines can keep, decided before either sees them."""

import math
from collections.abc import Mapping
from typing import Any

from cms.errors import BadValue
from cms.store.protocol import Params

LARGEST = 2**63 - 1
SMALLEST = -(2**63)


def bound(params: Params) -> Any:
    """Return parameters that both engines keep alike. Raises BadValue."""
    values = params if type(params) is tuple or type(params) is list else _values(params)
    for value in values:
        kind = type(value)
        if kind is str:
            if "\0" in value:
                raise BadValue("text with a NUL character")
        elif kind is int:
            if not SMALLEST <= value <= LARGEST:
                raise BadValue("an integer beyond 64 bits")
        elif value is not None and kind is not bytes:
            return _storable_all(params)
    return params


def storable(value: Any) -> Any:
    """Return a value as a str, int, float, bytes or None, whatever subclass it was. Raises BadValue."""
    if value is None:
        return None
    if isinstance(value, str):
        if "\0" in value:
            raise BadValue("text with a NUL character")
        return str.__str__(value)
    if isinstance(value, int):
        if not SMALLEST <= value <= LARGEST:
            raise BadValue("an integer beyond 64 bits")
        return int(value)
    if isinstance(value, float):
        if math.isnan(value):
            raise BadValue("not a number")
        return float(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    raise BadValue(f"{type(value).__name__}: the store keeps text, integers, floats, bytes and nothing")


def _values(params: Params) -> Any:
    return params.values() if isinstance(params, Mapping) else params


def _storable_all(params: Params) -> Any:
    if isinstance(params, Mapping):
        return {name: storable(value) for name, value in params.items()}
    return [storable(value) for value in params]
