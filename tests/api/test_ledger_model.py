"""Whatever is published, taken away and asked for: the ledger never misses what a partner still has."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cms.partners import holdings, partner_keys, partners
from cms.publish import editions, renewal
from tests.api.conftest import NOW, Desk, rewrite, translate

Key = tuple[str, str]


@dataclass
class Site:
    """A partner's site: a copy that is kept by sync, by version and event, and now and then a look at one document."""

    desk: Desk
    partner: str
    secret: str
    copy: dict[Key, tuple[int, int]] = field(default_factory=dict)
    brought: set[Key] | None = field(default_factory=set)
    following: str = "/v1/sync?limit=2"

    def ask(self, path: str) -> Any:
        return self.desk.get(path, headers={"Authorization": f"Bearer {self.secret}"})

    def take_a_page(self) -> bool:
        """Do what the reference says: have what is given, drop what is removed, go on; tell whether there is more."""
        answer = self.ask(self.following)
        if answer.status_code == 410:
            self.following, self.brought = "/v1/sync?limit=2", set()
            return True
        page = answer.json
        for change in page["changes"]:
            key = change["id"], change["locale"]
            if change["op"] == "upsert":
                self.copy[key] = change["version"], change["seq"]
                if self.brought is not None:
                    self.brought.add(key)
            else:
                self.copy.pop(key, None)
        if page["complete"] and self.brought is not None:
            self.copy = {key: version for key, version in self.copy.items() if key in self.brought}
            self.brought = None
        self.following = page["links"]["next"].removeprefix(self.desk.settings.site.url)
        return bool(page["more"])

    def lose_a_page(self) -> None:
        """Ask for a page, and die before it is kept."""
        self.ask(self.following)

    def held(self) -> dict[Key, list[tuple[int, int]]]:
        """Return what the ledger says: the versions by revision and event of each document."""
        found: dict[Key, list[tuple[int, int]]] = {}
        for each in holdings.held(self.desk.db, self.partner):
            found.setdefault((each.entry, each.locale), []).append((each.revision, each.seq))
        return found


def misses(site: Site) -> list[Key]:
    """Return what the partner still has, in a version that the ledger does not know of."""
    held = site.held()
    return [
        key
        for key, (revision, seq) in site.copy.items()
        if not any(number == revision and event >= seq for number, event in held.get(key, ()))
    ]


@pytest.mark.parametrize("seed", range(4))
def test_the_ledger_never_misses_what_a_partner_still_has(desk: Desk, seed: int) -> None:
    chance, here = random.Random(seed), desk.settings.site
    topic = desk.publish("topic", {"title": "Rug", "slug": "rug"})
    clinic = desk.clinic()
    entries = [desk.article(title=f"Artikel {number}", topics=[topic], clinics=[clinic]) for number in range(3)]
    partner = partners.add(desk.db, here, name="RugNetwerk", by="tester", now=datetime.now(UTC)).id
    secret = partner_keys.make(desk.db, partner=partner, name="Website", now=datetime.now(UTC))[1]
    site, now = Site(desk, partner, secret), NOW

    def edit(entry: str) -> None:
        about = [topic] if chance.random() < 0.6 else []
        rewrite(desk.db, entry, now, summary=f"Nieuw: {now.isoformat()}", topics=about)
        desk.publish_again(entry, now)

    def carry_over(entry: str) -> None:
        translate(desk.db, entry, "en", now)
        desk.publish_again(entry, now, "en")

    def take_away(entry: str) -> None:
        locale = chance.choice(["nl", "en"])
        if chance.random() < 0.5:
            editions.unpublish(desk.db, entry, locale, by="editor", now=now, site=here)
        else:
            editions.withdraw(desk.db, entry, locale=locale, explanation="Fout.", by="editor", now=now, site=here)

    def narrow(entry: str) -> None:
        wanted = {"topics": chance.choice([[], [topic]]), "locales": chance.choice([[], ["nl"]])}
        partners.change(desk.db, here, partner, **wanted)

    def renew(entry: str) -> None:
        renewal.keep(desk.db, here, now + timedelta(hours=150), 100)

    deeds = [edit, edit, carry_over, take_away, narrow, renew]
    for _ in range(30):
        now += timedelta(hours=1)
        try:
            chance.choice(deeds)(chance.choice(entries))
        except Exception as error:  # It cannot be done now.
            assert type(error).__module__ == "cms.errors", error
        desk.drain(now)
        for _ in range(chance.randrange(3)):
            chance.choice([site.take_a_page, site.take_a_page, site.lose_a_page])()
            assert misses(site) == []

    while site.take_a_page():
        pass
    # Coming back once more shows that the last page was kept; then nothing is held but what is had.
    site.take_a_page()
    assert misses(site) == []
    assert site.held().keys() == site.copy.keys()
    assert all(len(versions) == 1 for versions in site.held().values())
