"""What the codes of the library are called on the pages of the admin. Errors and faults are worded in `api.wording`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, ngettext

from cms.content.types import Type
from cms.desk.board import BoardLocale


def _(text: str) -> str:
    """Mark a text for translation; it is translated when it is said."""
    return text


HOME = _("Home")
TRANSLATIONS = _("Translations")
GLOSSARY = _("Glossary")
# What only some may open: the right it takes, its name, its page and its picture.
RUN = (
    ("people.manage", _("People"), "admin.people.show", "people"),
    ("keys.manage", _("Keys"), "admin.keys.show", "key"),
    ("partners.manage", _("Partners"), "admin.partners.show", "link"),
    ("recall.manage", _("Recalls"), "admin.recalls.show", "warn"),
    ("audit.read", _("Audit log"), "admin.audit.show", "audit"),
)

PLURALS = {
    "articles": _("Articles"),
    "authors": _("Authors"),
    "clinics": _("Clinics"),
    "topics": _("Topics"),
}
SINGULARS = {"article": _("Article"), "author": _("Author"), "clinic": _("Clinic"), "topic": _("Topic")}
NEW = {
    "article": _("New article"),
    "author": _("New author"),
    "clinic": _("New clinic"),
    "topic": _("New topic"),
}

ROLES = {
    "administrator": _("Administrator"),
    "editor": _("Editor"),
    "translator": _("Translator"),
    "reviewer": _("Medical reviewer"),
    "partner_manager": _("Partner manager"),
}
ROLE_HINTS = {
    "administrator": _("Everything, with people, keys and the audit log."),
    "editor": _("Writes and publishes the source and its translations."),
    "translator": _("Translates into their own languages."),
    "reviewer": _("Approves advice and translations, and withdraws what is wrong."),
    "partner_manager": _("Looks after the sites that take the content over."),
}
THEMES = {"auto": _("As the device"), "light": _("Light"), "dark": _("Dark")}

# Rights, and what the audit tells; of whatever has no words here the code is shown.
ACTIONS = {
    "audit.read": _("Read the audit log"),
    "entry.archive": _("Archive content"),
    "entry.create": _("Create content"),
    "entry.import": _("Import text"),
    "entry.merge": _("Merge duplicates"),
    "entry.publish": _("Publish"),
    "entry.read": _("Read content"),
    "entry.review": _("Review content"),
    "entry.save": _("Save content"),
    "entry.schedule": _("Schedule"),
    "entry.unpublish": _("Unpublish"),
    "entry.withdraw": _("Withdraw"),
    "glossary.save": _("Change the glossary"),
    "delivery.replay": _("Messages sent again"),
    "key.make": _("Key made"),
    "key.revoke": _("Key revoked"),
    "keys.manage": _("Manage keys"),
    "own.change": _("Own profile changed"),
    "partner.add": _("Partner added"),
    "partner.change": _("Partner changed"),
    "partner.resume": _("Partner let in again"),
    "partner.suspend": _("Partner suspended"),
    "partner_key.make": _("Key of a partner made"),
    "partner_key.revoke": _("Key of a partner revoked"),
    "partner_page.put": _("Page of a partner noted"),
    "partner_page.remove": _("Page of a partner forgotten"),
    "partners.manage": _("Manage partners"),
    "recall.manage": _("Manage recalls"),
    "passkey.add": _("Passkey added"),
    "passkey.remove": _("Passkey removed"),
    "password.set": _("Password set"),
    "people.manage": _("Manage people"),
    "picture.upload": _("Upload a picture"),
    "recovery_codes.make": _("Recovery codes made"),
    "secret.rotate": _("Secrets made anew"),
    "signing_key.revoke": _("Signing key revoked"),
    "signing_key.rotate": _("Signing key made"),
    "session.close_all": _("Signed out everywhere"),
    "session.open": _("Signed in"),
    "totp.off": _("Authenticator turned off"),
    "totp.on": _("Authenticator turned on"),
    "translation.approve": _("Approve translations"),
    "translation.export": _("Export translations"),
    "translation.import": _("Import translations"),
    "translation.machine": _("Have a machine translate"),
    "translation.publish": _("Publish a translation"),
    "translation.read": _("Read translations"),
    "translation.save": _("Save translations"),
    "translation.unpublish": _("Unpublish a translation"),
    "translation.waive": _("Waive a warning"),
    "webhook.add": _("Webhook added"),
    "webhook.change": _("Webhook changed"),
    "webhook.disable": _("Webhook disabled"),
    "webhook.enable": _("Webhook enabled"),
    "webhook.ping": _("Webhook tried"),
    "webhook.remove": _("Webhook removed"),
    "webhook.rotate": _("Secret of a webhook made anew"),
    "user.add": _("Person added"),
    "user.change": _("Person changed"),
    "user.reset": _("Link to set a password made"),
    "user.reset_second_factor": _("Second factor taken away"),
}
EVENTS = {
    "edition.published": _("Published"),
    "edition.moved": _("Moved to another address"),
    "edition.updated": _("Brought up to date"),
    "edition.unpublished": _("Taken offline"),
    "edition.withdrawn": _("Withdrawn"),
    "edition.renewed": _("Renewed without a change"),
    "edition.overdue": _("Review overdue"),
    "edition.expired": _("Review long overdue: not to be shown"),
    "translation.stale": _("Translation outdated"),
    "translation.stale.critical": _("Critical advice outdated in a translation"),
    "recall.opened": _("Recall"),
    "recall.reminder": _("Reminder of a recall"),
    "recall.overdue": _("Recall overdue"),
    "recall.closed": _("Recall closed"),
    "webhook.disabled": _("Webhook disabled"),
    "webhook.ping": _("Message to try it"),
}
WHY_DISABLED = {
    "asked": _("Somebody disabled it."),
    "gone": _("Its server said that there is nothing at this address any more (410)."),
    "failing": _("It failed for days, however often it was tried."),
}
INDEXING = {
    "noindex": _("They may not find them"),
    "canonical": _("They may, as copies: each page names ours as the original"),
    "index": _("They may find them as pages of their own"),
}
WAYS = {
    "item": _("Single documents"),
    "list": _("Lists"),
    "sync": _("Sync"),
    "feed": _("Feeds"),
    "embed": _("Frames"),
    "webhook": _("Webhooks"),
}
HOWS = {"api": _("By its program"), "sync": _("By sync"), "person": _("By word of mouth")}
ACTOR_KINDS = {"person": _("Person"), "key": _("Key"), "operator": _("Command line"), "partner": _("Partner")}
TASKS = {"publish": _("Publish"), "unpublish": _("Unpublish")}

# Told apart in this order: most browsers also call themselves by the names of others.
BROWSERS = (
    ("Edg/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip

# The badges: what is shown, its colour and its picture; none relies on colour alone.
BADGES: Mapping[str, tuple[str, str, str]] = {
    "live.published": (_("Published"), "good", "live"),
    "live.changed": (_("Newer draft"), "info", "edit"),
    "live.draft": (_("Draft"), "quiet", "edit"),
    "live.unpublished": (_("Not published"), "quiet", "edit"),
    "live.scheduled": (_("Scheduled"), "info", "clock"),
    "live.withdrawn": (_("Withdrawn"), "bad", "stop"),
    "live.superseded": (_("Superseded"), "quiet", "clock"),
    "live.archived": (_("Archived"), "quiet", "archive"),
    "state.draft": (_("Draft"), "quiet", "edit"),
    "state.needs_review": (_("To be reviewed"), "info", "eye"),
    "state.approved": (_("Approved"), "good", "check"),
    "freshness.source": (_("Source"), "quiet", "edit"),
    "freshness.current": (_("Current"), "good", "check"),
    "freshness.stale": (_("Outdated"), "warn", "clock"),
    "freshness.missing": (_("Missing"), "warn", "gap"),
    "urgency.none": (_("No urgency"), "quiet", "gap"),
    "urgency.see_gp": (_("See your doctor"), "info", "info"),
    "urgency.urgent_today": (_("Urgent today"), "warn", "warn"),
    "urgency.emergency": (_("Emergency"), "bad", "warn"),
    "critical.yes": (_("Critical"), "bad", "warn"),
    "origin.human": (_("By a person"), "quiet", "people"),
    "origin.machine": (_("By a machine"), "info", "machine"),
    "origin.memory": (_("From memory"), "quiet", "archive"),
    "origin.import": (_("From a file"), "quiet", "archive"),
    "person.active": (_("Active"), "good", "check"),
    "person.disabled": (_("Disabled"), "quiet", "stop"),
    "key.active": (_("Active"), "good", "check"),
    "key.expired": (_("Expired"), "quiet", "clock"),
    "key.revoked": (_("Revoked"), "bad", "stop"),
    "partner.active": (_("Active"), "good", "check"),
    "partner.suspended": (_("Suspended"), "bad", "stop"),
    "webhook.active": (_("Active"), "good", "check"),
    "webhook.disabled": (_("Disabled"), "bad", "stop"),
    "delivery.waiting": (_("Waiting"), "info", "clock"),
    "delivery.sending": (_("On its way"), "info", "clock"),
    "delivery.held": (_("Held back"), "warn", "clock"),
    "delivery.delivered": (_("Delivered"), "good", "check"),
    "delivery.failed": (_("Failed"), "bad", "stop"),
    "delivery.dropped": (_("Dropped"), "quiet", "gap"),
    "recall.open": (_("Open"), "bad", "warn"),
    "recall.running": (_("Under way"), "warn", "clock"),
    "recall.drill": (_("Exercise"), "info", "info"),
    "recall.closed": (_("Closed"), "good", "check"),
    "called.acknowledged": (_("Acknowledged"), "good", "check"),
    "called.waiting": (_("Waiting"), "warn", "clock"),
    "called.overdue": (_("Overdue"), "bad", "warn"),
    "finding.error": (_("Error"), "bad", "stop"),
    "finding.warning": (_("Warning"), "warn", "warn"),
    "review.overdue": (_("Review overdue"), "bad", "warn"),
    "review.due": (_("Review due"), "warn", "clock"),
    "task.failed": (_("Failed"), "bad", "stop"),
    "term.preferred": (_("Preferred"), "good", "check"),
    "term.forbidden": (_("Forbidden"), "bad", "stop"),
    "term.keep": (_("Keep as it is"), "info", "info"),
}


def said(text: str, **values: Any) -> str:
    """Return a text of this module in the reader's language."""
    return str(gettext(text, **values))


