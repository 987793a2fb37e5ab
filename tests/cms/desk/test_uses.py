"""Where something is used is known of what is written and of what readers see."""

from cms.desk import uses, writing
from cms.store import Database
from tests.builders import NOW, SITE, a_paragraph, create, publish, published, save
from tests.cms.desk.actors import EDITOR


def found(db: Database, entry: str) -> list[tuple[str, str, bool, bool]]:
    return [(use.title, use.field, use.newest, use.live) for use in uses.uses(db, entry)]


def test_a_use_is_told_for_each_field_by_title(db: Database) -> None:
    author = published(db, "author")
    create(db, "article", title="B", authors=[author])
    reviews = [{"id": "r1", "author": author, "role": "medical", "date": "2026-01-01"}]
    published(db, "article", title="A", authors=[author], reviewers=reviews)
    create(db, "clinic", name="C", staff=[author])
    assert found(db, author) == [
        ("A", "authors", True, True),
        ("A", "reviewers", True, True),
        ("B", "authors", True, False),
        ("C", "staff", True, False),
    ]


def test_many_uses_come_in_pages(db: Database) -> None:
    topic = create(db, "topic")
    for number in range(5):
        create(db, "article", title=str(number), topics=[topic], body=[a_paragraph(f"Zie [rug](entry:{topic}).")])
    pages = [uses.page(db, topic, limit=4, offset=offset) for offset in (0, 4, 8, 12)]
    assert [page.total for page in pages] == [10] * 4
    assert [[f"{use.title} {use.field}" for use in page.uses] for page in pages] == [
        ["0 link", "0 topics", "1 link", "1 topics"],
        ["2 link", "2 topics", "3 link", "3 topics"],
        ["4 link", "4 topics"],
        [],
    ]


def test_what_is_live_and_newest_counts_once(db: Database) -> None:
    author = published(db, "author")
    published(db, "article", title="A", authors=[author])
    published(db, "article", title="B", authors=[author])
    assert uses.page(db, author, limit=1).total == 2


def test_a_link_in_a_text_is_a_use(db: Database) -> None:
    topic = create(db, "topic")
    create(db, "article", title="A", body=[a_paragraph(f"Zie [rug](entry:{topic}).")])
    assert found(db, topic) == [("A", "link", True, False)]


def test_what_readers_see_and_writers_have_dropped_is_a_use_until_it_is_published(db: Database) -> None:
    gone, stays = published(db, "author"), published(db, "author", name="Ann")
    article = published(db, "article", title="A", authors=[gone])
    save(db, article, authors=[stays])
    assert found(db, gone) == [("A", "authors", False, True)]
    publish(db, article)
    assert found(db, gone) == []


def test_only_a_card_in_a_live_document_counts_as_shown(db: Database) -> None:
    shown, linked, drafted = (published(db, "topic", title=title) for title in "abc")
    published(db, "article", topics=[shown], body=[a_paragraph(f"Zie [b](entry:{linked}).")])
    create(db, "article", topics=[drafted])
    assert [uses.is_shown(db, topic) for topic in (shown, linked, drafted)] == [True, False, False]


def test_a_use_by_something_archived_says_so(db: Database) -> None:
    topic = create(db, "topic")
    article = create(db, "article", topics=[topic])
    writing.archive(db, EDITOR, article, now=NOW, site=SITE)
    assert [use.archived for use in uses.uses(db, topic)] == [True]
