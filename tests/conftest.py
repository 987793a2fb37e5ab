"""Databases to test on, SQLite and PostgreSQL in turn; the contract of the store runs before all else."""

import fcntl
import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.settings import VARIABLES
from cms.store import Database, connect
from migrations import migrate
from tests import postgres


def pytest_configure(config: pytest.Config) -> None:
    # Hundreds of processes start Tolk, xdist's own among them: they need not compile it each time.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    missing = postgres.missing()
    if missing and os.environ.get("CI", "").lower() in ("true", "1"):
        pytest.exit(f"CI tests on both engines, but {missing}", returncode=1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    contract = Path(__file__).parent / "contract"
    items.sort(key=lambda item: contract not in item.path.parents)


def pytest_collection_finish() -> None:
    # Modules and thousands of tests stay to the end: looking through them for garbage took a fifth of the time.
    gc.freeze()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """Name the engine: what uses it, directly or not, is tested on both."""
    if request.param == "postgresql" and postgres.missing():
        pytest.skip(f"not tested on PostgreSQL: {postgres.missing()}")
    return str(request.param)


@pytest.fixture
def empty_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Yield the URL of a database without a table, for tests of the schema."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    with postgres.schema(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture
def database_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Yield the URL of a migrated database without rows, for tests with several connections or processes."""
    if engine == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "test.db")
        yield f"sqlite:///{tmp_path}/test.db"
        return
    url, empty = request.getfixturevalue("postgres_url"), request.getfixturevalue("empty_postgres")
    yield url
    empty()


@pytest.fixture
def terminal(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set an environment for commands with no setting but where things are kept."""
    for name in (*VARIABLES, "LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("TOLK_MEDIA_DIR", str(tmp_path / "media"))
    monkeypatch.setenv("USER", "tester")


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    """Yield a connection to a migrated database without rows."""
    db = connect(database_url)
    yield db
    db.close()


Once = Callable[[str, Callable[[Path], None]], Path]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Give a function that returns a folder of this name, filled by the first of all processes that asks for it.

    Nobody changes what is in it: it is copied, or only read.
    """
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def filled(name: str, fill: Callable[[Path], None]) -> Path:
        done, begun = shared / name, shared / f"{name}.begun"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                # Whoever began before and failed left it half filled.
                shutil.rmtree(begun, ignore_errors=True)
                begun.mkdir()
                fill(begun)
                begun.rename(done)
        return done

    return filled


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate once: copying a file is faster than making every table anew."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Run one server for the session."""
    with postgres.server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str) -> Iterator[str]:
    """Migrate one schema for the session."""
    with postgres.schema(postgres_server) as url:
        _migrate(url)
        # Somebody is in all the time, so that its pool stays open: opening a connection takes longer than most tests.
        keeper = connect(url)
        yield url
        keeper.close()


@pytest.fixture(scope="session")
def empty_postgres(postgres_url: str) -> Iterator[Callable[[], object]]:
    """Give what deletes all rows of that schema but the ledger's: twenty times faster than truncate."""
    import psycopg

    with psycopg.connect(postgres_url, autocommit=True) as connection:
        # Or the audit, whose rows are never to go, would stay.
        connection.execute("set session_replication_role = replica")
        # A write that a test left open must not hang the session.
        connection.execute("set lock_timeout = '30s'")
        tables = connection.execute(
            "select quote_ident(relname) from pg_class where relnamespace = current_schema::regnamespace"
            " and relkind = 'r' and relname <> '_sqlite_migrations'"
        ).fetchall()
        statements = "; ".join(f"delete from {name}" for (name,) in tables).encode()
        yield lambda: connection.execute(statements)


def _migrate(url: str) -> None:
    db = connect(url)
    migrate(db)
    db.close()
