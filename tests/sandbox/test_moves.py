"""Repositories are renamed, transferred and deleted, and answer as GitHub has them answer."""

from __future__ import annotations

from tests.sandbox.world import World


def test_the_old_name_redirects_to_the_number_with_the_whole_query(world: World) -> None:
    token = world.token()
    world.github.move(world.repository, "acme/billing")
    path = "/repos/acme/payments/pulls/1/files?per_page=100"
    answer = world.send("GET", path, token)
    assert answer.status_code == 301
    number = world.repository.id
    assert answer.headers["Location"].endswith(
        f"/api/v3/repositories/{number}/pulls/1/files?per_page=100"
    )
    note = world.send("POST", "/repos/acme/payments/issues/1/comments", token, {"body": "x"})
    assert note.status_code == 307
    assert world.send("GET", "/repos/acme/billing/pulls/1", token).status_code == 200


def test_another_repository_may_take_the_old_name(world: World) -> None:
    world.github.move(world.repository, "acme/billing")
    world.github.add_repository("acme/payments", files={"a": "b"})
    assert world.request("GET", "/repos/acme/payments/pulls/1").status_code == 404


def test_a_new_token_names_the_repository_as_it_is_called(world: World) -> None:
    world.github.move(world.repository, "acme/billing")
    path = f"/app/installations/{world.installation.id}/access_tokens"
    answer = world.app_request("POST", path, {"repository_ids": [world.repository.id]})
    assert [it["full_name"] for it in answer.json()["repositories"]] == ["acme/billing"]


def test_a_transferred_repository_leaves_the_installation(world: World) -> None:
    world.github.move(world.repository, "stranger/payments")
    path = f"/app/installations/{world.installation.id}/access_tokens"
    answer = world.app_request("POST", path, {"repository_ids": [world.repository.id]})
    assert answer.status_code == 422


def test_a_deleted_repository_is_not_found(world: World) -> None:
    token = world.token()
    world.github.delete("acme/payments")
    assert world.send("GET", "/repos/acme/payments/pulls/1", token).status_code == 404


def test_the_number_answers_as_the_name_does(world: World) -> None:
    token = world.token()
    world.github.move(world.repository, "acme/billing")
    location = world.send("GET", "/repos/acme/payments/pulls/1", token).headers["Location"]
    answer = world.http.get(location, headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["base"]["repo"]["full_name"] == "acme/billing"
    assert world.send("GET", "/repositories/4711", token).status_code == 404
    assert world.send("GET", "/repositories/x", token).status_code == 404


def test_an_archived_repository_can_only_be_read(world: World) -> None:
    world.github.archive(world.repository)
    assert world.request("GET", "/repos/acme/payments").json()["archived"] is True
    path = "/repos/acme/payments/issues/1/comments"
    answer = world.request("POST", path, {"body": "Hi"})
    reason = "Repository was archived so is read-only."
    assert (answer.status_code, answer.json()["message"]) == (403, reason)
    world.github.archive(world.repository, archived=False)
    assert world.request("POST", path, {"body": "Hi"}).status_code == 201
