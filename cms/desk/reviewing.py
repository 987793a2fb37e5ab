"""Say in somebody's name that an entry was reviewed: by whom, in which role, when, and when it is due again.

It changes nothing else, so that a reviewer need not be able to write.
"""

from datetime import datetime
from typing import Any

from cms.content import entries, revisions, saving, types
from cms.content.fields import new_id
from cms.content.saving import Saved
from cms.desk.doing import doing, refuse_archived
from cms.errors import Problem, Refused
from cms.people.rights import Actor
from cms.store import Database

FIELDS = ("reviewers", "last_reviewed", "review_due")


def review(
    db: Database,
    actor: Actor,
    entry: str,
    *,
    reviewer: str,
    role: str,
    date: str,
    review_due: str = "",
    based_on: int,
    now: datetime,
) -> Saved:
    """Save that an author reviewed the entry on a day; an earlier review of the same author and role gets the new day.

    `last_reviewed` is never moved back. Raises Forbidden, Invalid, NotFound, RevisionClash, and Refused for a type
    that is not reviewed or an entry that is archived.
    """
    row = entries.find(db, entry)
    with doing(db, actor, "entry.review", now=now, entry=entry, locale=row.source_locale) as done:
        refuse_archived(db, entry)
        if not set(FIELDS) <= types.find(row.type).schema.fields.keys():
            raise Refused([Problem("", "not_reviewed", {"type": row.type})])
        before = revisions.latest(db, entry)
        said = {"author": reviewer, "role": role, "date": date}
        content = {
            **before.content,
            "reviewers": _with(before.content.get("reviewers", []), said),
            "last_reviewed": max(date, before.content.get("last_reviewed", "")),
            **({"review_due": review_due} if review_due else {}),
        }
        saved = saving.save(
            db, entry, content, based_on=based_on, by=actor.name, now=now, update_type="minor", note="review"
        )
        done.nothing_done = not saved.changed
        done.before = {name: before.content.get(name) for name in FIELDS[1:]}
        done.after = {"revision": saved.revision.number, **said, "review_due": review_due}
        return saved


def _with(reviewers: list[dict[str, Any]], said: dict[str, str]) -> list[dict[str, Any]]:
    same = [each for each in reviewers if (each["author"], each["role"]) == (said["author"], said["role"])]
    if same:
        return [{**each, "date": max(each["date"], said["date"])} if each in same else each for each in reviewers]
    return [*reviewers, {"id": new_id("r"), **said}]
