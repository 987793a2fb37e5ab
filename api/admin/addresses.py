"""Where things of the content are found in the admin. It knows no pages, so that each may point at every other."""

from urllib.parse import quote, urlencode

from flask import request

TRANSLATIONS = "/admin/translations"


def entry(id: str) -> str:
    """Return the page on which an entry is edited."""
    return f"/admin/entries/{quote(id)}"


def translation(id: str, locale: str) -> str:
    """Return the page on which an entry is translated into a locale."""
    return f"/admin/entries/{quote(id)}/translate/{quote(locale)}"


def new(plural: str) -> str:
    """Return the page on which an entry of a type is begun."""
    return f"/admin/{quote(plural)}/new"


def table(plural: str, **filters: str) -> str:
    """Return the table of a type, with these filters set."""
    asked = urlencode({name: value for name, value in filters.items() if value})
    return f"/admin/{quote(plural)}{'?' if asked else ''}{asked}"


def here(**changes: str | int | None) -> str:
    """Return the address of this page with some parameters changed; None takes one away."""
    asked = {**request.args.to_dict(), **changes}
    query = urlencode({name: value for name, value in asked.items() if value not in (None, "")})
    return f"{request.path}?{query}" if query else request.path
