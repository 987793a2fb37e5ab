"""Partners: on which terms they take content over, their keys and pages, what they were given and how often."""

from dataclasses import dataclass

from flask import current_app

from api.manage.asking import LIMIT, PAGE, cut, listed, offset, page, readable, words
from api.manage.bodies import Body, Id, Moment
from api.manage.operations import Answer, Call, Group
from api.public.parameters import whole
from api.sending import sending
from api.wording import say
from cms.content.fields import Choice, Inline, ListOf, Mail, Whole
from cms.desk import partnering
from cms.partners import holdings, looking, pages, partner_keys, partners, usage
from cms.partners.holdings import Holding
from cms.partners.looking import PAGE_BYTES, PAGE_SECONDS
from cms.partners.pages import MAX_URL
from cms.partners.partner_keys import PartnerKey
from cms.partners.partners import MAX_EMAIL, MAX_NAME, MOST_HOURS, Partner
from cms.people.key_secrets import MAX_NAME as MAX_KEY_NAME
from cms.people.rights import require
from cms.site import INDEXING

group = Group("partners", "Organisations that take content over, each within its part and on its terms.")
ACTION = "partners.manage"
URL = words("url", "The address of the page.", 2 * MAX_URL)
SINCE = words("since", "From this day on, as in `2026-03-01`.", 10)
UNTIL = words("until", "Up to this day.", 10)
REVISION = whole("revision", "Only of this revision; 0 for all.", 0, 2**31 - 1, 0)
LOCALE = words("locale", "Only in this language.", 40)


class Change(Body):
    """What is to be different; what is not named stays. No locales, types or topics means all."""

    name = Inline(max_length=MAX_NAME)
    domains = ListOf(Inline(max_length=253), maximum=100)
    contacts = ListOf(Mail(max_length=MAX_EMAIL), maximum=50)
    locales = ListOf(Inline(max_length=40), maximum=200)
    types = ListOf(Inline(max_length=80), maximum=100)
    topics = ListOf(Id(), maximum=1_000)
    terms = Inline(max_length=20_000)
    refresh_hours = Whole(minimum=1, maximum=MOST_HOURS)
    acknowledge_hours = Whole(minimum=1, maximum=MOST_HOURS)
    indexing = Choice(*INDEXING)


class New(Change):
    """A partner to be added."""

    name = Inline(required=True, max_length=MAX_NAME)


class NewKey(Body):
    """A key to be made."""

    name = Inline(required=True, max_length=MAX_KEY_NAME)
    expires_at = Moment()


class NewPage(Body):
    """Where a partner shows an entry, in which language."""

    url = Inline(required=True, max_length=MAX_URL)
    entry = Id(required=True)
    locale = Inline(required=True, max_length=40)


@dataclass(frozen=True)
class PartnerSecret:
    """A key with its secret, which is never to be had again."""

    key: PartnerKey
    secret: str


@dataclass(frozen=True)
class Remark:
    """One thing that is wrong with a page, in words."""

    code: str
    severity: str
    detail: str


@dataclass(frozen=True)
class PartnerPage:
    """A page of a partner; `findings` is null while nobody has looked, and empty where it conforms."""

    url: str
    entry: str
    locale: str
    added_at: str
    checked_at: str
    findings: list[Remark] | None


@dataclass(frozen=True)
class Used:
    """How often one document was given in one way."""

    entry: str
    locale: str
    way: str
    count: int


@group.does("GET", "/partners", needs=ACTION, gives=list[Partner])
def list_partners(call: Call) -> Answer:
    """List partners, by name; `position` is the event up to which each has shown to have come."""
    require(call.actor, ACTION)
    return Answer(partners.every(call.db))


@group.does("POST", "/partners", needs=ACTION, gives={201: Partner}, body=New(), once=True)
def add_partner(call: Call) -> Answer:
    """Add a partner."""
    made = partnering.add(call.db, call.actor, call.site, now=call.now, **call.given)
    return Answer(made, 201, {"Location": f"{call.site.url}/manage/v1/partners/{made.id}"})


@group.does("GET", "/partners/<partner>", needs=ACTION, gives=Partner)
def get_partner(call: Call, partner: str) -> Answer:
    """Read a partner."""
    return Answer(_find(call, partner))


@group.does("PATCH", "/partners/<partner>", needs=ACTION, gives=Partner, body=Change())
def change_partner(call: Call, partner: str) -> Answer:
    """Change a partner; another part begins its sync anew."""
    return Answer(partnering.change(call.db, call.actor, call.site, partner, now=call.now, **call.given))


@group.does("POST", "/partners/<partner>/suspend", needs=ACTION, gives=Partner)
def suspend_partner(call: Call, partner: str) -> Answer:
    """Shut a partner out until it is resumed."""
    return Answer(partnering.suspend(call.db, call.actor, partner, now=call.now))


@group.does("POST", "/partners/<partner>/resume", needs=ACTION, gives=Partner)
def resume_partner(call: Call, partner: str) -> Answer:
    """Let a suspended partner in again."""
    return Answer(partnering.resume(call.db, call.actor, partner, now=call.now))


