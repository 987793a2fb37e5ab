"""What a person approved is offered again, for the same text or one like it, and nothing else is."""

import random
import threading
import time
from contextlib import suppress

import pytest

from cms.localize import memory, translations
from cms.localize.differences import difference
from cms.localize.memory import Remembered
from cms.localize.shelf import ALIKE
from cms.store import Database, connect, write
from tests.builders import BY, NOW, a_paragraph, create, later, save, translate


def remember(db: Database, *texts: tuple[str, str], source: str = "nl", target: str = "en", entry: str = "") -> int:
    pairs = [Remembered(*pair, entry, "title" if entry else "") for pair in texts]
    return memory.remember(db, source, target, pairs, by=BY, now=NOW)


def offered(db: Database, text: str, source: str = "nl", target: str = "en", **asked: object) -> list[str]:
    return [offer.pair.target for offer in memory.suggest(db, text, source, target, **asked)]  # type: ignore[arg-type]


class Undone(Exception):
    """What a test throws to have a write rolled back."""


def test_an_approved_translation_is_offered_for_the_same_text_elsewhere(db: Database) -> None:
    entry = create(db, "article", title="Nekpijn")
    translate(db, entry, texts={"title": "Neck pain"})
    [offer] = memory.suggest(db, "Nekpijn", "nl", "en")
    assert offer.likeness == 100
    assert offer.difference == (("same", "Nekpijn"),)
    assert (offer.pair.target, offer.pair.entry, offer.pair.path, offer.pair.saved_by) == (
        "Neck pain",
        entry,
        "title",
        BY,
    )


@pytest.mark.parametrize("state", ["draft", "needs_review"])
def test_a_draft_is_remembered_once_it_is_approved(db: Database, state: str) -> None:
    entry = create(db, "article", title="Nekpijn")
    translate(db, entry, texts={"title": "Neck pain"}, state=state)
    assert offered(db, "Nekpijn") == []
    translations.approve(db, entry, "en", ["title"], by=BY, now=NOW)
    assert offered(db, "Nekpijn") == ["Neck pain"]


@pytest.mark.parametrize(("origin", "known"), [("human", 1), ("memory", 1), ("import", 1), ("machine", 0)])
def test_what_no_person_approved_is_not_remembered(db: Database, origin: str, known: int) -> None:
    entry = create(db, "article", title="Nekpijn")
    translate(db, entry, texts={"title": "Neck pain"}, origin=origin)
    assert len(offered(db, "Nekpijn")) == known


def test_a_machines_text_is_remembered_when_a_person_approves_it(db: Database) -> None:
    entry = create(db, "article", title="Nekpijn")
    translate(db, entry, texts={"title": "Neck pain"}, origin="machine", state="needs_review")
    translations.approve(db, entry, "en", ["title"], by=BY, now=NOW)
    assert offered(db, "Nekpijn") == ["Neck pain"]


def test_a_slug_is_not_remembered(db: Database) -> None:
    entry = create(db, "article", title="Nekpijn")
    translate(db, entry, texts={"slug": "neck-pain", "title": "Neck pain"})
    assert [pair.target for pair in memory.pairs(db, "nl", "en")] == ["Neck pain"]


def test_a_text_that_was_mended_is_not_offered_again(db: Database) -> None:
    entry = create(db, "article", title="Neem 2 tabletten")
    translate(db, entry, texts={"title": "Take 20 tablets"})
    assert offered(db, "Neem 2 tabletten") == ["Take 20 tablets"]
    translate(db, entry, texts={"title": "Take 2 tablets"}, now=later(days=1))
    assert offered(db, "Neem 2 tabletten") == ["Take 2 tablets"]


def test_mending_a_draft_and_approving_it_forgets_the_older_text(db: Database) -> None:
    entry = create(db, "article", title="Neem 2 tabletten")
    translate(db, entry, texts={"title": "Take 20 tablets"})
    translate(db, entry, texts={"title": "Take 2 tablets"}, state="draft")
    assert offered(db, "Neem 2 tabletten") == ["Take 20 tablets"]
    translations.approve(db, entry, "en", ["title"], by=BY, now=later(days=1))
    assert offered(db, "Neem 2 tabletten") == ["Take 2 tablets"]


