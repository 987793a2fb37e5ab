"""Merging topics keeps partners what they had."""

from cms.desk import merging
from cms.partners import partners, webhooks
from cms.people.rights import OPERATOR
from cms.store import Database
from tests.builders import BY, NOW, SITE, published


def test_who_was_limited_to_a_topic_goes_on_with_the_one_that_is_kept(db: Database) -> None:
    kept, gone, other = (published(db, "topic", title=title) for title in ("Rug", "Rugpijn", "Nek"))
    rug = partners.add(db, SITE, name="Rug", topics=[gone, other, kept], by=BY, now=NOW)
    every = partners.add(db, SITE, name="Alles", by=BY, now=NOW)
    hook, _ = webhooks.add(db, rug.id, url="https://rug.example/", topics=[gone], now=NOW)
    merging.merge(db, OPERATOR, kept, gone, now=NOW, site=SITE)
    assert partners.find(db, rug.id).topics == (kept, other)
    assert partners.find(db, every.id).topics == ()
    assert webhooks.find(db, hook.id).topics == (kept,)
