"""Cut content into segments: its translatable values, each known by the hash of its source text. Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cms.content import walk
from cms.content.blocks import is_critical
from cms.content.types import Type


@dataclass(frozen=True)
class Segment:
    """One translatable value. `block` is the id of the top-level block around it, empty for a field."""

    path: str
    source: str
    source_hash: str
    block: str
    critical: bool


def source_hash(text: str) -> str:
    """Return the SHA-256 of a source text as hex; text is hashed as stored, which is NFC and without outer space."""
    return hashlib.sha256(text.encode()).hexdigest()


def cut(kind: Type, content: Mapping[str, Any]) -> list[Segment]:
    """Return the segments of some content, in reading order."""
    return [
        Segment(
            path=leaf.path,
            source=leaf.value,
            source_hash=source_hash(leaf.value),
            block=leaf.block["id"] if leaf.block else "",
            critical=bool(leaf.block) and is_critical(leaf.block or {}),
        )
        for leaf in walk.leaves(kind.schema, content)
        if leaf.field.metadata.get("translatable") and leaf.value
    ]
