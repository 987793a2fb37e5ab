"""From a pasted text to what a reader gets: whatever was understood is served, in every form."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from lxml import html as parser

from api.application import create_app
from api.public.parameters import FORMATS
from cms.content import imports
from cms.content.plaintext import Understood, understand
from cms.publish import documents, editions, inline
from cms.site import Site
from cms.store import Database
from tests.api.conftest import read_settings

SITE = Site()
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PASTE = Path(__file__).parents[2] / "sample" / "paste"


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """Yield the application over an empty database."""
    found = create_app(read_settings(database_url, tmp_path))
    yield found
    found.extensions["tolk_connections"].close()


def publish(db: Database, understood: Understood) -> str:
    """Import what was understood, publish it with all that it names, and return the article's id."""
    proposals = imports.propose(db, understood)
    imported = imports.accept(db, proposals, by="editor", now=NOW, source_locale="nl")
    for kind, entries in (("clinic", imported.clinics), ("author", imported.authors)):
        for entry in entries:
            if not documents.slugs(db, kind, entry):
                editions.publish(db, entry, "nl", by="editor", now=NOW, site=SITE)
    editions.publish(db, imported.article, "nl", by="editor", now=NOW, site=SITE)
    return imported.article


def squeezed(text: str) -> str:
    """Return text with single spaces, as a reader sees it."""
    return " ".join(text.split())


def words_of(blocks: Any) -> list[str]:
    """Return every text of some source blocks, as a reader would see it, in order."""
    found: list[str] = []
    for block in blocks:
        for name in ("title", "question", "caption", "text"):
            if block.get(name):
                plain = block[name] if name != "text" else inline.plain(block[name])
                found.append(squeezed(plain))
        for name in ("items", "body", "answer", "columns", "rows", "cells"):
            found += words_of(block.get(name, []))
    return found


def shown_by(blocks: Any) -> list[str]:
    """Return every text of some served blocks, as a reader sees it, in order."""
    found: list[str] = []
    for block in blocks:
        for name in ("title", "question", "caption"):
            if block.get(name):
                found.append(squeezed(block[name]))
        if block.get("html"):
            found.append(squeezed(parser.fragment_fromstring(block["html"], create_parent="p").text_content()))
        for name in ("items", "body", "answer", "columns", "rows", "cells"):
            found += shown_by(block.get(name, []))
    return found


def check(app: Flask, entry: str, understood: Understood) -> Mapping[str, Any]:
    """Read an article in every form and see that all that was understood is there."""
    client = app.test_client()
    document: dict[str, Any] = client.get(f"/v1/nl/articles/{entry}").json
    assert (document["title"], document["summary"] or "") == (understood.title, understood.summary)
    assert [block["type"] for block in document["body"]] == [block["type"] for block in understood.body]
    assert shown_by(document["body"]) == words_of(understood.body)
    assert [card["name"] for card in document["authors"]] == [author["name"] for author in understood.authors]
    assert [card["name"] for card in document["clinics"]] == [clinic["name"] for clinic in understood.clinics]
    for form in FORMATS[1:]:
        body = client.get(f"/v1/nl/articles/{entry}?format={form}").json["body"]
        for text in words_of(understood.body):
            # By words: each form breaks and marks them in its own way.
            assert set(re.findall(r"\w{3,}", text)) <= set(re.findall(r"\w{3,}", unescape(body))), form
    assert client.get(f"/v1/nl/articles/{entry}?view=jsonld").json["headline"] == understood.title
    assert client.get(f"/v1/nl/articles/{document['slug']}").json == document
    return document


WORDS = [
    "rug",
    "nek",
    "knie",
    "schouder",
    "pijn",
    "klachten",
    "stijf",
    "warm",
    "bewegen",
    "wandelen",
    "rusten",
    "oefening",
    "huisarts",
    "fysiotherapeut",
    "bloedvergiftiging",
    "één",
    "coördinatie",
    "'s-Hertogenbosch",
    "10",
    "2,5",
    "kg",
    "max.",
    "14:30",
    "a/b",
    "&",
    "<",
    ">",
    "*",
    "_",
    "`",
    "[",
    "]",
    "#",
    "~",
    "\\",
    "$x",
    "^",
    "|",
    "Müller",
    "naïef",
    "’s",
    "“goed”",
    "–",
    "…",
    "€15",
    "100%",
    "☎",
    "é",
    "é",
    "ﬁ",
    "Ω",
    "漢字",
    "ألم",
]
MARKS = ("1.", "1)", "-", "•", "*", "–", "◦")

