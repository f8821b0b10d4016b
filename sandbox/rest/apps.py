"""The App itself, its installations and their tokens, its webhook deliveries."""

import json
from typing import Any

from sandbox.actions import apps as actions
from sandbox.auth import make_token
from sandbox.errors import Refused, not_found
from sandbox.rest.routing import ANYBODY, APP, Answer, Call, Routes
from sandbox.shapes import accounts
from sandbox.shapes.basics import time
from sandbox.shapes.repositories import repository
from sandbox.state import Delivery, Installation

routes = Routes()


@routes.add("GET", "/app", APP)
def get_app(call: Call) -> Any:
    """Return the App that asks."""
    mine = _installations(call)
    return accounts.app(call.state, call.app) | {"installations_count": len(mine)}


def _installations(call: Call) -> list[Installation]:
    known = call.state.installations.values()
    return [it for it in known if it.app is call.app and not it.deleted]


def _installation(call: Call) -> Installation:
    number = call.number("installation_id")
    found = next((it for it in _installations(call) if it.id == number), None)
    if not found:
        raise not_found()
    return found


@routes.add("GET", "/app/installations", APP)
def list_installations(call: Call) -> Any:
    """List where the App is installed."""
    return [accounts.installation(call.state, it) for it in call.page(_installations(call))]


@routes.add("GET", "/app/installations/{installation_id}", APP)
def get_installation(call: Call) -> Any:
    """Return one installation."""
    return accounts.installation(call.state, _installation(call))


@routes.add("DELETE", "/app/installations/{installation_id}", APP)
def delete_installation(call: Call) -> Any:
    """Uninstall the App."""
    actions.uninstall(call.service, _installation(call), by=call.user)
    return Answer(204)


@routes.add("POST", "/app/installations/{installation_id}/access_tokens", APP)
def create_token(call: Call) -> Any:
    """Make an installation token, for fewer repositories and permissions where asked."""
    token = make_token(call.state, _installation(call), call.body)
    body: dict[str, Any] = {
        "token": token.value,
        "expires_at": time(token.expires_at),
        "permissions": token.permissions,
        "repository_selection": "selected",
    }
    if token.repository_ids is not None:
        chosen = [call.state.repositories[number] for number in sorted(token.repository_ids)]
        body["repositories"] = [repository(call.state, it) for it in chosen]
    return Answer(201, body)


@routes.add("GET", "/repos/{owner}/{repo}/installation", APP)
def get_repository_installation(call: Call) -> Any:
    """Return the installation that a repository is in."""
    name = f"{call.parameters['owner']}/{call.parameters['repo']}".lower()
    for it in _installations(call):
        if any(r.full_name.lower() == name for r in it.repositories):
            return accounts.installation(call.state, it)
    raise not_found()


@routes.add("GET", "/installation/repositories", ANYBODY)
def list_repositories(call: Call) -> Any:
    """List the repositories that the token is for."""
    if not call.actor.token:
        raise Refused(401, "Bad credentials")
    mine = [r for r in call.actor.token.installation.repositories if call.actor.covers(r)]
    return {
        "total_count": len(mine),
        "repository_selection": "selected",
        "repositories": [repository(call.state, it) for it in call.page(mine)],
    }


@routes.add("GET", "/app/hook/config", APP)
def get_hook(call: Call) -> Any:
    """Return the webhook's configuration; the secret is masked."""
    return {
        "content_type": "json",
        "insecure_ssl": "0",
        "secret": "********",
        "url": call.app.webhook_url,
    }


@routes.add("PATCH", "/app/hook/config", APP)
def update_hook(call: Call) -> Any:
    """Change the webhook's address or secret."""
    call.app.webhook_url = call.text("url", call.app.webhook_url)
    call.app.webhook_secret = call.text("secret", call.app.webhook_secret)
    return get_hook(call)


def _deliveries(call: Call) -> list[Delivery]:
    return [it for it in call.state.deliveries if it.app is call.app]


@routes.add("GET", "/app/hook/deliveries", APP)
def list_deliveries(call: Call) -> Any:
    """List the attempts to deliver webhooks, newest first, paged by a cursor."""
    size = min(int(call.query.get("per_page", 30)), 100)
    rows = [it for it in reversed(_deliveries(call)) if it.status != "pending"]
    if call.query.get("status"):
        good = call.query["status"] == "success"
        rows = [it for it in rows if (it.status == "OK") == good]
    if call.query.get("cursor"):
        rows = [it for it in rows if it.id <= int(call.query["cursor"])]
    if len(rows) > size:
        call.headers["Link"] = f'<{call.address(cursor=str(rows[size].id))}>; rel="next"'
    return [_delivery_item(it) for it in rows[:size]]


def _delivery_item(it: Delivery) -> dict[str, Any]:
    return {
        "id": it.id,
        "guid": it.guid,
        "delivered_at": time(it.delivered_at),
        "redelivery": it.redelivery,
        "duration": it.duration,
        "status": it.status,
        "status_code": it.status_code,
        "event": it.event,
        "action": it.action,
        "installation_id": it.installation_id,
        "repository_id": it.repository_id,
        "throttled_at": None,
    }


def _delivery(call: Call) -> Delivery:
    number = call.number("delivery_id")
    found = next((it for it in _deliveries(call) if it.id == number), None)
    if not found:
        raise not_found()
    return found


@routes.add("GET", "/app/hook/deliveries/{delivery_id}", APP)
def get_delivery(call: Call) -> Any:
    """Return one attempt with what was sent and answered."""
    it = _delivery(call)
    return _delivery_item(it) | {
        "url": it.app.webhook_url,
        "request": {"headers": it.request_headers, "payload": json.loads(it.body)},
        "response": {"headers": it.response_headers, "payload": it.response_body},
    }


@routes.add("POST", "/app/hook/deliveries/{delivery_id}/attempts", APP)
def redeliver(call: Call) -> Any:
    """Deliver an event again."""
    call.service.webhooks.redeliver(_delivery(call))
    return Answer(202, {})
