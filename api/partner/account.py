"""What a partner can know of itself: its part, its terms and how far it has come."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.manage.operations import Answer, Call, Group
from cms.partners import partners

group = Group("account", "What is agreed with the partner that asks.")


@dataclass(frozen=True)
class Account:
    """A partner: no locales, types or topics means all. `position` is the newest event that it has worked through."""

    id: str
    name: str
    domains: Sequence[str]
    contacts: Sequence[str]
    locales: Sequence[str]
    types: Sequence[str]
    topics: Sequence[str]
    terms: str
    refresh_hours: int
    acknowledge_hours: int
    indexing: str
    position: int
    seen_at: str


@group.does("GET", "/account", needs=(), gives=Account)
def get_account(call: Call) -> Answer:
    """See what is agreed: which part of the content, on what terms, within which hours."""
    partner = partners.find(call.db, call.actor.id)
    return Answer(Account(**{name: getattr(partner, name) for name in Account.__dataclass_fields__}))
