"""Every operation, asked for once as its description says; and by every role, by narrowed keys and by nobody."""

from datetime import UTC, datetime

import pytest

from cms.people import keys
from cms.people.rights import ROLES, Actor, may
from tests.api.manage.asked import ASKED, OTHERWISE, make
from tests.api.manage.conftest import OPERATIONS, Bureau, Caller

OPEN_TO_ANY_KEY = {"get_self", "get_description"}
# These ask nothing of a type or a language: whoever may read something may read them.
OF_NO_TYPE = OPEN_TO_ANY_KEY | {"list_pictures", "get_picture", "get_todo"}


def test_every_address_of_the_application_is_asked_for_here(bureau: Bureau) -> None:
    routes = {
        (rule.endpoint.removeprefix("manage."), method)
        for rule in bureau.desk.app.url_map.iter_rules()
        if rule.rule.startswith("/manage")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == {(name, operation.method) for name, operation in OPERATIONS.items()}
    assert set(ASKED) == set(OPERATIONS)


def test_each_operation_does_what_is_asked(bureau: Bureau, admin: Caller) -> None:
    world = make(bureau)
    for name, operation in OPERATIONS.items():
        # What ends something comes after what needs it.
        if name in LAST:
            continue
        _done(admin, name, ASKED[name][0](world))
        assert operation.summary
    for name in LAST:
        _done(admin, name, ASKED[name][0](world))


LAST = (
    "restore_revision", "approve_segments", "publish_entry", "unpublish_entry", "dismiss_suggestion", "review_entry",
    "withdraw_entry", "merge_entry", "archive_entry", "revoke_key",
)  # fmt: skip


def _done(caller: Caller, name: str, asked: tuple[str, dict[str, object]]) -> None:
    path, how = asked
    answer = caller.ask(OPERATIONS[name].method, path, **how)
    expected = set(OPERATIONS[name].answers) | OTHERWISE.get(name, set())
    assert answer.status_code in expected, (name, answer.status_code, answer.text[:800])


def _callers(bureau: Bureau) -> dict[str, str]:
    """Return the secrets of one key for each role, and of keys of an administrator that are narrowed."""
    found = {role: bureau.key(bureau.person(role, role, locales=("tr",))) for role in ROLES}
    found["translator of Polish"] = bureau.key(bureau.person("pola", "translator", locales=("pl",)))
    ada = bureau.person("ada", "administrator")
    found["reads"] = bureau.key(ada, "entry.read")
    found["saves translations"] = bureau.key(ada, "translation.save", "translation.read")
    found["topics"] = bureau.key(ada, types=("topic",))
    found["articles"] = bureau.key(ada, types=("article",))
    found["Polish"] = bureau.key(ada, locales=("pl",))
    found["Turkish"] = bureau.key(ada, locales=("tr",))
    return found


def _may(actor: Actor, name: str) -> bool:
    action, type, locale = ASKED[name][1]
    if name in OPEN_TO_ANY_KEY:
        return True
    if name in OF_NO_TYPE:
        return may(actor, action, next(iter(actor.scopes.types if actor.scopes else ()), "article"), "nl")
    return may(actor, action, type, locale) and (
        not action.startswith("translation.read") or name.startswith(("list_terms", "export_terms"))
        or name not in READS_THE_ENTRY_TOO or may(actor, "entry.read", type, "nl")
    )  # fmt: skip


READS_THE_ENTRY_TOO = {
    "preview_entry", "link_preview", "list_blockers", "get_translation", "check_texts", "list_offers",
}  # fmt: skip


def test_each_operation_is_for_those_who_have_the_right_to_it(bureau: Bureau) -> None:
    world = make(bureau)
    for who, secret in _callers(bureau).items():
        actor = keys.who(bureau.desk.db, secret, address="", now=datetime.now(UTC))
        caller = Caller(bureau.desk.app, secret)
        for name, operation in OPERATIONS.items():
            path, how = ASKED[name][0](world)
            answer = caller.ask(operation.method, path, **how)
            allowed = _may(actor, name)
            assert (answer.status_code != 403) is allowed, (who, name, answer.status_code, answer.text[:300])
            assert answer.status_code not in (401, 429), (who, name, answer.status_code)
            assert answer.status_code < 500, (who, name, answer.text[:300])
            if not allowed:
                assert answer.json["code"] == "forbidden"
                assert answer.json["action"], name


def test_nobody_comes_in_without_a_key(bureau: Bureau) -> None:
    world, stranger = make(bureau), bureau.stranger()
    for name, operation in OPERATIONS.items():
        path, how = ASKED[name][0](world)
        answer = stranger.ask(operation.method, path, **how)
        assert (answer.status_code, answer.json["code"]) == (401, "key_missing"), name
        assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("role", "locale", "status"),
    [("reviewer", "nl", 403), ("reviewer", "tr", 200), ("editor", "nl", 200), ("translator", "tr", 403)],
)
def test_publishing_the_source_takes_another_right_than_publishing_a_translation(
    bureau: Bureau, role: str, locale: str, status: int
) -> None:
    world, caller = make(bureau), bureau.caller("x", role, locales=("tr",))
    caller.post(f"/entries/{world.article}/locales/{locale}/publish", revision=1, status=status)


def test_a_key_for_one_type_must_name_it(bureau: Bureau) -> None:
    make(bureau)
    caller = Caller(bureau.desk.app, bureau.key(bureau.person("ada", "administrator"), types=("author",)))
    assert caller.ask("GET", "/entries").status_code == 403
    assert caller.ask("GET", "/tasks").status_code == 403
    assert caller.get("/entries?type=author")["meta"]["total"] == 2


def test_a_role_that_is_taken_away_is_gone_from_the_key_at_once(bureau: Bureau, admin: Caller) -> None:
    eva = bureau.person("eva", "editor")
    caller = Caller(bureau.desk.app, bureau.key(eva))
    caller.post("/entries", {"type": "topic", "content": {"title": "Rug"}}, status=201)
    admin.send("PATCH", f"/users/{eva.id}", {"roles": ["reviewer"]})
    caller.post("/entries", {"type": "topic", "content": {"title": "Nek"}}, status=403)
