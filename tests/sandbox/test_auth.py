from datetime import timedelta

import jwt
import pytest

from tests.sandbox.world import World

PULLS = "/repos/acme/payments/pulls"


def test_an_app_is_who_its_signed_token_says(world: World) -> None:
    answer = world.app_request("GET", "/app")
    assert answer.status_code == 200
    assert answer.json()["slug"] == "cdk-medic"
    assert answer.json()["installations_count"] == 1


def test_a_token_signed_with_another_key_is_refused(world: World) -> None:
    other = world.github.register_app(
        slug="other", webhook_url="", webhook_secret="", permissions={}, events=[]
    )
    claims = jwt.decode(world.jwt(), options={"verify_signature": False})
    forged = jwt.encode(claims, other.private_key, algorithm="RS256")
    answer = world.send("GET", "/app", forged)
    assert (answer.status_code, answer.json()["message"]) == (
        401,
        "A JSON web token could not be decoded",
    )


def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(world: World) -> None:
    claims = jwt.decode(world.jwt(), options={"verify_signature": False})
    forged = jwt.encode(claims, "a shared secret that is long enough", algorithm="HS256")
    assert world.send("GET", "/app", forged).status_code == 401


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        ({"exp": 700}, "too far in the future"),
        ({"exp": -5}, "must be a numeric value"),
        ({"iat": 300}, "'Issued at' claim"),
    ],
)
def test_the_times_of_a_json_web_token_are_checked(
    world: World, seconds: dict[str, int], words: str
) -> None:
    now = int(world.github.state.now().timestamp())
    changes = {name: now + offset for name, offset in seconds.items()}
    answer = world.send("GET", "/app", world.jwt(**changes))
    assert answer.status_code == 401
    assert words in answer.json()["message"]


def test_an_unknown_app_is_not_found(world: World) -> None:
    answer = world.send("GET", "/app", world.jwt(iss="1"))
    assert (answer.status_code, answer.json()["message"]) == (404, "Integration not found")


def test_nobody_and_an_unknown_token_get_401(world: World) -> None:
    assert world.send("GET", "/app", "").status_code == 401
    answer = world.send("GET", PULLS, "ghs_unknown")
    assert (answer.status_code, answer.json()["message"]) == (401, "Bad credentials")


def test_an_installation_token_ends_after_an_hour(world: World) -> None:
    token = world.token()
    assert world.send("GET", PULLS, token).status_code == 200
    clock = world.github.state.clock
    world.github.state.clock = lambda: clock() + timedelta(minutes=61)
    assert world.send("GET", PULLS, token).status_code == 401


def test_a_token_has_only_the_permissions_asked_for(world: World) -> None:
    token = world.token(permissions={"pull_requests": "read"})
    assert world.send("GET", PULLS, token).status_code == 200
    answer = world.send("POST", f"{PULLS}/1/reviews", token, {"event": "COMMENT", "body": "x"})
    assert (answer.status_code, answer.json()["message"]) == (
        403,
        "Resource not accessible by integration",
    )
    assert world.send("GET", "/repos/acme/payments/contents/app.py", token).status_code == 403


def test_a_token_is_only_for_the_repositories_asked_for(world: World) -> None:
    other = world.github.add_repository("acme/secret", files={"a": "b"}, private=True)
    world.github.change_repositories(world.installation, added=[other])
    narrow = world.token(repository_ids=[world.repository.id])
    assert world.send("GET", "/repos/acme/secret", narrow).status_code == 404
    assert world.send("GET", "/repos/acme/secret", world.token()).status_code == 200


def test_more_than_the_installation_has_is_not_given(world: World) -> None:
    path = f"/app/installations/{world.installation.id}/access_tokens"
    for wanted in ({"permissions": {"administration": "write"}}, {"repository_ids": [1]}):
        assert world.app_request("POST", path, wanted).status_code == 422


def test_a_public_repository_without_the_app_is_read_only(world: World) -> None:
    world.github.add_repository("acme/public", files={"a": "b"})
    assert world.request("GET", "/repos/acme/public/contents/a").status_code == 200
    body = {"content": "eA==", "message": "m"}
    answer = world.request("PUT", "/repos/acme/public/contents/new", body)
    assert answer.status_code == 403


def test_a_suspended_and_a_deleted_installation_have_no_say(world: World) -> None:
    token = world.token()
    world.github.suspend(world.installation)
    assert world.send("GET", PULLS, token).status_code == 403
    world.github.suspend(world.installation, suspended=False)
    assert world.send("GET", PULLS, token).status_code == 200
    world.github.uninstall(world.installation)
    assert world.send("GET", PULLS, token).status_code == 401
    path = f"/app/installations/{world.installation.id}/access_tokens"
    assert world.app_request("POST", path).status_code == 404
