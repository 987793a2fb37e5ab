"""History says who changed what, word by word, and which of it readers got."""

from cms.content import types
from cms.desk import history
from cms.desk.history import Changed
from cms.store import Database
from tests.builders import BY, a_paragraph, create, later, publish, published, save, translate

ARTICLE = types.find("article")


def test_revisions_are_listed_newest_first_with_what_readers_got(db: Database) -> None:
    entry = published(db, "article")
    translate(db, entry, "en")
    publish(db, entry, "en")
    save(db, entry, summary="Kort.", update_type="safety", now=later(days=1))
    publish(db, entry, now=later(days=1))
    save(db, entry, summary="Langer.")
    assert [
        (each.number, each.update_type, each.saved_by, each.was_published, each.live)
        for each in history.versions(db, entry)
    ] == [
        (3, "major", BY, False, ()),
        (2, "safety", BY, True, ("en", "nl")),
        (1, "major", BY, True, ()),
    ]


def test_revisions_are_paged(db: Database) -> None:
    entry = create(db, "topic")
    for title in "abcd":
        save(db, entry, title=title)
    assert [each.number for each in history.versions(db, entry, limit=2)] == [5, 4]
    assert [each.number for each in history.versions(db, entry, before=4, limit=2)] == [3, 2]


def test_a_text_is_compared_in_words(db: Database) -> None:
    entry = create(db, "article", body=[a_paragraph("Rust twee dagen.")])
    save(db, entry, body=[a_paragraph("Rust drie dagen.")])
    assert history.changes(db, entry, 1, 2) == [
        Changed(
            "body.b1.text",
            "changed",
            "Rust twee dagen.",
            "Rust drie dagen.",
            (("same", "Rust "), ("gone", "twee "), ("new", "drie "), ("same", "dagen.")),
        )
    ]


def test_what_was_added_and_removed_is_told_whole() -> None:
    before = {"title": "T", "body": [a_paragraph("Weg.", "b1")], "audience": ["adults"]}
    after = {"title": "T", "body": [a_paragraph("Nieuw.", "b2")], "audience": ["children"]}
    assert [(each.path, each.what, each.before, each.after) for each in history.compare(ARTICLE, before, after)] == [
        ("body.b2.id", "added", None, "b2"),
        ("body.b2.type", "added", None, "paragraph"),
        ("body.b2.text", "added", None, "Nieuw."),
        ("audience.0", "changed", "adults", "children"),
        ("body.b1.id", "removed", "b1", None),
        ("body.b1.type", "removed", "paragraph", None),
        ("body.b1.text", "removed", "Weg.", None),
    ]


def test_a_block_that_moved_is_named_and_the_others_are_not() -> None:
    blocks = [a_paragraph(text, f"b{text}") for text in "abcd"]
    before, after = {"body": blocks}, {"body": [blocks[3], *blocks[:3]]}
    assert history.compare(ARTICLE, before, after) == [Changed("body.bd", "moved")]


def test_a_list_item_that_moved_is_named() -> None:
    def content(order: str) -> dict[str, object]:
        items = [{"id": f"i{name}", "text": name} for name in order]
        return {"body": [{"id": "l1", "type": "list", "ordered": False, "items": items}]}

    assert history.compare(ARTICLE, content("abc"), content("bca")) == [Changed("body.l1.items.ia", "moved")]


def test_the_same_content_has_no_changes() -> None:
    content = {"title": "T", "body": [a_paragraph()]}
    assert history.compare(ARTICLE, content, content) == []
