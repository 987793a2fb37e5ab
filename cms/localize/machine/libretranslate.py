"""LibreTranslate, which anybody can run (https://docs.libretranslate.com/api). It takes no terms and no context."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cms.calls import Answer
from cms.localize.glossary import Term
from cms.localize.machine import Cost, Limits, Price, Text, cost
from cms.localize.machine.calling import Line, decode, post, texts_of

# The software itself sets none (its options batch_limit and char_limit); a call that translates all on one processor
# should still end before it times out.
LIMITS = Limits(texts=20, bytes=32 * 1024)
VARIANTS = {"pt-BR": "pt-BR", "zh": "zh-Hans", "zh-Hans": "zh-Hans", "zh-Hant": "zh-Hant", "no": "nb", "nn": "nb"}


@dataclass(frozen=True)
class LibreTranslate:
    """A server of one's own, or one that gave a key."""

    line: Line
    url: str
    key: str = field(default="", repr=False)
    price: Price | None = None
    name: str = "libretranslate"
    limits: Limits = LIMITS

    def translate(
        self, texts: Sequence[Text], source_locale: str, target_locale: str, terms: Sequence[Term]
    ) -> list[str]:
        """Return the translation of each text; terms cannot be told, the checks look for them afterwards."""
        body: dict[str, Any] = {
            "q": [text.markup for text in texts],
            "source": language(source_locale),
            "target": language(target_locale),
            "format": "html",
        }
        if self.key:
            body["api_key"] = self.key

        def read(answer: Answer) -> list[str]:
            said = decode(answer)
            return texts_of(said.get("translatedText") if isinstance(said, dict) else None, len(texts))

        return self.line.ask(post(f"{self.url}/translate", body, {"Accept": "application/json"}), read)

    def estimate(self, characters: int) -> Cost:
        """Return what so many characters cost at the price that was set."""
        return cost(characters, self.price)


def language(locale: str) -> str:
    """Return a locale as LibreTranslate names it: the language alone, but for a few varieties."""
    base = locale.partition("-")[0].lower()
    return VARIANTS.get(locale) or VARIANTS.get(base, base)
