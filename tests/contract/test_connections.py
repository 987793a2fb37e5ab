"""A connection opens, serves one thread, and says clearly when it cannot."""

import gc
import sqlite3
import threading
from pathlib import Path

import pytest

from cms.errors import SettingsError, StoreError, StoreUnavailable
from cms.store import Database, connect, write


@pytest.mark.parametrize("url", ["", "mysql://x/y", "sqlite:relative.db", "sqlite://relative.db"])
def test_another_kind_of_url_is_a_wrong_setting(url: str) -> None:
    with pytest.raises(SettingsError):
        connect(url)


def test_the_folder_of_a_file_is_made(tmp_path: Path) -> None:
    connect(f"sqlite:///{tmp_path}/a%20b/c/tolk.db").close()
    assert (tmp_path / "a b" / "c" / "tolk.db").exists()


def test_opening_waits_for_a_writer_that_came_before_the_write_ahead_log(tmp_path: Path) -> None:
    first = sqlite3.connect(tmp_path / "new.db", isolation_level=None, check_same_thread=False)
    first.execute("begin immediate")
    ending = threading.Timer(0.3, first.execute, ["rollback"])
    ending.start()
    connect(f"sqlite:///{tmp_path}/new.db").close()
    ending.join()
    first.close()


def test_a_path_may_be_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    connect("sqlite:///here.db").close()
    assert (tmp_path / "here.db").exists()


def test_memory_is_private() -> None:
    first, second = connect("sqlite://"), connect("sqlite://")
    with write(first):
        first.table("thing").create({"id": str}, pk="id")
    assert first.table("thing").exists()
    assert not second.table("thing").exists()
    first.close()
    second.close()


def test_a_file_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a database, but long enough to be taken for one" * 20)
    with pytest.raises(StoreUnavailable):
        connect(f"sqlite:///{tmp_path}/text")
    with pytest.raises(StoreUnavailable):
        connect(f"sqlite:///{tmp_path}/text/below.db")
    with pytest.raises(StoreUnavailable):
        connect(f"sqlite:///{tmp_path}")


def test_a_server_that_does_not_answer_is_unavailable(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(StoreUnavailable, match="No such file"):
        connect(f"postgresql:///tolk?host={tmp_path}")


def test_it_names_its_engine(db: Database, engine: str) -> None:
    assert db.engine == engine


def test_it_can_be_closed_twice_and_not_used_after(db: Database) -> None:
    db.table("shelf").get("a")
    db.close()
    db.close()
    with pytest.raises(StoreError):
        db.table("shelf").get("a")
    with pytest.raises(StoreError), write(db):
        pass


def test_it_refuses_another_thread(db: Database) -> None:
    errors: list[Exception] = []

    def use() -> None:
        try:
            db.query("select 1")
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert [type(error) for error in errors] == [StoreError]
    assert db.table("shelf").exists()


def test_closing_in_the_middle_of_a_write_undoes_it(url: str, db: Database) -> None:
    with pytest.raises(StoreError), write(db):
        db.table("shelf").update("a", {"label": "half"})
        db.close()
    other = connect(url)
    assert other.table("shelf").get("a")["label"] == "first"
    other.close()


def test_many_threads_that_forget_to_close_leave_nothing_behind(url: str, db: Database) -> None:
    def use() -> None:
        connect(url).table("shelf").get("a")

    for _ in range(100):
        thread = threading.Thread(target=use)
        thread.start()
        thread.join()
    gc.collect()
    with write(db):
        db.table("shelf").update("a", {"label": "still here"})


def _break(url: str, *dbs: Database) -> None:
    """End connections from the server's side."""
    if dbs[0].engine != "postgresql":
        pytest.skip("an SQLite connection has no server that could end it")
    import psycopg

    pids = [next(db.query("select pg_backend_pid() as pid"))["pid"] for db in dbs]
    for db in dbs[1:]:
        db.close()
    with psycopg.connect(url, autocommit=True) as other:
        for pid in pids:
            other.execute("select pg_terminate_backend(%s, 5000)", (pid,))


def test_a_broken_connection_is_replaced_at_the_next_read(url: str, db: Database) -> None:
    _break(url, db)
    assert db.table("shelf").get("a")["label"] == "first"


def test_a_broken_connection_is_replaced_at_the_next_write(url: str, db: Database) -> None:
    _break(url, db)
    with write(db):
        db.table("shelf").update("a", {"label": "second"})
    assert db.table("shelf").get("a")["label"] == "second"
    with pytest.raises(StoreError, match="write"):
        db.table("shelf").update("a", {"label": "third"})


def test_a_connection_that_breaks_in_a_write_undoes_it_and_is_replaced(url: str, db: Database) -> None:
    with pytest.raises(StoreError), write(db):
        db.table("shelf").update("a", {"label": "half"})
        _break(url, db)
        for _ in range(2):
            with pytest.raises(StoreUnavailable):
                db.table("shelf").get("a")
    assert db.table("shelf").get("a")["label"] == "first"
    with write(db):
        db.table("shelf").update("a", {"label": "second"})
    assert db.table("shelf").get("a")["label"] == "second"


def test_connections_that_broke_while_nobody_used_them_are_not_handed_out(url: str, db: Database) -> None:
    _break(url, db, *(connect(url) for _ in range(3)))
    assert db.table("shelf").get("a")["label"] == "first"


def test_broken_connections_do_not_use_the_pool_up(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pools = pytest.importorskip("cms.store.pools")
    monkeypatch.setattr(pools, "LARGEST_POOL", 2)
    db = connect(url)
    for _ in range(3):
        _break(url, db)
        assert db.table("shelf").exists()
        assert db.table("shelf").get("a")["label"] == "first"
    db.close()
