"""The interface keeps what its own description promises, whatever is sent."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.conftest import DOCUMENTS
from tests.web.conftest import TOKEN, serving

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
# Of the questions, which are served by one function, a few stand for all.
ASKED = "excluded-topics|exchanges-per-year|topic-ranking|who-met-whom"


@pytest.fixture(scope="session")
def described(stored: Callable[..., str]) -> Iterator[schemathesis.BaseSchema]:
    """The description of a running server that nobody may write to."""
    url = stored(*DOCUMENTS)
    with serving(url, write_token=TOKEN) as site:
        while site.send("GET", "/dumps/").status == 503:  # until the first ones are made
            time.sleep(0.1)
        yield schemathesis.openapi.from_url(f"{site.address}/openapi.json")


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_answers_are_as_described(
    described: schemathesis.BaseSchema, mode: GenerationMode, subtests: pytest.Subtests
) -> None:
    for found in described.exclude(path_regex=rf"/queries/(?!({ASKED})/)[\w-]+/rows").get_all_operations():
        operation = found.ok()
        with subtests.test(operation.label):
            _hold(operation, mode)


def _hold(operation: schemathesis.APIOperation, mode: GenerationMode) -> None:
    """Send what fits the description of an operation, or what does not."""

    @settings(max_examples=8, derandomize=True, deadline=None, database=None, phases=[Phase.generate],
              suppress_health_check=[*HealthCheck])  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def sent(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=CHECKS, timeout=60)

    with suppress(Unsatisfiable):  # of an operation that takes nothing, nothing can be wrong
        sent()


def test_examples_of_the_description_work(
    described: schemathesis.BaseSchema, subtests: pytest.Subtests
) -> None:
    for found in described.get_all_operations():
        operation = found.ok()
        if operation.method == "get":
            with subtests.test(operation.label):
                _first_example(operation).call_and_validate(checks=CHECKS, timeout=60)


def _first_example(operation: schemathesis.APIOperation) -> schemathesis.Case:
    given = operation.definition.raw.get("parameters", ())
    values = {it["in"]: {} for it in given}
    for it in given:
        if examples := it["schema"].get("examples"):
            values[it["in"]][it["name"]] = examples[0]
        elif it.get("required"):
            values[it["in"]][it["name"]] = "none"
    return operation.Case(path_parameters=values.get("path"), query=values.get("query"))


def test_description_is_valid_and_tells_of_everything(described: schemathesis.BaseSchema) -> None:
    told = described.raw_schema
    assert told["openapi"].startswith("3.1")
    described.validate()
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], (method, path)
            assert operation["description"], (method, path)
            if path.startswith("/api"):
                assert all(it["description"] for it in operation.get("parameters", ())), (method, path)
    names = [operation["operationId"] for methods in told["paths"].values() for operation in methods.values()]
    assert len(names) == len(set(names))
