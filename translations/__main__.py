"""Bring the catalogues up to date with what the code says: `python -m translations`.

What is new comes with an empty translation, to be filled in by hand; what is no longer said goes.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from api.openapi import describe
from api.public.docs import texts
from cms.site import Site

HERE = Path(__file__).resolve().parent
TEMPLATE = HERE / "messages.pot"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PASSING = (b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By', b'"Last-Translator', b'"Report-Msgid')


def main() -> None:
    """Write the template and every catalogue; say what still needs words."""
    template = extract()
    TEMPLATE.write_bytes(as_po(template))
    for path in catalogues():
        catalogue = read(path)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        path.write_bytes(as_po(catalogue))
        for message in unfinished(catalogue):
            print(f"{path.relative_to(HERE)}: {message.id}")


def extract() -> Catalog:
    """Return every message of the code, the templates and the OpenAPI description, in a fixed order."""
    with (HERE / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = extract_from_dir(HERE.parent, methods, options, keywords=KEYWORDS)
    said = {(text, context) for _, _, text, _, context in found}
    said |= {(text, None) for text in texts(describe(Site(), ""))}
    template = Catalog(project="Tolk", header_comment="# Messages of Tolk's own interface.", fuzzy=False)
    for text, context in sorted(said, key=_by_text):
        template.add(text, context=context)
    return template


def _by_text(said: tuple[str | tuple[str, ...], str | None]) -> tuple[str, str]:
    text, context = said
    return (text if isinstance(text, str) else text[0]), context or ""


def catalogues() -> Iterator[Path]:
    """Yield the catalogue of each language."""
    yield from sorted(HERE.glob("*/LC_MESSAGES/messages.po"))


def unfinished(catalogue: Catalog) -> Iterator[Message]:
    """Yield the messages that lack words: in one of the plural forms is enough."""
    for message in catalogue:
        forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.id and (message.fuzzy or not all(forms)):
            yield message


def read(path: Path) -> Catalog:
    """Return a stored catalogue or template."""
    with path.open("rb") as file:
        return read_po(file, locale=None if path == TEMPLATE else path.parent.parent.name)


def as_po(catalogue: Catalog) -> bytes:
    """Return the catalogue as a .po file, without the lines that differ from run to run."""
    out = BytesIO()
    write_po(out, catalogue, width=110, no_location=True)
    return b"".join(line for line in out.getvalue().splitlines(keepends=True) if not line.startswith(PASSING))


if __name__ == "__main__":
    main()
