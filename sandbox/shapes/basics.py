"""What every shape is made of: times, addresses and node ids."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

from sandbox.state import PullRequest, State


def time(at: datetime) -> str:
    """Write a time as GitHub does, "2026-11-24T12:00:00Z"."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def pull_page(state: State, pull: PullRequest) -> str:
    """Return the address of a pull request's page."""
    return f"{state.url}/{pull.repository.full_name}/pull/{pull.number}"


def optional_time(at: datetime | None) -> str | None:
    """Write a time, or None."""
    return time(at) if at else None


def api(state: State, path: str) -> str:
    """Return the address of a path of the REST API, "/users/maria"."""
    return f"{state.url}/api/v3{path}"


def node_id(prefix: str, number: int | str) -> str:
    """Return a global node id; the prefix names the kind ("IC" an issue comment)."""
    return f"{prefix}_{base64.urlsafe_b64encode(str(number).encode()).decode().rstrip('=')}"


def number_of(node: str) -> tuple[str, int]:
    """Return the kind and the number that a node id stands for; ("", 0) if it is none."""
    prefix, _, encoded = node.partition("_")
    try:
        return prefix, int(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    except ValueError:
        return "", 0


def to_json(shape: Any) -> bytes:
    """Write a shape compactly; bytes of a path that are no UTF-8 become question marks."""
    return json.dumps(shape, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
