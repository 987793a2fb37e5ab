"""What is counted, and for how long it is kept."""

from datetime import timedelta
from threading import Thread

import pytest

from cms.errors import StoreError
from cms.partners import usage
from cms.partners.usage import NOBODY, Meter
from cms.store import Database
from tests.cms.partners.conftest import NOW

DAY = "2026-03-02"


def test_nothing_is_written_while_counting(db: Database) -> None:
    Meter().count("p", "e", "nl", "item")
    assert usage.totals(db) == []


def test_what_was_counted_is_added_up(db: Database) -> None:
    meter = Meter()
    for partner in ("p", "p", NOBODY):
        meter.count(partner, "e", "nl", "item")
    assert (meter.keep(db, NOW), meter.keep(db, NOW)) == (2, 0)
    meter.count("p", "e", "nl", "item")
    meter.keep(db, NOW)
    assert usage.totals(db, usage.COLUMNS) == [
        {"day": DAY, "partner": NOBODY, "entry": "e", "locale": "nl", "way": "item", "count": 1},
        {"day": DAY, "partner": "p", "entry": "e", "locale": "nl", "way": "item", "count": 3},
    ]


def test_every_thread_is_heard(db: Database) -> None:
    meter = Meter()

    def read() -> None:
        for _ in range(2_000):
            meter.count("p", "e", "nl", "item")

    readers = [Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    while any(reader.is_alive() for reader in readers):
        meter.keep(db, NOW)
    meter.keep(db, NOW)
    assert usage.totals(db) == [{"partner": "p", "count": 8_000}]


def test_many_documents_are_kept_in_short_writes(db: Database) -> None:
    meter = Meter()
    for number in range(usage.CHUNK + 1):
        meter.count(NOBODY, f"e{number}", "nl", "item")
    assert meter.keep(db, NOW) == usage.CHUNK + 1
    assert usage.totals(db, ("way",)) == [{"way": "item", "count": usage.CHUNK + 1}]


def test_what_could_not_be_kept_is_kept_the_next_time(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    meter = Meter()
    meter.count("p", "e", "nl", "item")
    meter.count("p", "\0", "nl", "item")  # which no database takes
    with pytest.raises(StoreError):
        meter.keep(db, NOW)
    assert usage.totals(db) == []
    meter._counts.pop((DAY, "p", "\0", "nl", "item"))
    meter.keep(db, NOW)
    assert usage.totals(db) == [{"partner": "p", "count": 1}]


@pytest.mark.parametrize(
    ("by", "asked", "found"),
    [
        (("partner",), {}, [(NOBODY, 7), ("p", 3), ("q", 4)]),
        (("partner",), {"partner": NOBODY}, [(NOBODY, 7)]),
        (("entry",), {"partner": "p"}, [("a", 1), ("b", 2)]),
        (("way", "day"), {"partner": "q"}, [("sync", "2026-03-02", 4)]),
        (("day",), {"since": "2026-03-02", "until": "2026-03-02"}, [("2026-03-02", 6)]),
        (("day",), {"until": "2026-03-01"}, [("2026-03-01", 8)]),
        (("partner",), {"entry": "a", "since": "2026-03-01"}, [(NOBODY, 7), ("p", 1)]),
    ],
)
def test_it_is_summed_as_it_is_asked_for(
    db: Database, by: tuple[str, ...], asked: dict[str, str], found: list[tuple[object, ...]]
) -> None:
    usage.record(
        db,
        {
            ("2026-03-01", "p", "a", "nl", "item"): 1,
            ("2026-03-02", "p", "b", "nl", "list"): 2,
            ("2026-03-02", "q", "b", "en", "sync"): 4,
            ("2026-03-01", NOBODY, "a", "nl", "item"): 7,
        },
    )
    assert [tuple(row.values()) for row in usage.totals(db, by, **asked)] == found  # type: ignore[arg-type]


def test_it_is_summed_by_what_there_is_alone(db: Database) -> None:
    with pytest.raises(ValueError, match="address"):
        usage.totals(db, ("address",))


def test_what_is_old_is_forgotten(db: Database) -> None:
    usage.record(db, {(day, "p", "a", "nl", "item"): 1 for day in ("2025-01-25", "2025-01-26", DAY)})
    assert (usage.forget_old(db, NOW), usage.forget_old(db, NOW)) == (1, 0)
    assert [row["day"] for row in usage.totals(db, ("day",))] == ["2025-01-26", DAY]
    assert usage.forget_old(db, NOW + timedelta(days=500)) == 2
