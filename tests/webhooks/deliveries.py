"""Deliveries as GitHub sends them: signed, with their headers, and the published examples."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SECRET = "a secret of the tests"

_EXAMPLES = Path(__file__).parents[1] / "node/node_modules/@octokit/webhooks-examples"


def signed(body: bytes, secret: str = SECRET) -> str:
    """The value of `X-Hub-Signature-256`."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def headers(body: bytes, event: str, delivery: str) -> dict[str, str]:
    """The headers that GitHub sends with a body."""
    return {
        "Content-Type": "application/json",
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": delivery,
        "X-Hub-Signature-256": signed(body),
    }


def published_examples() -> Iterator[tuple[str, dict[str, Any]]]:
    """Event and payload of every example that GitHub's payload collection has, of every host.

    Raises:
        FileNotFoundError: `make node` was not run.
    """
    for index in sorted(_EXAMPLES.glob("*/index.json")):
        for kind in json.loads(index.read_text()):
            for payload in kind["examples"]:
                yield kind["name"], payload
    if not _EXAMPLES.is_dir():
        raise FileNotFoundError(f"{_EXAMPLES} is missing; run `make node`.")