def test_mending_a_text_leaves_what_another_entry_says(db: Database) -> None:
    one, other = create(db, "article", title="Rust"), create(db, "article", title="Rust")
    translate(db, one, texts={"title": "Calm"})
    translate(db, other, texts={"title": "Rest"})
    translate(db, other, texts={"title": "Quiet"}, now=later(days=1))
    assert offered(db, "Rust") == ["Quiet", "Calm"]


def test_a_changed_source_keeps_what_the_older_one_meant(db: Database) -> None:
    entry = create(db, "article", title="Nekpijn")
    translate(db, entry, texts={"title": "Neck pain"})
    save(db, entry, title="Rugpijn")
    translate(db, entry, texts={"title": "Back pain"})
    assert offered(db, "Nekpijn")[0] == "Neck pain"
    assert offered(db, "Rugpijn")[0] == "Back pain"


def test_a_save_that_fails_leaves_nothing_behind(db: Database) -> None:
    entry = create(db, "article", title="Nekpijn")
    with suppress(Undone), write(db):
        translate(db, entry, texts={"title": "Neck pain"})
        assert offered(db, "Nekpijn") == ["Neck pain"]
        raise Undone
    assert offered(db, "Nekpijn") == []


def test_the_very_place_comes_first_then_the_same_place_elsewhere_then_the_newest(db: Database) -> None:
    for number, (target, entry, path) in enumerate(
        [("here", "e1", "title"), ("alike", "e2", "title"), ("older", "e3", "body.b1.text"), ("newer", "", "")]
    ):
        pair = Remembered("Rust", target, entry, path)
        memory.remember(db, "nl", "en", [pair], by=BY, now=later(days=number))
    assert offered(db, "Rust", entry="e1", path="title") == ["here", "alike", "newer", "older"]
    assert offered(db, "Rust", entry="e9", path="title") == ["alike", "here", "newer", "older"]
    assert offered(db, "Rust") == ["newer", "older", "alike", "here"]
    assert offered(db, "Rust", limit=2) == ["newer", "older"]


def test_what_is_more_alike_comes_first_and_what_is_unlike_not_at_all(db: Database) -> None:
    remember(
        db,
        ("Beweeg elke dag een uur.", "hour"),
        ("Beweeg elke dag een half uur.", "half an hour"),
        ("Bel bij twijfel je huisarts.", "other"),
    )
    offers = memory.suggest(db, "Beweeg elke dag een half uur", "nl", "en")
    assert [offer.pair.target for offer in offers] == ["half an hour", "hour"]
    assert 100 > offers[0].likeness > offers[1].likeness >= ALIKE


