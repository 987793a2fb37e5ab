"""What the index promises on both engines: the same entries for the same question, whatever the words are."""

from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms.store import Database, fulltext, write
from cms.store.fulltext import All, Any, Node, Phrase, Prefix, Term

Fields = dict[str, list[str | None]]

SHELF: dict[str, Fields] = {
    "1": {"title": ["rug", "klacht"], "body": ["de", "rug", None, "doet", "pijn"], "extra": ["rugklachten"]},
    "2": {"title": ["knie"], "summary": ["pijn", "in", "de", "knie"], "extra": ["klacht", "rug"]},
    "3": {"title": ["nek"], "body": ["de", "nek", "pijn", "in", "de", "rug"]},
}


@pytest.fixture
def shelf(db: Database) -> Database:
    with write(db):
        for entry, fields in SHELF.items():
            put(db, entry, fields)
    return db


def put(db: Database, entry: str, fields: Fields, locale: str = "nl", type: str = "article") -> None:
    fulltext.put(db, locale=locale, type=type, entry=entry, fields=fields, text=f"text of {entry}")


def found(db: Database, node: Node, locale: str = "nl", type: str | None = None) -> set[str]:
    entries = fulltext.match(db, node, locale, type)
    assert len(entries) == fulltext.count(db, node, locale, type)
    return set(entries)


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (Term("rug"), "123"),
        (Term("RUG"), "123"),
        (Term("rugklachten"), "1"),
        (Term("ru"), ""),
        (Prefix("ru"), "123"),
        (Prefix("rugk"), "1"),
        (Prefix("x"), ""),
        (All((Term("rug"), Term("knie"))), "2"),
        (Any((Term("nek"), Term("knie"))), "23"),
        (All((Any((Term("nek"), Term("rug"))), Term("pijn"), Prefix("do"))), "1"),
        (Phrase(("de", "rug")), "13"),
        (Phrase(("rug", "klacht")), "1"),
        (Phrase(("pijn", "in", "de")), "23"),
        (Phrase(("rug", "doet")), ""),  # not over a gap
        (Phrase(("klacht", "de")), ""),  # nor from the title into the body
        (Phrase(("klacht", "rug")), ""),  # nor in the bag
        (Phrase(("rug",)), "13"),
        (Phrase(("rugklachten",)), ""),
    ],
)
def test_both_engines_find_the_same(shelf: Database, node: Node, expected: str) -> None:
    assert found(shelf, node) == set(expected)


def test_a_title_counts_most(shelf: Database) -> None:
    assert fulltext.match(shelf, Term("rug"), "nl") == ["1", "3", "2"]


def test_equal_matches_come_in_the_order_of_their_ids(db: Database) -> None:
    with write(db):
        for entry in "cab":
            put(db, entry, {"title": ["rug"]})
    assert fulltext.match(db, Term("rug"), "nl") == ["a", "b", "c"]
    assert fulltext.match(db, Term("rug"), "nl", limit=1, offset=1) == ["b"]


def test_pages_of_very_many_matches_neither_overlap_nor_leave_out(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fulltext, "RANKED", 3)
    with write(db):
        for number in range(10):
            put(db, str(number), {"title": ["rug"] * (number == 7), "body": ["rug"] * (1 + number % 4)})
    pages = [fulltext.match(db, Term("rug"), "nl", limit=4, offset=offset) for offset in (0, 4, 8, 12)]
    assert pages[0][0] == "7"
    assert sorted(entry for page in pages for entry in page) == list("0123456789")


def test_locales_and_types_are_apart(shelf: Database) -> None:
    with write(shelf):
        put(shelf, "1", {"title": ["rug"]}, locale="nl-BE")
        put(shelf, "9", {"title": ["rug"]}, type="topic")
    assert found(shelf, Term("rug"), "nl-BE") == {"1"}
    assert found(shelf, Term("rug"), "n") == set()
    assert found(shelf, Term("rug"), type="topic") == {"9"}
    assert found(shelf, Term("rug"), type="article") == {"1", "2", "3"}
    assert found(shelf, Any((Term("nek"), Term("rug"))), type="clinic") == set()
    assert found(shelf, Term("topic")) == set()


def test_an_entry_put_again_is_found_by_its_new_words_only(shelf: Database) -> None:
    with write(shelf):
        put(shelf, "1", {"title": ["heup"]}, type="topic")
    assert found(shelf, Term("rug")) == {"2", "3"}
    assert found(shelf, Term("heup"), type="topic") == {"1"}


def test_a_removed_entry_is_not_found(shelf: Database) -> None:
    with write(shelf):
        fulltext.remove(shelf, "nl", "1")
        fulltext.remove(shelf, "nl", "unknown")
        fulltext.remove(shelf, "en", "2")
    assert found(shelf, Term("rug")) == {"2", "3"}
    assert fulltext.texts(shelf, "nl", ["1", "2"]) == {"2": "text of 2"}


