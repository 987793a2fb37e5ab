"""People to test with, a clock that stands still, and hashes that cost next to nothing."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher

from cms.people import passwords, users
from cms.people.users import User
from cms.store import Database

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "correct fietsbel wolk"

Adding = Callable[..., User]


@pytest.fixture
def add(db: Database) -> Adding:
    """Return a function that adds a user by the local part of the address, with roles and other fields."""

    def added(local: str, *roles: str, locales: tuple[str, ...] = (), password: str = "", language: str = "") -> User:
        user = users.add(
            db,
            name=local.title(),
            email=f"{local}@example.org",
            roles=roles,
            locales=locales,
            language=language,
            now=NOW,
        )
        if password:
            passwords.set_password(db, user.id, password, hasher=CHEAP)
        return users.find(db, user.id)

    return added
