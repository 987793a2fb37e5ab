"""The vocabulary of content types: marshmallow fields that refuse what no reader should get.

A field's metadata says what the rest of Tolk does with it: `translatable`, `publish` (must be filled before
publishing), `searchable`. Values stay what JSON holds, so that a revision is opaque text to the store.
"""

import re
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from marshmallow import Schema, ValidationError, fields, pre_load

from cms import locales
from cms.content import phones
from cms.errors import Fault

MAX_TEXT = 20_000
MAX_LINE = 500
MAX_ITEMS = 1_000
MAX_INTEGER = 2**53 - 1
ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
SLUG = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
HTML_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")
HOUR = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


def fault(code: str, **values: Any) -> ValidationError:
    """Return a validation error that carries a fact instead of a sentence."""
    return ValidationError([Fault(code, values)])


def new_id(letter: str = "b") -> str:
    """Return an id for a block or item, never used before."""
    return letter + secrets.token_hex(5)


def tidy(value: str) -> str:
    """Return text as Tolk keeps it: NFC, newlines as \\n, no white space around it."""
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _refuse_unkeepable(value: str) -> None:
    for char in value:
        if unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t":
            raise fault("control_character", character=f"U+{ord(char):04X}")


class Text(fields.String):
    """Plain text, shown as it stands; `max_length` in characters."""

    max_length = MAX_LINE

    def __init__(self, *, max_length: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.max_length = max_length or self.max_length

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = tidy(super()._deserialize(value, attr, data, **kwargs))
        _refuse_unkeepable(text)
        if not text and self.required:
            raise fault("blank")
        if len(text) > self.max_length:
            raise fault("too_long", length=len(text), maximum=self.max_length)
        self._check(text)
        return text

    def _check(self, text: str) -> None:
        if tag := HTML_TAG.search(text):
            raise fault("html_in_text", tag=tag.group()[:40])


class Inline(Text):
    """Inline Markdown: emphasis, strong, links (`entry:ID` for other entries), code."""

    max_length = MAX_TEXT

    def _check(self, text: str) -> None:
        """Take any text: HTML in it is escaped when it is rendered."""


class Slug(Text):
    """The last part of an address: lower-case letters and digits in any script, joined by hyphens."""

    max_length = 96

    def _check(self, text: str) -> None:
        if text and (not SLUG.fullmatch(text) or text != text.lower()):
            raise fault("not_a_slug", value=text)
        if UUID.fullmatch(text):
            raise fault("slug_like_id", value=text)


class Key(Text):
    """The stable id of a block or item within its entry."""

    max_length = 64

    def _check(self, text: str) -> None:
        if not ID.fullmatch(text):
            raise fault("not_an_id", value=text)


class Tag(Text):
    """A BCP 47 language tag."""

    def _check(self, text: str) -> None:
        if not text:
            return
        try:
            canonical = locales.standard(text)
        except locales.UnknownTag:
            raise fault("not_a_language_tag", value=text) from None
        if canonical != text:
            raise fault("not_a_language_tag", value=text, suggestion=canonical)


class Link(Text):
    """An address on the web (`https://…`) or, where `local` is allowed, a path on this site (`/media/…`)."""

    max_length = 2_000

    def __init__(self, *, local: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.local = local

    def _check(self, text: str) -> None:
        if not text or (self.local and re.fullmatch(r"/(?!/)[^\s<>\"\\]*", text)):
            return
        try:
            parts = urlsplit(text)
            usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            usable = False
        if not usable or re.search(r"[\s<>\"\\]", text):
            raise fault("not_a_link", value=text[:80])


class Mail(Text):
    """An e-mail address, by shape."""

    def _check(self, text: str) -> None:
        if text and not re.fullmatch(r"[^@\s<>\"]+@[^@\s<>\".]+(?:\.[^@\s<>\".]+)+", text):
            raise fault("not_an_email", value=text[:80])


class Phone(Text):
    """A telephone number, kept in E.164 (`+31299653499`); short numbers such as 112 stay as they are."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if phones.is_short(text):
            return text
        try:
            return phones.parsed(text)
        except ValueError:
            raise fault("not_a_phone", value=text[:40]) from None


class Day(Text):
    """A calendar day, `2026-03-01` (RFC 3339 full-date)."""

    def _check(self, text: str) -> None:
        if not text:
            return
        try:
            usable = date.fromisoformat(text).isoformat() == text
        except ValueError:
            usable = False
        if not usable:
            raise fault("not_a_day", value=text[:40])


class Hour(Text):
    """A time of day, `08:30`."""

    def _check(self, text: str) -> None:
        if not HOUR.fullmatch(text):
            raise fault("not_an_hour", value=text[:40])


class Choice(Text):
    """One of a closed set of words."""

    def __init__(self, *choices: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choices = choices

    def _check(self, text: str) -> None:
        if text not in self.choices:
            raise fault("not_a_choice", value=text[:80], choices=list(self.choices))


class Country(Text):
    """A country, as ISO 3166-1 alpha-2 writes it: `NL`."""

    max_length = 2

    def _check(self, text: str) -> None:
        if text and not locales.is_country(text):
            raise fault("not_a_country", value=text)


class Whole(fields.Integer):
    """A whole number between `minimum` and `maximum`."""

    def __init__(self, *, minimum: int = 0, maximum: int = MAX_INTEGER, **kwargs: Any) -> None:
        super().__init__(strict=True, **kwargs)
        self.minimum, self.maximum = minimum, maximum

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise fault("not_a_whole_number")
        if not self.minimum <= value <= self.maximum:
            raise fault("out_of_range", minimum=self.minimum, maximum=self.maximum)
        return value


class Flag(fields.Boolean):
    """True or false, and nothing that merely resembles it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise fault("not_true_or_false")
        return value


class Ref(Text):
    """The id of another entry of one type; a document shows it as a card."""

    def __init__(self, target: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.target = target

    def _check(self, text: str) -> None:
        if text and not UUID.fullmatch(text):
            raise fault("not_an_entry_id", value=text[:80])


class Part(Schema):
    """A thing within an entry that has a stable id of its own: a block, a list item, a reference."""

    id = Key(required=True)

    @pre_load
    def _give_id(self, data: Any, **_: Any) -> Any:
        if isinstance(data, Mapping) and not data.get("id"):
            return {**data, "id": new_id()}
        return data


class TextPart(Part):
    """A line of plain text with an id."""

    text = Text(required=True, metadata={"translatable": True})


class InlinePart(Part):
    """A piece of inline Markdown with an id."""

    text = Inline(required=True, metadata={"translatable": True})


class ListOf(fields.List[Any]):
    """A list of at most `maximum` things."""

    def __init__(self, inner: Any, *, minimum: int = 0, maximum: int = MAX_ITEMS, **kwargs: Any) -> None:
        super().__init__(inner, **kwargs)
        self.minimum, self.maximum = minimum, maximum

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise fault("not_a_list")
        if len(value) < self.minimum:
            raise fault("too_few", minimum=self.minimum)
        if len(value) > self.maximum:
            raise fault("too_many", maximum=self.maximum)
        loaded = super()._deserialize(value, attr, data, **kwargs)
        if blank := {index: [Fault("blank")] for index, item in enumerate(loaded) if item == ""}:
            raise ValidationError(blank)
        return loaded


class Lines(ListOf):
    """A list of short plain texts, each with an id in the source; a document shows plain strings."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(fields.Nested(TextPart), **kwargs)


class Blocks(fields.Field[Any]):
    """A list of blocks; `kinds` gives the schema of each block type."""

    def __init__(self, kinds: Callable[[], Mapping[str, Schema]], *, minimum: int = 0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._kinds, self.minimum = kinds, minimum

    @property
    def kinds(self) -> Mapping[str, Schema]:
        """Return the schema of each block type that may stand here."""
        return self._kinds()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise fault("not_a_list")
        if len(value) < self.minimum:
            raise fault("too_few", minimum=self.minimum)
        if len(value) > MAX_ITEMS:
            raise fault("too_many", maximum=MAX_ITEMS)
        loaded, errors = [], {}
        for index, block in enumerate(value):
            try:
                loaded.append(self._load(block))
            except ValidationError as error:
                errors[index] = error.messages
        if errors:
            raise ValidationError(errors)
        return loaded

    def _load(self, block: Any) -> Any:
        if not isinstance(block, Mapping):
            raise fault("not_an_object")
        kind = block.get("type")
        if not isinstance(kind, str) or kind not in self.kinds:
            said = kind[:80] if isinstance(kind, str) else None
            raise ValidationError({"type": [Fault("not_a_choice", {"value": said, "choices": list(self.kinds)})]})
        return self.kinds[kind].load(block)


def refs(target: str, **kwargs: Any) -> ListOf:
    """Return a field for a list of ids of other entries."""
    return ListOf(Ref(target), maximum=200, **kwargs)


def parts(schema: type[Schema], **kwargs: Any) -> ListOf:
    """Return a field for a list of parts."""
    return ListOf(fields.Nested(schema), **kwargs)


def one(schema: type[Schema], **kwargs: Any) -> fields.Nested:
    """Return a field for one nested object."""
    return fields.Nested(schema, **kwargs)
