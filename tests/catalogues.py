"""Compile the catalogues where `make messages` has not: what is tested must not depend on it."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo

from translations.__main__ import catalogues, read


def compile_stale() -> None:
    """Compile each catalogue that has no .mo, or one older than itself."""
    for path in catalogues():
        compiled = path.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= path.stat().st_mtime:
            continue
        unfinished = compiled.with_name(f"{compiled.name}.{os.getpid()}")
        with unfinished.open("wb") as file:
            write_mo(file, read(path))
        # Others may be reading or compiling it at this moment.
        Path.replace(unfinished, compiled)
