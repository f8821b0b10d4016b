"""Every field of a webhook that the code reads is one that GitHub publishes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from typing import Any

import pytest

from bot.events import EVENTS, jobs_for
from tests.bot.made import HEAD
from tests.sandbox import published
from tests.webhooks.deliveries import published_examples

Path = tuple[str, ...]


class Traced(dict[str, Any]):
    """A payload that remembers which fields were read of it."""

    def __init__(self, content: Mapping[str, Any], seen: set[Path], path: Path = ()) -> None:
        super().__init__(content)
        self._seen = seen
        self._path = path

    def __getitem__(self, key: str) -> Any:
        return self._traced(key, super().__getitem__(key))

    def get(self, key: str, default: Any = None) -> Any:
        return self._traced(key, super().get(key, default))

    def _traced(self, key: str, value: Any) -> Any:
        path = (*self._path, key)
        self._seen.add(path)
        if isinstance(value, dict):
            return Traced(value, self._seen, path)
        if isinstance(value, list):
            whole = (*path, "[]")
            return [Traced(it, self._seen, whole) if isinstance(it, dict) else it for it in value]
        return value


def told(event: str, payload: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A published example, and the same as a person would cause it who wants something."""
    yield payload
    wanted = deepcopy(dict(payload))
    wanted.setdefault("installation", {"id": 5})
    if event == "issue_comment":
        wanted["issue"]["pull_request"] = {"url": "https://api.github.com/x"}
        wanted["sender"] = wanted["comment"]["user"]
        for body in ("/fix", "/fix ignore shared-nat-gateway", "/fix help"):
            wanted["comment"]["body"] = body
            yield wanted
        box = "- [{}] all <!-- cdk-medic:box safe -->\n<!-- cdk-medic:summary " + HEAD + " -->"
        wanted["comment"] |= {"body": box.format("x"), "user": {"type": "Bot", "id": 9}}
        yield wanted | {"action": "edited", "changes": {"body": {"from": box.format(" ")}}}
    elif event == "check_run":
        wanted["check_run"] |= {"head_sha": HEAD, "external_id": f"cdk-medic:1:{HEAD}"}
        pressed = {"action": "requested_action", "requested_action": {"identifier": "fix-safe"}}
        yield wanted | pressed
    elif event == "pull_request":
        wanted["pull_request"]["user"]["type"] = "Bot"
        wanted["pull_request"]["head"]["ref"] = "cdk-medic/configure"
        yield wanted
    elif event == "push":
        branch = f"refs/heads/{wanted['repository']['default_branch']}"
        yield wanted | {"ref": branch, "deleted": False}


@cache
def read_by_the_code() -> Mapping[str, set[Path]]:
    """By event, the fields that the code reads of all of these."""
    found: dict[str, set[Path]] = {}
    for event, payload in published_examples():
        for each in told(event, payload):
            jobs_for(event, Traced(each, found.setdefault(event, set())))
    return {event: paths for event, paths in found.items() if paths}


def described(schema: Mapping[str, Any], path: Path) -> bool:
    """Whether a schema, or one of its alternatives, has a property at a path."""
    for each in alternatives(schema):
        if not path:
            return True
        first, *rest = path
        inner = each.get("items") if first == "[]" else each.get("properties", {}).get(first)
        if isinstance(inner, dict) and described(inner, tuple(rest)):
            return True
    return False


def alternatives(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A schema, and everything that it refers to or is composed of."""
    yield schema
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/definitions/")
        yield from alternatives(published.webhooks()["definitions"][name])
    for key in ("allOf", "anyOf", "oneOf"):
        for each in schema.get(key, ()):
            yield from alternatives(each)


EVENTS_TOLD = sorted({*EVENTS, "installation", "installation_repositories"})
"""What the App subscribes to, and what GitHub tells every App unasked."""


@pytest.mark.parametrize("event", EVENTS_TOLD)
def test_what_is_read_of_an_event_is_published(event: str) -> None:
    definitions = published.webhooks()["definitions"]
    schema = definitions.get(f"{event}_event") or definitions[f"{event}$event"]
    read = read_by_the_code()[event]
    assert [path for path in sorted(read) if not described(schema, path)] == []


def test_the_trace_saw_what_jobs_are_made_of() -> None:
    read = read_by_the_code()
    assert ("pull_request", "head", "sha") in read["pull_request"]
    assert ("requested_action", "identifier") in read["check_run"]
    assert ("changes", "body", "from") in read["issue_comment"]
    assert ("comment", "created_at") in read["issue_comment"]
    assert ("repositories", "[]", "full_name") in read["installation"]


def test_the_app_listens_to_exactly_what_the_code_reads() -> None:
    assert sorted(read_by_the_code()) == EVENTS_TOLD
