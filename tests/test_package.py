"""What is installed: every file that the code reads goes with it, however deep it lies."""

from pathlib import Path

import pytest
from setuptools.dist import Distribution

ROOT = Path(__file__).resolve().parent.parent
READ = {".css", ".csv", ".html", ".js", ".json", ".md", ".mo", ".po", ".svg", ".txt"}
HOUSES = ("api", "cms", "migrations", "sample", "translations")


def test_every_file_that_is_read_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    package = Distribution()
    package.parse_config_files()
    # Without this it would look through a manifest, which there is none of.
    package.include_package_data = False
    build = package.get_command_obj("build_py")
    build.ensure_finalized()
    listed = {Path(folder, name) for _, folder, _, names in build.data_files for name in names}
    there = {path.relative_to(ROOT) for house in HOUSES for path in (ROOT / house).rglob("*") if path.suffix in READ}
    assert there - listed == set()
