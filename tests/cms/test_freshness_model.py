"""Whatever is edited, translated and published at random, freshness is what its definition says."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cms.content import revisions, types
from cms.errors import Refused
from cms.localize import translations
from cms.localize.segments import cut as cut_content
from cms.publish import documents, editions
from cms.publish.refresh import drain, rebuild
from cms.site import Site
from cms.store import Database
from tests.builders import BY, a_paragraph, create, later, published, save

SITE = Site(name="Tolk", url="https://tolk.example", checks_translations=False)
LOCALES = ("en", "ar")
KIND = types.find("article")
WORDS = st.sampled_from([f"tekst {letter}" for letter in "abcd"])
LOCALE = st.sampled_from(LOCALES)
PLACE = st.integers(0, 5)
CRITICAL = "emergency"


class Freshness(RuleBasedStateMachine):
    """One article in Dutch, English and Arabic, beside a model of it in a few dictionaries."""

    db: Database
    author: str

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0
        self.made = 0
        # Every revision's source texts by path; the newest body; what is live of the source, 0 for nothing.
        self.revisions: list[dict[str, str]] = []
        self.title, self.body = (
            "tekst a",
            [a_paragraph("tekst a", "b1"), a_paragraph("tekst b", "b2", urgency=CRITICAL)],
        )
        self.bodies: list[tuple[str, list[dict[str, Any]]]] = []
        self.live = 0
        # Approved and draft translations: locale -> (path, source) -> (order, revision, text).
        self.approved: dict[str, dict[tuple[str, str], tuple[int, int, str]]] = {locale: {} for locale in LOCALES}
        self.drafts: dict[str, dict[tuple[str, str], str]] = {locale: {} for locale in LOCALES}
        # Whatever was given as a translation of a text, by locale: (path, source, text).
        self.translated: dict[str, set[tuple[str, str, str]]] = {locale: set() for locale in LOCALES}
        self.published: set[str] = set()
        self.entry = create(self.db, "article", title=self.title, body=self.body, authors=[self.author])
        self._note()

    def _note(self) -> None:
        texts = {"title": self.title}
        for block in self.body:
            for item in block.get("items", []):
                texts[f"body.{block['id']}.items.{item['id']}.text"] = item["text"]
            if "text" in block:
                texts[f"body.{block['id']}.text"] = block["text"]
        self.revisions.append(texts)
        self.bodies.append((self.title, self.body))

    def _now(self) -> datetime:
        self.seconds += 1
        return later(seconds=self.seconds)

    def _save(self, title: str, body: list[dict[str, Any]]) -> None:
        if (title, body) == (self.title, self.body):
            return
        found = save(self.db, self.entry, now=self._now(), title=title, body=body)
        self.title, self.body = title, body
        self._note()
        assert found.number == len(self.revisions)

    def teardown(self) -> None:
        """Take the article out, so that the next one is rebuilt alone."""
        if "nl" in self.published:
            editions.unpublish(self.db, self.entry, "nl", by=BY, now=self._now(), site=SITE)

    @initialize(live=st.sampled_from([(), LOCALES, LOCALES, LOCALES]))
    def begin(self, live: tuple[str, ...]) -> None:
        """Begin with what is mostly there: an article that is live in all its languages."""
        if live:
            self.bring_up_to_date()

    @rule()
    def bring_up_to_date(self) -> None:
        self.publish_source()
        for locale in LOCALES:
            self.translate_all(locale, latest=True)
            self.publish_locale(locale)

    @rule(at=PLACE, text=WORDS)
    def edit_and_publish(self, at: int, text: str) -> None:
        self.edit(at, text)
        self.publish_source()

    @precondition(lambda self: len(self.body) < 4)
    @rule(at=PLACE, text=WORDS, other=WORDS, shape=st.sampled_from(["plain", "critical", "list"]))
    def add_and_publish(self, at: int, text: str, other: str, shape: str) -> None:
        self.add(at, text, other, shape)
        self.publish_source()

    # Writing

    @rule(title=WORDS)
    def retitle(self, title: str) -> None:
        self._save(title, self.body)

    @rule(at=PLACE, text=WORDS)
    def edit(self, at: int, text: str) -> None:
        body = [dict(block) for block in self.body]
        block = body[at % len(body)]
        if "items" in block:
            block["items"] = [{**block["items"][0], "text": text}, *block["items"][1:]]
        else:
            block["text"] = text
        self._save(self.title, body)

    @rule(at=PLACE)
    def move(self, at: int) -> None:
        at %= len(self.body)
        self._save(self.title, self.body[at:] + self.body[:at])

    @precondition(lambda self: len(self.body) < 4)
    @rule(at=PLACE, text=WORDS, other=WORDS, shape=st.sampled_from(["plain", "critical", "list"]))
    def add(self, at: int, text: str, other: str, shape: str) -> None:
        self.made += 1
        id = f"n{self.made}"
        block = a_paragraph(text, id, **({"urgency": CRITICAL} if shape == "critical" else {}))
        if shape == "list":
            items = [{"id": f"{id}i1", "text": text}, {"id": f"{id}i2", "text": other}]
            block = {"id": id, "type": "list", "ordered": False, "items": items}
        at %= len(self.body) + 1
        self._save(self.title, [*self.body[:at], block, *self.body[at:]])

    @precondition(lambda self: len(self.body) > 1)
    @rule(at=PLACE)
    def remove(self, at: int) -> None:
        at %= len(self.body)
        self._save(self.title, self.body[:at] + self.body[at + 1 :])

    @rule(to=PLACE)
    def revert(self, to: int) -> None:
        self._save(*self.bodies[to % len(self.bodies)])

    @rule()
    def save_again(self) -> None:
        save(self.db, self.entry, now=self._now())
        assert revisions.latest(self.db, self.entry).number == len(self.revisions)

    # Translating

    @rule(locale=LOCALE, at=PLACE, back=st.integers(0, 2), text=WORDS, draft=st.booleans(), drain_now=st.booleans())
    def translate(self, locale: str, at: int, back: int, text: str, draft: bool, drain_now: bool) -> None:
        number = max(1, len(self.revisions) - back)
        path = list(self.revisions[number - 1])[at % len(self.revisions[number - 1])]
        self._put(locale, number, {path: f"{locale} {text}"}, draft)
        if drain_now:
            drain(self.db, SITE, self._now())

    @rule(locale=LOCALE, latest=st.booleans())
    def translate_all(self, locale: str, latest: bool) -> None:
        number = len(self.revisions) if latest or not self.live else self.live
        texts = {path: f"{locale} {source}" for path, source in self.revisions[number - 1].items()}
        self._put(locale, number, texts, draft=False)

    def _put(self, locale: str, number: int, texts: dict[str, str], draft: bool) -> None:
        sources = self.revisions[number - 1]
        held, drafts = self.approved[locale], self.drafts[locale]
        standing = {
            path: drafts.get((path, sources[path])) or held.get((path, sources[path]), (0, 0, ""))[2] for path in texts
        }
        seen = {path: text for path, text in standing.items() if text}
        state = "draft" if draft else "approved"
        translations.save(
            self.db, self.entry, locale, texts, by=BY, now=self._now(), state=state, revision=number, seen=seen,
            checks=SITE.checks_translations,
        )  # fmt: skip
        for path, text in texts.items():
            self.translated[locale].add((path, sources[path], text))
            key = (path, sources[path])
            if draft and (key in drafts and drafts[key] == text):
                continue
            # What is approved stays so, by whomever the same words are written once more.
            if key not in drafts and key in held and held[key][2] == text:
                continue
            if draft:
                drafts[key] = text
                continue
            drafts.pop(key, None)
            held[key] = (self.seconds, number, text)

    @rule(locale=LOCALE)
    def approve(self, locale: str) -> None:
        translations.approve(self.db, self.entry, locale, [], by=BY, now=self._now(), checks=SITE.checks_translations)
        numbers = {
            (row["path"], row["source"]): row["revision"]
            for row in self.db.query(
                "select path, source, revision from translation where entry = ? and locale = ? and approved = 1",
                [self.entry, locale],
            )
        }
        for key, text in self.drafts[locale].items():
            self.approved[locale][key] = (self.seconds, numbers[key], text)
        self.drafts[locale].clear()

    # Publishing

    @rule()
    def publish_source(self) -> None:
        before = self._served()
        editions.publish(self.db, self.entry, "nl", by=BY, now=self._now(), site=SITE)
        changed = self.live != len(self.revisions)
        self.live = len(self.revisions)
        self.published.add("nl")
        if not changed and not self._waiting():
            assert self._served() == before or "nl" not in before

    @rule(locale=LOCALE)
    def publish_locale(self, locale: str) -> None:
        drain(self.db, SITE, self._now())
        others = {name: self._texts(name) for name in self.published - {locale}}
        whole = bool(self.live) and all(self._freshness(locale, path) == "current" for path in self._live_texts())
        try:
            editions.publish(self.db, self.entry, locale, by=BY, now=self._now(), site=SITE)
        except Refused:
            assert not whole or "nl" not in self.published
        else:
            assert whole
            self.published.add(locale)
        assert {name: self._texts(name) for name in self.published - {locale}} == others

    @rule(locale=st.sampled_from(["en", "ar", "en", "ar", "nl"]), twice=st.integers(0, 2))
    def unpublish(self, locale: str, twice: int) -> None:
        if twice or locale not in self.published:
            return
        drain(self.db, SITE, self._now())
        others = {name: self._texts(name) for name in self.published - {locale}}
        editions.unpublish(self.db, self.entry, locale, by=BY, now=self._now(), site=SITE)
        self.published = set() if locale == "nl" else self.published - {locale}
        assert {name: self._texts(name) for name in self.published} == {
            name: found for name, found in others.items() if name in self.published
        }

    # What must be so

    def _live_texts(self) -> dict[str, str]:
        return self.revisions[self.live - 1]

    def _freshness(self, locale: str, path: str) -> str:
        """Say it by the definition: of this very text, else only of another made at a published revision."""
        held, source = self.approved[locale], self._live_texts()[path]
        if (path, source) in held:
            return "current"
        older = [number for (at, _), (_, number, _) in held.items() if at == path and number <= self.live]
        return "stale" if older else "missing"

    def _shown(self, locale: str, path: str) -> set[str]:
        """Return the texts that may be shown: which of two older ones of one moment is newer nobody can tell."""
        held, source = self.approved[locale], self._live_texts()[path]
        if (path, source) in held:
            return {held[path, source][2]}
        older = [(order, text) for (at, _), (order, number, text) in held.items() if at == path and number <= self.live]
        newest = max((order for order, _ in older), default=0)
        return {text for order, text in older if order == newest} or {source}

    def _waiting(self) -> bool:
        return bool(list(self.db.query("select entry from pending")))

    def _served(self) -> dict[str, bytes]:
        found = {locale: documents.read(self.db, locale, "article", self.entry) for locale in ("nl", *LOCALES)}
        return {locale: each.body for locale, each in found.items() if each}

    def _document(self, locale: str) -> dict[str, Any]:
        found = documents.read(self.db, locale, "article", self.entry)
        assert found, locale
        return dict(json.loads(found.body))

    def _texts(self, locale: str) -> Any:
        found = self._document(locale)
        return found["title"], found["body"]

    @invariant()
    def freshness_is_what_it_is_defined_as(self) -> None:
        if not self.live:
            return
        segments = cut_content(KIND, revisions.get(self.db, self.entry, self.live).content)
        assert {segment.path: segment.source for segment in segments} == self._live_texts()
        for locale in LOCALES:
            approved = translations.approved(self.db, self.entry, locale)
            for path, found in translations.match(segments, approved, upto=self.live).items():
                assert found.freshness == self._freshness(locale, path), (locale, path)
                text = found.translation.text if found.translation else found.segment.source
                assert text in self._shown(locale, path)

    @invariant()
    def drafts_and_approved_texts_are_all_there(self) -> None:
        for locale in LOCALES:
            rows = self.db.query(
                "select path, source, text, approved from translation where entry = ? and locale = ?",
                [self.entry, locale],
            )
            found = {(row["path"], row["source"], row["approved"]): row["text"] for row in rows}
            expected = {(*key, 1): text for key, (_, _, text) in self.approved[locale].items()}
            assert found == expected | {(*key, 0): text for key, text in self.drafts[locale].items()}

    @invariant()
    def documents_say_the_same(self) -> None:
        for locale in self.published - {"nl"}:
            self._check_critical_advice(locale, self._document(locale))
        drain(self.db, SITE, later(seconds=self.seconds))
        assert set(self._served()) == self.published
        for locale in self.published - {"nl"}:
            self._check_document(locale, self._document(locale))

    def _check_critical_advice(self, locale: str, found: dict[str, Any]) -> None:
        """Hold a document that may still wait to be rendered to what may never wait."""
        urgent = {block["id"]: block for block in self.bodies[self.live - 1][1] if "urgency" in block}
        shown = {block["id"]: block for block in found["body"] if "urgency" in block}
        assert shown.keys() == urgent.keys()
        for id, block in shown.items():
            path = f"body.{id}.text"
            if "notice" in block:
                assert (block["html"], block["lang"]) == (urgent[id]["text"], "nl")
            else:
                assert self._freshness(locale, path) == "current"
                # One that was mended a moment ago may wait; one of another text may not.
                assert block["html"] in self._ever(locale, path)

    def _ever(self, locale: str, path: str) -> set[str]:
        return {
            text for at, source, text in self.translated[locale] if (at, source) == (path, self._live_texts()[path])
        }

    def _check_document(self, locale: str, found: dict[str, Any]) -> None:
        fresh = {path: self._freshness(locale, path) for path in self._live_texts()}
        stale = []
        blocks = {block["id"]: block for block in self.bodies[self.live - 1][1]}
        assert [block["id"] for block in found["body"]] == list(blocks)
        for block in found["body"]:
            own = {path: state for path, state in fresh.items() if path.startswith(f"body.{block['id']}.")}
            states = set(own.values())
            critical = "urgency" in blocks[block["id"]]
            expected = states.pop() if len(states) == 1 else "stale"
            assert block.get("freshness", "current") == expected
            stale += [block["id"]] if expected != "current" else []
            assert ("notice" in block) == (critical and expected != "current")
            for path, part in self._parts(block):
                source = self._live_texts()[path]
                as_source = fresh[path] == "missing" or (critical and expected != "current")
                assert part["html"] in ({source} if as_source else self._shown(locale, path))
                lang = part.get("lang", block.get("lang", locale))
                assert lang == ("nl" if as_source else locale)
        said = found["translation"]
        assert (found["title"] in self._shown(locale, "title")) or fresh["title"] == "missing"
        assert said["stale_blocks"] == stale
        assert said["stale_fields"] == (["title"] if fresh["title"] != "current" else [])
        behind = set(fresh.values()) != {"current"}
        assert said["freshness"] == ("stale" if behind else "current")
        assert bool(said["stale_since"]) == behind
        assert said["source_revision"] == found["version"] == self.live

    @staticmethod
    def _parts(block: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        if "html" in block:
            yield f"body.{block['id']}.text", block
        for item in block.get("items", []):
            yield f"body.{block['id']}.items.{item['id']}.text", item

    @invariant()
    def rebuilding_changes_nothing(self) -> None:
        before = self._served()
        assert rebuild(self.db, SITE, later(seconds=self.seconds)) == 0
        assert self._served() == before


def test_freshness_is_what_its_definition_says(db: Database) -> None:
    author = published(db, "author", site=SITE)
    machine = type("Machine", (Freshness,), {"db": db, "author": author})
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            max_examples=10,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
