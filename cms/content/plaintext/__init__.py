"""Understanding an article that was pasted as plain text: text in, a structured draft and its doubts out."""

from cms.content.plaintext.reading import understand
from cms.content.plaintext.understood import Doubt, Dropped, Placed, Understood

__all__ = ["Doubt", "Dropped", "Placed", "Understood", "understand"]
