"""The formats by name: write what is exchanged in one of them, and read a file after recognising which it is in."""

from collections.abc import Callable, Mapping, Sequence

from lxml import etree

from cms.errors import Invalid, Problem
from cms.localize.exchange import guard, po, reading12, reading21, table, xliff12, xliff21
from cms.localize.exchange.received import Bundle, refuse
from cms.localize.exchange.units import Parcel, collect
from cms.store import Database

WRITERS: Mapping[str, Callable[[Sequence[Parcel]], bytes]] = {
    "xliff2": xliff21.write,
    "xliff1": xliff12.write,
    "po": po.write,
    "csv": table.write,
}
FORMATS = tuple(WRITERS)
SUFFIXES = {"xliff2": ".xlf", "xliff1": ".xlf", "po": ".po", "csv": ".csv"}


def export(db: Database, entries: Sequence[str], locale: str, *, format: str = "xliff2", only: str = "all") -> bytes:
    """Return a file of what there is to translate of these entries in a locale.

    Raises NotFound, and Invalid where the locale is the source's or there is nothing to exchange.
    """
    if format not in WRITERS:
        raise Invalid([Problem("/format", "not_a_choice", {"value": format, "choices": list(FORMATS)})])
    parcels = [collect(db, entry, locale, only=only) for entry in dict.fromkeys(entries)]
    filled = [parcel for parcel in parcels if parcel.units]
    if not filled:
        raise refuse("nothing_to_exchange", locale=locale)
    return WRITERS[format](filled)


def read(data: bytes, format: str | None = None, *, max_bytes: int = guard.MAX_BYTES) -> Bundle:
    """Return what a file holds; its format is recognised where none is given. Raises Invalid."""
    guard.refuse_large(len(data), max_bytes)
    format = format or recognise(data)
    if format == "po":
        return po.read(data)
    if format == "csv":
        return table.read(data)
    if format not in FORMATS:
        raise Invalid([Problem("/format", "not_a_choice", {"value": format, "choices": list(FORMATS)})])
    return _read_xliff(guard.xml(data))


def recognise(data: bytes) -> str:
    """Return which format a file is in, by what it begins with. Raises Invalid."""
    head = _leniently(data).lstrip("\ufeff \t\r\n")
    if head.startswith("<"):
        return "xliff2"
    if any(line.startswith('msgid "') for line in head.splitlines()):
        return "po"
    if table.has_columns(head):
        return "csv"
    raise refuse("unknown_format", choices=list(FORMATS))


def _leniently(data: bytes) -> str:
    """Return the beginning of a file as text in any case; the encoding is judged when the file is read."""
    if data.lstrip()[:1] == b"<":
        return "<"
    try:
        return guard.decode(data)
    except Invalid:
        if data.startswith(tuple(mark for mark, _ in guard.BOMS)):
            raise
        return data.decode("latin-1")


def _read_xliff(root: etree._Element) -> Bundle:
    name = etree.QName(root)
    if name.localname == "xliff" and name.namespace == xliff21.CORE:
        return reading21.read(root)
    if name.localname == "xliff" and (name.namespace or "") in reading12.OURS:
        return reading12.read(root)
    if name.localname == "xliff":
        raise refuse("unknown_xliff", version=root.get("version", "")[:20])
    raise refuse("unknown_format", choices=list(FORMATS))
