"""How languages build words of known ones: zesentwintig, driedaags, sechswöchig, haftada, وخمسة. Pure."""

import re
from collections.abc import Mapping
from fractions import Fraction
from itertools import islice
from typing import Any

_WORD = {
    "fr": re.compile(r"\d+|[^\W\d_]+(?:-[^\W\d_]+)*"),
    "": re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|'[^\W\d_]+|\d+|[/%]"),
}
_NUMBER_KINDS = ("numbers", "ordinals", "multiplied", "fractions")
_FROM_ENDINGS = (
    "numbers",
    "ordinals",
    "units",
    "units_after_number",
    "months",
    "weekdays",
    "fractions",
    "unsure",
    "counted",
    "beside",
)


def split(words: str, lang: str) -> list[str]:
    """Cut the words of a list entry as a text is cut."""
    return _WORD.get(lang, _WORD[""]).findall(words)


def listed(words: str) -> list[str]:
    """Return the entries of a list of the data."""
    return [word.strip() for word in words.split(",") if word.strip()]


def compounds(data: Mapping[str, Any]) -> dict[str, int]:
    """Return the numbers up to 99,999 that Dutch and German write as one word."""
    if "compounds" not in data:
        return {}
    by_value: dict[int, list[str]] = {}
    for value, numbers in data["numbers"].items():
        by_value.setdefault(int(value), []).append(listed(numbers)[0])
    one, joints = listed(data["compounds"]["one"]), listed(data["compounds"]["joint"])
    small = {word: value for value, words in by_value.items() if value < 100 for word in words}
    for tens in range(20, 100, 10):
        for unit in range(1, 10):
            for head in one if unit == 1 else by_value[unit]:
                for joint in joints:
                    small[f"{head}{joint}{by_value[tens][0]}"] = tens + unit
    hundred, thousand = by_value[100][0], by_value[1000][0]
    hundreds = {f"{'' if n == 1 else by_value[n][0]}{hundred}": n * 100 for n in range(1, 10)}
    found = dict(small) | hundreds
    found |= {f"{head}{tail}": h + t for head, h in hundreds.items() for tail, t in small.items()}
    thousands = {f"{word}{thousand}": value * 1000 for word, value in small.items() if value > 1} | {thousand: 1000}
    found |= thousands
    found |= {f"{head}{tail}": h + t for head, h in islice(thousands.items(), 12) for tail, t in hundreds.items()}
    return found


