"""People to sign in as when Tolk is tried out, one for each role that works with articles."""

from datetime import datetime

from cms.people import passwords, tokens, users
from cms.people.users import User
from cms.store import Database, write

# Name, address, role, the languages of a translator.
PEOPLE: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("Noor Bakker", "administrator@example.org", "administrator", ()),
    ("Eva Visser", "editor@example.org", "editor", ()),
    ("Elif Yılmaz", "translator@example.org", "translator", ("tr",)),
    ("Jan Smit", "reviewer@example.org", "reviewer", ()),
)


def load_people(db: Database, now: datetime) -> tuple[str, list[User]]:
    """Add the people who are not there yet, give all of them one new password, and return it with them."""
    password = tokens.grouped(tokens.make(10))
    with write(db):
        found = [
            users.by_email(db, email) or users.add(db, name=name, email=email, roles=[role], locales=locales, now=now)
            for name, email, role, locales in PEOPLE
        ]
        for user in found:
            passwords.set_password(db, user.id, password)
    return password, found
