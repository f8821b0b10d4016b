from datetime import timedelta

import pytest

from tests.sandbox.world import World

PERMISSION = "/repos/acme/payments/collaborators/{}/permission"


@pytest.mark.parametrize(
    ("role", "legacy"),
    [
        ("read", "read"),
        ("triage", "read"),
        ("write", "write"),
        ("maintain", "write"),
        ("admin", "admin"),
        ("none", "read"),
    ],
)
def test_a_role_is_told_in_full_and_in_the_old_words(world: World, role: str, legacy: str) -> None:
    world.repository.set_role("stranger", role)
    answer = world.request("GET", PERMISSION.format("stranger")).json()
    assert answer["permission"] == legacy
    assert answer["role_name"] == ("read" if role == "none" else role)
    assert answer["user"]["login"] == "stranger"


def test_a_stranger_has_no_permission_on_a_private_repository(world: World) -> None:
    world.repository.record.private = True
    assert world.request("GET", PERMISSION.format("stranger")).json()["permission"] == "none"
    assert world.request("GET", PERMISSION.format("nobody")).status_code == 404


def test_every_request_is_counted_and_says_what_is_left(world: World) -> None:
    token = world.token()
    before = len(world.github.requests)
    first = world.send("GET", "/repos/acme/payments", token)
    second = world.send("GET", "/repos/acme/payments/pulls/1", token)
    remaining = [int(it.headers["x-ratelimit-remaining"]) for it in (first, second)]
    assert remaining[0] == remaining[1] + 1
    assert [(it.method, it.route, it.status) for it in world.github.requests[before:]] == [
        ("GET", "/repos/{owner}/{repo}", 200),
        ("GET", "/repos/{owner}/{repo}/pulls/{pull_number}", 200),
    ]
    assert world.github.requests[-1].installation_id == world.installation.id


def test_a_request_too_many_is_refused_until_the_reset(world: World) -> None:
    token = world.token()
    state = world.github.state
    reset = state.now() + timedelta(minutes=40)
    state.limits.exhaust(f"installation ID {world.installation.id}", reset)
    answer = world.send("GET", "/repos/acme/payments", token)
    assert answer.status_code == 403
    assert "API rate limit exceeded" in answer.json()["message"]
    assert answer.headers["x-ratelimit-remaining"] == "0"
    assert answer.headers["x-ratelimit-reset"] == str(int(reset.timestamp()))
    clock = state.clock
    state.clock = lambda: clock() + timedelta(minutes=41)
    assert world.send("GET", "/repos/acme/payments", token).status_code == 200
