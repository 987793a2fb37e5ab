"""Two small tables that the contract is tried on, apart from Tolk's own."""

from collections.abc import Iterator

import pytest

from cms.store import Database, connect, write


@pytest.fixture
def url(empty_url: str) -> str:
    """Return the URL of a database with the tables shelf and book."""
    db = connect(empty_url)
    with write(db):
        db.table("shelf").create({"id": str, "label": str}, pk="id", not_null={"label"})
        db.table("book").create(
            {
                "shelf": str,
                "place": int,
                "title": str,
                "note": str,
                "pages": int,
                "cover": bytes,
                "weight": float,
            },
            pk=("shelf", "place"),
            not_null={"title"},
            foreign_keys=[("shelf", "shelf", "id")],
            defaults={"title": "O'Reilly; TRUE()", "pages": 7},
        )
        db.table("book").create_index(["title", "pages"], unique=True)
        db.table("shelf").insert({"id": "a", "label": "first"})
    db.close()
    return empty_url


@pytest.fixture
def db(url: str) -> Iterator[Database]:
    """Yield a connection to it."""
    db = connect(url)
    yield db
    db.close()
