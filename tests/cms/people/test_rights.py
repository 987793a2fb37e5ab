"""Who may do what: the whole table, and what limits translators and keys."""

import pytest

from cms.errors import Forbidden
from cms.people.rights import ACTIONS, OPERATOR, ROLES, Actor, Scopes, may, may_somewhere, require

# Every action, and whether administrator, editor, translator (in Turkish, her own), reviewer, partner manager may.
TABLE = """
entry.read              yes yes yes yes yes
entry.create            yes yes no  no  no
entry.save              yes yes no  no  no
entry.archive           yes yes no  no  no
entry.merge             yes yes no  no  no
entry.publish           yes yes no  no  no
entry.unpublish         yes yes no  no  no
entry.schedule          yes yes no  no  no
entry.import            yes yes no  no  no
entry.withdraw          yes yes no  yes no
entry.review            yes yes no  yes no
picture.upload          yes yes no  no  no
translation.read        yes yes yes yes yes
translation.save        yes yes yes no  no
translation.import      yes yes yes no  no
translation.machine     yes yes yes no  no
translation.export      yes yes yes yes no
translation.approve     yes no  no  yes no
translation.waive       yes no  no  yes no
translation.publish     yes yes no  yes no
translation.unpublish   yes yes no  yes no
glossary.save           yes yes yes no  no
people.manage           yes no  no  no  no
keys.manage             yes no  no  no  no
audit.read              yes no  no  no  no
partners.manage         yes no  no  no  yes
recall.manage           yes no  no  yes yes
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]
CELLS = [(action, role, said == "yes") for action, *row in ROWS for role, said in zip(ROLES, row, strict=True)]
READING = {"entry.read", "translation.read"}


def actor(*roles: str, locales: tuple[str, ...] = (), scopes: Scopes | None = None) -> Actor:
    return Actor("1", "Ada", "person", frozenset(roles), frozenset(locales), scopes)


def test_the_table_has_every_action() -> None:
    assert [action for action, *_ in ROWS] == list(ACTIONS)


@pytest.mark.parametrize(("action", "role", "allowed"), CELLS)
def test_a_role_may_do_what_the_table_says(action: str, role: str, allowed: bool) -> None:
    assert may(actor(role, locales=("tr",)), action, "article", "tr") == allowed


@pytest.mark.parametrize("action", ACTIONS)
def test_a_translator_touches_no_other_language(action: str) -> None:
    assert may(actor("translator", locales=("tr",)), action, "article", "pl") == (action in READING)


@pytest.mark.parametrize("action", ACTIONS)
def test_a_translator_with_no_language_changes_nothing(action: str) -> None:
    assert may(actor("translator"), action, "article", "tr") == (action in READING)


@pytest.mark.parametrize("action", ACTIONS)
def test_a_translator_changes_nothing_that_names_no_language(action: str) -> None:
    assert may(actor("translator", locales=("tr",)), action) == (action in READING)


@pytest.mark.parametrize("action", ACTIONS)
def test_several_roles_may_what_any_of_them_may(action: str) -> None:
    both = actor("translator", "reviewer", locales=("tr",))
    alone = [actor(role, locales=("tr",)) for role in ("translator", "reviewer")]
    for locale in ("tr", "pl"):
        assert may(both, action, "article", locale) == any(may(one, action, "article", locale) for one in alone)


def test_the_languages_of_a_translator_do_not_narrow_another_role() -> None:
    assert may(actor("translator", "editor", locales=("tr",)), "translation.save", "article", "pl")


@pytest.mark.parametrize("action", ACTIONS)
def test_nobody_without_a_role_may_anything(action: str) -> None:
    assert not may(actor(), action, "article", "tr")


@pytest.mark.parametrize("action", ACTIONS)
def test_the_operator_may_everything(action: str) -> None:
    assert may(OPERATOR, action, "article", "tr")


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("role", ROLES)
def test_a_key_for_everything_may_what_its_owner_may(role: str, action: str) -> None:
    owner = actor(role, locales=("tr",))
    key = actor(role, locales=("tr",), scopes=Scopes(frozenset("*")))
    assert may(key, action, "article", "tr") == may(owner, action, "article", "tr")


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("role", ROLES)
def test_a_key_for_one_action_may_no_other(role: str, action: str) -> None:
    key = actor(role, locales=("tr",), scopes=Scopes(frozenset({"translation.save"})))
    expected = action == "translation.save" and role in ("administrator", "editor", "translator")
    assert may(key, action, "article", "tr") == expected


@pytest.mark.parametrize(
    ("scopes", "action", "type", "locale", "allowed"),
    [
        (Scopes(frozenset("*"), frozenset({"article"})), "entry.save", "article", "", True),
        (Scopes(frozenset("*"), frozenset({"article"})), "entry.save", "clinic", "", False),
        (Scopes(frozenset("*"), frozenset({"article"})), "entry.save", "", "", False),
        (Scopes(frozenset("*"), frozenset({"article"})), "people.manage", "", "", False),
        (Scopes(frozenset("*"), locales=frozenset({"tr"})), "translation.save", "article", "tr", True),
        (Scopes(frozenset("*"), locales=frozenset({"tr"})), "translation.save", "article", "pl", False),
        (Scopes(frozenset("*"), locales=frozenset({"tr"})), "translation.save", "article", "", False),
        (Scopes(frozenset("*"), locales=frozenset({"tr"})), "entry.save", "article", "", False),
        (Scopes(frozenset("*"), locales=frozenset({"tr"})), "entry.read", "article", "", True),
        (Scopes(frozenset("*"), locales=frozenset({"tr"})), "translation.read", "article", "pl", False),
        (Scopes(frozenset()), "entry.read", "article", "", False),
    ],
)
def test_a_key_stays_within_its_scopes(scopes: Scopes, action: str, type: str, locale: str, allowed: bool) -> None:
    assert may(actor("administrator", scopes=scopes), action, type, locale) == allowed


def test_a_menu_shows_what_may_be_done_somewhere() -> None:
    translator = actor("translator", locales=("tr",))
    assert [action for action in ACTIONS if may_somewhere(translator, action)] == [
        action for action in ACTIONS if may(translator, action, "article", "tr")
    ]


def test_a_menu_leaves_out_what_a_key_is_not_for() -> None:
    assert not may_somewhere(actor("administrator", scopes=Scopes(frozenset({"entry.read"}))), "entry.save")


def test_an_action_that_is_none_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        may(OPERATOR, "entry.eat")


def test_what_was_forbidden_is_said() -> None:
    with pytest.raises(Forbidden) as refused:
        require(actor("translator", locales=("tr",)), "translation.save", "article", "pl")
    assert vars(refused.value) == {"action": "translation.save", "type": "article", "locale": "pl"}
