"""Schemathesis asks what the description allows, and what it does not: no answer breaks the description."""

import warnings
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks

from cms.store import connect
from migrations import migrate
from tests.api.conftest import desk_at
from tests.api.manage.asked import World, make
from tests.api.manage.conftest import OPERATIONS, Bureau, Caller

EXAMPLES = 6
FUZZED = [name for name in OPERATIONS if name != "get_description"]  # which is read to begin with
# A key cannot be guessed; what fits a schema may still be refused by a rule, and what was made may be refused again.
LEFT_OUT = [
    checks.ignored_auth,
    checks.positive_data_acceptance,
    checks.use_after_free,
    checks.ensure_resource_availability,
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Bureau, World, Caller]]:
    """Give a filled site on SQLite: what both engines answer is tested beside this."""
    folder = tmp_path_factory.mktemp("fuzzed")
    url = f"sqlite:///{folder}/fuzzed.db"
    db = connect(url)
    migrate(db)
    db.close()
    with desk_at(url, folder, TOLK_MANAGE_PER_MINUTE="1000000") as desk:
        bureau = Bureau(desk)
        yield bureau, make(bureau), bureau.caller("ada", "administrator")


@pytest.fixture(scope="module")
def operations(site: tuple[Bureau, World, Caller]) -> dict[str, schemathesis.APIOperation]:
    """Return every operation, by its name."""
    bureau, _, admin = site
    headers = {"Authorization": f"Bearer {admin.secret}"}
    schema = schemathesis.openapi.from_wsgi("/manage/v1/openapi.json", bureau.desk.app, headers=headers)
    # A text that is too long may make the body too large.
    schema.config.checks.negative_data_rejection.expected_statuses.append("413")
    found = {}
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        found[operation.definition.raw["operationId"]] = operation
    return found


def test_every_operation_is_fuzzed(operations: dict[str, schemathesis.APIOperation]) -> None:
    assert set(operations) == set(FUZZED)


@pytest.mark.parametrize("name", FUZZED)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.name.lower())
def test_no_answer_breaks_the_description(
    site: tuple[Bureau, World, Caller],
    operations: dict[str, schemathesis.APIOperation],
    name: str,
    mode: GenerationMode,
) -> None:
    _, world, admin = site
    known: dict[str, Any] = {"entry": world.draft, "user": world.user, "key": world.key, "picture": world.picture}

    @hypothesis.seed(20261123)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(case=operations[name].as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        # What is asked about is there, so that more than its absence is found.
        for name_in_path in set(case.path_parameters) & set(known):
            case.path_parameters[name_in_path] = known[name_in_path]
        case.call_and_validate(headers={"Authorization": f"Bearer {admin.secret}"}, excluded_checks=LEFT_OUT)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # The tool's own, about what it could not generate.
        ask()
