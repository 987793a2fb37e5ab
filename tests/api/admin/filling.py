"""A browser without scripts: read the form of a page, fill it in, press one of its buttons."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import lxml.html
from lxml.html import FormElement, HtmlElement
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.api.admin.conftest import Visitor


def pairs(form: FormElement) -> list[tuple[str, str]]:
    """Return what a browser would send of a form, without any button."""
    found = []
    for name, value in form.form_values():
        control = form.inputs[name]
        # A browser leaves out the first line break of a text area; lxml does not.
        is_area = getattr(control, "tag", "") == "textarea"
        found.append((name, value.removeprefix("\n") if is_area else value))
    return found


@dataclass
class Page:
    """A page that somebody looks at, and what they fill in."""

    visitor: Visitor
    address: str
    response: TestResponse
    filled: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def open(cls, visitor: Visitor, address: str) -> Page:
        """Open a page."""
        return cls(visitor, address, visitor.get(address, follow_redirects=True))

    @property
    def root(self) -> HtmlElement:
        """Return the page as a tree."""
        return lxml.html.document_fromstring(self.response.text)

    @property
    def text(self) -> str:
        """Return what is to be read on the page."""
        return " ".join(self.root.get_element_by_id("main").text_content().split())

    @property
    def form(self) -> FormElement:
        """Return the form in which content is written."""
        return self.root.get_element_by_id("writing")

    def values(self) -> dict[str, str]:
        """Return what stands in the form."""
        return dict(pairs(self.form))

    def fill(self, **values: Any) -> Page:
        """Fill in fields; `body__0__text` is the field `/body/0/text`, a plain word a field of that name."""
        for name, value in values.items():
            self.filled["/" + name.replace("__", "/") if name[0] != "_" else name[1:]] = value
        return self

    def press(self, what: str, **files: Any) -> Page:
        """Press the button that asks for `what`; it must be there."""
        buttons = self.form.xpath(".//button[@name='do']/@value")
        assert what in buttons, f"no button {what!r}; there are {buttons}"
        sent: MultiDict[str, Any] = MultiDict(pairs(self.form))
        for name, value in {**self.filled, **files}.items():
            sent.setlist(name, value if isinstance(value, list) else [value])
        sent["do"] = what
        action = self.form.get("action")
        answer = self.visitor.client.post(action, data=sent, content_type="multipart/form-data")
        if answer.status_code == 303:
            return Page(self.visitor, answer.location, self.visitor.get(answer.location, follow_redirects=True))
        return Page(self.visitor, action, answer)

    def send(self, address: str, **fields: Any) -> Page:
        """Send a form of this page other than that of the content."""
        answer = self.visitor.post(address, **fields)
        if answer.status_code == 303:
            return Page(self.visitor, answer.location, self.visitor.get(answer.location, follow_redirects=True))
        return Page(self.visitor, address, answer)
