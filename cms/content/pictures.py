"""What is known of the pictures that content shows: the sizes that they are kept in, and what matters in them.

It knows not how they came here: `cms.desk.pictures` takes them in.
"""

from collections.abc import Collection, Mapping
from typing import Any

import orjson
from marshmallow import Schema

from cms.content import walk
from cms.content.fields import Link
from cms.content.types import Type
from cms.store import Database

Sizes = Mapping[str, Any]


def is_picture(schema: Schema) -> bool:
    """Tell whether a schema describes a picture: what has a `src` that may be a path on this site."""
    src = schema.fields.get("src")
    return isinstance(src, Link) and src.local


def sources(kind: Type, content: Mapping[str, Any]) -> set[str]:
    """Return the paths on this site that some content shows pictures from. Pure."""
    return {
        leaf.value
        for leaf in walk.leaves(kind.schema, content)
        if isinstance(leaf.field, Link) and leaf.field.local and leaf.value.startswith("/")
    }


def sizes(db: Database, found: Collection[str]) -> dict[str, Sizes]:
    """Return what documents say of uploaded pictures, by path: `width`, `height`, `focus` and `renditions`."""
    if not found:
        return {}
    rows = db.query(
        "select src, width, height, focus_x, focus_y, renditions from picture"
        f" where src in ({', '.join('?' for _ in found)})",
        sorted(found),
    )
    return {
        row["src"]: {
            "width": row["width"],
            "height": row["height"],
            "focus": {"x": row["focus_x"], "y": row["focus_y"]},
            "renditions": orjson.loads(row["renditions"]),
        }
        for row in rows
    }


def showing(db: Database, src: str) -> list[str]:
    """Return the entries whose live documents show a picture. It looks through all that is live."""
    rows = db.query(
        "select distinct e.entry from edition e join revision r on r.entry = e.entry and r.number = e.revision"
        " where e.until = '' and e.state = 'published' and replace(r.content, ?, '') <> r.content order by e.entry",
        [src],
    )
    return [row["entry"] for row in rows]
