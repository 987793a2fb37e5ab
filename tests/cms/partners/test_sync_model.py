"""Whatever is published, withdrawn and moved about, by several writers at once: a reader's copy comes to the truth."""

import contextlib
import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from cms.desk import merging
from cms.errors import Refused, TolkError
from cms.partners.scopes import Scope
from cms.partners.selections import Selection
from cms.people.rights import OPERATOR
from cms.publish import editions, pruning, renewal
from cms.publish.refresh import drain, rebuild
from cms.site import Site
from cms.store import Database, connect, write
from tests.builders import BY, a_paragraph, create, later, published, save, translate
from tests.cms.partners.reading import Reader, lasting, truth

# A locale that waits for the translation of critical advice is taken from its readers, in English alone.
SITE = Site(
    name="Tolk", url="https://tolk.example", checks_translations=False, policies={"article/en": "withdraw"},
    locales=("nl", "en", "ar"),
)  # fmt: skip
ARTICLES = 2
LIMITS = st.sampled_from([1, 2, 3, 100])
WHICH = st.integers(0, ARTICLES - 1)
READERS = st.integers(0, 4)
DAYS = st.sampled_from([1, 3, 30, 100, 400])
SCOPES = ("all", "x", "y", "articles in nl and en", "y in ar")

# What somebody does: the name of it, which article, and what else it needs to know.
Deed = tuple[str, int, Any]
TOPICS = st.sampled_from([(), ("x",), ("y",), ("x", "y")])
LOCALE = st.sampled_from(["nl", "en", "ar"])
DEEDS: st.SearchStrategy[Deed] = st.one_of(
    st.tuples(st.just("publish"), WHICH, TOPICS),
    st.tuples(st.just("publish"), WHICH, TOPICS),
    st.tuples(st.just("change_what_is_critical"), WHICH, TOPICS),
    st.tuples(st.just("translate"), WHICH, st.sampled_from(["en", "ar"])),
    st.tuples(st.just("unpublish"), WHICH, LOCALE),
    st.tuples(st.just("withdraw"), WHICH, LOCALE),
    st.tuples(st.just("move"), WHICH, st.none()),
    st.tuples(st.just("merge"), WHICH, WHICH),
    st.tuples(st.just("review"), WHICH, st.sampled_from([None, 10, 200])),
    st.tuples(st.just("rename_author"), WHICH, st.none()),
    st.tuples(st.just("drain"), WHICH, st.none()),
)


class Newsroom:
    """What there is to write about, and what people do with it; safe to be used by many threads."""

    def __init__(self, db: Database) -> None:
        self._lock = threading.Lock()
        self._passed = 0
        self.days = 0
        self.topics = {name: published(db, "topic", title=name, site=SITE) for name in ("x", "y")}
        self.author = published(db, "author", site=SITE)
        self.written: list[str] = []
        self.articles = [self._article(db) for _ in range(ARTICLES)]

    def _article(self, db: Database) -> str:
        body = [a_paragraph("Blijf bewegen.", "b1"), a_paragraph("Bel 112.", "b2", urgency="emergency")]
        entry = create(db, "article", body=body, authors=[self.author])
        self.written.append(entry)
        return entry

    def now(self) -> datetime:
        """Return a moment after all before."""
        with self._lock:
            self._passed += 1
            return later(days=self.days, seconds=self._passed)

    def do(self, db: Database, deed: Deed) -> None:
        """Do it, or be refused."""
        name, number, what = deed
        with contextlib.suppress(TolkError):  # It cannot be done now, or somebody else was faster.
            getattr(self, f"_{name}")(db, number, what)

    def _text(self) -> str:
        return f"tekst {self.now().isoformat()}"

    def _publish(self, db: Database, number: int, topics: Sequence[str], **fields: Any) -> None:
        entry, now = self.articles[number], self.now()
        named = [self.topics[name] for name in topics]
        save(db, entry, now=now, title=self._text(), topics=named, **fields)
        editions.publish(db, entry, "nl", by=BY, now=now, site=SITE)

    def _change_what_is_critical(self, db: Database, number: int, topics: Sequence[str]) -> None:
        body = [a_paragraph("Blijf bewegen.", "b1"), a_paragraph(self._text(), "b2", urgency="emergency")]
        self._publish(db, number, topics, body=body)

    def _translate(self, db: Database, number: int, locale: str) -> None:
        translate(db, self.articles[number], locale, now=self.now())
        editions.publish(db, self.articles[number], locale, by=BY, now=self.now(), site=SITE)

    def _unpublish(self, db: Database, number: int, locale: str) -> None:
        editions.unpublish(db, self.articles[number], locale, by=BY, now=self.now(), site=SITE)

    def _withdraw(self, db: Database, number: int, locale: str) -> None:
        editions.withdraw(
            db, self.articles[number], locale=locale, explanation="Fout.", severity="safety", by=BY, now=self.now(),
            site=SITE,
        )  # fmt: skip

    def _move(self, db: Database, number: int, _: Any) -> None:
        entry = self.articles[number]
        save(db, entry, now=self.now(), slug=f"artikel-{self._passed}")
        editions.publish(db, entry, "nl", by=BY, now=self.now(), site=SITE)

    def _merge(self, db: Database, number: int, keep: int) -> None:
        entry = self.articles[number]
        merging.merge(db, OPERATOR, self.articles[keep], entry, now=self.now(), site=SITE)
        self.articles[number] = self._article(db)

    def _review(self, db: Database, number: int, days: int | None) -> None:
        due = later(days=self.days + days).date().isoformat() if days else None
        save(db, self.articles[number], now=self.now(), review_due=due, update_type="minor")
        editions.publish(db, self.articles[number], "nl", by=BY, now=self.now(), site=SITE)

    def _rename_author(self, db: Database, _: int, __: Any) -> None:
        """Change what is shown of it on every card."""
        save(db, self.author, now=self.now(), name=self._text())
        editions.publish(db, self.author, "nl", by=BY, now=self.now(), site=SITE)

    def _drain(self, db: Database, _: int, __: Any) -> None:
        drain(db, SITE, self.now())


