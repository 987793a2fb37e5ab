"""Who may still show an entry, as pages list it: partner by partner."""

from collections.abc import Iterable

from api.admin import session
from cms.partners import holdings
from cms.partners.holdings import Holding
from cms.partners.recalls import Recall


def of_entry(entry: str) -> list[list[Holding]]:
    """Return what partners may still show of an entry, by partner."""
    return _by_partner(holdings.holders(session.db(), entry))


def of_recall(recall: Recall) -> list[list[Holding]]:
    """Return what partners may still show of what is recalled, by partner."""
    found = holdings.holders(session.db(), recall.entry)
    return _by_partner(each for each in found if each.locale in recall.locales and each.seq <= recall.seq)


def _by_partner(found: Iterable[Holding]) -> list[list[Holding]]:
    held: dict[str, list[Holding]] = {}
    for each in found:
        held.setdefault(each.partner, []).append(each)
    return list(held.values())
