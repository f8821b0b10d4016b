"""GitHub's published descriptions, which `make node` fetches from npm."""

import json
from functools import cache
from pathlib import Path
from typing import Any

_OCTOKIT = Path(__file__).parents[1] / "node" / "node_modules" / "@octokit"


def _read(path: str) -> str:
    file = _OCTOKIT / path
    assert file.exists(), f"{file} is missing: run `make node`."
    return file.read_text(encoding="utf-8")


@cache
def description(title: str) -> dict[str, Any]:
    """The OpenAPI description of that title, such as `api.github.com` or `ghes-3.19`."""
    content: dict[str, Any] = json.loads(_read(f"openapi/generated/{title}.json"))
    return content


def oldest_enterprise_server() -> str:
    """The title of the oldest version of GitHub Enterprise Server that is described."""
    titles = [it.stem for it in (_OCTOKIT / "openapi/generated").glob("ghes-?.??.json")]
    assert titles, "No GitHub Enterprise Server is described: run `make node`."
    return min(titles)


@cache
def rest() -> dict[str, Any]:
    return description("api.github.com")


@cache
def webhooks() -> dict[str, Any]:
    schemas: dict[str, Any] = json.loads(_read("webhooks-schemas/schema.json"))
    return schemas


def graphql() -> str:
    return _read("graphql-schema/schema.graphql")
