"""Mail about recalls: to a partner's contacts, and to those of us who look after partners when one is late.

It follows the events of recalls, so that nobody is left out or told twice, whoever opened or looked at a recall.
"""

from collections.abc import Iterator
from threading import Thread
from typing import NamedTuple

import structlog
from flask_babel import force_locale, gettext

from api import languages, mail
from api.mail_settings import Mail
from cms.partners import recalls
from cms.partners.recalls import Called, Recall
from cms.people import rights, users
from cms.publish import events, followers
from cms.site import Site
from cms.store import Database, write

FOLLOWER = "recall_mail"
KINDS = (recalls.OPENED, recalls.REMINDER, recalls.OVERDUE)
CHUNK = 200

log = structlog.get_logger()


class Notice(NamedTuple):
    """That a partner is to be told of a recall: one of KINDS."""

    kind: str
    recall: Recall
    called: Called


def follow(settings: Mail, db: Database, site: Site) -> list[Thread]:
    """Send what is to be said of the recalls that happened since; return the threads that send."""
    if followers.position(db, FOLLOWER) >= events.latest(db):
        return []
    with write(db):
        found = events.of_types(db, KINDS, followers.position(db, FOLLOWER), CHUNK)
        followers.move(db, FOLLOWER, found[-1].seq if len(found) == CHUNK else events.latest(db))
        told = [
            Notice(
                event.type,
                recalls.find(db, event.data["recall"]),
                recalls.of_partner(db, event.data["recall"], event.data["partner"]),
            )
            for event in found
        ]
    for notice in told:
        log.info("recall", kind=notice.kind, recall=notice.recall.id, partner=notice.called.partner)
    if not told or not mail.can_send(settings):
        return []
    with languages.speaker().app_context():
        written = [letter for notice in told for letter in letters(db, site, notice)]
    return [mail.send_soon(settings, address, subject, text) for address, subject, text in written]


def letters(db: Database, site: Site, notice: Notice) -> Iterator[tuple[str, str, str]]:
    """Yield (address, subject, text) of each letter: partners read the site's language, people of ours their own.

    Who has acknowledged meanwhile is told nothing more.
    """
    if notice.called.acknowledged_at:
        return
    language = site.source_locale if site.source_locale in languages.SPOKEN else languages.SPOKEN[0]
    with force_locale(language):
        for address in notice.called.contacts:
            yield address, _subject(notice), _to_partner(site, notice)
    if notice.kind != recalls.OVERDUE:
        return
    for user in users.every(db):
        if user.state == "active" and set(user.roles) & rights.ACTIONS["partners.manage"]:
            with force_locale(user.language or language):
                yield user.email, _subject(notice), _to_us(site, notice)


def _subject(notice: Notice) -> str:
    title = notice.recall.title
    if notice.recall.drill:
        said = gettext("Exercise of a recall: %(title)s", title=title)
    elif notice.kind == recalls.OPENED:
        said = gettext("Recall: take down “%(title)s”", title=title)
    elif notice.kind == recalls.REMINDER:
        said = gettext("Reminder of a recall: take down “%(title)s”", title=title)
    else:
        said = gettext("A recall is overdue: “%(title)s”", title=title)
    return str(said)


def _to_partner(site: Site, notice: Notice) -> str:
    recall, called = notice.recall, notice.called
    lines = [
        gettext("%(site)s has withdrawn this for safety: %(title)s", site=site.name, title=recall.title)
        if not recall.drill
        else gettext("This is an exercise; nothing was withdrawn: %(title)s", title=recall.title),
        gettext("Languages: %(locales)s", locales=", ".join(recall.locales)),
        gettext("Why: %(explanation)s", explanation=recall.explanation),
        gettext("Take it down everywhere, and acknowledge it by %(deadline)s (UTC).", deadline=_moment(called)),
        f"{site.url}/v1/partner/recalls/{recall.id}",
    ]
    return "\n\n".join(lines) + "\n"


def _to_us(site: Site, notice: Notice) -> str:
    recall, called = notice.recall, notice.called
    held = ", ".join(f"{each.locale} {each.revision}" for each in called.holds) or "-"
    lines = [
        gettext("%(partner)s has not acknowledged a recall in its time.", partner=called.partner_name),
        gettext("What was withdrawn: %(title)s", title=recall.title),
        gettext("Versions that it was given: %(held)s", held=held),
        gettext("It was due at %(deadline)s (UTC).", deadline=_moment(called)),
        f"{site.url}/admin/recalls/{recall.id}",
    ]
    return "\n\n".join(lines) + "\n"


def _moment(called: recalls.Called) -> str:
    return called.deadline_at[:16].replace("T", " ")
