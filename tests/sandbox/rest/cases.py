"""A request for every route of the REST API, on a world in which there is something to show."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox import Draft
from sandbox.actions.comments import react
from sandbox.actions.labels import add_labels
from sandbox.state import CheckRun
from tests.sandbox.world import World

REPO = "/repos/{owner}/{repo}"
PULL = f"{REPO}/pulls/{{pull_number}}"
LINE = f"{REPO}/pulls/comments/{{comment_id}}"
COMMENT = f"{REPO}/issues/comments/{{comment_id}}"
NOTE = {
    "path": "app.py",
    "start_line": 20,
    "end_line": 20,
    "annotation_level": "notice",
    "message": "Look",
}


@dataclass
class Sent:
    """What fills a route's path, its query and its body."""

    parameters: dict[str, Any]
    body: Any = None
    query: str = ""


def sent(body: Any = None, query: str = "", **parameters: Any) -> Sent:
    return Sent(parameters, body, query)


def some_run(world: World) -> CheckRun:
    return world.repository.record.check_runs[0]


def new_comment(world: World) -> int:
    return world.pull.comment("maria", "hello").id


def new_line(world: World) -> int:
    world.pull.review("ada", "Hm", on=[Draft("app.py", "Why?", line=21, start_line=20)])
    return world.pull.review_comments[-1].id


def reacted(world: World) -> int:
    comment = world.pull.comment("maria", "hello")
    react(world.github.service, comment, "+1", by=comment.author)
    return comment.id


def reacted_line(world: World) -> int:
    new_line(world)
    comment = world.pull.review_comments[-1]
    react(world.github.service, comment, "heart", by=comment.author)
    return comment.id


def labelled(world: World) -> int:
    add_labels(world.github.service, world.pull.record, ["cdk-medic"])
    return world.pull.number


def new_branch(world: World, name: str) -> str:
    world.repository.push({f"{name}.py": "1\n"}, by="maria", branch=name)
    return name


def new_commit(world: World, name: str) -> str:
    return world.repository.git.resolve(new_branch(world, name))


def mergeable(world: World) -> Sent:
    pull = world.repository.open_pull_request(
        author="maria", title="Merge me", branch="merge-me", files={"merged.py": "1\n"}
    )
    return sent({}, pull_number=pull.number)


def removable(world: World) -> Sent:
    world.repository.push({"remove-me": "x"}, by="maria")
    sha = world.repository.git.entry("main", "remove-me").sha
    return sent({"message": "Remove", "sha": sha}, path="remove-me")


def another_installation(world: World) -> Sent:
    other = world.github.add_repository("beta/app", files={"a": "b"})
    return sent(installation_id=world.github.install(world.registration, other).id)


