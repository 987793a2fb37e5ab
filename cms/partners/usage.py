"""How often what was read, by partner, document, day and way. Who reads without a key is counted as nobody.

It knows no address, cookie or browser: of a reader nothing is kept.
"""

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from cms.content.identity import stamp
from cms.store import Database, write

WAYS = ("item", "list", "sync", "feed", "embed", "webhook")
NOBODY = ""  # stands for a partner where no key was shown
COLUMNS = ("day", "partner", "entry", "locale", "way")
KEPT = timedelta(days=400)  # so that a month can be held against the same one a year ago
CHUNK = 200
MOST_WAITING = 100_000

Counted = tuple[str, str, str, str, str]  # as COLUMNS


class Meter:
    """Counts in memory, for all threads of a process, until it is told to keep what it has counted."""

    def __init__(self) -> None:
        # Appending is all that a reader waits for; what nobody comes to keep must not fill the memory.
        self._seen: deque[tuple[str, str, str, str]] = deque(maxlen=MOST_WAITING)
        self._counts: Counter[Counted] = Counter()
        self._lock = Lock()

    def count(self, partner: str, entry: str, locale: str, way: str) -> None:
        """Count that a document was given to a partner, or to NOBODY."""
        self._seen.append((partner, entry, locale, way))

    def keep(self, db: Database, now: datetime) -> int:
        """Add what was counted to the store, and return how many rows that made. What fails is kept the next time."""
        with self._lock:
            day, counts = stamp(now)[:10], self._counts
            while self._seen:
                counts[(day, *self._seen.popleft())] += 1
            done = 0
            while counts:
                # In short writes: others wait to write too.
                part = {row: counts[row] for row in list(counts)[:CHUNK]}
                record(db, part)
                for row in part:
                    del counts[row]
                done += len(part)
            return done


def record(db: Database, counts: Mapping[Counted, int]) -> None:
    """Add these counts to what was counted before."""
    with write(db):
        for row, count in sorted(counts.items()):
            db.execute(
                "insert into partner_usage (day, partner, entry, locale, way, count) values (?, ?, ?, ?, ?, ?)"
                " on conflict (day, partner, entry, locale, way)"
                " do update set count = partner_usage.count + excluded.count",
                [*row, count],
            )


def totals(
    db: Database,
    by: Sequence[str] = ("partner",),
    *,
    partner: str | None = None,
    entry: str = "",
    since: str = "",
    until: str = "",
) -> list[dict[str, Any]]:
    """Return how often documents were given, as `count` beside the columns (of COLUMNS) that it is summed by.

    `since` and `until` are days, both counted; `partner` NOBODY asks for those who show no key. Raises ValueError for
    a column that is none.
    """
    if unknown := set(by) - set(COLUMNS):
        raise ValueError(f"no such columns: {sorted(unknown)}")
    asked = {"partner = ?": partner, "entry = ?": entry or None, "day >= ?": since or None, "day <= ?": until or None}
    given = {condition: value for condition, value in asked.items() if value is not None}
    where = f" where {' and '.join(given)}" if given else ""
    listed = ", ".join(dict.fromkeys(by))
    rows = db.query(
        f"select {listed}, sum(count) as total from partner_usage{where} group by {listed} order by {listed}",
        [*given.values()],
    )
    return [{name: row[name] for name in by} | {"count": int(row["total"])} for row in rows]


def forget_old(db: Database, now: datetime) -> int:
    """Forget what was counted longer ago than KEPT; return how many rows that were."""
    before = stamp(now - KEPT)[:10]
    if not db.table("partner_usage").count_where("day < ?", [before]):
        return 0
    with write(db):
        return db.table("partner_usage").delete_where("day < ?", [before])
