"""Partners to test with, of a clock that stands still."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from cms.partners import partners
from cms.partners.partners import Partner
from cms.store import Database
from tests.builders import SITE

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

Adding = Callable[..., Partner]


@pytest.fixture
def add(db: Database) -> Adding:
    """Return a function that adds a partner, by its name alone or with further fields."""

    def added(name: str = "RugNetwerk", **fields: object) -> Partner:
        return partners.add(db, SITE, name=name, by="tester", now=NOW, **fields)  # type: ignore[arg-type]

    return added
