"""Webhooks: signed, delivered in the background in the order of events, recorded, redelivered."""

import hashlib
import hmac
import queue
import threading
import time
from typing import Any
from uuid import uuid4

import httpx

from sandbox.shapes.basics import to_json
from sandbox.state import App, Delivery, State

TIMEOUT = 10.0  # seconds that GitHub waits for an answer
PAYLOAD_LIMIT = 25 * 1024 * 1024  # bytes; larger events are never sent


class Webhooks:
    """Sends deliveries from a thread of its own, one after the other.

    There is no second attempt, as on GitHub: whoever wants one asks for a redelivery.
    """

    def __init__(self, state: State) -> None:
        """Start with an empty queue; the thread begins with the first delivery."""
        self._state = state
        self._queue: queue.Queue[Delivery | None] = queue.Queue()
        self._thread: threading.Thread | None = None

    def send(
        self,
        app: App,
        event: str,
        payload: dict[str, Any],
        *,
        installation_id: int | None = None,
        repository_id: int | None = None,
    ) -> None:
        """Queue an event for an App, unless it has no address or the payload is too large."""
        body = to_json(payload)
        if not app.webhook_url or len(body) > PAYLOAD_LIMIT:
            return
        self._put(
            Delivery(
                id=self._state.next_id(),
                guid=str(uuid4()),
                app=app,
                event=event,
                action=payload.get("action"),
                installation_id=installation_id,
                repository_id=repository_id,
                body=body,
                request_headers={},
                delivered_at=self._state.now(),
            )
        )

    def redeliver(self, delivery: Delivery) -> Delivery:
        """Queue the same event again, under the same X-GitHub-Delivery."""
        again = Delivery(
            id=self._state.next_id(),
            guid=delivery.guid,
            app=delivery.app,
            event=delivery.event,
            action=delivery.action,
            installation_id=delivery.installation_id,
            repository_id=delivery.repository_id,
            body=delivery.body,
            request_headers={},
            delivered_at=self._state.now(),
            redelivery=True,
        )
        self._put(again)
        return again

    def settle(self, timeout: float) -> bool:
        """Wait until everything queued was delivered; False if `timeout` seconds were too few."""
        tasks = self._queue
        with tasks.all_tasks_done:
            return tasks.all_tasks_done.wait_for(lambda: not tasks.unfinished_tasks, timeout)

    def close(self) -> None:
        """Stop after what is queued already, waiting at most for one answer."""
        if self._thread:
            self._queue.put(None)
            self._thread.join(TIMEOUT)
            self._thread = None

    def _put(self, delivery: Delivery) -> None:
        delivery.request_headers = _headers(delivery)
        with self._state.lock:
            self._state.deliveries.append(delivery)
            if not self._thread:
                self._thread = threading.Thread(
                    target=self._work, name="sandbox-webhooks", daemon=True
                )
                self._thread.start()
        self._queue.put(delivery)

    def _work(self) -> None:
        with httpx.Client(timeout=TIMEOUT, trust_env=False) as client:
            while True:
                delivery = self._queue.get()
                try:
                    if delivery is None:
                        return
                    _attempt(client, delivery)
                finally:
                    self._queue.task_done()


def _headers(delivery: Delivery) -> dict[str, str]:
    secret = delivery.app.webhook_secret.encode()
    headers = {
        "Accept": "*/*",
        "Content-Type": "application/json",
        "User-Agent": "GitHub-Hookshot/5a4d8c0",
        "X-GitHub-Delivery": delivery.guid,
        "X-GitHub-Event": delivery.event,
        "X-GitHub-Hook-ID": str(delivery.app.id),
        "X-GitHub-Hook-Installation-Target-ID": str(delivery.app.id),
        "X-GitHub-Hook-Installation-Target-Type": "integration",
    }
    if secret:
        for header, digest in (("X-Hub-Signature", "sha1"), ("X-Hub-Signature-256", "sha256")):
            mac = hmac.new(secret, delivery.body, getattr(hashlib, digest))
            headers[header] = f"{digest}={mac.hexdigest()}"
    return headers


def _attempt(client: httpx.Client, delivery: Delivery) -> None:
    began = time.monotonic()
    try:
        answer = client.post(
            delivery.app.webhook_url, content=delivery.body, headers=delivery.request_headers
        )
    except httpx.TimeoutException:
        delivery.status = "timed out"
    except (httpx.HTTPError, httpx.InvalidURL):
        delivery.status = "failed to connect to host"
    else:
        delivery.status_code = answer.status_code
        delivery.response_headers = dict(answer.headers)
        delivery.response_body = answer.text
        delivery.status = (
            "OK" if answer.is_success else f"Invalid HTTP Response: {answer.status_code}"
        )
    delivery.duration = round(time.monotonic() - began, 2)
