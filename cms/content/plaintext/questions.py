"""An interview or a list of questions, told by its labels: "Vraag: …", "Antwoord: …"."""

from collections.abc import Sequence
from typing import Any

from cms.content.plaintext.blocks import Part
from cms.content.plaintext.cues import cues
from cms.content.plaintext.inline import markdown

FEWEST = 2


def with_questions(parts: Sequence[Part]) -> list[Part]:
    """Return the parts with labelled questions and their answers as one block."""
    found: list[Part] = []
    index = 0
    while index < len(parts):
        end = index
        while end + 1 < len(parts) and _is_pair(parts[end], parts[end + 1]):
            end += 2
        if end - index >= 2 * FEWEST:
            found.append(_questions(parts[index:end]))
            index = end
        else:
            found.append(parts[index])
            index += 1
    return found


def _is_pair(question: Part, answer: Part) -> bool:
    texts = all(part.kind in ("heading", "paragraph") and not part.units[0].level for part in (question, answer))
    return texts and bool(cues().questions.match(question.text) and cues().answers.match(answer.text))


def _questions(parts: Sequence[Part]) -> Part:
    items: list[dict[str, Any]] = [
        {
            "question": cues().questions.sub("", question.text, count=1),
            "answer": [{"type": "paragraph", "text": markdown(cues().answers.sub("", answer.text, count=1))}],
        }
        for question, answer in zip(parts[::2], parts[1::2], strict=True)
    ]
    return Part("faq", tuple(unit for part in parts for unit in part.units), {"type": "faq", "items": items})
