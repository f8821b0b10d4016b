"""What goes wrong on purpose goes wrong as often as asked, and no more often."""

from __future__ import annotations

from sandbox.rest.routing import Answer
from tests.sandbox.world import World

FILES = "/repos/{owner}/{repo}/pulls/{pull_number}/files"
COMMENTS = "/repos/{owner}/{repo}/issues/{issue_number}/comments"
HERE = "/repos/acme/payments/issues/1/comments"


def test_another_answer_comes_instead_once(world: World) -> None:
    world.github.faults.add("POST", COMMENTS, answer=Answer(502, {"message": "Bad gateway"}))
    before = len(world.pull.comments)
    assert world.request("POST", HERE, {"body": "x"}).status_code == 502
    assert len(world.pull.comments) == before
    assert world.request("POST", HERE, {"body": "x"}).status_code == 201


def test_a_request_may_be_carried_out_and_answered_badly(world: World) -> None:
    world.github.faults.add("POST", COMMENTS, answer=Answer(502), applied=True)
    before = len(world.pull.comments)
    assert world.request("POST", HERE, {"body": "x"}).status_code == 502
    assert len(world.pull.comments) == before + 1


def test_an_answer_may_be_altered_and_something_come_between(world: World) -> None:
    met: list[str] = []
    world.github.faults.add(
        "GET",
        FILES,
        meanwhile=lambda: met.append("meanwhile"),
        altered=lambda rows: [row | {"patch": "gone"} for row in rows],
    )
    rows = world.request("GET", "/repos/acme/payments/pulls/1/files").json()
    assert met == ["meanwhile"]
    assert {row["patch"] for row in rows} == {"gone"}


def test_graphql_is_told_apart_by_what_is_asked(world: World) -> None:
    world.github.faults.add("POST", "/graphql", containing="createCommit", answer=Answer(500))
    headers = {"Authorization": f"Bearer {world.token()}"}
    query = {"query": "{ viewer { login } }"}
    answer = world.http.post(f"{world.github.url}/api/graphql", headers=headers, json=query)
    assert answer.json()["data"]["viewer"]["login"] == "cdk-medic[bot]"
    assert world.github.faults.waiting