class Syncing(RuleBasedStateMachine):
    """Some articles in three languages, and five readers of them who each want another part."""

    db: Database
    url: str

    def __init__(self) -> None:
        super().__init__()
        self.room = Newsroom(self.db)
        x, y = (frozenset({self.room.topics[name]}) for name in ("x", "y"))
        articles = frozenset({"article"})
        self.scopes = {
            "all": Scope(),
            "x": Scope(topics=x),
            "y": Scope(topics=y),
            "articles in nl and en": Scope(types=articles, locales=frozenset({"nl", "en"})),
            "y in ar": Scope(types=articles, locales=frozenset({"ar"}), topics=y),
        }
        self.readers = [Reader(Selection(may=self.scopes[name])) for name in SCOPES]

    @initialize(limit=LIMITS, live=st.booleans())
    def begin(self, limit: int, live: bool) -> None:
        """Begin with readers who have been there before, mostly."""
        if live:
            for number in range(ARTICLES):
                for deed in (("publish", number, ("x",)), ("translate", number, "en"), ("translate", number, "ar")):
                    self.room.do(self.db, deed)
        for reader in self.readers:
            reader.catch_up(self.db, limit)

    @rule(deeds=st.lists(DEEDS, min_size=1, max_size=3))
    def something_happens(self, deeds: list[Deed]) -> None:
        for deed in deeds:
            self.room.do(self.db, deed)

    @rule(deeds=st.lists(DEEDS, min_size=1, max_size=3))
    def it_happens_in_one_write(self, deeds: list[Deed]) -> None:
        with write(self.db):
            for deed in deeds:
                with write(self.db):
                    self.room.do(self.db, deed)

    @rule(by=READERS, limit=LIMITS, deeds=st.lists(DEEDS, min_size=2, max_size=6), anew=st.booleans())
    def pages_are_read_while_it_happens(self, by: int, limit: int, deeds: list[Deed], anew: bool) -> None:
        if anew:
            self.readers[by].restart()
        for deed in deeds:
            self.readers[by].step(self.db, limit)
            self.room.do(self.db, deed)

    @rule(some=st.lists(DEEDS, min_size=1, max_size=4), others=st.lists(DEEDS, min_size=1, max_size=4), limit=LIMITS)
    def they_all_write_while_all_read(self, some: list[Deed], others: list[Deed], limit: int) -> None:
        def work(deeds: list[Deed]) -> None:
            db = connect(self.url)
            try:
                for deed in deeds:
                    self.room.do(db, deed)
            finally:
                db.close()

        threads = [threading.Thread(target=work, args=(deeds,)) for deeds in (some, others)]
        for thread in threads:
            thread.start()
        try:
            while any(thread.is_alive() for thread in threads):
                for reader in self.readers:
                    reader.step(self.db, limit)
        finally:
            for thread in threads:
                thread.join()

    @rule(by=READERS, scope=st.sampled_from(SCOPES))
    def a_reader_may_have_something_else(self, by: int, scope: str) -> None:
        self.readers[by].selection = Selection(may=self.scopes[scope])

    @rule(days=DAYS)
    def time_passes(self, days: int) -> None:
        self.room.days += days
        renewal.keep(self.db, SITE, self.room.now())

    @rule(days=st.sampled_from([0, 50, 400]))
    def what_is_old_is_dropped(self, days: int) -> None:
        pruning.prune(self.db, later(days=self.room.days - days))

    @rule()
    def all_is_made_afresh(self) -> None:
        rebuild(self.db, SITE, self.room.now())

    @rule(limit=LIMITS)
    def all_readers_come_to_the_truth(self, limit: int) -> None:
        drain(self.db, SITE, self.room.now())
        for reader in self.readers:
            reader.catch_up(self.db, limit)
            assert lasting(reader.copy) == lasting(truth(self.db, reader.selection))

    def teardown(self) -> None:
        """Come to the truth at last, and leave nothing that the next run would have to walk through."""
        self.all_readers_come_to_the_truth(100)
        for entry in (*self.room.written, self.room.author, *self.room.topics.values()):
            with contextlib.suppress(Refused):  # It is live nowhere.
                editions.unpublish(self.db, entry, "nl", by=BY, now=self.room.now(), site=SITE)
        self.all_readers_come_to_the_truth(100)


def run(db: Database, url: str, examples: int, steps: int) -> None:
    machine = type("Machine", (Syncing,), {"db": db, "url": url})
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )


def test_a_copy_always_comes_to_the_truth(db: Database, database_url: str) -> None:
    run(db, database_url, examples=8, steps=15)
