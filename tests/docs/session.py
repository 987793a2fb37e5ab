"""A terminal for the documentation's commands: it types what a page prints, in order, and compares what comes back."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Self

from tests.conftest import Once
from tests.docs.pages import ROOT, Fence

BIN = Path(sys.executable).parent
PRINTED = "127.0.0.1:8000"
PATIENCE = 60.0  # seconds
# What many pages begin with: it is done once for all of them, and each goes on from a copy of what it made.
BEGINNING = ("tolk migrate", "tolk sample")


class Session:
    """One terminal in a folder of its own, and the server that its commands started."""

    def __init__(self, folder: Path, once: Once) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        (folder / "sample").symlink_to(ROOT / "sample")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TOLK_", "DATABASE_"))}
        self.env = {
            **kept,
            "PATH": f"{BIN}:{kept['PATH']}",
            "PYTHONPATH": str(ROOT),
            "PORT": str(self.port),
            # Documents name the address that the pages print, whichever port is free.
            "TOLK_URL": f"http://{PRINTED}",
            "USER": "editor",
            "LANG": "C.UTF-8",
            "DATABASE_URL": "sqlite:///var/demo.db",
            "TOLK_MEDIA_DIR": "var/demo-media",
        }
        self.server: subprocess.Popen[bytes] | None = None
        self._once = once
        # How many commands of the beginning were typed, and no other.
        self._begun = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.server:
            self.server.terminate()
            self.server.wait(PATIENCE)

    def take(self, fence: Fence) -> None:
        """Do what a fenced block asks for: write the file that it is, or run its commands."""
        if fence.mark == "file":
            (self.folder / fence.what).write_text(fence.text, "utf-8")
        elif fence.language == "console":
            for command, expected in commands(fence.text):
                said = self.run(command)
                assert fits(expected, said), f"{command}\nprints\n{said}\nwhere the page says\n{expected}"

    def run(self, command: str) -> str:
        """Run one command, and return what it prints, with the port that the pages name."""
        if command == "make demo":
            for each in BEGINNING:
                self.run(each)
            return self.run("tolk serve")
        if command in BEGINNING[self._begun : self._begun + 1]:
            self._begun += 1
            return self._copied(self._begun)
        self._begun = len(BEGINNING)
        if found := re.fullmatch(r"export (\w+)=(\S+)", command):
            self.env[found[1]] = self._path(found[2]) if found[1] == "PYTHONPATH" else found[2]
            return ""
        if command == "tolk serve":
            self._serve()
            return ""
        if command.startswith(". .venv/"):
            return ""
        return self._typed(command, self.folder)

    def _typed(self, command: str, folder: Path) -> str:
        done = subprocess.run(
            ["bash", "-c", command.replace(PRINTED, f"127.0.0.1:{self.port}")],
            cwd=folder, env=self.env, capture_output=True, text=True, timeout=PATIENCE,
        )  # fmt: skip
        return (done.stdout + done.stderr).replace(f"127.0.0.1:{self.port}", PRINTED).replace("\r", "")

    def _copied(self, steps: int) -> str:
        """Take over what so many commands of the beginning made; return what the last of them printed."""
        made = self._made(steps)
        shutil.copytree(made / "var", self.folder / "var", dirs_exist_ok=True)
        return (made / "said").read_text("utf-8")

    def _made(self, steps: int) -> Path:
        def fill(folder: Path) -> None:
            if steps > 1:
                shutil.copytree(self._made(steps - 1) / "var", folder / "var")
            (folder / "said").write_text(self._typed(BEGINNING[steps - 1], folder), "utf-8")

        return self._once(f"begun-{steps}", fill)

    def _path(self, value: str) -> str:
        return f"{value}:{ROOT}"

    def _serve(self) -> None:
        log = (self.folder / "server.log").open("wb")
        self.server = subprocess.Popen([BIN / "tolk", "serve"], cwd=self.folder, env=self.env, stdout=log, stderr=log)
        log.close()
        patient_until = time.monotonic() + PATIENCE
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/ready", timeout=5):
                    return
            except OSError:
                assert time.monotonic() < patient_until, (self.folder / "server.log").read_text()
                time.sleep(0.1)


def commands(text: str) -> list[tuple[str, str]]:
    """Return the commands of a console block, each with what the page says that it prints."""
    found: list[tuple[str, str]] = []
    for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
        command, _, expected = part.replace("\\\n", " ").partition("\n")
        found.append((command.strip(), expected))
    return found


def fits(expected: str, said: str) -> bool:
    """Tell whether an output is what a page prints: `…` stands for anything, on a line of its own for any lines."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == "…" else ".*".join(map(re.escape, line.split("…"))) + r"\n"
        for line in expected.split("\n")[:-1]
    )
    return re.fullmatch(pattern, said if said.endswith("\n") or not said else f"{said}\n") is not None
