"""Who may open what: every page of the shell, asked for by every role and by nobody."""

from werkzeug.routing import Rule

from cms.people.rights import ACTIONS, ROLES
from tests.api.admin.conftest import Office

# The right that a page takes; what stands here neither here nor as open is for whoever is signed in.
TAKES = {
    "admin.people": "people.manage",
    "admin.keys": "keys.manage",
    "admin.audit": "audit.read",
    "admin.tables": "entry.read",
    "admin.glossary.new": "glossary.save",
    "admin.glossary.term": "glossary.save",
    "admin.glossary.remove": "glossary.save",
}
# These end the session that asks, or take an authenticator that nobody here has.
APART = ("admin.signing.sign_out", "admin.you.end_sessions", "admin.you.codes")
OWN = ("home", "signing", "recovery", "passkeys", "you", "people", "keys", "audit", "glossary", "tables")
VALUES = {"id": "x", "plural": "articles", "form": "csv", "token": "x", "filename": "base.css"}


def _address(rule: Rule) -> str:
    path = rule.rule
    for name in rule.arguments:
        path = path.replace(f"<path:{name}>", VALUES[name]).replace(f"<{name}>", VALUES[name])
    return path


def test_each_role_opens_its_pages_and_no_others(office: Office) -> None:
    app = office.desk.app
    rules = [
        rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith(tuple(f"admin.{job}." for job in OWN))
    ]
    assert len(rules) > 25
    visitors = {role: office.visit(office.person(role, role, locales=("tr",))) for role in ROLES}
    stranger = office.stranger()
    for rule in rules:
        is_open = getattr(app.view_functions[rule.endpoint], "is_open", False)
        right = TAKES.get(rule.endpoint) or TAKES.get(rule.endpoint.rpartition(".")[0])
        path = _address(rule)
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            if is_open or rule.endpoint in APART:
                continue
            refused = stranger.open(path, method=method)
            assert refused.status_code == (303 if method == "GET" else 403), (path, method)
            for role, visitor in visitors.items():
                answer = visitor.client.open(
                    path, method=method, data={"csrf": visitor.csrf, "target_locale": "tr"} if method == "POST" else {}
                )
                allowed = right is None or role in ACTIONS[right]
                assert (answer.status_code != 403) is allowed, (path, method, role, answer.status_code)
                assert answer.status_code < 500, (path, method, role)


def test_the_navigation_shows_what_a_role_may_open(office: Office) -> None:
    shown = {}
    for role in ROLES:
        page = office.visit(office.person(role, role, locales=("tr",))).get("/admin/").text
        shown[role] = [name for name in ("people", "keys", "audit") if f'href="/admin/{name}"' in page]
    assert shown == {role: ["people", "keys", "audit"] if role == "administrator" else [] for role in ROLES}
