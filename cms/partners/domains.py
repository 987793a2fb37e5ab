"""Domains: the names under which a partner shows pages. It asks no name server."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from cms.content.fields import Text, fault

LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
MAX_DOMAIN = 253  # RFC 1035, section 3.1


class Domain(Text):
    """A domain (`example.org`), kept as the name servers write it: in small letters, and in ASCII (RFC 5890)."""

    max_length = MAX_DOMAIN

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        return ascii_form(text) if text else text

    def _check(self, text: str) -> None:
        if not text:
            return
        labels = ascii_form(text).split(".")
        usable = all(map(LABEL.fullmatch, labels)) and (len(labels) > 1 or labels == ["localhost"])
        if not usable or len(ascii_form(text)) > MAX_DOMAIN:
            raise fault("not_a_domain", value=text[:80])


def ascii_form(name: str) -> str:
    """Return a domain as name servers write it; what cannot be one is empty."""
    try:
        return name.lower().removesuffix(".").encode("idna").decode()
    except UnicodeError:
        return ""


def is_below(url: str, domains: Iterable[str]) -> bool:
    """Tell whether an address on the web is at one of these domains, or at a name below one."""
    try:
        host = ascii_form(urlsplit(url).hostname or "")
    except ValueError:
        return False
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)
