"""Ids and times in the forms that the store keeps."""

import os
import time
from datetime import UTC, datetime
from uuid import UUID


def new_id() -> str:
    """Return a UUIDv7 (RFC 9562, section 5.7) as text: unique, and ordered by the millisecond of its making."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10))
    value = (milliseconds & (2**48 - 1)) << 80 | 0x7 << 76 | (random >> 68) << 64
    value |= 0b10 << 62 | random & (2**62 - 1)
    return str(UUID(int=value))


def stamp(moment: datetime) -> str:
    """Return the moment as fixed-width ISO 8601 UTC text, whose order is the order of time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(text: str) -> datetime:
    """Return the moment that a stamp, or any ISO 8601 text with a zone, names."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
