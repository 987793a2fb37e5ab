"""Schemathesis asks what the description allows, and what it does not: no answer breaks the description."""

import warnings

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.api.conftest import Library

EXAMPLES = 16
KINDS = ("articles", "authors", "clinics", "topics")
# Every type is served by the same code: one of them is asked more than the others.
PATHS = [
    path
    for plural in KINDS
    for path in (
        f"/v1/{{locale}}/{plural}/{{handle}}", f"/v1/{{locale}}/{plural}", f"/v1/{plural}/{{handle}}", f"/v1/{plural}",
    )
] + ["/v1/{locale}/search", "/health", "/ready"]  # fmt: skip
PATHS += [f"/sitemap/{{locale}}/{plural}.xml" for plural in KINDS]
PATHS += [f"/v1/{{locale}}/articles/{name}" for name in ("feed.atom", "feed.json", "{handle}/embed")]
PATHS += ["/embed.js", "/oembed", "/sitemap.xml", "/v1/signatures/{digest}", "/.well-known/jwks.json"]
PATHS += ["/v1/sync", "/v1/manifest"]


@pytest.fixture(scope="session")
def operations(library: Library) -> dict[str, schemathesis.APIOperation]:
    """Return every operation of the site to read, by path."""
    schema = schemathesis.openapi.from_wsgi("/v1/openapi.json", library.app)
    found = {}
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        found[result.ok().path] = result.ok()
    return found


def test_every_operation_is_fuzzed(operations: dict[str, schemathesis.APIOperation]) -> None:
    assert sorted(operations) == sorted(PATHS)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.name.lower())
def test_no_answer_breaks_the_description(
    operations: dict[str, schemathesis.APIOperation], path: str, mode: GenerationMode
) -> None:
    asking = [*(f"/v1/{plural}" for plural in KINDS), "/oembed", "/v1/sync", "/v1/manifest"]
    if mode is GenerationMode.NEGATIVE and "{" not in path and path not in asking:
        return  # It takes nothing that could be wrong.
    examples = EXAMPLES if "articles" in path or "search" in path else EXAMPLES // 2

    @hypothesis.seed(20261123)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(case=operations[path].as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        # What a cursor may be is said, but nobody can make one up.
        made_up = {"after", "cursor"} & set(case.query or {})
        case.call_and_validate(excluded_checks=[positive_data_acceptance] if made_up else [])

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # The tool's own, about what it could not generate.
        ask()
