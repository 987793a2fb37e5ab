"""Scopes: what fits, and what does not."""

import pytest

from cms.partners.scopes import Scope, digest, fits

RUG, KNIE = "0198-rug", "0198-knie"


def scope(types: str = "", locales: str = "", topics: str = "") -> Scope:
    return Scope(*(frozenset(part.split()) for part in (types, locales, topics)))


@pytest.mark.parametrize(
    ("limits", "type", "locale", "topics", "fitting"),
    [
        (scope(), "article", "nl", [], True),
        (scope(), "clinic", "ar", [RUG], True),
        (scope("article"), "article", "nl", [], True),
        (scope("article clinic"), "clinic", "nl", [], True),
        (scope("article"), "clinic", "nl", [], False),
        (scope(locales="nl en"), "article", "en", [], True),
        (scope(locales="nl"), "article", "nl-BE", [], False),
        (scope(topics=RUG), "article", "nl", [RUG], True),
        (scope(topics=RUG), "article", "nl", [KNIE, RUG], True),
        (scope(topics=RUG), "article", "nl", [KNIE], False),
        (scope(topics=RUG), "article", "nl", [], False),
        # What has no field for topics is not kept out by them.
        (scope(topics=RUG), "author", "nl", [], True),
        (scope(topics=RUG), "clinic", "nl", [], True),
        (scope(topics=RUG), "topic", "nl", [], True),
        (scope("article", topics=RUG), "author", "nl", [], False),
        # Of a type that was taken away nobody knows whether it has topics.
        (scope(topics=RUG), "recipe", "nl", [], False),
        (scope(topics=RUG), "recipe", "nl", [RUG], True),
        (scope(), "recipe", "nl", [], True),
        (scope("article", "nl", RUG), "article", "nl", [RUG], True),
        (scope("article", "nl", RUG), "article", "en", [RUG], False),
    ],
)
def test_what_fits(limits: Scope, type: str, locale: str, topics: list[str], fitting: bool) -> None:
    assert fits(limits, type=type, locale=locale, topics=topics) == fitting


def test_a_scope_is_true_where_it_limits_something() -> None:
    assert [bool(each) for each in (scope(), scope("article"), scope(locales="nl"), scope(topics=RUG))] == [
        False, True, True, True,
    ]  # fmt: skip


def test_a_digest_tells_scopes_apart() -> None:
    several = [
        (scope(),),
        (scope("nl"),),
        (scope(locales="nl"),),
        (scope("article clinic"),),
        (scope("article"), scope("clinic")),
        (scope("clinic"), scope("article")),
        (scope(), scope()),
    ]
    assert len({digest(*scopes) for scopes in several}) == len(several)


def test_a_digest_is_the_same_in_every_process() -> None:
    assert digest(scope("clinic article", "nl", f"{KNIE} {RUG}")) == digest(
        scope("article clinic", "nl", f"{RUG} {KNIE}")
    )
    assert digest(scope("article", "nl")) == "215b5b478394d0b7"
