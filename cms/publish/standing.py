"""Whether a version of a document that was served once is the one that is served now, and what is in its place."""

from dataclasses import dataclass

from cms.publish import events
from cms.publish.signing_keys import Signature
from cms.store import Database

# `renewed`: its text is the one that is served, with a later moment by which to fetch it again.
CURRENT, RENEWED, SUPERSEDED, WITHDRAWN, UNPUBLISHED = "current", "renewed", "superseded", "withdrawn", "unpublished"
STATES = (CURRENT, RENEWED, SUPERSEDED, WITHDRAWN, UNPUBLISHED)


@dataclass(frozen=True)
class Standing:
    """How a version stands; `slug` is where its entry is served now, `etag` the SHA-256 of what is there instead."""

    state: str
    slug: str
    etag: str


def of(db: Database, version: Signature) -> Standing:
    """Return how a version stands, by what is served of its entry in its locale."""
    rows = db.query(
        "select slug, status, etag, seq from document where entry = ? and locale = ? and status <> 301",
        [version.entry, version.locale],
    )
    for row in rows:
        if row["status"] != 200:
            # The notice of a withdrawal is itself a document: what it stands for is withdrawn.
            return Standing(WITHDRAWN, row["slug"], "" if row["etag"] == version.digest else row["etag"])
        if row["etag"] == version.digest:
            return Standing(CURRENT, row["slug"], "")
        # What came after the event that told of the text last has the same text.
        is_older = version.seq < events.renewed(db, row["seq"])
        return Standing(SUPERSEDED if is_older else RENEWED, row["slug"], row["etag"])
    return Standing(UNPUBLISHED, "", "")
