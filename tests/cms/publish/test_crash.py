"""A process that is killed in the middle of publishing leaves what it had committed, whole."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cms.publish.refresh import drain, rebuild
from cms.store import connect
from tests.builders import SITE, create, document, everything, later, publish, published, rows

PUBLISHER = """
import sys
from cms.store import connect
from tests.builders import publish, translate

db = connect(sys.argv[1])
for entry in sys.argv[2:]:
    publish(db, entry)
    translate(db, entry, "en")
    publish(db, entry, "en")
    print(entry, flush=True)
"""


@pytest.mark.parametrize("after", [1, 7])
def test_a_publisher_that_is_killed_leaves_nothing_half_done(database_url: str, after: int) -> None:
    db = connect(database_url)
    author = published(db, "author")
    entries = [create(db, "article", title=f"Titel {number}", authors=[author]) for number in range(60)]
    with subprocess.Popen(
        [sys.executable, "-c", PUBLISHER, database_url, *entries],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    ) as child:
        assert child.stdout
        told = [child.stdout.readline().strip() for _ in range(after)]
        child.send_signal(signal.SIGKILL)
        told += child.stdout.read().split()
    assert (child.returncode, len(told) < len(entries)) == (-signal.SIGKILL, True)

    live = [row["entry"] for row in rows(db, "edition") if row["locale"] == "nl" and row["type"] == "article"]
    assert set(told) <= set(live) and len(live) <= len(told) + 1
    # It may have been killed before it had rendered what waited: that waits still, and is done by whoever comes.
    drain(db, SITE, later(hours=1))
    before = everything(db)
    assert rebuild(db, SITE, later(days=1)) == 0
    assert everything(db) == before
    assert sum(row["status"] == 200 for row in rows(db, "document")) == len(rows(db, "edition"))

    # Who comes next goes on where it stopped.
    for entry in entries[-3:]:
        publish(db, entry, now=later(days=1))
        assert document(db, entry)["authors"][0]["id"] == author
    db.close()
