"""Take a partner on, let it read from a server that runs, and let it go: with the real command and real sockets."""

import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from cms.desk import partnering
from cms.partners import holdings, partner_keys, partners
from cms.people import audit
from cms.people.rights import OPERATOR
from cms.store import Database
from tests.builders import SITE, published
from tests.journeys.serving import Server, environment, serving, tolk

BACK, NECK = "/v1/nl/articles/rug", "/v1/nl/articles/nek"


def said(*words: str, env: dict[str, str]) -> str:
    """Run a command that succeeds, and return what it prints."""
    done = tolk(*words, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout


def now() -> datetime:
    return datetime.now(UTC)


def code(server: Server, path: str, key: str = "") -> tuple[int, str]:
    answer = server.get(path, **({"Authorization": f"Bearer {key}"} if key else {}))
    return answer.status, answer.json.get("code", "")


def test_a_partner_is_taken_on_reads_and_is_let_go(database_url: str, db: Database, tmp_path: Path) -> None:
    spine, neck = (published(db, "topic", title=name.title(), slug=name) for name in ("rug", "nek"))
    back, _ = published(db, "article", slug="rug", topics=[spine]), published(db, "article", slug="nek", topics=[neck])
    env = environment(database_url, tmp_path)
    said("partner", "add", "RugNetwerk", "--topic", "rug", "--type", "article", env=env)
    key = said("partner", "key", "add", "RugNetwerk", "Website", env=env).strip()
    own = {"Authorization": f"Bearer {key}"}

    # A server that is killed has told the ledger of what it gave, before it gave it.
    with serving(database_url, tmp_path, TOLK_PUBLIC="key") as server:
        assert server.get(BACK, **own).status == 200
        server.stop(signal.SIGKILL)
    assert back in said("recall", "holders", "article/rug", "--json", env=env)

    with serving(database_url, tmp_path, TOLK_PUBLIC="key", TOLK_WORKERS="2") as server:
        assert code(server, BACK) == (401, "key_missing")
        assert code(server, BACK, f"{key}x") == (401, "bad_key")
        assert code(server, "/manage/v1/key", key) == (401, "key_of_partner")
        assert [item["id"] for item in server.get("/v1/nl/articles?topic=rug", **own).json["data"]] == [back]
        assert code(server, "/v1/nl/authors", key) == (404, "not_found")
        # Asked often at once, by whichever worker, each time counts once and nothing is noted twice.
        with ThreadPoolExecutor(8) as pool:
            statuses = list(pool.map(lambda _: server.get(BACK, **own).status, range(80)))
        assert statuses == [200] * 80
        # What is changed elsewhere holds from the next request on.
        partner = partners.named(db, "RugNetwerk").id
        partnering.change(db, OPERATOR, SITE, partner, topics=[neck], now=now())
        assert (server.get(BACK, **own).status, server.get(NECK, **own).status) == (404, 200)
        said("partner", "suspend", "RugNetwerk", env=env)
        assert code(server, NECK, key) == (401, "partner_suspended")
        partnering.resume(db, OPERATOR, partner, now=now())
        partnering.revoke_key(db, OPERATOR, partner_keys.of(db, partner)[0].id, now=now())
        assert code(server, NECK, key) == (401, "key_revoked")
        server.stop()

    counted = said("partner", "usage", "RugNetwerk", "--by", "document", "--by", "way", "--csv", env=env)
    assert f"{back},item,80" in counted.splitlines()
    held = holdings.holders(db, back)
    assert {(each.locale, each.how, each.ended_at) for each in held} == {("nl", "item", "")}
    assert [line.action for line in audit.entries(db)] == [
        "partner_key.revoke", "partner.resume", "partner.suspend", "partner.change", "partner_key.make", "partner.add",
    ]  # fmt: skip
