"""From the blocks of a document to semantic HTML.

Every string is escaped here except the `html` of a block, which is sanitised already. Knows no site.
"""

from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

from cms.locales import direction
from cms.publish.inline import safe_href

Thing = Mapping[str, Any]

_WEB = frozenset({"http", "https"})


def to_html(blocks: Iterable[Thing], document: Thing) -> str:
    """Draw blocks as semantic HTML; a notice is in the document's language whatever its block's."""
    return "\n".join(_block(block, document, id=block.get("id")) for block in blocks)


def _tag(name: str, content: str, **attributes: object) -> str:
    return f"<{name}{_attributes(attributes)}>{content}</{name}>"


def _attributes(attributes: Thing) -> str:
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for name, value in attributes.items()
        if value not in {None, ""}
    )


def _language(thing: Thing) -> dict[str, Any]:
    return {"lang": thing.get("lang"), "dir": thing.get("dir"), "data_freshness": thing.get("freshness")}


def _notice(thing: Thing, document: Thing) -> str:
    if not thing.get("notice"):
        return ""
    lang = thing.get("notice_lang") or document.get("locale")
    where = {"lang": lang, "dir": direction(lang) if lang else document.get("dir")}
    return _tag("p", escape(thing["notice"], quote=False), class_="notice", **where)


def _block(block: Thing, document: Thing, id: object = None) -> str:
    urgency = block.get("urgency")
    marks = {"id": id, "data_urgency": None if urgency == "none" else urgency, **_language(block)}
    html = _DRAWN.get(block["type"], _other)(block, document, marks)
    notice = _notice(block, document)
    return _tag("div", notice + html, class_="noticed") if notice else html


def _nested(blocks: Iterable[Thing], document: Thing) -> str:
    return "".join(_block(block, document) for block in blocks)


def _words(value: object) -> str:
    return escape(str(value or ""), quote=False)


def _heading(block: Thing, document: Thing, marks: Thing) -> str:
    return _tag(f"h{min(max(int(block.get('level', 2)), 2), 6)}", block.get("html", ""), **marks)


def _paragraph(block: Thing, document: Thing, marks: Thing) -> str:
    return _tag("p", block.get("html", ""), **marks)


def _cell(name: str, thing: Thing, document: Thing, **attributes: object) -> str:
    return _tag(name, _notice(thing, document) + thing.get("html", ""), **attributes, **_language(thing))


def _list(block: Thing, document: Thing, marks: Thing) -> str:
    items = "".join(_cell("li", item, document) for item in block["items"])
    return _tag("ol" if block.get("ordered") else "ul", items, **marks)


def _steps(block: Thing, document: Thing, marks: Thing) -> str:
    return _tag("ol", "".join(_step(item, document) for item in block["items"]), class_="steps", **marks)


def _step(item: Thing, document: Thing) -> str:
    if not item.get("title"):
        return _cell("li", item, document)
    title = _tag("p", _tag("strong", _words(item["title"])))
    return _tag("li", _notice(item, document) + title + _tag("p", item.get("html", "")), **_language(item))


def _callout(block: Thing, document: Thing, marks: Thing) -> str:
    title = _tag("p", _tag("strong", _words(block["title"])), class_="title") if block.get("title") else ""
    body = _nested(block.get("body", ()), document)
    return _tag("aside", title + body, role="note", class_="callout", **marks)


def _figure(block: Thing, document: Thing, marks: Thing) -> str:
    image = block.get("image") or {}
    src = safe_href(str(image.get("src", "")), _WEB)
    size = {name: image.get(name) for name in ("width", "height")}
    # An empty alt says "decoration" and must be written; the other attributes are left out when empty.
    drawn = f'<img{_attributes({"src": src, **size})} alt="{escape(block.get("alt") or "")}">' if src else ""
    said = [
        _words(block.get("caption")),
        _tag("small", _words(block["credit"])) if block.get("credit") else "",
    ]
    caption = " ".join(filter(None, said))
    content = drawn + (_tag("figcaption", caption) if caption else "")
    return _tag("figure", content, **marks) if content else ""


def _faq(block: Thing, document: Thing, marks: Thing) -> str:
    def pair(item: Thing) -> str:
        question = _notice(item, document) + _words(item["question"])
        answer = _nested(item.get("answer", ()), document)
        return _tag("div", _tag("dt", question) + _tag("dd", answer), **_language(item))

    return _tag("dl", "".join(map(pair, block["items"])), class_="faq", **marks)


def _table(block: Thing, document: Thing, marks: Thing) -> str:
    caption = _tag("caption", _words(block["caption"])) if block.get("caption") else ""
    head = "".join(_cell("th", column, document, scope="col") for column in block["columns"])
    rows = ("".join(_cell("td", cell, document) for cell in row["cells"]) for row in block["rows"])
    body = "".join(_tag("tr", row) for row in rows)
    return _tag("table", caption + _tag("thead", _tag("tr", head)) + _tag("tbody", body), **marks)


def _quote(block: Thing, document: Thing, marks: Thing) -> str:
    quoted = _tag("blockquote", _tag("p", block.get("html", "")))
    cite = _tag("figcaption", _tag("cite", _words(block["cite"]))) if block.get("cite") else ""
    return _tag("figure", quoted + cite, class_="quote", **marks)


def _contact(block: Thing, document: Thing, marks: Thing) -> str:
    clinic = block.get("clinic") or {}
    lines = [_tag("strong", _words(clinic["name"]))] if clinic.get("name") else []
    lines += [block["html"]] if block.get("html") else []
    lines += [_follow(f"tel:{phone}", phone) for phone in clinic.get("phones") or ()]
    lines += [_follow(f"mailto:{clinic['email']}", clinic["email"])] if clinic.get("email") else []
    form = clinic.get("contact_form")
    lines += [_follow(form, form.partition("://")[2].rstrip("/") or form)] if form else []
    return _tag("address", "".join(_tag("p", line) for line in lines), class_="contact", **marks)


def _follow(target: str, said: str) -> str:
    # Numbers and addresses run left to right: in an Arabic sentence "+31 20…" would end in its plus.
    words, href = _tag("bdi", _words(said), dir="ltr"), safe_href(target)
    return _tag("a", words, href=href) if href else words


def _other(block: Thing, document: Thing, marks: Thing) -> str:
    title = _tag("p", _tag("strong", _words(block["title"]))) if block.get("title") else ""
    text = _tag("p", block["html"]) if block.get("html") else ""
    body = block.get("body")
    return _tag("div", title + text + (_nested(body, document) if isinstance(body, list) else ""), **marks)


_DRAWN: Mapping[str, Callable[[Thing, Thing, Thing], str]] = {
    "heading": _heading,
    "paragraph": _paragraph,
    "list": _list,
    "steps": _steps,
    "callout": _callout,
    "figure": _figure,
    "faq": _faq,
    "table": _table,
    "quote": _quote,
    "contact": _contact,
}
