"""Ways to reach somebody that a line names: telephone, e-mail, web address, contact form."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import phonenumbers
from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatch, PhoneNumberMatcher

from cms.content.plaintext.cues import cues
from cms.content.plaintext.inline import ADDRESS, PLAIN_MAIL, addresses

REGION = "NL"
# Numbers that not every telephone reaches, or that cost extra: an editor should see them.
SHARED = re.compile(r"\+31(?:800|900|906|909|14)")
# A domain without www is a website only where nothing else can be meant, so not in running text.
BARE_DOMAIN = re.compile(
    r"(?<![@\w.-])[a-z0-9-]+(?:\.[a-z0-9-]+){0,3}\.(?:nl|be|com|org|net|eu|de|fr|info|care|health)(?![\w.-]\w)(?:/\S*)?",
    re.IGNORECASE,
)
# Ten digits in groups, so that no account or registration number is taken for a telephone.
DUTCH = re.compile(r"(?:\+31\s?(?:\(0\))?\s?|\(?0)(?:[1-9])(?=(?:[\s().–-]*\d){8}$)\d{0,2}\)?\s?[\s–-]\s?[\d\s-]+")
ACCOUNT = re.compile(r"[A-Z]{4} ?$")
WORD = re.compile(r"[\w'’-]*\w[\w'’-]*")


@dataclass(frozen=True)
class Channels:
    """The ways to reach somebody that one line names, and the words around them in lower case."""

    phones: tuple[str, ...]
    mails: tuple[str, ...]
    urls: tuple[str, ...]
    form: bool
    words: tuple[str, ...]

    @property
    def found(self) -> bool:
        """Tell whether the line names any way at all."""
        return bool(self.phones or self.mails or self.urls or self.form)


def channels(text: str) -> Channels:
    """Return the ways to reach somebody that `text` names; public numbers such as 112 are not among them."""
    found = addresses(text)
    targets = [target for _, _, target in found]
    rest = _without(text, [(start, end) for start, end, _ in found])
    bare = [match.span() for match in BARE_DOMAIN.finditer(rest)]
    targets += [f"https://{rest[start:end].rstrip('.,;')}" for start, end in bare]
    rest = _without(rest, bare)
    numbers = [match for match in _numbers(rest) if not _is_public(match.raw_string)]
    phones = [phonenumbers.format_number(match.number, PhoneNumberFormat.E164) for match in numbers]
    rest, forms = cues().contact_form.subn(" ", _without(rest, [(match.start, match.end) for match in numbers]))
    return Channels(
        phones=tuple(phones),
        mails=tuple(target.removeprefix("mailto:") for target in targets if target.startswith("mailto:")),
        urls=tuple(target for target in targets if not target.startswith("mailto:")),
        form=forms > 0,
        words=tuple(word.lower() for word in WORD.findall(rest)),
    )


def mail_domains(texts: Iterable[str]) -> list[str]:
    """Return the domains of all e-mail addresses, those of free mail left out."""
    mails = [match["mail"] for text in texts for match in ADDRESS.finditer(text) if match["mail"]]
    domains = [mail.rpartition("@")[2].lower() for mail in mails if PLAIN_MAIL.fullmatch(mail)]
    return [domain for domain in domains if not is_free_mail(domain)]


def is_free_mail(domain: str) -> bool:
    """Tell whether anybody can have an address at this domain."""
    return domain.partition(".")[0] in cues().free_mail


def web_domain(url: str) -> str:
    """Return the domain of a web address without www."""
    return re.sub(r"^https?://(?:www\.)?|[/:?#].*$", "", url.lower())


def web_path(url: str) -> str:
    """Return what comes after the domain of a web address."""
    return re.sub(r"^https?://[^/]*", "", url.lower())


def _numbers(text: str) -> list[PhoneNumberMatch]:
    """Return valid numbers, and those of nobody that are only written like one ("06 - 00 00 00 00")."""
    valid = list(PhoneNumberMatcher(text, REGION, leniency=Leniency.VALID))
    taken = {position for match in valid for position in range(match.start, match.end)}
    written = [
        match
        for match in PhoneNumberMatcher(text, REGION, leniency=Leniency.POSSIBLE)
        if match.number.country_code == 31
        and DUTCH.fullmatch(match.raw_string)
        and match.start not in taken
        and not ACCOUNT.search(text[: match.start])
    ]
    return sorted([*valid, *written], key=lambda match: match.start)


def _is_public(number: str) -> bool:
    return re.sub(r"\D", "", number) in cues().public_numbers


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in reversed(spans):
        text = f"{text[:start]} {text[end:]}"
    return text