@group.does("GET", "/partners/<partner>/keys", needs=ACTION, gives=list[PartnerKey])
def list_partner_keys(call: Call, partner: str) -> Answer:
    """List the keys of a partner, the newest first; their secrets are kept nowhere."""
    return Answer(partner_keys.of(call.db, _find(call, partner).id))


@group.does("POST", "/partners/<partner>/keys", needs=ACTION, gives={201: PartnerSecret}, body=NewKey(), once=True)
def make_partner_key(call: Call, partner: str) -> Answer:
    """Make a key for a partner; its secret is in this answer alone."""
    key, secret = partnering.make_key(
        call.db, call.actor, partner, name=call.given["name"], expires_at=call.given.get("expires_at"), now=call.now
    )
    return Answer(PartnerSecret(key, secret), 201)


@group.does("DELETE", "/partner-keys/<key>", needs=ACTION, gives={200: PartnerKey})
def revoke_partner_key(call: Call, key: str) -> Answer:
    """End a key of a partner for good."""
    return Answer(partnering.revoke_key(call.db, call.actor, key, now=call.now))


@group.does("GET", "/partners/<partner>/pages", needs=ACTION, gives=listed(PartnerPage), query=(PAGE, LIMIT))
def list_partner_pages(call: Call, partner: str) -> Answer:
    """List the pages that a partner has registered, with what was found there last."""
    found = _find(call, partner)
    some = pages.of(call.db, found.id, limit=call.asked["limit"], offset=offset(call.asked))
    return page(call, pages.count(call.db, found.id), [shown_page(each) for each in some])


@group.does("PUT", "/partners/<partner>/pages", needs=ACTION, gives=PartnerPage, body=NewPage())
def put_partner_page(call: Call, partner: str) -> Answer:
    """Register a page of a partner, in the place of what stood at its address."""
    kept = partnering.put_page(call.db, call.actor, call.site, partner, now=call.now, **call.given)
    return Answer(shown_page(kept))


@group.does("DELETE", "/partners/<partner>/pages", needs=ACTION, gives={204: None}, query=(URL,), required=("url",))
def remove_partner_page(call: Call, partner: str) -> Answer:
    """Forget a page of a partner."""
    partnering.remove_page(call.db, call.actor, partner, call.asked["url"], now=call.now)
    return Answer(None, 204)


@group.does("POST", "/partners/<partner>/conformance", needs=ACTION, gives=list[PartnerPage], apart=True)
def check_partner_pages(call: Call, partner: str) -> Answer:
    """Fetch the registered pages of a partner now, and see whether they conform."""
    found = _find(call, partner)
    private = current_app.config["WEBHOOK_PRIVATE"]
    with sending(private=private, whole=PAGE_SECONDS, most_bytes=PAGE_BYTES) as send:
        return Answer([shown_page(each.page) for each in looking.look(call.db, found, send, call.now)])


@group.does("GET", "/partners/<partner>/usage", needs=ACTION, gives=list[Used], query=(SINCE, UNTIL))
def list_partner_usage(call: Call, partner: str) -> Answer:
    """See how often which documents were given to a partner, and in which way."""
    found = _find(call, partner)
    rows = usage.totals(
        call.db,
        ("entry", "locale", "way"),
        partner=found.id,
        since=call.asked["since"],
        until=call.asked["until"],
    )
    return Answer([Used(**row) for row in rows])


@group.does("GET", "/partners/<partner>/holdings", needs=ACTION, gives=listed(Holding), query=(PAGE, LIMIT))
def list_partner_holdings(call: Call, partner: str) -> Answer:
    """See what a partner may still show: the versions that it was given and has not shown to have replaced."""
    found = _find(call, partner)
    some = holdings.held(call.db, found.id, limit=call.asked["limit"], offset=offset(call.asked))
    return page(call, holdings.count(call.db, found.id), some)


@group.does(
    "GET",
    "/entries/<entry>/holders",
    needs=ACTION,
    gives=listed(Holding),
    query=(REVISION, LOCALE, PAGE, LIMIT),
)
def list_holders(call: Call, entry: str) -> Answer:
    """See who may still show an entry, or one revision of it."""
    require(call.actor, ACTION)
    readable(call, entry)
    found = holdings.holders(
        call.db, entry, revision=call.asked["revision"] or None, locale=call.asked["locale"] or None
    )
    return cut(call, found)


def _find(call: Call, partner: str) -> Partner:
    require(call.actor, ACTION)
    return partners.find(call.db, partner)


def shown_page(kept: pages.Page) -> PartnerPage:
    """Return a page with what was found there, in words."""
    remarks = None
    if kept.findings is not None:
        remarks = [Remark(each["code"], each["severity"], say(each["code"], each["values"])) for each in kept.findings]
    return PartnerPage(kept.url, kept.entry, kept.locale, kept.added_at, kept.checked_at, remarks)
