"""A small admin in a process of its own, with people to sign in as: for tests of its pages in a real browser."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from argon2 import PasswordHasher
from playwright.sync_api import BrowserContext

from cms.people import passwords, sessions, users
from cms.store import Database, connect
from migrations import migrate
from tests.browser.conftest import PATIENCE, free_port
from tests.catalogues import compile_stale

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "correct fietsbel wolk"
PROGRAM = """
import os
from werkzeug.serving import run_simple
from api.application import create_app
run_simple("127.0.0.1", int(os.environ["PORT"]), create_app(), threaded=True)
"""


@dataclass(frozen=True)
class Office:
    """The address of an admin, and its database."""

    url: str
    db: Database

    def person(self, local: str, *roles: str, language: str = "", locales: tuple[str, ...] = ()) -> str:
        """Add somebody who can sign in by PASSWORD; return the id."""
        now = datetime.now(UTC)
        user = users.add(
            self.db, name=local.title(), email=f"{local}@example.org", roles=roles, locales=locales, language=language,
            now=now,
        )  # fmt: skip
        passwords.set_password(self.db, user.id, PASSWORD, hasher=CHEAP)
        return user.id

    def let_in(self, context: BrowserContext, user: str) -> None:
        """Sign somebody in with a browser, without the sign-in page."""
        token = sessions.open_session(self.db, user, address="127.0.0.1", agent="test", now=datetime.now(UTC))
        context.add_cookies([{"name": "tolk-session", "value": token, "url": self.url}])


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[Office]:
    """Serve an empty admin, at an address that passkeys can belong to; `settings` are variables beside the least."""
    compile_stale()
    port = free_port()
    variables = {
        "DATABASE_URL": f"sqlite:///{folder}/office.db",
        "TOLK_MEDIA_DIR": str(folder / "media"),
        "TOLK_URL": f"http://localhost:{port}",
        "PORT": str(port),
        "PYTHONPATH": str(Path(__file__).parents[2]),
        **settings,
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TOLK_")}
    db = connect(variables["DATABASE_URL"])
    migrate(db)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM], cwd=folder, env=kept | variables, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _wait(process, f"http://127.0.0.1:{port}/health", folder / "log")
            yield Office(f"http://localhost:{port}", db)
        finally:
            process.terminate()
            process.wait(10)
            db.close()


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(address, timeout=2):
            return
        time.sleep(0.05)
    raise AssertionError(f"the admin did not start:\n{log.read_text()}")
