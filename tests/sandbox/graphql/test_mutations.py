import base64
from typing import Any

import pytest

from sandbox.shapes.basics import node_id
from tests.sandbox.graphql.test_queries import ask
from tests.sandbox.world import World

COMMIT = """mutation($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) {
    commit { oid message author { name email } committer { name } signature { isValid } }
    ref { name }
  }
}"""


def commit(world: World, token: str = "", **changes: Any) -> dict[str, Any]:
    wanted = {
        "branch": {"repositoryNameWithOwner": "acme/payments", "branchName": "feature"},
        "expectedHeadOid": world.pull.head_sha,
        "message": {"headline": "Fix it", "body": "Co-authored-by: maria <m@example.com>"},
        "fileChanges": {"additions": [addition("app.py", b"fixed\n")]},
    }
    return ask(world, COMMIT, token=token, input=wanted | changes)


def addition(path: str, content: bytes) -> dict[str, str]:
    return {"path": path, "contents": base64.b64encode(content).decode()}


def test_a_commit_over_many_files_is_signed_and_the_bots(world: World) -> None:
    world.pull.push({"gone.py": "1\n"})
    changes = {
        "additions": [addition("app.py", b"fixed\n"), addition("new/one.py", b"\xff\0")],
        "deletions": [{"path": "gone.py"}],
    }
    made = commit(world, fileChanges=changes)["data"]["createCommitOnBranch"]
    assert made["commit"]["oid"] == world.pull.head_sha
    assert made["commit"]["message"] == "Fix it\n\nCo-authored-by: maria <m@example.com>"
    bot = world.registration.app.bot
    assert made["commit"]["author"] == {"name": "cdk-medic[bot]", "email": bot.email}
    assert made["commit"]["committer"] == {"name": "GitHub"}
    assert made["commit"]["signature"] == {"isValid": True}
    assert made["ref"] == {"name": "feature"}
    assert world.pull.read("app.py") == b"fixed\n"
    assert world.pull.read("new/one.py") == b"\xff\0"
    assert "gone.py" not in {row.path for row in world.pull.files}
    path = f"/repos/acme/payments/commits/{world.pull.head_sha}"
    assert world.request("GET", path).json()["commit"]["verification"]["verified"] is True


def test_a_head_that_moved_is_stale_data_and_nothing_is_written(world: World) -> None:
    seen = world.pull.head_sha
    now = world.pull.push({"other.py": "1\n"})
    answer = commit(world, expectedHeadOid=seen)
    assert answer["data"] == {"createCommitOnBranch": None}
    assert answer["errors"][0]["type"] == "STALE_DATA"
    assert "Expected branch to point to" in answer["errors"][0]["message"]
    assert world.pull.head_sha == now


def test_an_executable_file_stays_one(world: World) -> None:
    git = world.repository.git
    tree = git.write_tree(world.pull.head_sha, [("100755", "run", git.write_blob(b"one"))])
    head = git.commit(world.pull.head_sha)
    parts = {"author": head.author, "committer": head.author, "at": head.authored_at}
    sha = git.write_commit(tree, [head.sha], "Add", **parts)  # type: ignore[arg-type]
    world.pull.reset(sha)
    commit(world, fileChanges={"additions": [addition("run", b"two")]})
    assert git.entry(world.pull.head_sha, "run").mode == "100755"


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"deletions": [{"path": "nothing.py"}]}, "UNPROCESSABLE"),
        ({"additions": [addition("../x", b"")]}, "UNPROCESSABLE"),
        ({"additions": [addition("a/.git/hooks", b"")]}, "UNPROCESSABLE"),
        ({"additions": [addition("/x", b"")]}, "UNPROCESSABLE"),
        ({"additions": [{"path": "x", "contents": "%"}]}, "UNPROCESSABLE"),
        ({"additions": [addition(".github/workflows/ci.yml", b"")]}, "FORBIDDEN"),
    ],
)
def test_what_may_not_be_written_is_refused(
    world: World, changes: dict[str, Any], kind: str
) -> None:
    before = world.pull.head_sha
    assert commit(world, fileChanges=changes)["errors"][0]["type"] == kind
    assert world.pull.head_sha == before


def test_a_fork_without_the_app_cannot_be_written(world: World) -> None:
    fork = world.repository.open_pull_request(
        author="stranger", title="Hi", branch="hi", files={"a": "b"}, from_fork=True
    )
    branch = {"repositoryNameWithOwner": "stranger/payments", "branchName": "hi"}
    answer = commit(world, branch=branch, expectedHeadOid=fork.head_sha)
    assert answer["errors"][0]["type"] == "FORBIDDEN"
    fork.record.head_repository.private = True
    answer = commit(world, branch=branch, expectedHeadOid=fork.head_sha)
    assert answer["errors"][0]["type"] == "NOT_FOUND"


