"""People with each role, and keys, as they come to the desk."""

from cms.people.rights import Actor, Scopes

ADMIN = Actor("a1", "Ada Admin", "person", frozenset({"administrator"}))
EDITOR = Actor("e1", "Eva Editor", "person", frozenset({"editor"}))
OTHER_EDITOR = Actor("e2", "Erik Editor", "person", frozenset({"editor"}))
REVIEWER = Actor("r1", "Rik Reviewer", "person", frozenset({"reviewer"}))
TURKISH = Actor("t1", "Tuba Translator", "person", frozenset({"translator"}), frozenset({"tr"}))
ENGLISH = Actor("t2", "Ed Translator", "person", frozenset({"translator"}), frozenset({"en"}))
PARTNERS = Actor("p1", "Pim Partners", "person", frozenset({"partner_manager"}))
KEY = Actor(
    "k1",
    "key of Eva",
    "key",
    frozenset({"editor"}),
    scopes=Scopes(frozenset({"entry.save"}), types=frozenset({"topic"})),
)
