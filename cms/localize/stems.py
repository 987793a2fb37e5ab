"""What makes two spellings the same word to somebody who searches; it knows neither documents nor an index.

Words are compared by stem; accents, case and the sort of apostrophe never matter, and Dutch and German
compounds meet their parts. The word lists in `data/` are plain text, for an editor to read and mend.
"""

import re
import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

_STEMMERS = """
    ar:arabic ca:catalan cs:czech da:danish de:german el:greek en:english es:spanish et:estonian eu:basque
    fa:persian fi:finnish fr:french ga:irish hi:hindi hu:hungarian hy:armenian id:indonesian it:italian
    lt:lithuanian nb:norwegian ne:nepali nl:dutch nn:norwegian no:norwegian pl:polish prs:persian
    pt:portuguese ro:romanian ru:russian sr:serbian st:sesotho sv:swedish ta:tamil tr:turkish yi:yiddish
"""
STEMMERS = dict(pair.split(":") for pair in _STEMMERS.split())
LONGEST = 80  # characters of a word that count
LINKS = {"nl": ("", "s", "e", "en", "n"), "de": ("", "s", "es", "n", "en", "er")}
# What no decomposition folds: strokes, ligatures, Persian and Arabic spellings of one letter, joiners.
LETTERS = str.maketrans("ıøłđð’ʼکیىةۀ", "ioldd''كييهه", "ـ\u00ad\u200c\u200d") | str.maketrans(
    {"þ": "th", "æ": "ae", "œ": "oe"}
)


def _marks() -> str:
    """Return the combining marks as a character class: `\\w` leaves them out, and would cut words at each."""
    # What is passed over has none: ideographs, Hangul syllables, surrogates and what is left to private use.
    points = [*range(0x300, 0x3400), *range(0xA000, 0xAC00), *range(0xF900, 0x10000)]
    found = [n for n in points if unicodedata.category(chr(n))[0] == "M"]
    starts = [n for n in found if n - 1 not in found]
    ends = [n for n in found if n + 1 not in found]
    return "".join(f"{chr(a)}-{chr(b)}" for a, b in zip(starts, ends, strict=True))


MARKS = _marks()
# Scripts written without spaces: each character is a word, and a run of them is searched as a phrase.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(
    rf"[{UNSPACED}]"
    rf"|\d+(?:[.,٫]\d+)+"
    rf"|[^\W_{UNSPACED}](?:[^\W_{UNSPACED}]|[{MARKS}\u00ad\u200c\u200d]|['’ʼ](?=[^\W_]))*"
)
_UNSPACED = re.compile(f"[{UNSPACED}]")
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]+")


class Forms(NamedTuple):
    """One word: its stem, that of its unaccented spelling, that spelling, and the parts of a compound.

    `every` holds all of these once, with the parts of the parts: it is what an index keeps.
    """

    stem: str
    plain: str
    raw: str
    parts: tuple[str, ...]
    every: tuple[str, ...]


def words(text: str) -> list[tuple[int, int, str]]:
    """Return the words as (start, end, word); `L5`, `1,5` and `hernia's` are one word, `e-mail` is two."""
    return [(found.start(), found.end(), found[0]) for found in _WORD.finditer(text)]


def unspaced(word: str) -> bool:
    """Tell whether the word is a character of a script that writes no spaces between words."""
    return _UNSPACED.match(word) is not None


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """Return the word without case, accents, vowel points and joiners; digits of any script become 0 to 9."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold()).translate(LETTERS)
    text = unicodedata.normalize("NFC", _ACCENTS.sub("", text)).strip("'")
    if text[:1].isdecimal():
        text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
        text = text.replace(",", ".").replace("٫", ".")
    return text or word  # a letter that is only an apostrophe or a joiner


def stem(word: str, locale: str) -> str:
    """Return the word's stem in the language of the locale, folded; without a stemmer, the folded word."""
    return forms(word, locale).stem


def parts(word: str, locale: str) -> list[str]:
    """Return the stems of a compound's parts (rugklachten: rug, klacht), or of what follows an elision."""
    return list(forms(word, locale).parts)


def forms(word: str, locale: str) -> Forms:
    """Return all forms of a word that an index keeps and a query asks for."""
    return _forms(word[:LONGEST], language(locale))


def is_stop_word(word: str, locale: str) -> bool:
    """Tell whether a query loses nothing without the word."""
    return fold(word[:LONGEST]) in _stop_words(language(locale))


@lru_cache(maxsize=1024)
def language(locale: str) -> str:
    """Return the primary language subtag, in lower case."""
    return re.split("[-_]", locale, maxsplit=1)[0].lower()


