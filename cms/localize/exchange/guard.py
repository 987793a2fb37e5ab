"""Open files of unknown origin: their size, their encoding, and XML without entities, DTDs and bombs."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE

from lxml import etree

from cms.localize.exchange.received import refuse

MAX_BYTES = 20 * 1024 * 1024
# What XML 1.0 cannot hold (section 2.2), beside what Tolk refuses anyway.
UNXML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
BOMS = (
    (BOM_UTF8, "utf-8"), (BOM_UTF32_LE, "utf-32"), (BOM_UTF32_BE, "utf-32"),
    (BOM_UTF16_LE, "utf-16"), (BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
# Encodings that tools still write; others are refused rather than guessed.
KNOWN = re.compile(r"utf-?8|us-ascii|ascii|iso-?8859-?\d{1,2}|(windows|cp)-?125\d|koi8-[ru]|utf-?16(le|be)?", re.I)
DECLARED = re.compile(rb"^\s*<\?xml\s[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
DECLARATION = re.compile(r"^\s*<\?xml\s.*?\?>", re.S)
PROLOG = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.S)


def refuse_large(size: int, maximum: int = MAX_BYTES) -> None:
    """Refuse a file of more bytes than `maximum`; ask before reading it."""
    if size > maximum:
        raise refuse("too_large", maximum=maximum)


def decode(data: bytes, declared: str = "utf-8") -> str:
    """Return a file as text: by its byte order mark, as UTF-8 if it is that, else as it declares itself.

    A file that is UTF-8 and says otherwise is a file whose declaration was forgotten. Raises Invalid.
    """
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :] if encoding == "utf-8" else data, encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        if not KNOWN.fullmatch(declared):
            raise refuse("unknown_encoding", encoding=declared[:40]) from None
        return _decoded(data, declared)


def xml(data: bytes) -> etree._Element:
    """Return the root of an XML file. Raises Invalid for all that is not plain, complete XML without a DTD."""
    found = DECLARED.match(data)
    text = decode(data, found[1].decode("ascii") if found else "utf-8")
    body = DECLARATION.sub("", text.removeprefix("\ufeff"), count=1)
    start = PROLOG.match(body)
    if body[start.end() if start else 0 :][:9].upper() == "<!DOCTYPE":
        raise refuse("doctype")
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(body.lstrip().encode("utf-8", "surrogatepass"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise refuse("not_xml", said=str(error)[:200]) from None
    return root


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise refuse("wrong_encoding", encoding=encoding) from None
