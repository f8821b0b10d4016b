from __future__ import annotations

import json
import logging
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from bot import store as store_module
from bot.events import jobs_for
from bot.inbox import Inbox
from bot.store import open_store, sqlite_url
from tests.webhooks.deliveries import SECRET, headers, published_examples, signed
from webhooks.app import MOST_BODY_BYTES, create_app

PULL_REQUEST = {
    "action": "opened",
    "installation": {"id": 7},
    "repository": {"id": 11, "full_name": "acme/payments"},
    "pull_request": {
        "number": 3,
        "state": "open",
        "updated_at": "2026-01-31T12:00:00Z",
        "head": {"sha": "a" * 40},
        "base": {"ref": "main"},
    },
}


class Receiver:
    """The application on a real inbox, and how often it said that something was stored."""

    def __init__(self, path: Path) -> None:
        self.inbox = Inbox(open_store(sqlite_url(path)))
        self.stored = 0
        self.client = TestClient(create_app(SECRET, self.inbox, self._count))

    def _count(self) -> None:
        self.stored += 1

    def post(
        self, body: bytes, event: str = "pull_request", delivery: str = "d-1", **changed: Any
    ) -> int:
        sent = headers(body, event, delivery)
        for name, value in changed.items():
            sent[name.replace("_", "-")] = value
        sent = {name: value for name, value in sent.items() if value is not None}
        status: int = self.client.post("/webhook", content=body, headers=sent).status_code
        return status


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    receiver = Receiver(tmp_path / "inbox.sqlite")
    yield receiver
    receiver.inbox.close()


def test_a_signed_pull_request_is_stored_and_answered_202(receiver: Receiver) -> None:
    assert receiver.post(json.dumps(PULL_REQUEST).encode()) == 202
    [delivery] = receiver.inbox.waiting()
    assert (delivery.id, delivery.event) == ("d-1", "pull_request")
    assert json.loads(delivery.job)["head"] == "a" * 40
    assert receiver.stored == 1


def test_the_alias_of_the_webhook_address_works_too(receiver: Receiver) -> None:
    body = json.dumps(PULL_REQUEST).encode()
    answer = receiver.client.post(
        "/api/github/webhooks", content=body, headers=headers(body, "pull_request", "d-1")
    )
    assert answer.status_code == 202
    assert len(receiver.inbox.waiting()) == 1


def test_every_published_example_is_taken_and_only_work_is_stored(receiver: Receiver) -> None:
    expected = []
    examples = list(published_examples())
    assert len(examples) > 300
    for number, (event, payload) in enumerate(examples):
        delivery = f"example-{number}"
        assert receiver.post(json.dumps(payload).encode(), event, delivery) == 202
        if jobs_for(event, payload):
            expected.append(delivery)
    assert expected
    assert {delivery.id for delivery in receiver.inbox.waiting(1000)} == set(expected)


def test_no_published_example_is_taken_with_a_wrong_signature(receiver: Receiver) -> None:
    for event, payload in published_examples():
        body = json.dumps(payload).encode()
        wrong = signed(body, "another secret")
        assert receiver.post(body, event, X_Hub_Signature_256=wrong) == 401
    assert receiver.inbox.waiting() == []


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "sha256=",
        "sha256=" + "0" * 64,
        "sha256=" + "0" * 63,
        "sha256=" + "é" * 64,
        "sha256=" + "f" * 10_000,
        "SHA256=" + "0" * 64,
        "sha1=" + "0" * 40,
        "ü".encode("latin-1"),
        b"\xff\xfe",
    ],
)
def test_a_forged_signature_is_refused_and_nothing_stored(
    receiver: Receiver, signature: str | bytes | None
) -> None:
    if isinstance(signature, str):
        signature = signature.encode()
    body = json.dumps(PULL_REQUEST).encode()
    assert receiver.post(body, X_Hub_Signature_256=signature) == 401
    assert receiver.inbox.waiting() == []
    assert receiver.stored == 0


def test_two_signatures_are_none(receiver: Receiver) -> None:
    body = json.dumps(PULL_REQUEST).encode()
    twice = [*headers(body, "pull_request", "d-1").items(), ("X-Hub-Signature-256", "sha256=0")]
    assert receiver.client.post("/webhook", content=body, headers=twice).status_code == 401


