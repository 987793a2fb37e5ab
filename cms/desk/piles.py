"""Things to do of one kind: how many there are, and the first of them."""

from dataclasses import dataclass

SHOWN = 10


@dataclass(frozen=True)
class Item:
    """One thing to do: an entry, in a locale where it is about one; or what has the `id`, a recall or a webhook.

    `since` is since when, or when it is due; `count` how many segments, partners or messages it is about; `note` the
    action of a task, or the error code of one that failed, or who made a change, or the address of a webhook, or that a
    recall is a drill.
    """

    entry: str
    type: str
    title: str
    locale: str = ""
    since: str = ""
    count: int = 0
    note: str = ""
    id: str = ""


@dataclass(frozen=True)
class Pile:
    """Things of one kind: how many there are, and the first of them."""

    total: int = 0
    items: tuple[Item, ...] = ()


NONE = Pile()
