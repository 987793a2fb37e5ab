"""From content and translations to the fields of a document. Pure: no database, clock or network.

The rule for each block in another locale than the source's (DESIGN, Publishing): current text is its translation;
an older translation is shown and marked stale; critical advice that is not current is shown in the source language
with a pre-approved notice; what is missing is shown in the source language, marked with `lang` and `dir`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from marshmallow import Schema, fields

from cms import locales
from cms.content.blocks import is_critical
from cms.content.fields import Blocks, Inline, Lines, Link, ListOf, Ref, Text
from cms.content.pictures import Sizes
from cms.content.types import Type
from cms.localize.notices import notice
from cms.localize.translations import Rendering
from cms.publish import inline


@dataclass(frozen=True)
class View:
    """What rendering needs to know beside the content.

    `policy` is what becomes of critical advice that is not current (cms.site.POLICIES).
    `renderings` gives the locale's text for each content path (None for the source locale), `cards` the related
    entries by id, `changed_at` since when the source of a path has read as it does, `media` what local paths follow,
    `pictures` the sizes of those that were uploaded, by path.
    """

    locale: str
    source_locale: str
    renderings: Mapping[str, Rendering] | None
    cards: Mapping[str, Mapping[str, Any]]
    changed_at: Mapping[str, str]
    media: str
    policy: str = "source"
    pictures: Mapping[str, Sizes] = field(default_factory=dict)

    @cached_property
    def freshness(self) -> dict[str, str]:
        """Return how each field and each block stands: current, missing as a whole, or else stale."""
        found: dict[str, set[str]] = {}
        for path, rendering in (self.renderings or {}).items():
            name, _, rest = path.partition(".")
            for at in (name, f"{name}.{rest.partition('.')[0]}"):
                found.setdefault(at, set()).add(rendering.freshness)
        return {at: next(iter(seen)) if len(seen) == 1 else "stale" for at, seen in found.items()}


@dataclass
class Outcome:
    """The rendered fields, and which of them are not current in the document's language."""

    fields: dict[str, Any] = field(default_factory=dict)
    stale_blocks: list[str] = field(default_factory=list)
    stale_fields: list[str] = field(default_factory=list)


def render(kind: Type, content: Mapping[str, Any], view: View, names: tuple[str, ...] = ()) -> Outcome:
    """Render the named fields of some content, all but the slug where none is named."""
    outcome = Outcome()
    for name, shape in kind.schema.fields.items():
        if name == "slug" or (names and name not in names):
            continue
        key, value = _field(shape, name, content.get(name), view, outcome)
        outcome.fields[key] = value
    return outcome


def _field(shape: fields.Field[Any], name: str, value: Any, view: View, outcome: Outcome) -> tuple[str, Any]:
    if isinstance(shape, Blocks):
        return name, [done for block in value or [] if (done := _block(shape, block, name, view, outcome))]
    if view.freshness.get(name, "current") != "current":
        outcome.stale_fields.append(name)
    key = f"{name}_html" if isinstance(shape, Inline) else name
    if value is None:
        return key, [] if isinstance(shape, ListOf) else None
    return key, _value(shape, value, name, view, _text(view), view.locale)


Speak = Callable[[str, str], str]


def _text(view: View) -> Speak:
    """Return a function from (path, source text) to the text to show."""

    def speak(path: str, source: str) -> str:
        rendering = (view.renderings or {}).get(path)
        return rendering.translation.text if rendering and rendering.translation else source

    return speak


def _source(path: str, source: str) -> str:
    return source