def plural(kind: Type) -> str:
    """Return what the entries of a type are called together, in the reader's language; one's own by its own name."""
    return said(PLURALS.get(kind.plural) or kind.plural.replace("_", " ").capitalize())


def singular(name: str) -> str:
    """Return what one entry of a type is called, in the reader's language."""
    return said(SINGULARS[name]) if name in SINGULARS else name.replace("_", " ").capitalize()


def badge(kind: str, value: str) -> tuple[str, str, str]:
    """Return the words, colour and picture of a badge; an unknown value shows as it is."""
    label, tone, icon = BADGES.get(f"{kind}.{value}", (value, "quiet", "info"))
    return said(label) if f"{kind}.{value}" in BADGES else label, tone, icon


def one_of(named: Mapping[str, str], name: str) -> str:
    """Return what a code is called in one of the tables of this module; one that has no words shows itself."""
    return said(named[name]) if name in named else name


def event(name: str) -> str:
    """Return what an event is called of which partners are told."""
    return one_of(EVENTS, name)


def role(name: str) -> str:
    """Return what a role is called, in the reader's language."""
    return said(ROLES[name]) if name in ROLES else name


def new(name: str) -> str:
    """Return the words for beginning an entry of a type."""
    return said(NEW[name]) if name in NEW else said(_("New: %(what)s"), what=singular(name))


