"""Where the partner that asks shows what it was given, what was found there, and how often it was given what."""

from dataclasses import dataclass

from api.manage.asking import LIMIT, PAGE, listed, offset, page, words
from api.manage.operations import Answer, Call, Group
from api.manage.partners import SINCE, UNTIL, NewPage, PartnerPage, Used, shown_page
from cms.partners import pages, usage
from cms.partners.pages import MAX_URL

group = Group("pages", "Where the partner shows documents, so that both sides can see whether that is right.")
URL = words("url", "The address of the page.", 2 * MAX_URL)


@dataclass(frozen=True)
class Registered:
    """How many pages are registered."""

    pages: int


@group.does("GET", "/pages", needs=(), gives=listed(PartnerPage), query=(PAGE, LIMIT))
def list_pages(call: Call) -> Answer:
    """List the registered pages, with what was found there last."""
    some = pages.of(call.db, call.actor.id, limit=call.asked["limit"], offset=offset(call.asked))
    return page(call, pages.count(call.db, call.actor.id), [shown_page(each) for each in some])


@group.does("PUT", "/pages", needs=(), gives=PartnerPage, body=NewPage())
def put_page(call: Call) -> Answer:
    """Register a page, in the place of what stood at its address."""
    return Answer(shown_page(pages.put(call.db, call.site, call.actor.id, now=call.now, **call.given)))


@group.does("DELETE", "/pages", needs=(), gives=Registered, query=(URL,), required=("url",))
def remove_page(call: Call) -> Answer:
    """Forget a page."""
    pages.remove(call.db, call.actor.id, call.asked["url"])
    return Answer(Registered(pages.count(call.db, call.actor.id)))


@group.does("GET", "/usage", needs=(), gives=list[Used], query=(SINCE, UNTIL))
def list_usage(call: Call) -> Answer:
    """See how often which documents were given to the partner, and in which way."""
    rows = usage.totals(
        call.db,
        ("entry", "locale", "way"),
        partner=call.actor.id,
        since=call.asked["since"],
        until=call.asked["until"],
    )
    return Answer([Used(**row) for row in rows])