def _block(shape: Blocks, block: Mapping[str, Any], path: str, view: View, outcome: Outcome) -> dict[str, Any] | None:
    at = f"{path}.{block['id']}"
    schema = shape.kinds[block["type"]]
    freshness = view.freshness.get(at, "current")
    if freshness == "current":
        return _part(schema, block, at, view, _text(view), view.locale)
    outcome.stale_blocks.append(block["id"])
    if not is_critical(block):
        done = _part(schema, block, at, view, _text(view), view.locale)
        return done and {**done, "freshness": freshness}
    omitted = view.policy == "omit"
    changed = max((since for path, since in view.changed_at.items() if path.startswith(f"{at}.")), default="")
    said = notice("omitted" if omitted else freshness, view.locale, view.source_locale, changed)
    if omitted:
        # A paragraph without text stands for any kind of block; the notice is all that is said.
        done = {
            "id": block["id"],
            "type": "paragraph",
            "html": "",
            "omitted": True,
            "urgency": block.get("urgency", "none"),
        }
    else:
        done = _part(schema, block, at, view, _source, view.source_locale)
        done = done and {**done, **_tongue(view.source_locale)}
    if done is None:
        return None
    done |= {"freshness": freshness, "notice": said.text}
    return done if said.locale == view.locale else {**done, "notice_lang": said.locale}


def _tongue(locale: str) -> dict[str, str]:
    return {"lang": locale, "dir": locales.direction(locale)}


def _part(
    schema: Schema, part: Mapping[str, Any], path: str, view: View, speak: Speak, around: str
) -> dict[str, Any] | None:
    """Render one object. Where one of its own texts has no translation, all of them speak the source language.

    `around` is the language that what surrounds it is marked with; an object in another one is marked itself.
    """
    own = [f"{path}.{name}" for name, shape in schema.fields.items() if shape.metadata.get("translatable")]
    known = [view.renderings[at] for at in own if at in view.renderings] if view.renderings else []
    own_speak = _source if any(rendering.translation is None for rendering in known) else speak
    spoken = around
    if known:
        spoken = view.source_locale if own_speak is _source else view.locale
    done: dict[str, Any] = {}
    for name, shape in schema.fields.items():
        value = part.get(name)
        if value is None or value == "":
            continue
        at = f"{path}.{name}"
        rendered = _value(shape, value, at, view, own_speak if at in own else speak, spoken)
        if rendered is None and shape.required:
            return None
        if isinstance(shape, Inline):
            name = "html" if name == "text" else f"{name}_html"
        if rendered is not None:
            done[name] = rendered
    if sizes := view.pictures.get(part.get("src", "")):
        done = {
            **sizes,
            **done,
            "renditions": [{**each, "src": view.media + each["src"]} for each in sizes["renditions"]],
        }
    return {**done, **_tongue(spoken)} if spoken != around else done


def _value(shape: Any, value: Any, path: str, view: View, speak: Speak, around: str) -> Any:
    if isinstance(shape, Ref):
        return view.cards.get(value)
    if isinstance(shape, Inline):
        return inline.to_html(speak(path, value), lambda entry: view.cards.get(entry, {}).get("url"))
    if isinstance(shape, Link):
        return view.media + value if value.startswith("/") else value
    if isinstance(shape, Text):
        return inline.without_controls(speak(path, value))
    if isinstance(shape, Lines):
        return [inline.without_controls(speak(f"{path}.{line['id']}.text", line["text"])) for line in value]
    if isinstance(shape, fields.Nested):
        return _part(shape.schema, value, path, view, speak, around)
    if isinstance(shape, ListOf):
        return list(_items(shape, value, path, view, speak, around))
    if isinstance(shape, Blocks):
        kinds = shape.kinds
        rendered = (_part(kinds[item["type"]], item, f"{path}.{item['id']}", view, speak, around) for item in value)
        return [done for done in rendered if done]
    return value


def _items(shape: ListOf, value: list[Any], path: str, view: View, speak: Speak, around: str) -> Iterator[Any]:
    for index, item in enumerate(value):
        at = f"{path}.{item['id']}" if isinstance(item, Mapping) and "id" in item else f"{path}.{index}"
        rendered = _value(shape.inner, item, at, view, speak, around)
        if rendered is not None:
            yield rendered
