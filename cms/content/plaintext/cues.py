"""The words by which text is understood (`cms/content/data/cues.json`), ready for matching in any language."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import chain
from typing import Any

Pattern = re.Pattern[str]
NOTHING = r"(?!)"


@dataclass(frozen=True)
class Cues:
    """The cue words of all languages together; patterns ignore case unless said otherwise."""

    byline: Pattern
    byline_weak: Pattern
    desks: frozenset[str]
    reviewed_by: Pattern
    specialised_in: Pattern
    more_about: Pattern
    both: Pattern
    of_what: Pattern
    roles: Pattern
    particles: frozenset[str]
    titles: frozenset[str]
    suffixes: frozenset[str]
    of_staff: Pattern
    clinic_words: Pattern
    at_clinic: Pattern
    first_person: frozenset[str]
    network_words: Pattern
    network_via: Pattern
    network_member: Pattern
    contact_words: frozenset[str]
    invitation_words: frozenset[str]
    contact_form: Pattern
    link_texts: frozenset[str]
    link_openers: Pattern
    related: frozenset[str]
    table_of_contents: frozenset[str]
    navigation: frozenset[str]
    path_labels: Pattern
    footer: frozenset[str]
    social: frozenset[str]
    dates: Pattern
    dated: Pattern
    filed: Pattern
    reading: Pattern
    picture_credit: Pattern
    sources: Pattern
    inviting_words: frozenset[str]
    reach_clinic: Pattern
    of_others: Pattern
    address_labels: Pattern
    hours_labels: Pattern
    weekdays: tuple[tuple[str, Pattern], ...]
    until: Pattern
    closed: Pattern
    name_marks: frozenset[str]
    is_a: Pattern
    pronouns: Pattern
    role_labels: Pattern
    works_at: Pattern
    questions: Pattern
    answers: Pattern
    openers: Pattern
    urgency: tuple[tuple[str, Pattern], ...]
    public_numbers: frozenset[str]
    free_mail: frozenset[str]


def every_word() -> frozenset[str]:
    """Return every word of the cue file in lower case, for showing what a reading may take as known."""
    return frozenset(
        word.lower()
        for language in _languages()
        for phrases in language.values()
        for phrase in (phrases if isinstance(phrases, list) else chain.from_iterable(phrases.values()))
        for word in re.findall(r"\w+", phrase)
    )


@lru_cache
def cues() -> Cues:
    """Return the cues, read once."""
    of_clinic = f"{_any(_words('staff'))}\\s+{_any(_words('of_clinic'))}\\s+(?:{_any(_words('articles'))}\\s+)?"
    return Cues(
        byline=_start(_words("byline")),
        byline_weak=_start(_words("byline_weak")),
        desks=_set("desks"),
        reviewed_by=_start(_words("reviewed_by")),
        specialised_in=_start(_words("specialised_in")),
        more_about=_start(_words("more_about")),
        both=_compiled(rf"\s+{_any(_words('and'))}\s+"),
        of_what=_whole(_words("of_what")),
        roles=_whole(_words("roles")),
        particles=_set("name_particles"),
        titles=_set("name_titles"),
        suffixes=_set("name_suffixes"),
        of_staff=_compiled(rf"\b{of_clinic}"),
        clinic_words=_whole(_words("clinic_words")),
        at_clinic=_compiled(rf",?\s+{_any(_words('of_clinic'))}\s+(?:{_any(_words('articles'))}\s+)?$"),
        first_person=_set("first_person"),
        # "ParkinsonNet" is a network, "internet" is not: here case matters.
        network_words=re.compile(rf"(?:{_any(_words('network_words'), upper=True)})"),
        network_via=_compiled(rf"\b{_any(_words('network_via'))}\s+$"),
        network_member=_compiled(rf"\b{_any(_words('network_member'))}\s+$"),
        contact_words=_set("contact_words"),
        invitation_words=_set("invitation_words"),
        contact_form=_whole(_words("contact_form")),
        link_texts=_set("link_texts"),
        link_openers=_start(_words("link_openers")),
        related=_set("related"),
        table_of_contents=_set("table_of_contents"),
        navigation=_set("navigation"),
        path_labels=_label(_words("path_labels")),
        footer=_set("footer"),
        social=_set("social"),
        dates=_compiled(
            rf"(?:\w+ )?\d{{1,2}}\.? {_any(_words('months'))}\.?,? \d{{4}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{4}}"
            rf"|{_any(_words('months'))}\.? \d{{1,2}},? \d{{4}}"
        ),
        dated=_start(_words("dated")),
        filed=_start(_words("filed")),
        reading=_compiled(rf"(?:ca\.? )?(?:\d+|geen|no) {_any(_words('reading'))}\.?"),
        picture_credit=_compiled(rf"[\[(]?{_any(_words('picture_credit'))}\s*:.*"),
        sources=_start(_words("sources")),
        inviting_words=_set("inviting_words"),
        reach_clinic=_compiled(rf"\b{_any(_words('reach_clinic'))}\s+(?:{_any(_words('articles'))}\s+)?"),
        # Of others: "Bel de Hersenlijn", where the clinic would say "Bel ons".
        of_others=re.compile(
            rf"(?i:\b{_any(_words('reach_clinic'))}\s+{_any(_words('articles'))})\s+[A-Z]"
            rf"|(?i:\b{_any(_words('reach_clinic'))}\s[^.!?]*?(?<!\w){_any(_words('others'))}(?!\w))"
        ),
        address_labels=_start(_words("address_labels")),
        hours_labels=_start(_words("hours_labels")),
        weekdays=_weekdays(),
        until=_any_of("until"),
        closed=_any_of("closed"),
        name_marks=_set("name_marks"),
        is_a=_compiled(rf"\s+{_any(_words('is_a'))}\s+"),
        pronouns=_start(_words("pronouns")),
        role_labels=_label(_words("role_labels")),
        works_at=_label(_words("works_at")),
        questions=_label(_words("questions")),
        answers=_label(_words("answers")),
        openers=_start(_words("warning_openers")),
        urgency=tuple((level, _urgent(level)) for level in ("emergency", "urgent_today", "see_gp")),
        public_numbers=frozenset(re.sub(r"\D", "", number) for number in _words("public_numbers")),
        free_mail=_set("free_mail"),
    )


@lru_cache
def _languages() -> tuple[dict[str, Any], ...]:
    data = json.loads(files("cms.content.data").joinpath("cues.json").read_text(encoding="utf-8"))
    return tuple(value for value in data.values() if isinstance(value, dict))


def _words(name: str) -> list[str]:
    return [word for language in _languages() for word in language.get(name, ())]


def _set(name: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _words(name))


def _compiled(pattern: str) -> Pattern:
    return re.compile(pattern, re.IGNORECASE)


def _any(words: Iterable[str], *, upper: bool = False) -> str:
    # Longest first, so that "tekst door" wins from "tekst"; `upper` asks for a capital where * stands alone in front.
    longest = sorted(set(words), key=lambda word: (-len(word), word))
    stars = r"[^\W\d_]+" if upper else r"[^\W\d_]*"
    return "(?:" + ("|".join(re.escape(word).replace(r"\*", stars) for word in longest) or NOTHING) + ")"


def _whole(words: Iterable[str]) -> Pattern:
    return _compiled(rf"(?<!\w){_any(words)}(?!\w)")


def _start(words: Iterable[str]) -> Pattern:
    return _compiled(rf"{_any(words)}(?!\w)\s*(?P<colon>[:–-](?!\w))?\s*")


def _any_of(name: str) -> Pattern:
    return _compiled(_any(_words(name)))


def _label(words: Iterable[str]) -> Pattern:
    return _compiled(rf"{_any(words)}\s*:\s*(?=\S)")


def _weekdays() -> tuple[tuple[str, Pattern], ...]:
    named: dict[str, list[str]] = {}
    for language in _languages():
        for day, words in language.get("weekdays", {}).items():
            named.setdefault(day, []).extend(words)
    return tuple((day, _compiled(_any(words))) for day, words in named.items())


def _urgent(level: str) -> Pattern:
    phrases = [phrase for language in _languages() for phrase in language.get("urgency", {}).get(level, ())]
    gap = r"\s+(?:[^\W\d_]+\s+){0,3}?"
    spelled = [gap.join(re.escape(part.strip()) for part in phrase.split("*")) for phrase in phrases]
    return _compiled(rf"(?:{'|'.join(spelled) or NOTHING})(?!\w)(?!\s+{_any(_words('not'))}\b)")
