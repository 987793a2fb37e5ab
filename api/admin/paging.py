"""The way through a long list: which page is shown, and the addresses of those beside it."""

from dataclasses import dataclass

from flask_babel import gettext

from api.admin import addresses
from api.admin.moments import number


@dataclass(frozen=True)
class Pages:
    """The addresses of the pages before and after, empty where there is none, and which is shown, in words."""

    previous: str
    next: str
    said: str


def pages(shown: int, size: int, total: int) -> Pages:
    """Return the way from page `shown` of a list of `total` things, `size` to a page."""
    last = max(1, -(-total // size))
    return Pages(
        addresses.here(page=shown - 1 if shown > 2 else None) if shown > 1 else "",
        addresses.here(page=shown + 1) if shown < last else "",
        gettext("Page %(shown)s of %(last)s", shown=number(shown), last=number(last)),
    )
