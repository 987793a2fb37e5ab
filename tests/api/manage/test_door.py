"""At the door: which keys come in, how often, and what is said to those that do not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.bearer import MOST_REFUSED
from cms.people import keys, managing, users
from cms.people.rights import OPERATOR
from tests.api.conftest import desk_at
from tests.api.manage.conftest import Bureau, Caller


def _shown(bureau: Bureau, value: str) -> tuple[int, str, str]:
    answer = bureau.stranger().ask("GET", "/key", headers={"Authorization": value})
    return answer.status_code, answer.json["code"], answer.headers["WWW-Authenticate"]


REFUSED = 'Bearer error="invalid_token"'


@pytest.mark.parametrize(
    "value",
    [
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer tolk_abcdefgh_wrong",
        "Basic dG9sazp0b2xr",
        "tolk_x",
        "Bearer é",
        "Bearer tolk__",
    ],
)
def test_what_is_no_key_is_refused(bureau: Bureau, value: str) -> None:
    assert _shown(bureau, value) == (401, "bad_key", REFUSED)


def test_a_bad_key_is_never_anonymous(bureau: Bureau) -> None:
    secret = bureau.key(bureau.person("ada", "administrator"))
    assert _shown(bureau, f"Bearer {secret}x") == (401, "bad_key", REFUSED)


def test_who_shows_an_expired_or_revoked_key_is_told_so(bureau: Bureau) -> None:
    ada, then = bureau.person("ada", "administrator"), datetime.now(UTC) - timedelta(days=9)
    secret = bureau.key(ada, expires_at=then + timedelta(days=1), now=then)
    assert _shown(bureau, f"Bearer {secret}") == (401, "key_expired", REFUSED)
    revoked = bureau.key(ada)
    keys.revoke(bureau.desk.db, keys.every(bureau.desk.db)[0].id, now=datetime.now(UTC))
    assert _shown(bureau, f"Bearer {revoked}") == (401, "key_revoked", REFUSED)


def test_who_does_not_know_the_whole_secret_is_told_nothing(bureau: Bureau) -> None:
    secret = bureau.key(bureau.person("ada", "administrator"))
    keys.revoke(bureau.desk.db, keys.every(bureau.desk.db)[0].id, now=datetime.now(UTC))
    assert _shown(bureau, f"Bearer {secret[:-1]}") == (401, "bad_key", REFUSED)


def test_the_keys_of_somebody_who_is_disabled_end(bureau: Bureau) -> None:
    bureau.person("ada", "administrator")
    eva = bureau.person("eva", "editor")
    secret = bureau.key(eva)
    managing.change_user(bureau.desk.db, OPERATOR, eva.id, state="disabled", now=datetime.now(UTC))
    assert _shown(bureau, f"Bearer {secret}") == (401, "key_revoked", REFUSED)
    users.change(bureau.desk.db, eva.id, state="active", now=datetime.now(UTC))
    assert _shown(bureau, f"Bearer {secret}")[0] == 401


def test_the_scheme_may_be_written_in_any_case(bureau: Bureau) -> None:
    secret = bureau.key(bureau.person("ada", "administrator"))
    assert bureau.stranger().ask("GET", "/key", headers={"Authorization": f"bearer {secret}"}).status_code == 200


def test_wrong_keys_are_counted_and_a_right_one_still_comes_in(bureau: Bureau, admin: Caller) -> None:
    wrong = Caller(bureau.desk.app, "tolk_abcdefgh_wrong")
    assert [wrong.ask("GET", "/key").status_code for _ in range(MOST_REFUSED)] == [401] * MOST_REFUSED
    answer = wrong.ask("GET", "/key")
    assert (answer.status_code, answer.json["code"]) == (429, "throttled")
    assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60
    assert admin.get("/key")["roles"] == ["administrator"]


def test_a_key_may_ask_so_often_in_a_minute(database_url: str, tmp_path: Path) -> None:
    with desk_at(database_url, tmp_path, TOLK_MANAGE_PER_MINUTE="5") as desk:
        bureau = Bureau(desk)
        ada, eva = bureau.caller("ada", "administrator"), bureau.caller("eva", "editor")
        answers = [ada.ask("GET", "/key") for _ in range(11)]
        assert [answer.status_code for answer in answers][:5] == [200] * 5
        # A minute may have begun in between.
        assert answers[-1].status_code == 429
        assert answers[-1].json["code"] == "too_many_requests"
        assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
        assert eva.ask("GET", "/key").status_code == 200


def test_no_other_site_may_use_it_unless_it_is_named(bureau: Bureau, admin: Caller) -> None:
    for method in ("GET", "OPTIONS"):
        answer = admin.app.test_client().open(
            "/manage/v1/key",
            method=method,
            headers={
                "Authorization": f"Bearer {admin.secret}",
                "Origin": "https://desk.example.org",
                "Access-Control-Request-Method": "GET",
            },
        )
        assert answer.status_code == 200
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control-Allow")]


def test_a_site_that_is_named_may_use_it(database_url: str, tmp_path: Path) -> None:
    with desk_at(database_url, tmp_path, TOLK_MANAGE_ORIGINS="https://desk.example.org") as desk:
        ada = Bureau(desk).caller("ada", "administrator")
        asked = desk.app.test_client().options("/manage/v1/entries", headers={"Origin": "https://desk.example.org"})
        assert asked.headers["Access-Control-Allow-Origin"] == "https://desk.example.org"
        assert "POST" in asked.headers["Access-Control-Allow-Methods"]
        assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
        answer = ada.ask("GET", "/entries", headers={"Origin": "https://desk.example.org"})
        assert answer.headers["Access-Control-Allow-Origin"] == "https://desk.example.org"
        other = ada.ask("GET", "/entries", headers={"Origin": "https://evil.example"})
        assert "Access-Control-Allow-Origin" not in other.headers
        assert "Origin" in other.vary


def test_errors_are_in_the_language_of_the_caller(bureau: Bureau) -> None:
    answer = bureau.stranger().ask("GET", "/key", headers={"Accept-Language": "nl"})
    assert answer.headers["Content-Language"] == "nl"


def test_what_a_key_may_do_can_be_asked(bureau: Bureau) -> None:
    tuba = bureau.person("tuba", "translator", locales=("tr",))
    caller = Caller(bureau.desk.app, bureau.key(tuba, "translation.save", "entry.read", "entry.publish"))
    found = caller.get("/key")
    assert found["roles"] == ["translator"]
    assert found["locales"] == ["tr"]
    assert found["actions"] == ["entry.read", "translation.save"]
    assert found["scopes"]["actions"] == ["entry.publish", "entry.read", "translation.save"]
