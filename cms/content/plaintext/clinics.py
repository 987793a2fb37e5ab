"""Which clinic speaks in the text, and the networks that it belongs to."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from cms.content.plaintext.cues import cues
from cms.content.plaintext.lines import Unit
from cms.content.plaintext.names import CONNECTORS, capitalised

MAX_NAME, MAX_NAMES = 100, 20
CLOSING = 8
SENTENCE_START = re.compile(r"^$|[.!?:…]\s$")
CAPITAL = re.compile(r"(?<![\w'’-])(?=[^\W\d_a-z])")


def clinic_names(
    units: Sequence[Unit], domains: Sequence[str], told: Collection[int] = (), people: Collection[str] = ()
) -> list[str]:
    """Return the names of practices that may be the article's own, the likeliest first.

    `told` are the units about the authors, `people` their names, which are no names of practices.
    """
    scores: Counter[str] = Counter()
    for index, unit in enumerate(units):
        ours = speaks(unit.text)
        closing = index >= len(units) - max(CLOSING, len(units) * 2 // 5) or index in told
        for name in _staff_of(unit.text):
            if ours or closing or is_confirmed(name, domains):
                scores[name] += 2
        for name in _worded(unit.text):
            if ours or closing or is_confirmed(name, domains):
                scores[name] += 2 if index in told or name == unit.text.strip(" .:") else 1
        for name in _reached(unit.text) if closing else ():
            scores[name] += 2 if _has_clinic_word(name) else 1
    for name in [name for name in scores if name in people or _is_person(name, people)]:
        del scores[name]
    for name in scores:
        scores[name] += 5 * is_confirmed(name, domains)
    return _distinct([name for name, _ in scores.most_common(MAX_NAMES)])


def is_confirmed(name: str, domains: Sequence[str]) -> bool:
    """Tell whether the domain of an e-mail address spells the name."""
    own = [word for word in name.split() if not cues().clinic_words.fullmatch(word)]
    spelled = [_letters(name), _letters(" ".join(own))]
    return any(len(letters) > 3 and letters in _letters(domain) for letters in spelled for domain in domains)


def speaks(text: str) -> bool:
    """Tell whether the clinic speaks of itself in the text: "wij", "onze"."""
    return any(word in cues().first_person for word in re.findall(r"\w+", text.lower()))


def networks(text: str, clinic: str) -> list[str]:
    """Return the networks through which the clinic works, by its own words."""
    found: list[str] = []
    ours = speaks(text) or (bool(clinic) and clinic in text)
    for match in CAPITAL.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        via, member = cues().network_via.search(before), ours and cues().network_member.search(before)
        name = capitalised(text, match.start()) if via or member else ""
        worded = any(cues().network_words.fullmatch(word) for word in name.split())
        if name and (member or worded) and name not in found and "<" not in name:
            found.append(name)
    return found


def _staff_of(text: str) -> Iterator[str]:
    for match in cues().of_staff.finditer(text):
        name = capitalised(text, match.end())
        if 2 < len(name) <= MAX_NAME and text[match.end()] == name[0] and "<" not in name:
            yield name


def _reached(text: str) -> Iterator[str]:
    """Return what one is told to call or to come to: "Bel Praktijk X", "een afspraak bij X"."""
    for match in cues().reach_clinic.finditer(text):
        name = capitalised(text, match.end())
        fits = 2 < len(name) <= MAX_NAME and text[match.end()] == name[0] and "<" not in name
        if fits and _is_more_than_a_word(name):
            yield name


def _is_person(name: str, people: Collection[str]) -> bool:
    return any(name in person or person in name.split(",")[0] for person in people) and not _has_clinic_word(name)


def _worded(text: str) -> Iterator[str]:
    position = 0
    for match in CAPITAL.finditer(text):
        if match.start() < position:
            continue
        run = capitalised(text, match.start())
        position = match.start() + len(run)
        name = _without_verb(run, starts=SENTENCE_START.search(text[: match.start()][-2:]) is not None)
        if _is_more_than_a_word(name) and len(name) <= MAX_NAME and "<" not in name and _has_clinic_word(name):
            yield name


def _is_more_than_a_word(name: str) -> bool:
    return " " in name or _is_joined(name)


def _is_joined(word: str) -> bool:
    """Tell whether a word is a name by the capital inside it: "FysioPlus"."""
    return re.search(r"[a-z][A-Z]", word) is not None


def _without_verb(run: str, *, starts: bool) -> str:
    """Take off what has its capital from the beginning of a sentence: "Bel Praktijk X", "Wij van Praktijk X"."""
    words = run.split()
    fewest = 1 if words and _is_joined(words[-1]) else 2
    while len(words) > fewest and (
        cues().roles.fullmatch(words[0])
        or words[0].lower() in cues().contact_words | cues().first_person | CONNECTORS
        or (starts and cues().clinic_words.fullmatch(words[1]) and not _has_clinic_word(words[0]))
    ):
        words.pop(0)
    return " ".join(words)


def _has_clinic_word(name: str) -> bool:
    # "Fysio*" is a practice, "Fysiotherapeut" a job.
    return any(cues().clinic_words.fullmatch(word) and not cues().roles.fullmatch(word) for word in name.split())


def _distinct(names: Sequence[str]) -> list[str]:
    kept: list[str] = []
    for name in names:
        if not any(name in other or other in name for other in kept):
            kept.append(name)
    return kept


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text.lower())
