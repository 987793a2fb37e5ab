"""Ids and times in the forms that the store keeps."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from cms.content.identity import moment, new_id, stamp


def test_an_id_is_a_uuid_of_version_7() -> None:
    found = UUID(new_id())
    assert (found.version, found.variant) == (7, "specified in RFC 4122")


def test_ids_are_unique_and_ordered_by_the_millisecond_of_their_making() -> None:
    made = [new_id() for _ in range(2_000)]
    assert len(set(made)) == 2_000
    assert [found[:13] for found in made] == sorted(found[:13] for found in made)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (datetime(2026, 3, 1, tzinfo=UTC), "2026-03-01T00:00:00.000000Z"),
        (datetime(2026, 3, 1, 1, 2, 3, 4, tzinfo=UTC), "2026-03-01T01:02:03.000004Z"),
        (datetime(2026, 3, 1, tzinfo=timezone(timedelta(hours=1))), "2026-02-28T23:00:00.000000Z"),
    ],
)
def test_a_stamp_is_utc_and_of_fixed_width(given: datetime, text: str) -> None:
    assert stamp(given) == text
    assert moment(text) == given


def test_a_moment_without_a_zone_is_utc() -> None:
    assert moment("2026-03-01") == datetime(2026, 3, 1, tzinfo=UTC)
