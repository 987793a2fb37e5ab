"""Build and read XML elements with text between them, the way lxml keeps it: in `text` and in `tail`."""

from collections.abc import Iterator

from lxml import etree

from cms.localize.exchange.guard import UNXML

XML = "http://www.w3.org/XML/1998/namespace"
HOLD_TEXT = frozenset({"source", "target", "seg-source", "data", "note", "context", "meta"})
SPACE = f"{{{XML}}}space"
LANG = f"{{{XML}}}lang"


def append(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    """Add an element of the parent's namespace; `type_` stands for an attribute `type`, `a_b` for `a-b`."""
    namespace = etree.QName(parent).namespace
    child = etree.SubElement(parent, f"{{{namespace}}}{name}")
    for key, value in attributes.items():
        if value:
            child.set(key.rstrip("_").replace("_", "-"), without_unxml(value))
    if text:
        child.text = without_unxml(text)
    return child


def add_text(parent: etree._Element, text: str) -> None:
    """Add text after all that the parent holds so far."""
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def without_unxml(text: str) -> str:
    """Return text without the characters that XML cannot hold."""
    return UNXML.sub("\ufffd", text)


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield text that XML takes, each with the character after it that XML does not take, empty at the end."""
    start = 0
    for found in UNXML.finditer(text):
        yield text[start : found.start()], found[0]
        start = found.end()
    yield text[start:], ""


def local(element: etree._Element, namespaces: frozenset[str]) -> str:
    """Return the name of an element of one of these namespaces, an empty text for any other."""
    if not isinstance(element.tag, str):
        return ""
    name = etree.QName(element)
    return name.localname if (name.namespace or "") in namespaces else ""


def character(hexadecimal: str | None) -> str:
    """Return the character of a code point in hexadecimal; a replacement where it is none."""
    try:
        code = int(hexadecimal or "", 16)
        return "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)
    except (ValueError, OverflowError):
        return "\ufffd"


def space_out(element: etree._Element, depth: int = 1) -> None:
    """Indent the structure; what holds text is left alone, for white space in it is content."""
    if len(element) and etree.QName(element).localname not in HOLD_TEXT:
        element.text = "\n" + "  " * depth
        for child in element:
            space_out(child, depth + 1)
            child.tail = "\n" + "  " * depth
        element[-1].tail = "\n" + "  " * (depth - 1)


def serialise(root: etree._Element) -> bytes:
    """Return a document as UTF-8. White space is content here, so nothing is indented but the structure."""
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)
