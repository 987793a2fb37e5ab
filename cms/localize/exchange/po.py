"""PO files (GNU gettext), by Babel: one message a segment, its place as context, its source hash in a comment."""

import re
from collections.abc import Sequence
from io import BytesIO, StringIO

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, PoFileParser, normalize, write_po

from cms.localize.exchange.guard import decode
from cms.localize.exchange.received import FINISHED, UNFINISHED, Bundle, Received, one_of, refuse
from cms.localize.exchange.units import Parcel, Unit

SOURCE_HASH, TEXT_MARK = "source-hash:", "text-mark:"
SOURCE_LANGUAGE = "X-Source-Language"
CHARSET = re.compile(rb"charset=([A-Za-z0-9._-]+)")
LINE = re.compile(r'(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d{1,2}\])?)\s*)?"(?:[^"\\]++|\\.)*+"|#.*|')
# Lines that would differ from run to run, say nothing, or say it worse than is said here.
PASSING = (b'"POT-Creation-Date', b'"Generated-By', b'"Report-Msgid', b'"Language:')
PRIVATE = re.compile(r"(?:^|-)x-.*")


class _Everything(Catalog):
    """A catalogue that keeps every message of a file: of two for one place Babel keeps the first, and says nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.received: list[Message] = []

    def __setitem__(self, id: object, message: Message) -> None:
        self.received.append(message)


def write(parcels: Sequence[Parcel]) -> bytes:
    """Return the parcels, all from one language into one, as a file."""
    source_locale = one_of([parcel.source_locale for parcel in parcels])
    locale = one_of([parcel.locale for parcel in parcels])
    # Babel knows no private use, such as the plain German of de-x-simple; the header says the whole.
    known = PRIVATE.sub("", locale).replace("-", "_")
    catalogue = Catalog(
        locale=known or None, project="Tolk", header_comment="# Health advice to translate.", fuzzy=False
    )
    earlier: dict[bytes, list[bytes]] = {}
    for parcel in parcels:
        for unit in parcel.units:
            _add(catalogue, parcel, unit)
            if unit.earlier:
                context = normalize(_context(parcel, unit), width=0)
                earlier[f"msgctxt {context}\n".encode()] = _previous(unit.earlier.source)
    out = BytesIO()
    write_po(out, catalogue, width=0)
    head, _, messages = out.getvalue().partition(b"\n\n")
    said = f'"{SOURCE_LANGUAGE}: {source_locale}\\n"\n"Language: {locale.replace("-", "_")}\\n"'.encode()
    kept = [line for line in head.split(b"\n") if not line.startswith(PASSING)]
    kept.insert(next(at for at, line in enumerate(kept) if line.startswith(b'"MIME-Version')), said)
    lines = messages.splitlines(keepends=True)
    return b"\n".join(kept) + b"\n\n" + b"".join(line for each in lines for line in (*earlier.get(each, ()), each))


def read(data: bytes) -> Bundle:
    """Return what a file holds. Obsolete messages are no longer part of it. Raises Invalid."""
    declared = CHARSET.search(data[:4_096])
    text = decode(data, declared[1].decode("ascii") if declared else "utf-8")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    _refuse_broken(text)
    catalogue = _Everything()
    try:
        PoFileParser(catalogue, ignore_obsolete=True, abort_invalid=True).parse(StringIO(text))
    except PoFileError as error:
        raise refuse("not_po", said=str(error)[:200]) from None
    except (ValueError, LookupError, TypeError, AttributeError, IndexError) as error:
        # What Babel does not foresee in broken files.
        raise refuse("not_po", said=str(error)[:200]) from None
    headers = {name.lower(): value.strip() for name, value in _headers(text)}
    units = tuple(_received(message) for message in catalogue.received if message.id)
    source_locale = headers.get(SOURCE_LANGUAGE.lower(), "")
    return Bundle("po", source_locale, headers.get("language", "").replace("_", "-"), units)


def _refuse_broken(text: str) -> None:
    """Refuse a line that is no line of a PO file: Babel reads one that was cut off, and drops its last letter."""
    for number, line in enumerate(text.split("\n"), 1):
        if not LINE.fullmatch(line.strip()):
            raise refuse("not_po", said=f"{number}: {line.strip()[:60]}")


def _add(catalogue: Catalog, parcel: Parcel, unit: Unit) -> None:
    is_stale = unit.earlier is not None
    comments = [f"{category}: {text}" for category, text in unit.notes]
    comments += [f"length: at most {unit.max_length} characters", f"{SOURCE_HASH} {unit.source_hash}"]
    if unit.text_mark:
        comments.append(f"{TEXT_MARK} {unit.text_mark}")
    catalogue.add(
        unit.source,
        unit.earlier.text if unit.earlier else unit.text,
        flags=["fuzzy"] if is_stale or unit.state == "draft" else [],
        auto_comments=comments,
        context=_context(parcel, unit),
    )


def _context(parcel: Parcel, unit: Unit) -> str:
    return f"{parcel.entry}/{unit.path}"


def _previous(source: str) -> list[bytes]:
    """Return the lines that show an earlier source; Babel would wrap them like comments, which breaks the file."""
    return [f"#| {line}\n".encode() for line in f"msgid {normalize(source, width=0)}".split("\n")]


def _received(message: Message) -> Received:
    entry, _, path = (message.context or "").partition("/")
    source = message.id if isinstance(message.id, str) else message.id[0]
    string = message.string if isinstance(message.string, str) else ""
    return Received(
        entry=entry,
        path=path,
        source=source,
        target=string if string.strip() else None,
        source_hash=_said(message, SOURCE_HASH),
        text_mark=_said(message, TEXT_MARK),
        state=UNFINISHED if message.fuzzy else FINISHED,
    )


def _said(message: Message, label: str) -> str:
    """Return what a comment says; some tools turn the programmer's comments into the translator's."""
    comments = " ".join((*message.auto_comments, *message.user_comments))
    # Tools wrap comments, and Babel does.
    found = re.search(rf"\b{label}\s*([0-9a-f]{{64}})\b", comments)
    return found[1] if found else ""


def _headers(text: str) -> list[tuple[str, str]]:
    """Return the headers as they stand in the file: Babel makes its own of the language."""
    head = re.search(r'^msgid ""\nmsgstr ""\n((?:".*"\n?)+)', text, re.M)
    return re.findall(r'^"([A-Za-z-]+): *(.*?)(?:\\n)?"$', head[1], re.M) if head else []