def action(name: str) -> str:
    """Return what a right, or a line of the audit, is called; one that has no words shows its code."""
    return said(ACTIONS[name]) if name in ACTIONS else name


def task(name: str) -> str:
    """Return what a scheduled task will do."""
    return said(TASKS[name]) if name in TASKS else name


def actor_kind(name: str) -> str:
    """Return what kind of actor did something."""
    return said(ACTOR_KINDS[name]) if name in ACTOR_KINDS else name


@dataclass(frozen=True)
class Translated:
    """How an entry stands in a locale: in words, a colour and a picture."""

    said: str
    tone: str
    icon: str


def translated(at: BoardLocale) -> Translated:
    """Return how an entry stands in a locale; what could harm is said first."""
    shown = at.state == "published"
    if at.state == "withdrawn":
        return Translated(said(_("withdrawn")), "bad", "stop")
    if at.critical and shown:
        return Translated(said(_("critical advice is behind")), "bad", "warn")
    if at.stale:
        number = at.stale
        return Translated(ngettext("%(num)d text is outdated", "%(num)d texts are outdated", number), "warn", "clock")
    if at.waiting:
        number = at.waiting
        return Translated(
            ngettext("%(num)d text waits for approval", "%(num)d texts wait for approval", number), "info", "eye"
        )
    if at.missing and at.missing < at.total:
        number = at.missing
        return Translated(ngettext("%(num)d text is missing", "%(num)d texts are missing", number), "quiet", "gap")
    if at.missing:
        return Translated(said(_("not translated")), "quiet", "gap")
    if not shown:
        return Translated(said(_("translated, not published")), "info", "check")
    return Translated(said(_("published and current")), "good", "check")


def browser(agent: str) -> str:
    """Return which browser on which system calls itself so, as people would say it."""
    program = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    if program and system:
        return said(_("%(browser)s on %(system)s"), browser=program, system=system)
    return program or system or agent[:60] or said(_("Unknown device"))
