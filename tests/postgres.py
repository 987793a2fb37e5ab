"""A PostgreSQL server to test on: TEST_DATABASE_URL where it is given, else a cluster made and thrown away."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

USER = "tolk"
PATIENCE = 30.0  # seconds
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}


def missing() -> str:
    """Say what is missing for tests on PostgreSQL, nothing when all is there."""
    try:
        import psycopg  # noqa: F401
    except ImportError:
        return "psycopg is not installed"
    if os.environ.get("TEST_DATABASE_URL") or _programs():
        return ""
    return "neither TEST_DATABASE_URL nor initdb was found"


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Yield the URL of a server."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with _folder() as folder, _running(folder):
        yield f"postgresql://{USER}@/postgres?host={folder}"


@contextlib.contextmanager
def schema(server_url: str) -> Iterator[str]:
    """Yield the URL of an empty schema of its own."""
    import psycopg

    name = f"tolk_{uuid.uuid4().hex[:16]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"create schema {name}".encode())
        try:
            yield f"{server_url}{'&' if '?' in server_url else '?'}options=-csearch_path%3D{name}"
        finally:
            # A connection that a test forgot must not hang the session.
            connection.execute("set lock_timeout = '5s'")
            connection.execute("set client_min_messages = warning")
            connection.execute(f"drop schema {name} cascade".encode())


def save(url: str, folder: Path) -> None:
    """Write the rows of every table of a schema to a folder."""
    import psycopg

    with psycopg.connect(url) as connection:
        for table in _tables(connection):
            with (folder / table).open("wb") as file, connection.cursor().copy(f'copy "{table}" to stdout') as rows:
                file.writelines(rows)


def fetch(url: str, folder: Path) -> None:
    """Fill a migrated schema with what was saved; numbers that the server gives go on after those."""
    import psycopg

    with psycopg.connect(url) as connection:
        connection.execute("set session_replication_role = replica")
        for table in _tables(connection):
            connection.execute(f'delete from "{table}"'.encode())
            with connection.cursor().copy(f'copy "{table}" from stdin') as rows:
                rows.write((folder / table).read_bytes())
        numbered = connection.execute(
            "select table_name, column_name from information_schema.columns"
            " where table_schema = current_schema and is_identity = 'YES'"
        ).fetchall()
        for table, column in numbered:
            connection.execute(
                f"select setval(pg_get_serial_sequence('\"{table}\"', '{column}'),"
                f' (select coalesce(max("{column}"), 0) + 1 from "{table}"), false)'.encode()
            )


def _tables(connection: Any) -> list[str]:
    found = connection.execute("select tablename from pg_tables where schemaname = current_schema").fetchall()
    return [name for (name,) in found]


def _programs() -> Path | None:
    """Find the folder of initdb and postgres."""
    # Debian has them outside PATH; one that is in PATH may be a link to there.
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="tolk-pg-"))
    owner = _owner()
    if owner:
        os.chown(folder, owner["user"], owner["group"])
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> dict[str, Any]:
    """Name who runs the server: PostgreSQL refuses to run as root."""
    if os.geteuid():
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise RuntimeError("PostgreSQL does not run as root, and there is no user postgres or nobody")


@contextlib.contextmanager
def _running(folder: Path) -> Iterator[None]:
    programs = _programs()
    assert programs, missing()
    data, log = folder / "data", folder / "log"
    _make(programs, data)
    options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", folder, *options],
            stdout=output,
            stderr=output,
            cwd=folder,
            **_owner(),
        )
    try:
        _wait(process, folder, log)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)


def _make(programs: Path, data: Path) -> None:
    words: list[str | Path] = [
        programs / "initdb",
        "-D",
        data,
        "-U",
        USER,
        "--auth=trust",
        "--encoding=UTF8",
        "--no-sync",
    ]
    # Dutch order, where it can be had, proves that Tolk's tables do not depend on the cluster's.
    for locale in (["--locale=C", "--locale-provider=icu", "--icu-locale=nl"], ["--locale=C"]):
        made = subprocess.run([*words, *locale], capture_output=True, text=True, cwd="/", **_owner())
        if not made.returncode:
            return
        shutil.rmtree(data, ignore_errors=True)
    raise RuntimeError(made.stderr)


def _wait(process: "subprocess.Popen[bytes]", folder: Path, log: Path) -> None:
    import psycopg

    patient_until = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg.connect(f"postgresql://{USER}@/postgres?host={folder}").close()
            return
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > patient_until:
                raise RuntimeError(log.read_text()) from None
            time.sleep(0.05)
