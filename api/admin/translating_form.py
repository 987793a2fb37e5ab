"""What a browser sends from the translating page: for each segment its text, and what was seen when it was typed.

It saves nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import request
from flask_babel import gettext

from api.admin import page
from api.admin.segments import Trouble, in_field, short
from cms.content.fields import tidy
from cms.desk.workbench import Line, TranslationPage


@dataclass(frozen=True)
class Typed:
    """What came for one segment: its text, and by their marks what was seen of source, translation and field."""

    text: str
    source: str
    seen: str
    shown: str

    @property
    def is_changed(self) -> bool:
        """Tell whether somebody typed in the field."""
        return short(self.text) != self.shown


@dataclass
class Step:
    """One step being taken: what was sent, and what becomes of it."""

    found: TranslationPage
    typed: Mapping[str, Typed]
    target: str = ""
    rest: str = ""
    troubles: dict[str, Trouble] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    slug_problem: str = ""

    @property
    def lines(self) -> Mapping[str, Line]:
        """Return the segments as they stood when the step began."""
        return {line.path: line for line in self.found.lines}

    def stands(self, path: str) -> str | None:
        """Return the translation that the sender saw; None where there was none, or another stands by now."""
        line, typed = self.lines[path], self.typed.get(path)
        return line.text if line.text and typed and typed.seen == short(line.text) else None


def read(found: TranslationPage) -> dict[str, Typed]:
    """Return what was typed for the segments that are still there; say what of it has lost its place."""
    lines = {line.path: line for line in found.lines}
    read = {}
    for name in request.form:
        if not name.startswith("mark:"):
            continue
        path = name.removeprefix("mark:")
        source, seen, shown = [*request.form[name].split("."), "", ""][:3]
        # Who may not write has no field, and sends none.
        sent = request.form.get(f"text:{path}")
        text = tidy(sent) if sent is not None else in_field(lines[path]) if path in lines else ""
        typed = Typed(text, source, seen, shown if sent is not None else short(text))
        if path in lines:
            read[path] = typed
        elif typed.is_changed:
            said = gettext("Its source is not in the text any more, so this was not saved: “%(text)s”", text=text)
            page.say(said, "bad")
    return read
