"""The clock's part in currency: say anew by when to fetch documents again, and what has become of their reviews."""

from datetime import datetime

from cms.errors import TolkError
from cms.publish import currency
from cms.publish.refresh import refresh
from cms.site import Site
from cms.store import Database, write


def keep(db: Database, site: Site, now: datetime, limit: int = 500) -> int:
    """Make the documents of entries again that are due, each entry in a write of its own; return how many were done.

    One that cannot be made keeps no other from it: what it fails with is raised when the rest is done.
    """
    done, failed = 0, None
    for entry in currency.due(db, site, now, limit):
        try:
            with write(db):
                refresh(db, site, entry, now, anew=True)
            done += 1
        except TolkError as error:
            failed = error
    if failed:
        raise failed
    return done
