import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from jsonschema.protocols import Validator

from sandbox import Draft, Sandbox
from tests.sandbox.published import webhooks
from tests.sandbox.world import EVENTS, PERMISSIONS, World, make_world


@dataclass
class Receiver:
    """What an App's address got: headers and raw bodies; it answers with `status`."""

    status: int = 202
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    def payloads(self, event: str) -> list[dict[str, Any]]:
        return [json.loads(b) for h, b in self.got if h["X-GitHub-Event"] == event]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.got.append((dict(self.headers.items()), body))
            self.send_response(kept.status)
            self.end_headers()
            self.wfile.write(b"thank you")

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_port}/webhook"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield kept
    server.shutdown()
    server.server_close()


@pytest.fixture
def world(tmp_path: Path, receiver: Receiver) -> Iterator[World]:
    with make_world(tmp_path / "github", receiver.url) as world:
        yield world


def completed_run(world: World, sha: str) -> None:
    button = {"label": "Fix", "description": "Fix", "identifier": "fix-safe"}
    body = {"name": "x", "head_sha": sha, "conclusion": "neutral", "actions": [button]}
    assert world.request("POST", "/repos/acme/payments/check-runs", body).status_code == 201


def everything(world: World) -> None:
    """Let every event happen that the stand-in sends."""
    pull = world.pull
    pull.push({"a.py": "1\n"})
    comment = pull.comment("maria", "[ ] fix")
    pull.edit_comment(comment.id, "[x] fix", by="maria")
    pull.edit(by="maria", title="Better", body="Text")
    pull.convert_to_draft(by="maria")
    pull.ready_for_review(by="maria")
    completed_run(world, pull.head_sha)
    pull.press("fix-safe", by="maria")
    pull.review("ada", "", on=[Draft("app.py", "```suggestion\nx\n```", line=20)])
    pull.commit_suggestion(pull.review_comments[0].id, by="maria")
    pull.lock(by="maria")
    pull.close(by="maria")
    pull.reopen(by="maria")
    app = world.registration.app  # in a ping, the published schema doesn't know this event yet
    app.events = (*app.events, "merge_group")
    pull.queue(by="maria")
    pull.merge(by="maria")
    other = world.github.add_repository("acme/other", files={"a": "b"})
    world.github.change_repositories(world.installation, added=[other])
    world.github.change_repositories(world.installation, removed=[other])
    world.github.change_repositories(world.installation, added=[other])
    world.github.move(other, "acme/another")
    world.github.archive(other)
    world.github.archive(other, archived=False)
    world.github.add_organization("beta")
    world.github.move(other, "beta/another")
    gone = world.github.add_repository("acme/gone", files={"a": "b"})
    world.github.change_repositories(world.installation, added=[gone])
    world.github.delete(gone.full_name)
    world.github.suspend(world.installation)
    world.github.suspend(world.installation, suspended=False)
    world.github.uninstall(world.installation)
    world.github.settle()


def validator_of(event: str, action: str | None) -> Validator:
    definitions = webhooks()["definitions"]
    name = f"{event}${action}" if action else f"{event}$event"
    assert name in definitions, name
    return Draft7Validator({"$ref": f"#/definitions/{name}", "definitions": definitions})


def test_every_payload_is_as_the_published_schemas_say(world: World, receiver: Receiver) -> None:
    everything(world)
    seen = set()
    for headers, body in receiver.got:
        payload = json.loads(body)
        event, action = headers["X-GitHub-Event"], payload.get("action")
        problems = [
            f"{event}.{action} {it.json_path}: {it.message[:200]}"
            for it in validator_of(event, action).iter_errors(payload)
        ]
        assert problems == []
        seen.add((event, action))
    assert seen == {
        ("ping", None),
        ("push", None),
        ("installation", "created"),
        ("installation", "deleted"),
        ("installation", "suspend"),
        ("installation", "unsuspend"),
        ("installation_repositories", "added"),
        ("installation_repositories", "removed"),
        ("issue_comment", "created"),
        ("issue_comment", "edited"),
        ("check_run", "requested_action"),
        ("merge_group", "checks_requested"),
        ("repository", "archived"),
        ("repository", "deleted"),
        ("repository", "renamed"),
        ("repository", "transferred"),
        ("repository", "unarchived"),
        *(
            ("pull_request", action)
            for action in (
                "opened",
                "synchronize",
                "edited",
                "converted_to_draft",
                "ready_for_review",
                "locked",
                "closed",
                "reopened",
            )
        ),
    }


def test_a_delivery_is_signed_over_its_raw_bytes(world: World, receiver: Receiver) -> None:
    world.pull.comment("maria", "déjà vu — 🚀")
    world.github.settle()
    headers, body = receiver.got[-1]
    mac = hmac.new(b"keep it safe", body, hashlib.sha256).hexdigest()
    assert headers["X-Hub-Signature-256"] == f"sha256={mac}"
    assert headers["X-GitHub-Event"] == "issue_comment"
    assert headers["X-GitHub-Hook-Installation-Target-ID"] == str(world.registration.app_id)
    assert headers["X-GitHub-Hook-Installation-Target-Type"] == "integration"
    assert headers["User-Agent"].startswith("GitHub-Hookshot/")
    assert headers["Content-Type"] == "application/json"
    assert "déjà vu — 🚀".encode() in body
    assert len(headers["X-GitHub-Delivery"]) == 36


