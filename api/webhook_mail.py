"""Mail about a webhook that was disabled: to the partner's contacts, and to those of us who look after partners."""

from collections.abc import Iterator
from threading import Thread

from flask_babel import force_locale, gettext

from api import languages, mail
from api.mail_settings import Mail
from cms.partners import partners, webhooks
from cms.partners.partners import Partner
from cms.people import rights, users
from cms.publish import events, followers
from cms.publish.events import Event
from cms.site import Site
from cms.store import Database, write

FOLLOWER = "webhook_mail"
CHUNK = 200


def follow(settings: Mail, db: Database, site: Site) -> list[Thread]:
    """Send what is to be said of the webhooks that were disabled since; return the threads that send.

    Nobody is told twice, whoever of many workers comes first.
    """
    if followers.position(db, FOLLOWER) >= events.latest(db):
        return []
    with write(db):
        found = events.of_types(db, [webhooks.DISABLED_EVENT], followers.position(db, FOLLOWER), CHUNK)
        followers.move(db, FOLLOWER, found[-1].seq if len(found) == CHUNK else events.latest(db))
    if not found or not mail.can_send(settings):
        return []
    with languages.speaker().app_context():
        written = [letter for event in found for letter in letters(db, site, event)]
    return [mail.send_soon(settings, address, subject, text) for address, subject, text in written]


def letters(db: Database, site: Site, event: Event) -> Iterator[tuple[str, str, str]]:
    """Yield (address, subject, text) of each letter: partners read the site's language, people of ours their own."""
    partner = partners.find(db, event.data["partner"])
    language = site.source_locale if site.source_locale in languages.SPOKEN else languages.SPOKEN[0]
    with force_locale(language):
        for address in partner.contacts:
            yield address, str(gettext("%(site)s cannot reach your webhook", site=site.name)), _to_partner(site, event)
    for user in users.every(db):
        if user.state == "active" and set(user.roles) & rights.ACTIONS["partners.manage"]:
            with force_locale(user.language or language):
                yield (
                    user.email,
                    str(gettext("%(partner)s cannot be reached", partner=partner.name)),
                    _to_us(site, partner, event),
                )


def _to_partner(site: Site, event: Event) -> str:
    lines = [
        gettext("%(site)s tells this webhook nothing any more: %(url)s", site=site.name, url=event.data["url"]),
        _why(event),
        gettext("What happened since is kept. Put it right and enable the webhook: all that it missed then follows."),
        gettext("Meanwhile, ask for changes often yourself: %(url)s", url=f"{site.url}/v1/sync"),
    ]
    return "\n\n".join(lines) + "\n"


def _to_us(site: Site, partner: Partner, event: Event) -> str:
    lines = [
        gettext(
            "A webhook of %(partner)s is told nothing any more: %(url)s", partner=partner.name, url=event.data["url"]
        ),
        _why(event),
        gettext("Its contacts were told by mail.") if partner.contacts else gettext("It has no contacts to be told."),
        f"{site.url}/admin/partners/{partner.id}",
    ]
    return "\n\n".join(lines) + "\n"


def _why(event: Event) -> str:
    if event.data["reason"] == webhooks.GONE:
        return str(gettext("Its server answered that it is gone for good (410)."))
    return str(gettext("Its server has taken no message for three days."))