def test_the_signature_counts_for_the_bytes_and_not_for_their_meaning(receiver: Receiver) -> None:
    body = json.dumps(PULL_REQUEST).encode()
    reordered = json.dumps(PULL_REQUEST, indent=1).encode()
    assert receiver.post(reordered, X_Hub_Signature_256=signed(body)) == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"payload=%7B%7D",
        b"{",
        b"\xff",
        b"[]",
        b"null",
        b"1" * 5000,
        b"[" * 200_000,
        b'{"a":' * 100_000,
    ],
)
def test_a_body_that_is_no_json_object_is_answered_400(receiver: Receiver, body: bytes) -> None:
    assert receiver.post(body) == 400
    assert receiver.inbox.waiting() == []


@pytest.mark.parametrize("delivery", ["", "a b", "x" * 65, "../../etc"])
def test_a_delivery_without_a_usable_id_is_answered_400(receiver: Receiver, delivery: str) -> None:
    assert receiver.post(json.dumps(PULL_REQUEST).encode(), delivery=delivery) == 400


def test_a_body_that_says_it_is_too_large_is_not_read(receiver: Receiver) -> None:
    assert receiver.post(b"{}", Content_Length=str(MOST_BODY_BYTES + 1)) == 413


def test_a_body_that_turns_out_too_large_is_dropped_while_it_streams(receiver: Receiver) -> None:
    pieces = (b" " * (1 << 20) for _ in range(30))
    sent = headers(b"", "pull_request", "d-1")
    assert receiver.client.post("/webhook", content=pieces, headers=sent).status_code == 413
    assert receiver.inbox.waiting() == []


def test_a_ping_is_answered_and_not_stored(receiver: Receiver) -> None:
    body = b'{"zen": "Keep it logically awesome.", "hook_id": 1}'
    answer = receiver.client.post("/webhook", content=body, headers=headers(body, "ping", "d-1"))
    assert (answer.status_code, answer.json()) == (202, {"message": "pong"})
    assert receiver.inbox.waiting() == []


def test_a_second_delivery_of_the_same_id_is_taken_and_stored_once(receiver: Receiver) -> None:
    body = json.dumps(PULL_REQUEST).encode()
    assert [receiver.post(body) for _ in range(3)] == [202, 202, 202]
    assert len(receiver.inbox.waiting()) == 1


def test_an_inbox_that_cannot_be_written_is_answered_503(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "_BUSY_SECONDS", 0.05)
    receiver = Receiver(tmp_path / "inbox.sqlite")
    other = sqlite3.connect(tmp_path / "inbox.sqlite", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    body = json.dumps(PULL_REQUEST).encode()
    assert receiver.post(body) == 503
    assert receiver.stored == 0
    other.execute("ROLLBACK")
    other.close()
    assert receiver.post(body) == 202
    assert [delivery.id for delivery in receiver.inbox.waiting()] == ["d-1"]


def test_a_sender_cannot_forge_a_log_line(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    body = json.dumps({"action": "x\nERROR all is lost"}).encode()
    assert receiver.post(body, "star") == 202
    assert all("\n" not in record.getMessage() for record in caplog.records)


def test_healthz_answers(receiver: Receiver) -> None:
    assert receiver.client.get("/healthz").status_code == 200


_SERVER = """
import sys
from pathlib import Path
import uvicorn
from bot.inbox import Inbox
from bot.store import open_store, sqlite_url
from webhooks.app import create_app
store = open_store(sqlite_url(Path(sys.argv[1])))
app = create_app(sys.argv[2], Inbox(store), lambda: None)
uvicorn.run(app, fd=int(sys.argv[3]), log_level="error")
"""


def test_a_delivery_that_was_answered_survives_a_kill(tmp_path: Path) -> None:
    body = json.dumps(PULL_REQUEST).encode()
    path = tmp_path / "inbox.sqlite"
    with socket.create_server(("127.0.0.1", 0)) as listening:
        descriptor = listening.fileno()
        server = subprocess.Popen(
            [sys.executable, "-c", _SERVER, str(path), SECRET, str(descriptor)],
            pass_fds=[descriptor],
        )
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/webhook"
        for number in range(5):
            sent = headers(body, "pull_request", f"d-{number}")
            answer = httpx.post(url, content=body, headers=sent, timeout=30)
            assert answer.status_code == 202
        server.kill()
        server.wait()
    inbox = Inbox(open_store(sqlite_url(path)))
    assert [delivery.id for delivery in inbox.waiting()] == [f"d-{number}" for number in range(5)]
    inbox.close()
