"""The reference lists what there is, and nothing else."""

import ast
import inspect
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import pytest
from flask import Flask

from api import settings, wording
from api.application import create_app
from api.cli import main
from api.public import parameters, shapes
from api.public.items import item_parameters
from api.public.lists import list_parameters
from api.public.search import search_parameters
from api.settings import VARIABLES
from cms.content import blocks, types
from cms.partners import attempts, deliveries, messages
from cms.people import rights
from cms.publish.listing import SORTS
from cms.publish.render import View, render
from cms.site import TRUST_RULES
from cms.store import protocol
from tests.docs import described, pages
from tests.docs.statuses import statuses

SHIPPED = [types.find(name) for name in ("article", "author", "clinic", "topic")]


def every_command(found: Mapping[str, click.Command], within: str = "") -> Iterator[tuple[str, click.Command]]:
    """Yield every command by its whole name: a group is none, what stands in it is."""
    for name, command in found.items():
        if isinstance(command, click.Group):
            yield from every_command(command.commands, f"{within}{name} ")
        else:
            yield f"{within}{name}", command


COMMANDS = dict(every_command(main.every()))
API = pages.read("reference/api.md")
CONTENT = pages.read("reference/content-types.md")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return an application, for what it has registered."""
    with pytest.MonkeyPatch.context() as patch:
        for name in VARIABLES:
            patch.delenv(name, raising=False)
        patch.setenv("DATABASE_URL", f"sqlite:///{tmp_path_factory.mktemp('app')}/tolk.db")
        return create_app(settings.read())


def test_every_command_has_its_section() -> None:
    listed = [name for level, name in pages.headings(pages.read("reference/commands.md")) if level == 2]
    assert sorted(listed) == sorted(f"tolk {name}" for name in COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_of_a_command_is_listed(name: str) -> None:
    text = pages.section(pages.read("reference/commands.md"), f"tolk {name}")
    command = COMMANDS[name]
    context = click.Context(command, info_name=f"tolk {name}")
    assert f"tolk {name} {' '.join(command.collect_usage_pieces(context))}" in text
    options = [option for option in command.params if isinstance(option, click.Option)]
    assert sorted(row.split()[0] for row in pages.names(text)) == sorted(option.opts[0] for option in options)
    assert all(row[1] for row in pages.rows(text))


def test_every_setting_is_listed_with_its_default() -> None:
    rows = pages.rows(pages.read("reference/settings.md"))
    listed = {row[0].strip("`"): row[1].strip("`") for row in rows}
    assert listed == {name: default for name, (default, _) in VARIABLES.items()}


def test_settings_that_are_named_anywhere_exist() -> None:
    named = {name for path in pages.every() for name in re.findall(r"\bTOLK_[A-Z_]+", path.read_text("utf-8"))}
    assert named <= set(VARIABLES)


@pytest.mark.parametrize(
    ("heading", "codes"),
    [
        ("What happened", wording.ERRORS),
        ("What is wrong with one value", wording.FAULTS),
        ("What an import was unsure of", wording.DOUBTS),
        ("Why an import left a line out", wording.DROPPED),
    ],
)
def test_every_code_is_listed(heading: str, codes: dict[str, str]) -> None:
    assert sorted(pages.names(pages.section(pages.read("reference/errors.md"), heading))) == sorted(codes)


def test_every_error_has_its_status() -> None:
    known = statuses()
    rows = pages.rows(pages.section(pages.read("reference/errors.md"), "What happened"))
    assert {row[0].strip("`"): row[1] for row in rows} == {code: str(known.get(code, "")) for code in wording.ERRORS}


def test_every_code_that_the_library_uses_is_worded() -> None:
    said = wording.ERRORS | wording.FAULTS
    used = {
        call.args[0 if call.func.id in ("fault", "Fault") else 1].value
        for path in [*(pages.ROOT / "cms").rglob("*.py"), *(pages.ROOT / "api").rglob("*.py")]
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in ("fault", "Fault", "Problem")
        and len(call.args) > (call.func.id == "Problem")
        and isinstance(call.args[0 if call.func.id in ("fault", "Fault") else 1], ast.Constant)
    }
    assert used - set(said) == set()


def test_the_table_of_rights_is_the_one_that_is_asked() -> None:
    table = pages.rows(pages.section(pages.read("how-to/manage-people.md"), "Who may do what"))
    listed = {
        action: {role: said for role, said in zip(rights.ROLES, row[1:], strict=True) if said}
        for row in table
        for action in re.findall(r"`([a-z.]+)`", row[0])
    }
    assert listed == {
        action: {
            role: "own languages" if role == "translator" and action in rights.OWN_LOCALES else "yes" for role in roles
        }
        for action, roles in rights.ACTIONS.items()
    }


def test_every_event_type_is_listed() -> None:
    appended = {
        text.value
        for room in ("publish", "partners")
        for path in (pages.ROOT / "cms" / room).glob("*.py")
        for text in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(text, ast.Constant)
        and isinstance(text.value, str)
        and re.fullmatch(r"(?:edition|translation|schedule|recall|webhook)(?:\.[a-z]+)+", text.value)
    }
    listed = [name for name in pages.names(pages.read("reference/events.md")) if "." in name]
    assert sorted(listed) == sorted(appended - {messages.PING})


def test_every_event_that_a_webhook_is_told_is_listed() -> None:
    text = pages.read("reference/webhooks.md")
    assert pages.names(pages.section(text, "Events")) == list(messages.EVENTS)
    assert pages.names(pages.section(text, "Deliveries")) == list(deliveries.STATES)
    assert all(f"`{error}`" in text for error in attempts.ERRORS)


def test_every_address_is_listed(app: Flask) -> None:
    plurals = "|".join(kind.plural for kind in types.every())
    rules = {
        re.sub(rf"/(?:{plurals})(?=/|\.xml|$)", "/{plural}", re.sub(r"<(?:path:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        # Those of the management API and of the partner API have a page and a test of their own.
        if "static" not in rule.rule and not rule.rule.startswith(("/manage/", "/v1/partner/"))
    }
    admin = {rule for rule in rules if rule.startswith("/admin/")}
    assert sorted(pages.names(pages.section(API, "Addresses"))) == sorted(rules - admin)
    assert sorted(pages.names(pages.section(pages.read("reference/admin.md"), "Addresses"))) == sorted(admin)


def test_every_parameter_of_a_document_is_listed() -> None:
    known = {name for kind in SHIPPED for name in item_parameters(kind)}
    assert sorted(pages.names(pages.section(API, "Parameters of a document"))) == sorted(known)


def test_every_parameter_of_a_list_is_listed() -> None:
    rows = pages.rows(pages.section(API, "Parameters of a list"))
    plurals = {kind.plural: kind for kind in SHIPPED}
    filters = {row[0]: sorted(re.findall(r"`(\w+)`", row[1])) for row in rows if row[0] in plurals}
    assert filters == {plural: sorted(parameters.filters(kind)) for plural, kind in plurals.items()}
    listed = {row[0].strip("`") for row in rows if row[0] not in plurals}
    for kind in SHIPPED:
        assert listed | set(parameters.filters(kind)) == set(list_parameters(kind))


def test_every_parameter_of_a_search_is_listed() -> None:
    assert sorted(pages.names(pages.section(API, "Parameters of a search"))) == sorted(search_parameters())


def test_every_sort_is_listed() -> None:
    row = next(row for row in pages.rows(pages.section(API, "Parameters of a list")) if row[0] == "`sort`")
    assert set(SORTS) <= set(re.findall(r"`(\w+)`", row[1]))


def test_every_field_of_documents_is_listed() -> None:
    shared = frozenset.intersection(*(shapes.document_fields(kind) for kind in SHIPPED))
    text = pages.section(API, "Documents")
    assert sorted(pages.names(text.partition("### ")[0])) == sorted(shared)
    translation = dict(shapes.components())["Translation"]["properties"]
    assert sorted(pages.names(pages.section(API, "translation"))) == sorted(translation)


def test_marks_of_blocks_are_listed() -> None:
    assert sorted(pages.names(pages.section(API, "Blocks that are not current"))) == sorted(shapes.BLOCK_MARKS)


@pytest.mark.parametrize("name", list(blocks.kinds()))
def test_a_block_is_served_as_its_example_says(name: str) -> None:
    source = _example(CONTENT, name)
    served = _example(API, name)
    assert blocks.kinds()[name].load(source) == source
    cards = {served["clinic"]["id"]: served["clinic"]} if "clinic" in served else {}
    view = View("nl", "nl", None, cards, "2026-05-02T00:00:00.000000Z", "https://api.example.org")
    assert render(types.find("article"), {"body": [source]}, view, ("body",)).fields["body"] == [served]


def test_every_kind_of_block_is_listed() -> None:
    listed = {name for level, name in pages.headings(pages.section(API, "Blocks")) if level == 3}
    assert listed - {"Blocks that are not current"} == set(blocks.kinds())


def test_every_field_of_a_type_is_listed_with_its_rules() -> None:
    for kind in SHIPPED:
        _same(kind.name, described.table(kind.schema))
        for name, schema in described.nested(kind.schema):
            _same(f"{kind.name}.{name}", described.table(schema))
        about = pages.section(CONTENT, kind.name)
        assert f"Collection: `{kind.plural}`. Named by: `{kind.title}`." in about
        assert f"Card: {', '.join(f'`{name}`' for name in kind.card)}." in about
        assert f"own: {', '.join(f'`{rule}`' for rule in sorted(kind.trust)) or 'none'}." in about


def test_every_field_of_a_block_is_listed_with_its_rules() -> None:
    common = blocks.Block().fields
    _same("Every block", described.table(blocks.Block(), ()))
    for kind, schema in blocks.kinds().items():
        _same(kind, described.table(schema, common))
        for name, inner in described.nested(schema):
            _same(f"{kind}.{name}", described.table(inner))


def test_no_type_or_block_is_listed_that_is_not_there() -> None:
    expected = {"Every block"}
    for kind in SHIPPED:
        expected |= {kind.name} | {f"{kind.name}.{name}" for name, _ in described.nested(kind.schema)}
    for name, schema in blocks.kinds().items():
        expected |= {name} | {f"{name}.{inner}" for inner, _ in described.nested(schema)}
    assert {name for level, name in pages.headings(CONTENT) if level > 1} == expected


def test_every_header_is_listed(app: Flask) -> None:
    listed = {name.lower() for name in pages.names(pages.section(API, "Headers"))}
    sent: set[str] = set()
    with app.test_client() as client:
        for method, path in [
            ("GET", "/health"),
            ("OPTIONS", "/health"),
            ("POST", "/health"),
            ("GET", "/docs"),
            ("GET", "/none"),
        ]:
            sent |= {name.lower() for name, _ in client.open(path, method=method).headers}
    assert sent - {"content-length", "content-disposition", "date"} <= listed


def test_every_trust_rule_is_listed() -> None:
    listed = pages.names(pages.read("how-to/ask-for-more-trust.md"))
    assert sorted(listed) == sorted(TRUST_RULES)


def test_the_contract_of_the_store_is_listed() -> None:
    text = pages.read("reference/store.md")
    for name in ("Database", "Table"):
        shape = getattr(protocol, name)
        members = {*shape.__annotations__, *(key for key in vars(shape) if not key.startswith("_"))}
        assert sorted(pages.names(pages.section(text, name))) == sorted(members)


def _same(heading: str, expected: list[list[str]]) -> None:
    text = pages.section(CONTENT, heading)
    tables = re.split(r"^#+ ", text, maxsplit=1, flags=re.M)[0]
    assert (heading, pages.rows(tables)) == (heading, expected)


def _example(page: str, heading: str) -> dict[str, object]:
    text = pages.section(page, "Blocks") if page is API else page
    found = [fence for fence in pages.fences(pages.section(text, heading)) if fence.language == "json"]
    example: dict[str, object] = json.loads(found[-1].text)
    return example


def test_modules_are_where_the_tests_look() -> None:
    assert Path(inspect.getfile(types)).is_relative_to(pages.ROOT)