def derive(word: str, words: Mapping[str, Any], data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a word that is in no list may mean, by what it is built of."""
    if "compounds" in data:
        return _built(word, words, data["compounds"])
    if "compound_units" in data:
        return _polish(word, data)
    if "endings" in data:
        return _turkish(word, words, data)
    if "prefixes" in data:
        return _arabic(word, words, data)
    return {}


def _built(word: str, words: Mapping[str, Any], parts: Mapping[str, str]) -> Mapping[str, Any]:
    for ending in listed(parts["half"]):
        whole = word.removesuffix(ending)
        if whole != word and (value := words.get(whole, {}).get("numbers")):
            return {"fractions": value + Fraction(1, 2)}
    for at in range(3, len(word) - 1):
        head = words.get(word[:at])
        if not head:
            continue
        if (big := head.get("numbers", 0)) >= 100 and (more := _less_than(words.get(word[at:], {}), big)):
            return {"numbers": big + more}
        if "weekdays" in head and len(word) - at >= 4:
            return {"weekdays": head["weekdays"]}
        number = next((head[kind] for kind in _NUMBER_KINDS if kind in head), None)
        one = 1 if number is None and ("one" in head or "article" in head) else None
        if number is None and one is None:
            continue
        tail = word[at:].lstrip("-")
        if tail in listed(parts["ordinal"]) and number is not None and number >= 20:
            return {"ordinals": number}
        if tail in listed(parts["times"]):
            return {"multiplied": number} if number is not None else {"once": True}
        unit = words.get(tail, {}).get("units")
        if unit:
            return {"compound": (number, unit)} if number is not None else {"units": unit}
    return {}


def _less_than(senses: Mapping[str, Any], big: Fraction) -> Fraction | None:
    value = senses.get("numbers", Fraction(1) if "one" in senses else None)
    return value if value is not None and 0 < value < (1000 if big % 1000 == 0 else 100) else None


def _polish(word: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    prefixes = ((prefix, value) for value, few in data["compound_numbers"].items() for prefix in listed(few))
    for prefix, value in prefixes:
        if word.startswith(prefix):
            tail = word[len(prefix) :]
            for stem, unit in data["compound_units"].items():
                if tail.startswith(stem) and len(tail) <= len(stem) + 3:
                    return {"compound": (Fraction(value), unit)} if Fraction(value) else {"units": unit}
    return {}


def _turkish(word: str, words: Mapping[str, Any], data: Mapping[str, Any]) -> Mapping[str, Any]:
    if joined := _joined(word, words):
        return joined
    endings, never = frozenset(listed(data["endings"])), listed(data["never_derived"])
    heads = {word}
    for _ in range(3):
        shorter = {head[:-n] for head in heads for n in range(1, 6) if head[-n:] in endings and len(head) - n > 1}
        for head in sorted(shorter, key=len, reverse=True):
            found = words.get(head)
            if found and head not in never:
                senses = {kind: value for kind, value in found.items() if kind in _FROM_ENDINGS}
                if senses:
                    return senses
        heads = shorter
    return {}


def _joined(word: str, words: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read Turkish numbers that are written as one word: onbeş, yüzyirmi, onbirinci."""
    for at in range(2, len(word) - 1):
        first, rest = words.get(word[:at], {}), word[at:]
        value = first.get("numbers", first.get("unsure"))
        if value is None:
            continue
        if value < 10:
            big = words.get(rest[:3], {})
            if word[at:].startswith(("yüz", "bin")) and (size := big.get("numbers", big.get("unsure"))):
                if len(rest) == 3:
                    return {"numbers": value * size}
                more = words.get(rest[3:]) or _joined(rest[3:], words)
                if "numbers" in more and more["numbers"] < size:
                    return {"numbers": value * size + more["numbers"]}
            continue
        if value % 10:
            continue
        tail = words.get(rest) or _joined(rest, words)
        for kind in ("numbers", "unsure", "one", "ordinals", "once"):
            if kind in tail:
                more = Fraction(1) if tail[kind] is True else tail[kind]
                if more < value:
                    return {"ordinals" if kind in ("ordinals", "once") else "numbers": value + more}
    return {}


def _arabic_dual(word: str, words: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read two of what is counted: قرصان, بختين."""
    for ending in ("تان", "تين", "ان", "ين"):
        stem = word.removesuffix(ending) + ("ه" if ending[0] == "ت" else "")
        if word.endswith(ending) and (counted := words.get(stem, {}).get("counted")):
            return {"multiplied": Fraction(2), "counted": counted}
    return {}


def _arabic(word: str, words: Mapping[str, Any], data: Mapping[str, Any]) -> Mapping[str, Any]:
    if dual := _arabic_dual(word, words):
        return dual
    never = listed(data["never_derived"])
    for prefix in sorted(listed(data["prefixes"]), key=len):
        head = word.removeprefix(prefix)
        if head == word or len(head) < 2 or head in never:
            continue
        if found := words.get(head):
            kept = {k: v for k, v in found.items() if k not in ("phrase", "or", "per", "of", "weekdays")}
            if "weekdays" in found and "numbers" not in found:
                kept["weekdays"] = found["weekdays"]
            if kept:
                return kept | ({"joined": True} if prefix in listed(data["plus_prefixes"]) else {})
    # Two of any other thing may be meant by طريقتين and نوعان.
    things = data["things"].replace(", ", "|")
    return (
        {"unsure": Fraction(2)}
        if re.fullmatch(rf"\w{{3,}}(?<!و)ت(?:ان|ين)|\w{{,3}}(?:{things})(?:ان|ين)", word)
        else {}
    )
