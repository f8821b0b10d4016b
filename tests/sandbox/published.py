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
def rest() -> dict[str, Any]:
    description: dict[str, Any] = json.loads(_read("openapi/generated/api.github.com.json"))
    return description


@cache
def webhooks() -> dict[str, Any]:
    schemas: dict[str, Any] = json.loads(_read("webhooks-schemas/schema.json"))
    return schemas


def graphql() -> str:
    return _read("graphql-schema/schema.graphql")