def test_a_synchronize_says_from_where_to_where(world: World, receiver: Receiver) -> None:
    before = world.pull.head_sha
    after = world.pull.push({"a.py": "1\n"})
    world.github.settle()
    (payload,) = [p for p in receiver.payloads("pull_request") if p["action"] == "synchronize"]
    assert (payload["before"], payload["after"]) == (before, after)
    assert payload["pull_request"]["head"]["sha"] == after
    assert payload["installation"]["id"] == world.installation.id
    assert payload["sender"]["login"] == "maria"


def test_the_bots_own_commit_is_heard_of_too(world: World, receiver: Receiver) -> None:
    repository = world.client.get_repo("acme/payments")
    repository.create_file("new.py", "Add", "1\n", branch="feature")
    world.github.settle()
    payload = receiver.payloads("pull_request")[-1]
    assert (payload["action"], payload["sender"]["login"]) == ("synchronize", "cdk-medic[bot]")
    assert payload["sender"]["type"] == "Bot"


def test_a_check_run_names_no_pull_request_of_a_fork(world: World, receiver: Receiver) -> None:
    fork = world.repository.open_pull_request(
        author="stranger", title="Hi", branch="hi", files={"a": "b"}, from_fork=True
    )
    for pull in (world.pull, fork):
        completed_run(world, pull.head_sha)
        pull.press("fix-safe", by="maria")
    world.github.settle()
    numbers = [
        [it["number"] for it in payload["check_run"]["pull_requests"]]
        for payload in receiver.payloads("check_run")
    ]
    assert numbers == [[1], []]


def test_a_delivery_is_recorded_and_delivered_again_on_request(
    world: World, receiver: Receiver
) -> None:
    world.github.settle()
    receiver.status = 503
    world.pull.comment("maria", "hello")
    world.github.settle()
    (failed,) = world.app_request("GET", "/app/hook/deliveries?status=failure").json()
    assert (failed["status_code"], failed["redelivery"]) == (503, False)
    receiver.status = 202
    path = f"/app/hook/deliveries/{failed['id']}"
    assert world.app_request("POST", f"{path}/attempts").status_code == 202
    world.github.settle()
    first, second = receiver.got[-2:]
    assert first[0]["X-GitHub-Delivery"] == second[0]["X-GitHub-Delivery"] == failed["guid"]
    assert first[1] == second[1]
    again = world.app_request("GET", "/app/hook/deliveries").json()[0]
    assert (again["guid"], again["redelivery"], again["status"]) == (failed["guid"], True, "OK")
    whole = world.app_request("GET", path).json()
    assert whole["request"]["payload"]["comment"]["body"] == "hello"
    assert whole["response"]["payload"] == "thank you"


def test_deliveries_are_paged_by_a_cursor(world: World) -> None:
    for number in range(4):
        world.pull.comment("maria", str(number))
    world.github.settle()
    everything_at_once = world.app_request("GET", "/app/hook/deliveries?per_page=100").json()
    path, found = "/app/hook/deliveries?per_page=3", []
    while path:
        answer = world.app_request("GET", path)
        found += answer.json()
        path = answer.links.get("next", {}).get("url", "").removeprefix(world.github.api_url)
    assert found == everything_at_once


def test_an_address_where_nobody_listens_is_recorded(tmp_path: Path) -> None:
    with Sandbox(tmp_path / "github") as github:
        github.register_app(
            slug="deaf",
            webhook_url="http://127.0.0.1:9/webhook",
            webhook_secret="",
            permissions=PERMISSIONS,
            events=EVENTS,
        )
        github.settle()
        (ping,) = github.deliveries
        assert (ping.event, ping.status, ping.status_code) == (
            "ping",
            "failed to connect to host",
            0,
        )
        assert "X-Hub-Signature-256" not in ping.request_headers


def test_an_app_hears_only_of_what_it_subscribed_to_and_may_see(
    world: World, receiver: Receiver
) -> None:
    quiet = world.github.register_app(
        slug="quiet",
        webhook_url=receiver.url.replace("webhook", "quiet"),
        webhook_secret="",
        permissions={},
        events=["push"],
    )
    world.github.install(quiet, world.repository)
    world.pull.comment("maria", "hello")
    world.github.suspend(world.installation)
    world.pull.comment("maria", "unheard")
    world.github.settle()
    heard = [(it.app.slug, it.event, it.action) for it in world.github.deliveries[-4:]]
    assert heard == [
        ("quiet", "ping", None),
        ("quiet", "installation", "created"),
        ("cdk-medic", "issue_comment", "created"),
        ("cdk-medic", "installation", "suspend"),
    ]
