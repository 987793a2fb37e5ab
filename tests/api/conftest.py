"""A site to read, on both engines in turn: the sample content, and what only translators and editors bring about."""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from api import settings as settings_module
from api.application import create_app
from api.settings import Settings
from cms.content import revisions, saving, types
from cms.localize import translations
from cms.localize.segments import cut
from cms.people import passwords
from cms.publish import editions
from cms.publish.refresh import drain
from cms.store import Database, connect
from migrations import migrate
from sample import entry_id, load
from tests import postgres

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
NECK, BACK = entry_id("article", "nekpijn"), entry_id("article", "door-je-rug-gaan")


@dataclass(frozen=True)
class Library:
    """A site to read: its settings and application. Tests leave its content as it is."""

    settings: Settings
    app: Flask
    db: Database


def read_settings(database_url: str, folder: Path, **environment: str) -> Settings:
    """Read settings as an installation would, from an environment of its own."""
    given = {"DATABASE_URL": database_url, "TOLK_MEDIA_DIR": str(folder / "media"), **environment}
    with pytest.MonkeyPatch.context() as patch:
        for name in settings_module.VARIABLES:
            patch.delenv(name, raising=False)
        for name, value in given.items():
            patch.setenv(name, value)
        settings = settings_module.read()
    # Here a text is translated by a mark; what the checks say of translations is tested with the library.
    return replace(settings, site=replace(settings.site, checks_translations=False))


def translate(db: Database, entry: str, locale: str, now: datetime, **texts: str) -> None:
    """Give every segment of an entry a translation; `texts` are the ones that are more than a mark."""
    latest = revisions.latest(db, entry)
    found = db.table("entry").get(entry)["type"]
    marked = {segment.path: f"{segment.source} [{locale}]" for segment in cut(types.find(found), latest.content)}
    translations.save(db, entry, locale, marked | texts, by="translator", now=now, checks=False)


def rewrite(db: Database, entry: str, now: datetime, **changes: Any) -> None:
    """Save an entry with some fields changed."""
    latest = revisions.latest(db, entry)
    saving.save(db, entry, {**latest.content, **changes}, based_on=latest.number, by="editor", now=now)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def library(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Yield a site with the sample content; the back article in English, the neck article in English and Arabic."""
    folder = tmp_path_factory.mktemp("library")
    with contextlib.ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{folder}/library.db"
        elif postgres.missing():
            pytest.skip(f"not tested on PostgreSQL: {postgres.missing()}")
        else:
            url = stack.enter_context(postgres.schema(request.getfixturevalue("postgres_server")))
        settings = read_settings(url, folder)
        db = connect(url)
        stack.callback(db.close)
        migrate(db)
        # Without the sample's own translations: which languages there are is said below, for all to see.
        load(db, replace(settings.site, locales=("nl",)), NOW, settings.media_dir)
        _go_on(db, settings)
        app = create_app(settings)
        stack.callback(app.extensions["tolk_connections"].close)
        yield Library(settings, app, db)


def _go_on(db: Database, settings: Settings) -> None:
    """Translate, move and withdraw some of it."""
    site, later = settings.site, NOW + timedelta(hours=1)
    for entry, locale, texts in (
        (NECK, "en", {"title": "Neck pain", "slug": "neck-pain"}),
        (NECK, "ar", {"title": "ألم الرقبة", "slug": "ألم-الرقبة"}),
        (BACK, "en", {"title": "Hurt your back", "slug": "hurt-your-back"}),
    ):
        translate(db, entry, locale, later, **texts)
        editions.publish(db, entry, locale, by="editor", now=later, site=site)
    # A new sentence in the source leaves English behind.
    rewrite(db, BACK, later, summary="Een nieuwe samenvatting, nog niet vertaald.")
    editions.publish(db, BACK, "nl", by="editor", now=later, site=site)
    moved = entry_id("article", "tenniselleboog")
    rewrite(db, moved, later, slug="tennisarm")
    editions.publish(db, moved, "nl", by="editor", now=later, site=site)
    editions.withdraw(
        db, entry_id("article", "hielpijn"), explanation="Dit advies klopt niet meer.", by="editor", now=later,
        site=site, replacement=entry_id("article", "enkel-verzwikt"), severity="safety",
    )  # fmt: skip
    editions.unpublish(db, entry_id("article", "vallen-voorkomen"), "nl", by="editor", now=later, site=site)
    drain(db, site, later)


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords in no time: what a hash costs is tested with the library."""
    monkeypatch.setattr(passwords.HASHER, "_parameters", CHEAP._parameters)


@pytest.fixture
def client(library: Library) -> FlaskClient:
    """Return a client of the site to read."""
    return library.app.test_client()


@dataclass(frozen=True)
class Desk:
    """A site of the test's own, whose content it may change."""

    settings: Settings
    app: Flask
    db: Database

    def get(self, path: str, **kwargs: Any) -> Any:
        """Ask for a path."""
        return self.app.test_client().get(path, buffered=True, **kwargs)

    def publish(self, kind: str, content: dict[str, Any], now: datetime = NOW) -> str:
        """Create an entry, publish it and return its id."""
        entry = saving.create(self.db, kind, content, by="editor", now=now).id
        self.publish_again(entry, now)
        return entry

    def publish_again(self, entry: str, now: datetime = NOW, locale: str = "nl") -> None:
        """Publish what was saved last."""
        editions.publish(self.db, entry, locale, by="editor", now=now, site=self.settings.site)
        self.drain(now)

    def drain(self, now: datetime = NOW) -> None:
        """Render what waits for it."""
        drain(self.db, self.settings.site, now)

    def clinic(self) -> str:
        """Publish a clinic for articles to name: without one or an author, they are not published."""
        return self.publish("clinic", {"name": "Praktijk Oever", "slug": "oever"})

    def article(self, now: datetime = NOW, **content: Any) -> str:
        """Publish a small article."""
        given = {"title": "Stijve nek", "body": [{"id": "b1", "type": "paragraph", "text": "Blijf bewegen."}]}
        if not {"clinics", "authors"} & set(content):
            given["clinics"] = [self.clinic()]
        return self.publish("article", {**given, **content}, now)


@contextlib.contextmanager
def desk_at(database_url: str, folder: Path, **environment: str) -> Iterator[Desk]:
    """Yield a desk over a migrated database, set up by an environment of its own."""
    settings = read_settings(database_url, folder, **environment)
    app = create_app(settings)
    db = connect(database_url)
    try:
        yield Desk(settings, app, db)
    finally:
        db.close()
        app.extensions["tolk_connections"].close()


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Desk]:
    """Yield a site without content."""
    with desk_at(database_url, tmp_path) as found:
        yield found


@pytest.fixture
def own_types() -> Iterator[None]:
    """Forget after the test which content types it registered."""
    known = dict(types._types)
    yield
    types._types.clear()
    types._types.update(known)


@pytest.fixture
def media(tmp_path: Path) -> Path:
    """Return a folder of pictures beside a secret."""
    folder = tmp_path / "media"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    shutil.copy(Path(__file__).parents[2] / "sample" / "media" / "sitting-desk.svg", folder / "chair.svg")
    return folder
