"""Plain text as inline Markdown that reads back as it was pasted; web and mail addresses become links."""

import re

SPECIAL = re.compile(r"[\\`*_\[\]<]|~~|&(?=#?\w+;)")
ADDRESS = re.compile(
    r"(?<![\w@./:])(?:(?P<mail>[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<url>(?:https?://|www\.)[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+))"
)
LONGEST = 2_000
AFTER = ".,;:!?'\"…’”"
PLAIN_MAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.[A-Za-z]{2,}")
PLAIN_URL = re.compile(
    r"(?:https?://)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.[A-Za-z]{2,}(?::\d{2,5})?(?:[/?#].*)?"
)


def markdown(text: str) -> str:
    """Return inline Markdown that shows exactly `text`."""
    parts, position = [], 0
    for start, end, target in addresses(text):
        parts.append(escaped(text[position:start]))
        parts.append(f"[{escaped(text[start:end])}]({target})")
        position = end
    return "".join([*parts, escaped(text[position:])])


def escaped(text: str) -> str:
    """Return `text` with everything escaped that Markdown would read as markup."""
    return SPECIAL.sub(lambda found: "".join("\\" + char for char in found.group()), text)


def addresses(text: str) -> list[tuple[int, int, str]]:
    """Return start, end and link target of every unambiguous web or mail address in `text`."""
    found = []
    for match in ADDRESS.finditer(text):
        if len(match.group()) > LONGEST:
            continue
        shown = _trimmed(match.group())
        if target := _target(shown, is_mail=match["mail"] is not None):
            found.append((match.start(), match.start() + len(shown), target))
    return found


def _trimmed(address: str) -> str:
    while address and (address[-1] in AFTER or (address[-1] == ")" and address.count(")") > address.count("("))):
        address = address[:-1]
    return address


def _target(shown: str, *, is_mail: bool) -> str | None:
    if is_mail:
        return f"mailto:{shown}" if PLAIN_MAIL.fullmatch(shown) else None
    if not PLAIN_URL.fullmatch(shown) or re.search(r"[*]|%(?![0-9A-Fa-f]{2})", shown):
        return None
    url = shown if shown.startswith("http") else f"https://{shown}"
    return url.replace("(", "%28").replace(")", "%29")
