"""The reader of the how-to, as it is printed there, keeps a true copy of a server that runs."""

import contextlib
import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from cms.errors import TolkError
from cms.partners.scopes import Scope
from cms.partners.selections import Selection
from cms.people import own_secrets
from cms.publish import editions
from cms.publish.refresh import drain
from cms.store import Database
from tests.builders import BY, SITE, later, published, save, translate
from tests.cms.partners.reading import Copy, lasting, truth
from tests.docs import pages
from tests.journeys.serving import serving


def printed() -> dict[str, Any]:
    """Return what the module on the page defines."""
    fence = next(each for each in pages.fences(pages.read("how-to/keep-a-copy.md")) if each.what == "mirror.py")
    module: dict[str, Any] = {"__name__": "mirror"}
    exec(compile(fence.text, "mirror.py", "exec"), module)
    return module


def something_happens(db: Database, chance: random.Random, entry: str, topics: list[str], number: int) -> None:
    locale, now = chance.choice(["nl", "en"]), later(seconds=number)
    with contextlib.suppress(TolkError):  # It is not live.
        match chance.randrange(5):
            case 0 | 1:
                save(db, entry, title=f"Titel {number}", topics=[chance.choice(topics)], now=now)
                editions.publish(db, entry, "nl", by=BY, now=now, site=SITE)
            case 2:
                translate(db, entry, now=now)
                editions.publish(db, entry, "en", by=BY, now=now, site=SITE)
            case 3:
                editions.withdraw(db, entry, locale=locale, explanation="Fout.", by=BY, now=now, site=SITE)
            case 4:
                editions.unpublish(db, entry, locale, by=BY, now=now, site=SITE)


def kept(copy: sqlite3.Connection) -> Copy:
    rows = copy.execute("select id, locale, document from document")
    return {(entry, locale): document.encode() for entry, locale, document in rows}


def test_a_reader_from_the_documentation_alone_keeps_a_true_copy(
    database_url: str, db: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    follow, chance = printed()["follow"], random.Random(5)
    topics = [published(db, "topic", title=title, slug=title.lower()) for title in ("Rug", "Knie")]
    author = published(db, "author")
    entries = [published(db, "article", authors=[author], topics=topics) for _ in range(4)]
    selection = Selection(asked=Scope(types=frozenset({"article"}), topics=frozenset(topics[:1])))
    copy = sqlite3.connect(":memory:")
    # Its clock would render as the site that it is, and here another writes.
    with serving(database_url, tmp_path, TOLK_CLOCK_SECONDS="0") as server, contextlib.closing(copy):
        for number in range(30):
            for _ in range(2):
                something_happens(db, chance, chance.choice(entries), topics, number)
            if number == 15:
                # No cursor that was given before is good any longer.
                own_secrets.forget(db)
            drain(db, SITE, later(seconds=number))
            follow(copy, f"http://127.0.0.1:{server.port}/v1/sync?type=article&topic=rug&limit=2")
            assert lasting(kept(copy)) == lasting(truth(db, selection))
    said = {line.split()[-1] for line in capsys.readouterr().out.splitlines()}
    assert {"withdrawn", "unpublished", "left_scope"} <= said
