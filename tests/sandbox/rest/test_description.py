"""Every route's answer is held to GitHub's published description of that operation."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator, oas30_format_checker
from referencing import Registry
from referencing.jsonschema import DRAFT4

from sandbox.rest import routes
from sandbox.rest.routing import APP, Route
from tests.sandbox.published import rest
from tests.sandbox.rest.cases import CASES, NOTE, PULL, REPO, Sent, new_line, reacted, sent
from tests.sandbox.world import World, make_world


@pytest.fixture(scope="module")
def inhabited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world in which every list has something in it."""
    with make_world(tmp_path_factory.mktemp("github"), "http://127.0.0.1:9/") as world:
        reacted(world)
        new_line(world)
        output = {"title": "T", "summary": "S", "annotations": [NOTE]}
        body = {"name": "first", "head_sha": world.pull.head_sha, "output": output}
        assert world.request("POST", "/repos/acme/payments/check-runs", body).status_code == 201
        world.github.settle()
        yield world


@cache
def registry() -> Registry[Any]:
    description = rest()
    _let_null_be_listed(description)
    # Here alone an account would have to be a person and an enterprise at once.
    listed = description["paths"]["/app/installations"]["get"]["responses"]["200"]["content"]
    properties = listed["application/json"]["schema"]["items"]["properties"]
    properties["account"] = description["components"]["schemas"]["installation"]["properties"][
        "account"
    ]
    empty: Registry[Any] = Registry()
    resource = DRAFT4.create_resource(description)
    known: Registry[Any] = empty.with_resource("urn:description", resource)
    return known


def _let_null_be_listed(schema: Any) -> None:
    """Say in each enum that null is allowed where "nullable" says so: GitHub means both."""
    if isinstance(schema, dict):
        if schema.get("nullable") and None not in schema.get("enum", [None]):
            schema["enum"].append(None)
        for value in schema.values():
            _let_null_be_listed(value)
    elif isinstance(schema, list):
        for value in schema:
            _let_null_be_listed(value)


def schema_of(route: Route, status: int) -> dict[str, Any] | None:
    """The address of the operation's schema for a status, None where it has no content."""
    operation = rest()["paths"][route.path][route.method.lower()]
    answers = operation["responses"]
    assert str(status) in answers, f"{status} is not among {sorted(answers)}"
    steps = ["paths", route.path, route.method.lower(), "responses", str(status)]
    answer = answers[str(status)]
    if "$ref" in answer:
        steps = answer["$ref"].removeprefix("#/").split("/")
        answer = rest()["components"]["responses"][steps[-1]]
    if "application/json" not in answer.get("content", {}):
        return None
    steps += ["content", "application/json", "schema"]
    pointer = "/".join(step.replace("~", "~0").replace("/", "~1") for step in steps)
    return {"$ref": f"urn:description#/{pointer}"}


def check(route: Route, status: int, body: Any) -> None:
    schema = schema_of(route, status)
    if schema is None:
        assert body is None
        return
    validator = OAS30Validator(schema, registry=registry(), format_checker=oas30_format_checker)
    problems = [f"{it.json_path}: {it.message[:300]}" for it in validator.iter_errors(body)]
    assert problems == []


def path_of(route: Route, it: Sent) -> str:
    filled = route.path.format(owner="acme", repo="payments", **it.parameters)
    return f"{filled}?{it.query}" if it.query else filled


@pytest.mark.parametrize("route", routes(), ids=lambda it: f"{it.method} {it.path}")
def test_every_answer_is_as_described(inhabited: World, route: Route) -> None:
    assert (route.method, route.path) in CASES, "Add a case: no route goes unchecked."
    it = CASES[route.method, route.path](inhabited)
    send = inhabited.app_request if route.needs == (APP,) else inhabited.request
    answer = send(route.method, path_of(route, it), it.body)
    assert answer.status_code < 400, answer.text
    check(route, answer.status_code, answer.json() if answer.content else None)
    if isinstance(answer.json() if answer.content else None, list):
        assert answer.json(), "An empty list shows nothing."


def test_there_is_no_case_for_a_route_that_is_not_there() -> None:
    assert set(CASES) == {(route.method, route.path) for route in routes()}


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", PULL, None, 404),
        ("POST", f"{PULL}/reviews", {"event": "COMMENT", "comments": []}, 422),
        ("POST", f"{REPO}/issues/{{issue_number}}/comments", {"body": ""}, 422),
        ("POST", f"{REPO}/git/refs", {"ref": "refs/heads/main", "sha": "main"}, 422),
        ("POST", f"{REPO}/pulls", {"title": "T", "head": "no", "base": "main"}, 422),
    ],
)
def test_refusals_are_as_described_too(
    inhabited: World, method: str, path: str, body: Any, status: int
) -> None:
    (route,) = [it for it in routes() if (it.method, it.path) == (method, path)]
    number = 99 if status == 404 else 1
    it = sent(body, pull_number=number, issue_number=number)
    answer = inhabited.request(method, path_of(route, it), body)
    assert answer.status_code == status, answer.text
    check(route, status, answer.json())


WRITES = [it for it in routes() if it.method in {"POST", "PATCH", "PUT"}]


@pytest.mark.parametrize("route", WRITES, ids=lambda it: f"{it.method} {it.path}")
def test_no_body_brings_a_route_down(inhabited: World, route: Route) -> None:
    it = CASES[route.method, route.path](inhabited)
    send = inhabited.app_request if route.needs == (APP,) else inhabited.request
    for name, value in (it.body or {}).items():
        wrong: list[Any] = [5, True, [5], {"x": 5}, [{"x": 5}], "\0 -x", None]
        if isinstance(value, dict):
            wrong += [value | {key: other} for key in value for other in (5, [5], "x")]
        if isinstance(value, list) and isinstance(value[0], dict):
            wrong += [[value[0] | {key: other}] for key in value[0] for other in (5, [5], "x")]
        for other in wrong:
            answer = send(route.method, path_of(route, it), {**it.body, name: other})
            assert answer.status_code < 500, f"{name} = {other!r}: {answer.text}"