def test_an_index_that_is_cleared_can_be_filled_again(shelf: Database) -> None:
    with write(shelf):
        fulltext.clear(shelf)
    assert found(shelf, Term("rug")) == set()
    with write(shelf):
        put(shelf, "1", SHELF["1"])
    assert found(shelf, Term("rug")) == {"1"}


def test_what_a_failed_write_indexed_is_not_found(db: Database) -> None:
    with pytest.raises(ZeroDivisionError), write(db):
        put(db, "1", SHELF["1"])
        raise ZeroDivisionError
    assert found(db, Term("rug")) == set()


def test_a_field_may_be_empty(db: Database) -> None:
    with write(db):
        put(db, "1", {})
        put(db, "2", {"title": ["", None, "rug", None, None]})
    assert found(db, Term("rug")) == {"2"}


def test_words_that_are_too_long_are_cut_alike(db: Database) -> None:
    word = "é" * 5000
    with write(db):
        put(db, "1", {"body": [word]})
    assert found(db, Term(word)) == {"1"}
    assert found(db, Prefix(word[:3000])) == {"1"}
    assert found(db, Prefix("éé")) == {"1"}


def test_a_word_said_a_thousand_times_is_kept(db: Database) -> None:
    with write(db):
        put(db, "1", {"title": ["rug"], "body": [*["rug", "pijn"] * 1000, "rug", "heup"]})
    assert found(db, Phrase(("rug", "pijn"))) == {"1"}
    assert found(db, Term("heup")) == {"1"}
    assert found(db, Phrase(("rug", "heup"))) == set()  # beyond what PostgreSQL remembers, so in neither


def test_the_end_of_a_book_is_found_by_its_words(db: Database) -> None:
    with write(db):
        put(db, "1", {"body": [f"w{number}" for number in range(40_000)]})
    assert found(db, All((Term("w3"), Term("w39999")))) == {"1"}
    assert found(db, Phrase(("w7", "w8"))) == {"1"}
    assert found(db, Phrase(("w39998", "w39999"))) == set()


def test_more_words_than_a_vector_can_hold_are_cut_alike(db: Database) -> None:
    with write(db):
        put(db, "1", {"body": [f"{number}{'語' * 60}" for number in range(15_000)], "extra": ["last"]})
    assert found(db, Prefix("17語")) == {"1"}
    assert found(db, Prefix("14999語")) == found(db, Term("last")) == set()


def words() -> st.SearchStrategy[str]:
    syntax = [
        "AND",
        "OR",
        "NOT",
        "NEAR",
        "NEAR(a b)",
        "*",
        '"',
        "'",
        "\\",
        ":",
        "<->",
        "&",
        "!",
        "~",
        "{title}:",
        "-",
        "^a",
    ]
    return st.one_of(st.sampled_from([*syntax, "a", "b", "A", "é", "\0", "\ud800", "a b", "nl:a"]), st.text(max_size=5))


def nodes() -> st.SearchStrategy[Node]:
    leaves: st.SearchStrategy[Node] = st.one_of(
        st.builds(Term, words()),
        st.builds(Prefix, words()),
        st.builds(Phrase, st.lists(words(), min_size=1, max_size=4).map(tuple)),
    )

    def inner(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        some = st.lists(children, min_size=1, max_size=4).map(tuple)
        return st.one_of(st.builds(All, some), st.builds(Any, some))

    return st.recursive(leaves, inner, max_leaves=12)


def expected(node: Node, laid: list[list[str | None]], bag: Iterable[str]) -> bool:
    """Say what a question means, in plain Python."""
    everything = {word for field in laid for word in field if word} | set(bag)
    match node:
        case Term(word):
            return fulltext.mark("nl", word) in everything
        case Prefix(start):
            return any(word.startswith(fulltext.mark("nl", start)) for word in everything)
        case Phrase(wanted):
            marked = [fulltext.mark("nl", word) for word in wanted]
            return any(field[at : at + len(marked)] == marked for field in laid for at in range(len(field)))
        case All(inner):
            return all(expected(one, laid, bag) for one in inner)
        case Any(inner):
            return any(expected(one, laid, bag) for one in inner)


@settings(max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.fixed_dictionaries(
            {"title": st.lists(words(), max_size=3), "body": st.lists(words() | st.none(), max_size=8)},
            optional={"extra": st.lists(words(), max_size=3), "summary": st.lists(words(), max_size=3)},
        ),
        min_size=1,
        max_size=3,
    ),
    st.lists(nodes(), min_size=1, max_size=5),
)
def test_any_words_and_any_question_mean_what_they_say(
    db: Database, shelf: list[Fields], questions: list[Node]
) -> None:
    with write(db):
        for number in range(3):
            fulltext.remove(db, "nl", str(number))
        for number, fields in enumerate(shelf):
            put(db, str(number), fields)
    for question in questions:
        meant = {str(n) for n, fields in enumerate(shelf) if expected(question, *fulltext.lay_out("nl", fields))}
        assert found(db, question) == meant
