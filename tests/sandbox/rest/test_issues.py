import pytest
from github import GithubException

from tests.sandbox.world import World

COMMENTS = "/repos/acme/payments/issues/1/comments"


def test_a_comment_is_written_edited_and_reacted_to(world: World) -> None:
    issue = world.client.get_repo("acme/payments").get_pull(1).as_issue()
    comment = issue.create_comment("hello")
    comment.edit("there")
    assert [it.body for it in issue.get_comments()] == ["there"]
    reaction = comment.create_reaction("eyes")
    assert comment.create_reaction("eyes").id == reaction.id
    assert [it.user.login for it in comment.get_reactions()] == ["cdk-medic[bot]"]
    assert world.pull.comments[0].app is world.registration.app


def test_a_comment_is_neither_blank_nor_too_long(world: World) -> None:
    for body in ("", " \n", "x" * 65_537):
        answer = world.request("POST", COMMENTS, {"body": body})
        assert answer.status_code == 422
    assert world.request("POST", COMMENTS, {"body": "x" * 65_536}).status_code == 201


def test_a_locked_conversation_is_closed_to_apps(world: World) -> None:
    world.pull.lock(by="maria")
    pull = world.client.get_repo("acme/payments").get_pull(1)
    with pytest.raises(GithubException, match="issue is locked") as refused:
        pull.create_issue_comment("hello")
    assert refused.value.status == 403


def test_what_is_no_json_object_is_refused(world: World) -> None:
    import httpx

    headers = {"Authorization": f"Bearer {world.token()}"}
    for content in (b"{", b"[]", b"[" * 100_000):
        answer = httpx.post(world.github.api_url + COMMENTS, content=content, headers=headers)
        assert answer.status_code == 400