def test_a_fork_whose_owner_lets_maintainers_edit_takes_a_commit(world: World) -> None:
    fork = world.repository.open_pull_request(
        author="stranger",
        title="Hi",
        branch="hi",
        files={"a": "b"},
        from_fork=True,
        maintainer_can_modify=True,
    )
    branch = {"repositoryNameWithOwner": "stranger/payments", "branchName": "hi"}
    other = branch | {"branchName": "main"}
    head = fork.record.head_repository.git.resolve("main")
    refused = commit(world, branch=other, expectedHeadOid=head)
    assert refused["errors"][0]["type"] == "FORBIDDEN"
    assert "errors" not in commit(world, branch=branch, expectedHeadOid=fork.head_sha)
    assert fork.read("app.py") == b"fixed\n"
    fork.close(by="stranger")
    late = commit(world, branch=branch, expectedHeadOid=fork.head_sha)
    assert late["errors"][0]["type"] == "FORBIDDEN"


MOVE = "mutation($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }"
NOWHERE = "0" * 40


def move(world: World, *updates: dict[str, Any], token: str = "") -> dict[str, Any]:
    repository = node_id("R", world.repository.id)
    wanted = {"repositoryId": repository, "refUpdates": list(updates)}
    return ask(world, MOVE, token=token, input=wanted)


def update(branch: str, before: str, after: str, *, force: bool = False) -> dict[str, Any]:
    name = f"refs/heads/{branch}"
    return {"name": name, "beforeOid": before, "afterOid": after, "force": force}


def test_refs_move_together_or_not_at_all(world: World) -> None:
    git, head = world.repository.git, world.pull.head_sha
    main = git.resolve("main")
    made = update("made", NOWHERE, main)
    answer = move(world, made, update("feature", main, head))
    assert "expected" in answer["errors"][0]["message"]
    assert git.ref("refs/heads/made") is None
    assert "errors" not in move(world, made, update("main", main, head))
    assert git.resolve("made") == main
    assert git.resolve("main") == head


def test_a_ref_goes_back_only_by_force(world: World) -> None:
    git, head = world.repository.git, world.pull.head_sha
    main = git.resolve("main")
    back = update("feature", head, main)
    assert "not a fast-forward" in move(world, back)["errors"][0]["message"]
    assert "errors" not in move(world, back | {"force": True})
    assert git.resolve("feature") == main


def test_a_ref_that_goes_nowhere_is_deleted_and_its_pull_request_closed(world: World) -> None:
    assert "errors" not in move(world, update("feature", world.pull.head_sha, NOWHERE))
    assert world.repository.git.ref("refs/heads/feature") is None
    assert world.pull.record.state == "closed"


def test_refs_of_others_and_workflows_do_not_move(world: World) -> None:
    main = world.repository.git.resolve("main")
    tag = {"name": "refs/tags/v1", "beforeOid": NOWHERE, "afterOid": main}
    assert move(world, tag)["errors"][0]["type"] == "UNPROCESSABLE"
    workflow = world.repository.push({".github/workflows/a.yml": "x"}, by="maria", branch="ci")
    answer = move(world, update("made", NOWHERE, workflow))
    assert answer["errors"][0]["type"] == "FORBIDDEN"
    token = world.token(permissions={"contents": "read"})
    answer = move(world, update("made", NOWHERE, main), token=token)
    assert answer["errors"][0]["type"] == "FORBIDDEN"
    unknown = {"repositoryId": "R_x", "refUpdates": []}
    assert ask(world, MOVE, input=unknown)["errors"][0]["type"] == "NOT_FOUND"


def test_a_token_without_contents_cannot_commit(world: World) -> None:
    token = world.token(permissions={"contents": "read", "pull_requests": "write"})
    answer = commit(world, token)
    assert answer["errors"][0]["type"] == "FORBIDDEN"
    assert answer["errors"][0]["message"] == "Resource not accessible by integration"


def test_a_comment_is_folded_away(world: World) -> None:
    comment = world.pull.comment("maria", "old")
    query = """mutation($input: MinimizeCommentInput!) { minimizeComment(input: $input) {
        minimizedComment { isMinimized minimizedReason } } }"""
    wanted = {"subjectId": node_id("IC", comment.id), "classifier": "OUTDATED"}
    made = ask(world, query, input=wanted)["data"]["minimizeComment"]
    assert made == {"minimizedComment": {"isMinimized": True, "minimizedReason": "outdated"}}
    assert comment.minimized == "OUTDATED"
    unknown = ask(world, query, input=wanted | {"subjectId": "IC_xyz"})
    assert unknown["errors"][0]["type"] == "NOT_FOUND"
