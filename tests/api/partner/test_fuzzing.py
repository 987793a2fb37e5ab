"""Schemathesis asks what the description allows, and what it does not: no answer breaks the description."""

import warnings
from collections.abc import Iterator
from datetime import UTC, datetime

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks

from api.partner import GROUPS
from cms.partners import deliveries, partner_keys, partners, webhooks
from cms.store import connect
from migrations import migrate
from tests.api.conftest import desk_at
from tests.api.partner.conftest import Caller

EXAMPLES = 6
FUZZED = [each.name for group in GROUPS for each in group.operations if each.name != "get_description"]
# A key cannot be guessed; what fits a schema may still be refused by a rule, and what was made may be refused again.
LEFT_OUT = [
    checks.ignored_auth,
    checks.positive_data_acceptance,
    checks.use_after_free,
    checks.ensure_resource_availability,
]


@pytest.fixture(scope="module")
def caller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    """Give a partner on SQLite: what both engines answer is tested beside this."""
    folder = tmp_path_factory.mktemp("fuzzed")
    url = f"sqlite:///{folder}/fuzzed.db"
    db = connect(url)
    migrate(db)
    db.close()
    now = datetime.now(UTC)
    with desk_at(url, folder, TOLK_MANAGE_PER_MINUTE="1000000") as desk:
        partner = partners.add(desk.db, desk.settings.site, name="RugNetwerk", by="tester", now=now)
        _, secret = partner_keys.make(desk.db, partner=partner.id, name="test", now=now)
        yield Caller(desk.app, partner, secret)


@pytest.fixture(scope="module")
def operations(caller: Caller) -> dict[str, schemathesis.APIOperation]:
    """Return every operation, by its name."""
    headers = {"Authorization": f"Bearer {caller.secret}"}
    schema = schemathesis.openapi.from_wsgi("/v1/partner/openapi.json", caller.app, headers=headers)
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
    caller: Caller, operations: dict[str, schemathesis.APIOperation], name: str, mode: GenerationMode
) -> None:
    db, now = caller.app.extensions["tolk_connections"].get(), datetime.now(UTC)
    webhook, _ = webhooks.add(db, caller.partner.id, url="https://partner.example/", now=now)
    # What is asked about is there, so that more than its absence is found.
    known = {"webhook": webhook.id, "delivery": deliveries.ping(db, webhook.id, now=now).id}

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
        case.path_parameters |= {name: known[name] for name in set(case.path_parameters) & set(known)}
        case.call_and_validate(headers={"Authorization": f"Bearer {caller.secret}"}, excluded_checks=LEFT_OUT)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # The tool's own, about what it could not generate.
            ask()
    finally:
        for each in webhooks.of(db, caller.partner.id):
            webhooks.remove(db, each.id)
