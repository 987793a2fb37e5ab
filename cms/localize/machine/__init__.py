"""Machine translation: what a service must do, whichever it is. Off unless a service is chosen.

A service gets texts whose markup is tags, and gives texts whose markup is tags; `tags` goes to and from Markdown. It
opens no connection itself: calls go out through a function that is passed in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # The settings name a price of a machine at every start; terms are loaded by who has some.
    from cms.localize.glossary import Term


@dataclass(frozen=True)
class Text:
    """One text to translate: `markup` has inline tags, `context` is what stands around it and is not translated.

    `characters` is how many of it are billed: those of the text, without its tags.
    """

    markup: str
    characters: int
    context: str = ""


@dataclass(frozen=True)
class Limits:
    """How much one call may hold: so many texts, and so many bytes of them as JSON."""

    texts: int
    bytes: int


@dataclass(frozen=True)
class Price:
    """What a million characters cost."""

    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Cost:
    """What a translation will cost: `amount` is None where no price is known, `left` what the account has left."""

    characters: int
    amount: Decimal | None = None
    currency: str = ""
    left: int | None = None


class Translator(Protocol):
    """A service that translates. Raises only MachineError."""

    @property
    def name(self) -> str:
        """Return what the service is called; empty where there is none."""

    @property
    def limits(self) -> Limits:
        """Return how much one call may hold."""

    def translate(
        self, texts: Sequence[Text], source_locale: str, target_locale: str, terms: "Sequence[Term]"
    ) -> list[str]:
        """Return the translation of each text, in their order; an empty one where the service gave none."""

    def estimate(self, characters: int) -> Cost:
        """Return what so many characters will cost."""


@dataclass(frozen=True)
class Nobody:
    """The default: nothing is translated, nothing is asked, nothing costs."""

    name: str = ""
    limits: Limits = Limits(texts=1_000, bytes=10_000_000)

    def translate(
        self, texts: Sequence[Text], source_locale: str, target_locale: str, terms: "Sequence[Term]"
    ) -> list[str]:
        """Return an empty text for each."""
        return [""] * len(texts)

    def estimate(self, characters: int) -> Cost:
        """Return the characters alone."""
        return Cost(characters)


def cost(characters: int, price: Price | None, left: int | None = None) -> Cost:
    """Return what so many characters cost at a price, to the cent."""
    if price is None:
        return Cost(characters, left=left)
    amount = (price.amount * characters / 1_000_000).quantize(Decimal("0.01"))
    return Cost(characters, amount, price.currency, left)