def test_a_likeness_is_never_said_to_be_whole_where_the_texts_differ(db: Database) -> None:
    text = "Blijf elke dag rustig bewegen. " * 80
    remember(db, (text + "!", "x"))
    assert memory.suggest(db, text, "nl", "en")[0].likeness < 100


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Neem 1 tablet.", "Neem 2 tablet.", [("same", "Neem "), ("gone", "1 "), ("new", "2 "), ("same", "tablet.")]),
        ("Blijf bewegen", "Blijf bewegen!", [("same", "Blijf bewegen"), ("new", "!")]),
        ("Bel niet", "Bel", [("same", "Bel"), ("gone", "niet")]),
        ("", "Bel", [("new", "Bel")]),
        ("een twee", "drie vier", [("gone", "een twee"), ("new", "drie vier")]),
    ],
)
def test_a_difference_is_told_in_words(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    assert list(difference(old, new)) == expected


def test_what_is_same_and_new_makes_up_the_text() -> None:
    old, new = "Neem 1 of 2 tabletten, niet meer.", "Neem  2 tabletten; nooit meer dan 6!"
    found = difference(old, new)
    assert "".join(text for kind, text in found if kind != "gone") == new


def test_a_difference_of_long_texts_is_found_at_once() -> None:
    began = time.process_time()
    difference("een twee " * 2000, "twee drie " * 2000)
    assert time.process_time() - began < 1


def test_a_pair_is_kept_once(db: Database) -> None:
    assert remember(db, ("Rust", "Rest"), ("Rust", "Rest"), ("Rust", "Calm")) == 2
    assert remember(db, ("Rust", "Rest")) == 0
    assert offered(db, "Rust") == ["Calm", "Rest"]


def test_a_pair_from_elsewhere_takes_the_place_that_it_is_used_at(db: Database) -> None:
    remember(db, ("Rust", "Rest"))
    assert offered(db, "Rust") == ["Rest"]
    assert remember(db, ("Rust", "Rest"), entry="e1") == 0
    [offer] = memory.suggest(db, "Rust", "nl", "en")
    assert (offer.pair.entry, offer.pair.path) == ("e1", "title")
    remember(db, ("Rust", "Rest"), entry="e2")
    assert memory.suggest(db, "Rust", "nl", "en")[0].pair.entry == "e1"


def test_texts_of_other_languages_are_never_offered(db: Database) -> None:
    remember(db, ("Rust", "Rest"))
    remember(db, ("Rust", "Ruhe"), target="de")
    remember(db, ("Rust", "Roest"), source="en", target="nl")
    assert offered(db, "Rust") == ["Rest"]
    assert offered(db, "Rust", target="de") == ["Ruhe"]
    assert offered(db, "Rust", "en", "nl") == ["Roest"]
    assert offered(db, "Rust", "nl", "en-GB") == offered(db, "Rust", "nl", "tr") == []
    assert memory.languages(db) == [("en", "nl", 1), ("nl", "de", 1), ("nl", "en", 1)]


def test_nothing_is_offered_for_nothing(db: Database) -> None:
    remember(db, ("Rust", "Rest"))
    assert offered(db, " ") == offered(db, "Rust", limit=0) == []
    assert offered(db, " Rust\r\n") == ["Rest"]


def test_a_number_that_was_rolled_back_is_not_used_again(db: Database) -> None:
    remember(db, ("een", "one"))
    with suppress(Undone), write(db):
        remember(db, ("twee", "lost"), ("drie", "lost too"))
        assert offered(db, "twee") == ["lost"]
        [lost, *_] = [row["number"] for row in db.query("select number from memory order by number desc")]
        raise Undone
    remember(db, ("vier", "four"), ("vijf", "five"))
    assert offered(db, "twee") == []
    assert (offered(db, "vier"), offered(db, "vijf")) == (["four"], ["five"])
    assert lost not in {row["number"] for row in db.query("select number from memory")}


def test_a_number_that_is_used_again_all_the_same_is_noticed(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 0)  # a clock that stands still: numbers rise by one
    remember(db, ("een", "one"))
    with suppress(Undone), write(db):
        remember(db, ("twee", "lost"))
        assert offered(db, "twee") == ["lost"]
        raise Undone
    remember(db, ("vier", "four"))
    assert offered(db, "twee") == []
    assert offered(db, "vier") == ["four"]


def test_a_part_of_a_write_that_fails_alone_is_not_remembered(db: Database) -> None:
    with write(db):
        remember(db, ("een", "one"))
        with suppress(Undone), write(db):
            remember(db, ("twee", "lost"))
            assert offered(db, "twee") == ["lost"]
            raise Undone
        remember(db, ("drie", "three"))
        assert (offered(db, "een"), offered(db, "twee"), offered(db, "drie")) == (["one"], [], ["three"])
    assert (offered(db, "een"), offered(db, "twee"), offered(db, "drie")) == (["one"], [], ["three"])


@pytest.mark.parametrize("gone", ["een", "twee", "drie"])
def test_what_is_forgotten_is_not_offered(db: Database, gone: str) -> None:
    remember(db, ("een", "one"), ("twee", "two"), ("drie", "three"))
    [offer] = memory.suggest(db, gone, "nl", "en")
    assert memory.forget(db, "nl", "en", [offer.pair]) == 1
    assert memory.forget(db, "nl", "en", [offer.pair]) == 0
    remember(db, ("vier", "four"))
    assert offered(db, gone) == []
    assert offered(db, "vier") == ["four"]
    assert len(memory.pairs(db, "nl", "en")) == 3


def test_forgetting_everything_is_noticed(db: Database) -> None:
    remember(db, ("een", "one"))
    assert offered(db, "een") == ["one"]
    memory.forget(db, "nl", "en", memory.pairs(db, "nl", "en"))
    assert offered(db, "een") == []
    remember(db, ("een", "one"))
    assert offered(db, "een") == ["one"]


def test_connections_see_what_others_remembered_and_share_nothing(db: Database, database_url: str) -> None:
    remember(db, ("een", "one"))
    assert offered(db, "een") == ["one"]
    seen: list[list[str]] = []

    def other() -> None:
        mine = connect(database_url)
        try:
            seen.append(offered(mine, "een"))
            remember(mine, ("twee", "two"))
            seen.append(offered(mine, "twee"))
            assert memory._shelves[mine] is not memory._shelves[db]
        finally:
            mine.close()

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert seen == [["one"], ["two"]]
    assert offered(db, "twee") == ["two"]


def test_two_threads_may_remember_and_ask_at_once(db: Database, database_url: str) -> None:
    wrong: list[object] = []

    def work(name: str) -> None:
        mine = connect(database_url)
        try:
            for number in range(15):
                text = f"{name} {number:03} {name * 7}"
                remember(mine, (text, text.upper()))
                if offered(mine, text, limit=1) != [text.upper()]:
                    wrong.append(text)
        except Exception as error:
            wrong.append(error)
        finally:
            mine.close()

    threads = [threading.Thread(target=work, args=(name,)) for name in ("links", "rechts")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(memory.pairs(db, "nl", "en")) == 30


def test_only_so_many_languages_are_kept_at_hand(db: Database) -> None:
    for number in range(memory.SHELVES + 3):
        remember(db, ("een", str(number)), target=f"x{number}")
        assert offered(db, "een", target=f"x{number}") == [str(number)]
    assert len(memory._shelves[db]) == memory.SHELVES
    assert offered(db, "een", target="x0") == ["0"]


@pytest.mark.parametrize("words", [20, 45, 60, 400])
def test_texts_of_any_length_are_found_again_after_an_edit(db: Database, words: int) -> None:
    chance = random.Random(words)
    texts = [" ".join(f"woord{chance.randrange(900)}" for _ in range(words)) for _ in range(20)]
    remember(db, *[(text, f"t{number}") for number, text in enumerate(texts)])
    edited = texts[7].split()
    edited[words // 2 : words // 2 + 2] = ["iets", "geheel", "anders"]
    [offer] = memory.suggest(db, " ".join(edited), "nl", "en", limit=1)
    assert offer.pair.target == "t7"
    assert 80 < offer.likeness < 100
    remember(db, (" ".join(edited), "new"))
    assert offered(db, " ".join(edited) + " slot", limit=2) == ["new", "t7"]


def test_what_is_new_is_read_without_reading_all_again(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    remember(db, ("een", "one"))
    offered(db, "een")
    monkeypatch.setattr(memory, "_read", None)  # would fail
    remember(db, ("twee", "two"))
    remember(db, ("twee", "zwei"), target="de")
    assert offered(db, "twee") == ["two"]
    assert offered(db, "een") == ["one"]


def test_remembering_costs_a_save_little(db: Database) -> None:
    """One statement a text more, whatever the memory holds."""
    body = [a_paragraph(f"Tekst {number}", f"b{number}") for number in range(30)]
    entry = create(db, "article", body=body)
    asked: list[str] = []
    execute = type(db).execute

    def counted(self: Database, sql: str, params: object = None) -> object:
        asked.append(sql)
        return execute(self, sql, params or ())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(db), "execute", counted)
        translate(db, entry)
    assert sum(" memory" in sql or '"memory"' in sql for sql in asked) == 31 + 1


def test_a_large_memory_answers_at_once(db: Database) -> None:
    texts = [(f"Doe oefening {number} en rust {number * 7919 % 1000} seconden.", str(number)) for number in range(3000)]
    remember(db, *texts)
    offered(db, "warm")
    began = time.process_time()
    assert offered(db, "Doe oefening 1500 en rust 501 seconden.", limit=1)
    assert time.process_time() - began < 0.2
