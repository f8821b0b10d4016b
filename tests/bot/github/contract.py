"""What the bot sends, held to what GitHub publishes: REST and GraphQL, github.com and GHES.

The stand-in records every request. Whoever drives it checks what it recorded, so that a request
that somebody adds is checked without anybody thinking of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from graphql import (
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    build_schema,
    parse,
    validate,
)
from graphql.execution.values import get_variable_values
from openapi_schema_validator import OAS30Validator, oas30_format_checker
from referencing import Registry
from referencing.jsonschema import DRAFT4

from sandbox import Sandbox
from sandbox.state import RecordedRequest
from tests.sandbox import published

Schema = Mapping[str, Any]

_ROOT = "/api/v3"
_LONG = {"{path}", "{ref}", "{branch}", "{basehead}"}  # may hold slashes


def problems(requests: Sequence[RecordedRequest]) -> list[str]:
    """What GitHub's descriptions have against these requests, a sentence each."""
    return sorted({problem for request in requests for problem in _problems(request)})


def check(sandbox: Sandbox) -> None:
    """Fail where a recorded request is other than GitHub describes."""
    found = problems(sandbox.requests)
    assert found == [], "\n".join(found)


def _problems(request: RecordedRequest) -> Iterator[str]:
    if request.path == "/api/graphql":
        for problem in _graphql_problems(request.body):
            yield f"GraphQL: {problem}"
        return
    name = f"{request.method} {request.path}"
    for title in ("api.github.com", published.oldest_enterprise_server()):
        for problem in _rest_problems(Description.named(title), request):
            yield f"{name} in {title}: {problem}"


class Description:
    """One of GitHub's OpenAPI descriptions."""

    def __init__(self, content: Schema) -> None:
        self._content = content
        registry: Registry[Any] = Registry()
        self._registry = registry.with_resource("urn:it", DRAFT4.create_resource(content))
        self._paths = {_pattern(path): path for path in content["paths"]}

    @classmethod
    @cache
    def named(cls, title: str) -> Description:
        return cls(published.description(title))

    def operation(self, method: str, path: str) -> Schema | None:
        """The operation that a path belongs to; of several the one that spells out most of it."""
        fitting = [it for pattern, it in self._paths.items() if pattern.fullmatch(path)]
        fitting.sort(key=lambda it: it.count("/"), reverse=True)
        fitting.sort(key=lambda it: it.count("{"))
        operations = [self._content["paths"][it].get(method.lower()) for it in fitting]
        return next((it for it in operations if it), None)

    def resolve(self, node: Schema) -> Schema:
        """The node that a reference stands for."""
        while "$ref" in node:
            found: Any = self._content
            for step in node["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            node = found
        return node

    def errors(self, schema: Schema, value: Any) -> Iterator[str]:
        """How a value offends its schema, or has fields that the schema doesn't know."""
        validator = OAS30Validator(
            _anchored(schema), registry=self._registry, format_checker=oas30_format_checker
        )
        for error in validator.iter_errors(value):
            yield f"{error.json_path}: {error.message[:200]}"
        yield from self._unknown(schema, value, "$")

    def _unknown(self, schema: Schema, value: Any, at: str) -> Iterator[str]:
        schema = self.resolve(schema)
        if isinstance(value, list) and "items" in schema:
            for index, item in enumerate(value):
                yield from self._unknown(schema["items"], item, f"{at}[{index}]")
        if isinstance(value, dict) and "properties" in schema:
            for key, item in value.items():
                if key in schema["properties"]:
                    yield from self._unknown(schema["properties"][key], item, f"{at}.{key}")
                elif not schema.get("additionalProperties"):
                    yield f"{at} has no field {key!r}"


def _pattern(path: str) -> re.Pattern[str]:
    pieces = re.split(r"(\{\w+\})", path)
    return re.compile(
        "".join(
            (".+" if it in _LONG else "[^/]+") if it.startswith("{") else re.escape(it)
            for it in pieces
        )
    )


def _anchored(schema: Any) -> Any:
    """The schema with references that lead into the registered description."""
    if isinstance(schema, dict):
        return {
            key: f"urn:it{value}" if key == "$ref" else _anchored(value)
            for key, value in schema.items()
        }
    return [_anchored(it) for it in schema] if isinstance(schema, list) else schema


def _rest_problems(description: Description, request: RecordedRequest) -> Iterator[str]:
    operation = description.operation(request.method, request.path.removeprefix(_ROOT))
    if operation is None:
        yield "there is no such operation"
        return
    known = {
        it["name"]: it
        for it in map(description.resolve, operation.get("parameters", []))
        if it["in"] == "query"
    }
    sent = dict(parse_qsl(request.query, keep_blank_values=True))
    for name, parameter in known.items():
        if parameter.get("required") and name not in sent:
            yield f"the parameter {name} is missing"
    for name, text in sent.items():
        if name not in known:
            yield f"there is no parameter {name}"
            continue
        schema = description.resolve(known[name]["schema"])
        for error in description.errors(schema, _value(schema, text)):
            yield f"the parameter {name}: {error}"
    wanted = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if wanted is None:
        if request.body.strip() not in {b"", b"{}"}:
            yield "it takes no body"
        return
    yield from description.errors(wanted["schema"], json.loads(request.body or b"{}"))


def _value(schema: Schema, text: str) -> Any:
    kind = schema.get("type")
    if kind in {"integer", "number", "boolean"}:
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


@cache
def graphql_schema() -> GraphQLSchema:
    # The published text breaks two rules of the language, which is not what is tested here.
    return build_schema(published.graphql(), assume_valid=True)


@cache
def _query_problems(query: str) -> tuple[str, ...]:
    try:
        return tuple(error.message for error in validate(graphql_schema(), parse(query)))
    except GraphQLError as error:
        return (error.message,)


def _graphql_problems(body: bytes) -> Iterator[str]:
    sent = json.loads(body)
    for key in sent.keys() - {"query", "variables", "operationName"}:
        yield f"a request has no field {key!r}"
    query, variables = str(sent["query"]), dict(sent.get("variables") or {})
    found = _query_problems(query)
    if found:
        yield from found
        return
    (operation,) = [
        it for it in parse(query).definitions if isinstance(it, OperationDefinitionNode)
    ]
    declared = operation.variable_definitions or ()
    for name in variables.keys() - {it.variable.name.value for it in declared}:
        yield f"the variable {name} is not declared"
    values = get_variable_values(graphql_schema(), declared, variables)
    if isinstance(values, list):
        yield from (error.message for error in values)