def content(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def head(world: World) -> str:
    return world.pull.head_sha


def tree_of_main(world: World) -> str:
    git = world.repository.git
    return git.commit(git.resolve("main")).tree


CASES: dict[tuple[str, str], Callable[[World], Sent]] = {
    ("GET", "/app"): lambda _: sent(),
    ("GET", "/app/installations"): lambda _: sent(),
    ("GET", "/app/installations/{installation_id}"): lambda w: sent(
        installation_id=w.installation.id
    ),
    ("DELETE", "/app/installations/{installation_id}"): another_installation,
    ("POST", "/app/installations/{installation_id}/access_tokens"): lambda w: sent(
        {"repository_ids": [w.repository.id], "permissions": {"checks": "write"}},
        installation_id=w.installation.id,
    ),
    ("GET", f"{REPO}/installation"): lambda _: sent(),
    ("GET", "/installation/repositories"): lambda _: sent(),
    ("GET", "/app/hook/config"): lambda _: sent(),
    ("PATCH", "/app/hook/config"): lambda w: sent({"url": w.registration.app.webhook_url}),
    ("GET", "/app/hook/deliveries"): lambda _: sent(query="per_page=100"),
    ("GET", "/app/hook/deliveries/{delivery_id}"): lambda w: sent(
        delivery_id=w.github.deliveries[0].id
    ),
    ("POST", "/app/hook/deliveries/{delivery_id}/attempts"): lambda w: sent(
        delivery_id=w.github.deliveries[0].id
    ),
    ("GET", "/users/{username}"): lambda _: sent(username="maria"),
    ("GET", "/rate_limit"): lambda _: sent(),
    ("POST", f"{REPO}/check-runs"): lambda w: sent(
        {
            "name": "cdk-medic",
            "head_sha": head(w),
            "conclusion": "neutral",
            "output": {"title": "T", "summary": "S", "annotations": [NOTE]},
            "actions": [{"label": "Fix", "description": "Fix", "identifier": "fix-safe"}],
        }
    ),
    ("GET", f"{REPO}/check-runs/{{check_run_id}}"): lambda w: sent(check_run_id=some_run(w).id),
    ("PATCH", f"{REPO}/check-runs/{{check_run_id}}"): lambda w: sent(
        {"status": "in_progress"}, check_run_id=some_run(w).id
    ),
    ("GET", f"{REPO}/check-runs/{{check_run_id}}/annotations"): lambda w: sent(
        check_run_id=some_run(w).id
    ),
    ("GET", f"{REPO}/commits/{{ref}}/check-runs"): lambda _: sent(ref="feature"),
    ("GET", REPO): lambda _: sent(),
    ("GET", f"{REPO}/collaborators/{{username}}/permission"): lambda _: sent(username="ada"),
    ("GET", f"{REPO}/branches"): lambda _: sent(),
    ("GET", f"{REPO}/branches/{{branch}}"): lambda _: sent(branch="feature"),
    ("GET", f"{REPO}/commits/{{ref}}"): lambda _: sent(ref="feature"),
    ("GET", f"{REPO}/compare/{{basehead}}"): lambda _: sent(basehead="main...feature"),
    ("GET", f"{REPO}/tarball/{{ref}}"): lambda _: sent(ref="main"),
    ("GET", f"{REPO}/contents/{{path}}"): lambda _: sent(path="src/deep.py"),
    ("PUT", f"{REPO}/contents/{{path}}"): lambda _: sent(
        {"message": "Add", "content": content("x")}, path="put.txt"
    ),
    ("DELETE", f"{REPO}/contents/{{path}}"): removable,
    ("GET", f"{REPO}/git/blobs/{{file_sha}}"): lambda w: sent(
        file_sha=w.repository.git.entry("main", "app.py").sha
    ),
    ("POST", f"{REPO}/git/blobs"): lambda _: sent({"content": "x"}),
    ("GET", f"{REPO}/git/trees/{{tree_sha}}"): lambda _: sent(query="recursive=1", tree_sha="main"),
    ("POST", f"{REPO}/git/trees"): lambda w: sent(
        {
            "base_tree": tree_of_main(w),
            "tree": [{"path": "a", "mode": "100644", "type": "blob", "content": "x"}],
        }
    ),
    ("GET", f"{REPO}/git/commits/{{commit_sha}}"): lambda w: sent(commit_sha=head(w)),
    ("POST", f"{REPO}/git/commits"): lambda w: sent(
        {"message": "M", "tree": tree_of_main(w), "parents": [head(w)]}
    ),
    ("GET", f"{REPO}/git/ref/{{ref}}"): lambda _: sent(ref="heads/feature"),
    ("GET", f"{REPO}/git/matching-refs/{{ref}}"): lambda _: sent(ref="heads/fea"),
    ("POST", f"{REPO}/git/refs"): lambda w: sent({"ref": "refs/heads/made", "sha": head(w)}),
    ("PATCH", f"{REPO}/git/refs/{{ref}}"): lambda w: sent(
        {"sha": new_commit(w, "moved")}, ref="heads/moved"
    ),
    ("DELETE", f"{REPO}/git/refs/{{ref}}"): lambda w: sent(ref=f"heads/{new_branch(w, 'dropped')}"),
    ("GET", f"{REPO}/pulls"): lambda _: sent(query="state=all"),
    ("POST", f"{REPO}/pulls"): lambda w: sent(
        {"title": "T", "head": new_branch(w, "opened"), "base": "main"}
    ),
    ("GET", PULL): lambda _: sent(pull_number=1),
    ("PATCH", PULL): lambda _: sent({"title": "A better title"}, pull_number=1),
    ("PUT", f"{PULL}/merge"): mergeable,
    ("GET", f"{PULL}/files"): lambda _: sent(pull_number=1),
    ("GET", f"{PULL}/commits"): lambda _: sent(pull_number=1),
    ("POST", f"{PULL}/reviews"): lambda _: sent(
        {
            "event": "COMMENT",
            "body": "Hm",
            "comments": [{"path": "app.py", "line": 20, "body": "Why?"}],
        },
        pull_number=1,
    ),
    ("GET", f"{PULL}/reviews"): lambda _: sent(pull_number=1),
    ("GET", f"{PULL}/reviews/{{review_id}}"): lambda w: sent(
        pull_number=1, review_id=w.pull.reviews[0].id
    ),
    ("PUT", f"{PULL}/reviews/{{review_id}}"): lambda w: sent(
        {"body": "Hm!"}, pull_number=1, review_id=w.pull.reviews[0].id
    ),
    ("GET", f"{PULL}/reviews/{{review_id}}/comments"): lambda w: sent(
        pull_number=1, review_id=w.pull.reviews[0].id
    ),
    ("GET", f"{PULL}/comments"): lambda _: sent(pull_number=1),
    ("POST", f"{PULL}/comments"): lambda w: sent(
        {"path": "app.py", "line": 20, "body": "Why?", "commit_id": head(w)}, pull_number=1
    ),
    ("POST", f"{PULL}/comments/{{comment_id}}/replies"): lambda w: sent(
        {"body": "Because"}, pull_number=1, comment_id=new_line(w)
    ),
    ("GET", LINE): lambda w: sent(comment_id=new_line(w)),
    ("PATCH", LINE): lambda w: sent({"body": "Oh"}, comment_id=new_line(w)),
    ("DELETE", LINE): lambda w: sent(comment_id=new_line(w)),
    ("GET", f"{LINE}/reactions"): lambda w: sent(comment_id=reacted_line(w)),
    ("POST", f"{LINE}/reactions"): lambda w: sent({"content": "eyes"}, comment_id=new_line(w)),
    ("GET", f"{REPO}/issues/{{issue_number}}"): lambda _: sent(issue_number=1),
    ("GET", f"{REPO}/issues/{{issue_number}}/comments"): lambda _: sent(issue_number=1),
    ("POST", f"{REPO}/issues/{{issue_number}}/comments"): lambda _: sent(
        {"body": "hello"}, issue_number=1
    ),
    ("GET", f"{REPO}/issues/{{issue_number}}/labels"): lambda w: sent(issue_number=labelled(w)),
    ("POST", f"{REPO}/issues/{{issue_number}}/labels"): lambda _: sent(
        {"labels": ["cdk-medic", "infrastructure"]}, issue_number=1
    ),
    ("GET", COMMENT): lambda w: sent(comment_id=new_comment(w)),
    ("PATCH", COMMENT): lambda w: sent({"body": "there"}, comment_id=new_comment(w)),
    ("DELETE", COMMENT): lambda w: sent(comment_id=new_comment(w)),
    ("GET", f"{COMMENT}/reactions"): lambda w: sent(comment_id=reacted(w)),
    ("POST", f"{COMMENT}/reactions"): lambda w: sent(
        {"content": "eyes"}, comment_id=new_comment(w)
    ),
}