@lru_cache(maxsize=1 << 16)
def _forms(word: str, lang: str) -> Forms:
    raw = fold(word)
    lowered = word.translate({0x130: "i", 0x49: "ı"}) if lang in ("tr", "az") else word
    lowered = unicodedata.normalize("NFKC", lowered).lower().replace("’", "'").replace("\u00ad", "")
    found = _stem(lowered, raw, lang)
    plain = found if lowered == raw else _stem(raw, raw, lang)
    outer, inner = _parts(raw, lang)
    return Forms(found, plain, raw, outer, tuple(dict.fromkeys((found, plain, raw, *outer, *inner))))


def _stem(word: str, folded: str, lang: str) -> str:
    if exact := _exact(lang).get(folded):
        return exact
    lemma = _lemma(folded, lang)
    return fold(_stemmer(lang)(lemma or word)) or folded


def _lemma(folded: str, lang: str) -> str | None:
    known, endings = _irregular(lang)
    if folded in known:
        return known[folded]
    for ending, instead in endings:
        if folded.endswith(ending) and len(folded) > len(ending) + 1:
            return folded[: -len(ending)] + instead
    surfaces = _surfaces(lang)
    for at in range(3, len(folded) - 2):  # bloed + vaten, school + kinderen
        if folded[at:] in known and any(folded[:at].removesuffix(link) in surfaces for link in LINKS.get(lang, ())):
            return folded[:at] + known[folded[at:]]
    return None


def _parts(folded: str, lang: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the stems of the parts of a word, and of the parts of those: onderrug, klacht; onder, rug."""
    head, elision, tail = folded.partition("'")
    if elision and len(head) < len(tail):
        return (_stem(tail, tail, lang),), ()
    if lang not in LINKS or len(folded) < 6:
        return (), ()
    outer = _split(folded, lang)
    if not outer and lang == "de":
        outer = _split(re.sub("([aou])e", r"\1", folded), lang)
    inner = [found for part in outer for found in _split(part, lang, whole=False)]
    return _part_stems(outer, lang) if len(outer) > 1 else (), _part_stems(inner, lang)


def _part_stems(found: Iterable[str], lang: str) -> tuple[str, ...]:
    heads, _ = _compounds(lang)
    return tuple(dict.fromkeys(heads.get(part) or _stem(part, part, lang) for part in found))


def _split(folded: str, lang: str, whole: bool = True) -> tuple[str, ...]:
    """Take a compound apart, longest head first; an empty tuple when any part is unknown."""
    heads, shortest = _compounds(lang)
    if whole and len(folded) >= 3:
        found = heads.get(folded) or _stem(folded, folded, lang)
        if len(folded) >= shortest.get(found, 99):
            return (folded,)
    for at in range(len(folded) - 3, 1, -1):
        if folded[:at] in heads:
            for link in LINKS[lang]:
                if folded.startswith(link, at) and (rest := _split(folded[at + len(link) :], lang)):
                    return (folded[:at], *rest)
    return ()


@cache
def _stemmer(lang: str) -> Callable[[str], str]:
    if lang not in STEMMERS:
        return str
    # Loaded with the first word: it brings all its languages, and most commands stem nothing.
    import snowballstemmer  # type: ignore[import-untyped]

    made = snowballstemmer.stemmer(STEMMERS[lang])
    lock = threading.Lock()  # A Snowball stemmer keeps the word that it works on in itself.

    def stem_one(word: str) -> str:
        with lock:
            return str(made.stemWord(word))

    return stem_one


@cache
def _irregular(lang: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    known: dict[str, str] = {}
    endings: list[tuple[str, str]] = []
    for line in _lines(f"irregular.{lang}.txt"):
        lemma, colon, rest = line.partition(":")
        if not colon:
            continue
        if lemma.startswith("-"):
            endings.append((lemma[1:], rest.strip()))
        else:
            known |= {fold(form): lemma for form in rest.split()}
    return known, endings


@cache
def _exact(lang: str) -> dict[str, str]:
    pairs = (line.split("=", 1) for line in _lines(f"irregular.{lang}.txt") if "=" in line)
    return {fold(form): fold(stem.strip()) for stem, forms in pairs for form in forms.split()}


@cache
def _surfaces(lang: str) -> dict[str, str]:
    words = [word for line in _lines(f"compounds.{lang}.txt") for word in line.split()] if lang in LINKS else []
    return {fold(word): word for word in words}


@cache
def _compounds(lang: str) -> tuple[dict[str, str], dict[str, int]]:
    """Return the stem of each part, and how long a part with it is at least: "lung" is no "Lunge"."""
    heads = {folded: _stem(word, folded, lang) for folded, word in _surfaces(lang).items()}
    shortest: dict[str, int] = {}
    for word, found in heads.items():
        shortest[found] = min(len(word), shortest.get(found, 99))
    return heads, shortest


@cache
def _stop_words(lang: str) -> frozenset[str]:
    pairs = (line.split(":", 1) for line in _lines("stopwords.txt"))
    return frozenset(fold(word) for name, rest in pairs if name == lang for word in rest.split())


def _lines(name: str) -> Iterator[str]:
    file = files("cms.localize.data") / name
    if file.is_file():
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                yield line.strip()
