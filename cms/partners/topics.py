"""The topics that partners and webhooks are limited to, when a topic becomes part of another. It merges nothing."""

import orjson

from cms.store import Database, write


def merge(db: Database, gone: str, kept: str) -> int:
    """Let whoever was limited to a topic be limited to the one that it became part of; return how many that were."""
    changed = 0
    with write(db):
        for name in ("partner", "webhook"):
            table = db.table(name)
            for row in list(table.rows_where(select="id, topics")):
                topics = orjson.loads(row["topics"])
                if gone in topics:
                    merged = list(dict.fromkeys(kept if topic == gone else topic for topic in topics))
                    table.update(row["id"], {"topics": orjson.dumps(merged).decode()})
                    changed += 1
    return changed
