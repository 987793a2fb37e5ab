"""What each role is shown of the admin; what each may do is walked in `test_every_route`."""

from cms.people.rights import ROLES
from tests.api.admin.conftest import Office


def test_the_navigation_shows_what_a_role_may_open(office: Office) -> None:
    shown = {}
    for role in ROLES:
        page = office.visit(office.person(role, role, locales=("tr",))).get("/admin/").text
        shown[role] = [name for name in ("people", "keys", "audit") if f'href="/admin/{name}"' in page]
    assert shown == {role: ["people", "keys", "audit"] if role == "administrator" else [] for role in ROLES}
