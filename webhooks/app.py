"""The receiver: verify, persist, answer. The work happens elsewhere."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import FastAPI, Header, Request
from fastapi.responses import JSONResponse
from starlette.requests import ClientDisconnect

from bot.deliveries import deliveries
from bot.events import EVENTS, jobs_for
from bot.inbox import Inbox, InboxError
from bot.logs import delivery_logged
from webhooks.signature import Signature

_log = logging.getLogger(__name__)

MOST_BODY_BYTES = 25 << 20
"""GitHub sends no payload that is larger."""

_NOTHING = "nothing to do"

_DELIVERY = re.compile(r"[0-9A-Za-z-]{1,64}")


class _Rejected(Exception):  # noqa: N818 (it is an answer)
    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


Delivered = Callable[[str, str], None]
"""Told of every webhook: its event, "other" where the bot does not know it, and the outcome."""

_EVENTS = EVENTS | {"ping", "installation", "installation_repositories"}


def create_app(
    secret: str,
    inbox: Inbox,
    stored: Callable[[], None],
    delivered: Delivered | None = None,
) -> FastAPI:
    """The web application of the bot.

    Args:
        secret: the webhook secret that deliveries are signed with.
        inbox: where deliveries are kept before they are answered.
        stored: called after a delivery was stored; it must not block.
        delivered: told of every webhook.
    """
    app = create_bare_app()

    def count(event: str, outcome: str) -> None:
        if delivered:
            delivered(event if event in _EVENTS else "other", outcome)

    @app.post("/webhook")
    @app.post("/api/github/webhooks")
    async def receive(
        request: Request,
        x_github_event: Annotated[str, Header()] = "",
        x_github_delivery: Annotated[str, Header()] = "",
    ) -> JSONResponse:
        known = x_github_delivery if _DELIVERY.fullmatch(x_github_delivery) else ""
        with delivery_logged(known):
            try:
                body = await _verified_body(request, secret)
                payload = _decode(body, known)
                outcome = await _keep(inbox, x_github_event, known, payload)
            except _Rejected as rejected:
                _log.warning("Answered %d: %s", rejected.status, rejected.reason)
                count(x_github_event, "rejected" if rejected.status < 500 else "not stored")
                return _answer(rejected.status, rejected.reason)
        count(x_github_event, outcome)
        if outcome != _NOTHING:
            stored()
            return _answer(202, "queued")
        return _answer(202, "pong" if x_github_event == "ping" else _NOTHING)

    return app


def create_bare_app() -> FastAPI:
    """The web application of a process that takes no deliveries: it says how it is."""
    app = FastAPI(title="cdk-medic", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/healthz")
    async def healthz() -> JSONResponse:
        return _answer(200, "ok")

    return app


async def _verified_body(request: Request, secret: str) -> bytearray:
    signature = Signature(secret, _raw_header(request, b"x-hub-signature-256"))
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > MOST_BODY_BYTES:
        raise _Rejected(413, "The body is larger than 25 MB.")
    if not signature.is_well_formed:
        raise _Rejected(401, "The X-Hub-Signature-256 header is missing or malformed.")
    body = bytearray()
    try:
        async for piece in request.stream():
            if len(body) + len(piece) > MOST_BODY_BYTES:
                raise _Rejected(413, "The body is larger than 25 MB.")
            body += piece
            signature.update(piece)
    except ClientDisconnect:
        raise _Rejected(400, "The sender went away before the end of the body.") from None
    if not signature.matches():
        raise _Rejected(401, "The signature does not match the body.")
    return body


def _raw_header(request: Request, name: bytes) -> bytes:
    values = [value for key, value in request.headers.raw if key == name]
    return values[0] if len(values) == 1 else b""


def _decode(body: bytearray, delivery: str) -> dict[str, Any]:
    if not delivery:
        raise _Rejected(400, "The X-GitHub-Delivery header is missing or malformed.")
    try:
        payload = json.loads(body)
    except RecursionError:
        raise _Rejected(400, "The body is nested too deeply.") from None
    except ValueError:
        raise _Rejected(
            400, "The body is not JSON; set the webhook's content type to application/json."
        ) from None
    if not isinstance(payload, dict):
        raise _Rejected(400, "The body is JSON, but not an object.")
    return payload


async def _keep(inbox: Inbox, event: str, delivery: str, payload: dict[str, Any]) -> str:
    """Store what the bot has work for; what became of it."""
    jobs = jobs_for(event, payload)
    if not jobs:
        _log.info("Nothing to do for %s", _described(event, payload))
        return _NOTHING
    try:
        is_new = await inbox.put(*deliveries(event, delivery, jobs))
    except InboxError as error:
        _log.error("The delivery is not stored: %s", error)
        raise _Rejected(503, "The delivery could not be stored; send it again.") from error
    _log.info("%s %s", "Queued" if is_new else "Had already queued", _described(event, payload))
    return "queued" if is_new else "queued before"


def _described(event: str, payload: dict[str, Any]) -> str:
    action, repository = payload.get("action"), payload.get("repository")
    name = repository.get("full_name") if isinstance(repository, dict) else ""
    # The values are quoted: a sender chooses them, and a line break would forge a log line.
    return " ".join(f"{part!r}"[:100] for part in (event, action, name) if isinstance(part, str))


def _answer(status: int, message: str) -> JSONResponse:
    return JSONResponse({"message": message}, status_code=status)
