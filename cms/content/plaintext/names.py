"""Names of people and of practices, by their capitals; it does not know who they are."""

import re
from dataclasses import dataclass

from cms.content.plaintext.cues import cues

MAX_TOKENS, LONGEST = 8, 200
SEPARATOR = re.compile(r"\s*(?:[,;&/|]|\s[-–—]\s)\s*")
ROLE_IN_BRACKETS = re.compile(r"(?P<name>[^()]+?)\s*\((?P<role>[^()]+)\)")
CONNECTORS = frozenset(
    {
        "de",
        "het",
        "van",
        "den",
        "der",
        "ten",
        "ter",
        "aan",
        "op",
        "en",
        "&",
        "of",
        "the",
        "and",
        "für",
        "la",
        "le",
        "du",
        "t",
    }
)


@dataclass(frozen=True)
class Person:
    """A name and what was said beside it about the job."""

    name: str
    role: str = ""


def is_name(text: str) -> bool:
    """Tell whether `text` can be the name of a person: capitals, particles, initials, titles, "(voorbeeld)"."""
    if (marked := ROLE_IN_BRACKETS.fullmatch(text)) and marked["role"].lower() in cues().name_marks:
        text = marked["name"]
    tokens = [token for token in text.replace(",", " ").split() if _bare(token) not in cues().titles]
    while tokens and _bare(tokens[-1]) in cues().suffixes:
        tokens.pop()
    if not tokens or len(tokens) > MAX_TOKENS or not re.fullmatch(r"[^\W\d_][^\d_!?:;@()<>\"“”]*", text):
        return False
    if cues().roles.search(text) or cues().clinic_words.search(text) or text.endswith(("’", "…")):
        return False
    return (
        _is_proper(tokens[0])
        and _is_proper(tokens[-1])
        and all(_is_proper(token) or token.lower() in cues().particles for token in tokens)
    )


def people(text: str) -> list[Person]:
    """Return the people whom a byline names ("A en B", "A, fysiotherapeut"); empty when it names none for certain."""
    found: list[Person] = []
    if re.search(r"[<>@]", text):
        return []
    for separator, part in _parts(text.strip().rstrip(".")):
        person = _person(part)
        if person:
            found.append(person)
        elif not found:
            return []
        elif found[-1].role:
            found[-1] = Person(found[-1].name, f"{found[-1].role}{separator}{part}")
        else:
            found[-1] = Person(found[-1].name, part)
    return found


def capitalised(text: str, start: int = 0) -> str:
    """Return the run of capitalised words that begins at `start`, connecting words between them included."""
    taken: list[str] = []
    run = ""
    tokens = text[start : start + LONGEST].split(" ")[: 2 * MAX_TOKENS]
    for token, after in zip(tokens, [*tokens[1:], ""], strict=True):
        word = token.strip("(\"“‘'").rstrip(".,;:!?)…\"”’'")
        taken.append(token)
        if _is_proper(word) or (run and word.isdigit()):
            run = " ".join(taken)
        elif not run or not (word.lower() in CONNECTORS or _joins(run, word, after)):
            break
        if token != token.rstrip(".,;:!?)…\"”’'"):
            break
    return run.strip("(\"“‘'").rstrip(".,;:!?)…\"”’'")


def _parts(text: str) -> list[tuple[str, str]]:
    parts, position, before = [], 0, ""
    for match in re.finditer(f"(?:{SEPARATOR.pattern})|(?:{cues().both.pattern})", text, re.IGNORECASE):
        # Brackets hold together, and so do the letters behind a name: "A. Visser, MSc".
        after = text[match.end() :].split()
        inside = text.count("(", 0, match.start()) > text.count(")", 0, match.start())
        if inside or (after and _bare(after[0]) in cues().suffixes):
            continue
        parts.append((before, text[position : match.start()].strip()))
        position, before = match.end(), match.group()
    return [(between, part) for between, part in [*parts, (before, text[position:].strip())] if part]


def _person(part: str) -> Person | None:
    if is_name(part):
        return Person(part)
    if (found := ROLE_IN_BRACKETS.fullmatch(part)) and is_name(found["name"]):
        if found["role"].lower() in cues().name_marks:
            return Person(part)
        return Person(found["name"], found["role"])
    words = part.split()
    for count in range(1, len(words)):
        role, name = " ".join(words[:count]), " ".join(words[count:])
        if cues().roles.fullmatch(words[count - 1]) and is_name(name) and len(words) - count > 1:
            return Person(name, role)
    return None


def _joins(run: str, word: str, after: str) -> bool:
    # "Praktijk voor Oefentherapie" and "Fysio in 't Dorp" are names; "Praktijk Zuid voor al uw klachten" goes on.
    if word == "in":
        return after in ("'t", "’t")
    return word == "voor" and cues().clinic_words.fullmatch(run.split()[-1]) is not None


def _bare(token: str) -> str:
    return token.strip(".,").lower()


def _is_proper(token: str) -> bool:
    bare = token.lstrip("'’(")
    first = bare[:1]
    # Scripts without capitals (Arabic, Chinese) have names too.
    return bool(first) and first.isalpha() and (not first.islower() or bool(re.match(r"[a-zà-ÿ]['’][A-Z]", bare)))
