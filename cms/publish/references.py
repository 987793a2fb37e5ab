"""Who embeds whom, as of the live revisions."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from cms.content import walk
from cms.content.fields import Inline, Ref
from cms.content.types import Type
from cms.store import Database

TOPICS = "topics"  # the field by which an entry says what it is about
ENTRY_LINK = re.compile(r"\(entry:([0-9a-f-]{36})")


def targets(kind: Type, content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (field, entry id) of everything that this content embeds or links to."""
    for leaf in walk.leaves(kind.schema, content):
        if isinstance(leaf.field, Ref) and leaf.value:
            yield leaf.path.partition(".")[0], leaf.value
        elif isinstance(leaf.field, Inline):
            for found in ENTRY_LINK.findall(leaf.value):
                yield "link", found


def record(db: Database, entry: str, found: Iterable[tuple[str, str]], name: str = "reference") -> None:
    """Replace what is known of an entry's references, as (field, entry id), in the table of that name."""
    table = db.table(name)
    known = {(row["field"], row["target"]) for row in table.rows_where("entry = ?", [entry])}
    wanted = set(found)
    for field, target in sorted(known - wanted):
        table.delete_where("entry = ? and field = ? and target = ?", [entry, field, target])
    for field, target in sorted(wanted - known):
        table.insert({"entry": entry, "field": field, "target": target})


def about(topics: Collection[str]) -> tuple[str, list[str]]:
    """Return the condition on `entry` that it names one of these topics, with its values."""
    marks = ", ".join("?" for _ in topics)
    return f"entry in (select entry from reference where target in ({marks}) and field = ?)", [*topics, TOPICS]


def mark_pending(db: Database, target: str, seq: int) -> None:
    """Note that all that embeds `target` must be rendered again."""
    db.execute(
        "insert into pending (entry, seq) select distinct entry, ? from reference where target = ?"
        " on conflict (entry) do nothing",
        [seq, target],
    )