word = st.sampled_from(WORDS)
sentence = st.lists(word, min_size=4, max_size=14).map(lambda found: " ".join(found).capitalize() + ".")
title = st.lists(st.sampled_from([w for w in WORDS if w.isalpha()]), min_size=3, max_size=6).map(
    lambda found: " ".join(found).capitalize()
)
paragraph = st.lists(sentence, min_size=1, max_size=3).map(" ".join)
heading = title.flatmap(lambda said: st.sampled_from([said, f"{said}?"]))


@st.composite
def listed(draw: st.DrawFn) -> str:
    """Draw a list in one of the layouts that people paste."""
    mark, items = draw(st.sampled_from(MARKS)), draw(st.lists(sentence, min_size=2, max_size=5))
    lines = [
        f"{mark.replace('1', str(number)) if mark[0] == '1' else mark} {item}" for number, item in enumerate(items, 1)
    ]
    return draw(st.sampled_from(["\n", "\n\n"])).join(lines)


@st.composite
def pasted(draw: st.DrawFn) -> str:
    """Draw an article as somebody might paste it."""
    parts = [draw(title), draw(paragraph)]
    for _ in range(draw(st.integers(1, 4))):
        parts += [draw(heading), *draw(st.lists(st.one_of(paragraph, listed()), min_size=1, max_size=3))]
    parts.append(draw(st.sampled_from(["Geschreven door Anna de Wit, fysiotherapeut", "Door: Anna de Wit"])))
    text = draw(st.sampled_from(["\n\n", "\n\n\n", "\n \n"])).join(parts)
    return draw(st.sampled_from([text, text.replace("\n", "\r\n"), f"\ufeff{text}\n", text.replace("\n", "\n  ")]))


@seed(20261123)
@settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(text=pasted())
def test_whatever_was_understood_of_a_text_is_served(db: Database, app: Flask, text: str) -> None:
    understood = understand(text)
    if not understood.authors:
        hypothesis.event("nobody answers for it: it is not published")
        return
    check(app, publish(db, understood), understood)


@pytest.mark.parametrize("path", sorted(PASTE.glob("*.txt")), ids=lambda path: path.stem)
def test_the_pasted_samples_are_served_whole(db: Database, app: Flask, path: Path) -> None:
    understood = understand(path.read_bytes())
    check(app, publish(db, understood), understood)


def test_a_text_imported_again_with_one_word_changed_keeps_its_blocks(db: Database, app: Flask) -> None:
    text = (PASTE / "stijve-rug-na-het-tuinieren.txt").read_text("utf-8")
    client = app.test_client()
    entry = publish(db, understand(text))
    before = client.get(f"/v1/nl/articles/{entry}").json
    changed = text.replace("rustig", "kalm") if "rustig" in text else text.replace(" de ", " die ", 1)
    assert publish(db, understand(changed)) == entry
    after = client.get(f"/v1/nl/articles/{entry}").json
    assert [block["id"] for block in after["body"]] == [block["id"] for block in before["body"]]
    assert (before["version"], after["version"]) == (1, 2)
    assert after["url"] == before["url"]
    assert after["published_at"] == before["published_at"]


def test_what_is_read_can_be_found_by_other_forms_of_its_words(db: Database, app: Flask) -> None:
    text = "Klachten aan de rug\n\nRugklachten gaan vaak vanzelf over.\n\nGeschreven door Anna de Wit, fysiotherapeut\n"
    entry = publish(db, understand(text))
    for query in ("rugklachten", "RUGKLACHT", "klachten aan de rug", "rugkl*", '"aan de rug"'):
        hits = app.test_client().get("/v1/nl/search", query_string={"q": query, "type": "article"}).json["data"]
        assert [hit["id"] for hit in hits] == [entry], query
