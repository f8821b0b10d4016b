"""A pull request as one GraphQL request tells it, and what the bot wrote there before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LISTS = {
    "comments": """
comments(first: 100%s) {
  pageInfo { hasNextPage endCursor }
  nodes { databaseId viewerDidAuthor body }
}""",
    "reviews": """
reviews(first: 50%s) {
  pageInfo { hasNextPage endCursor }
  nodes { id viewerDidAuthor isMinimized body }
}""",
    "reviewThreads": """
reviewThreads(first: 50%s) {
  pageInfo { hasNextPage endCursor }
  nodes {
    path isResolved
    comments(first: 20) {
      nodes {
        id viewerDidAuthor isMinimized body
        author { __typename }
        pullRequestReview { id }
      }
    }
  }
}""",
}

_STATE = """
number state locked isDraft isCrossRepository maintainerCanModify
viewerDidAuthor
author { __typename login }
baseRefName baseRefOid
headRefName headRefOid
headRepository { nameWithOwner }
headRepositoryOwner { login }
recent: commits(last: 100) { nodes { commit { oid message } } }
commits(last: 1) {
  nodes {
    commit {
      oid
      checkSuites(first: 10, filterBy: {appId: $app}) {
        nodes {
          checkRuns(first: 50) { nodes { databaseId externalId status completedAt } }
        }
      }
    }
  }
}"""


@dataclass(frozen=True, slots=True)
class OwnComment:
    """A comment of the bot in the conversation."""

    id: int
    body: str


@dataclass(frozen=True, slots=True)
class OwnReview:
    """A review of the bot; `id` is GraphQL's."""

    id: str
    body: str
    minimized: bool


@dataclass(frozen=True, slots=True)
class OwnThread:
    """A conversation on a line, which a comment of the bot began.

    `id` is the comment's in GraphQL, `review` that of the review it came with. `answered` is
    whether a person has written into it.
    """

    id: str
    review: str
    path: str
    body: str
    resolved: bool
    answered: bool
    minimized: bool


@dataclass(frozen=True, slots=True)
class OwnCheckRun:
    """A check run of this App on the head; `completed_at` is None while it runs."""

    id: int
    external_id: str
    completed_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request now; nobody but people with write access may talk where it is `locked`.

    `by_bot` is whether a bot opened it, `own` whether this one did.
    `base` is the commit that GitHub compares with: the head of `base_branch` when it last looked.
    `head_repository` is "" where somebody deleted the fork, and `maintainer_can_modify` whether the
    author of a fork lets whoever may push to the base push to its branch as well. `recent` is the
    SHA and the message of its last hundred commits, the newest last.
    """

    number: int
    open: bool
    locked: bool
    draft: bool
    author: str
    by_bot: bool
    own: bool
    base: str
    base_branch: str
    head: str
    head_branch: str
    head_repository: str
    head_owner: str
    from_fork: bool
    maintainer_can_modify: bool
    recent: tuple[tuple[str, str], ...]
    comments: tuple[OwnComment, ...]
    reviews: tuple[OwnReview, ...]
    threads: tuple[OwnThread, ...]
    check_runs: tuple[OwnCheckRun, ...]

    @property
    def may_be_pushed_to(self) -> bool:
        """Whether it is worth trying: GitHub decides."""
        return bool(self.head_repository) and (not self.from_fork or self.maintainer_can_modify)


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A row of `GET pulls/{n}/files`.

    `previous` is the path before a rename, empty for other changes. `patch` is None where GitHub
    leaves it out; `changes` counts changed lines, 0 for a mere rename.
    """

    path: str
    previous: str
    status: str
    blob: str
    patch: str | None
    changes: int


def query(blobs: int, files: int) -> str:
    """The query for a pull request together with so many blobs and files, see `content_query`."""
    pull = _STATE + "".join(field % "" for field in LISTS.values())
    variables = ("$number: Int!", "$app: Int!")
    return _query(blobs, files, variables, f"pullRequest(number: $number) {{{pull}\n}}")


def page_query(key: str) -> str:
    """The query for the next page of `comments`, `reviews` or `reviewThreads`, after `$cursor`."""
    pull = LISTS[key] % ", after: $cursor"
    fields = f"pullRequest(number: $number) {{{pull}\n}}"
    return _query(0, 0, ("$number: Int!", "$cursor: String!"), fields)


def content_query(blobs: int, files: int) -> str:
    """The query for so many blobs by SHA, `$b0` and up, and files by "REVISION:path", `$f0` …."""
    return _query(blobs, files, (), "")


def minimize_query(subjects: int) -> str:
    """The mutation that folds so many comments away as outdated, `$i0` and up, in one request."""
    declared = ", ".join(f"$i{index}: ID!" for index in range(subjects))
    lines = [
        f"m{index}: minimizeComment(input: {{subjectId: $i{index}, classifier: OUTDATED}}) "
        "{ minimizedComment { isMinimized } }"
        for index in range(subjects)
    ]
    return f"mutation({declared}) {{\n" + "\n".join(lines) + "\n}"


def _query(blobs: int, files: int, variables: tuple[str, ...], fields: str) -> str:
    declared = ["$owner: String!", "$name: String!", *variables]
    declared += [f"$b{index}: GitObjectID!" for index in range(blobs)]
    declared += [f"$f{index}: String!" for index in range(files)]
    content = "{ ... on Blob { oid text byteSize } }"
    lines = [f"b{index}: object(oid: $b{index}) {content}" for index in range(blobs)]
    lines += [f"f{index}: object(expression: $f{index}) {content}" for index in range(files)]
    inner = "\n".join([fields, *lines])
    return (
        f"query({', '.join(declared)}) "
        f"{{\nrepository(owner: $owner, name: $name) {{\ndatabaseId\n{inner}\n}}\n}}"
    )


def read(
    answer: Mapping[str, Any], lists: Mapping[str, Sequence[Mapping[str, Any]]]
) -> PullRequest:
    """Put together what `query` brought.

    Args:
        answer: the `pullRequest` of the answer.
        lists: of each of `LISTS` all nodes, of every page.
    """
    commit = answer["commits"]["nodes"][0]["commit"]
    head_repository = answer["headRepository"] or {}
    return PullRequest(
        number=answer["number"],
        open=answer["state"] == "OPEN",
        locked=answer["locked"],
        draft=answer["isDraft"],
        author=(answer["author"] or {}).get("login", ""),
        by_bot=(answer["author"] or {}).get("__typename") == "Bot",
        own=answer["viewerDidAuthor"],
        base=answer["baseRefOid"],
        base_branch=answer["baseRefName"],
        head=answer["headRefOid"],
        head_branch=answer["headRefName"],
        head_repository=head_repository.get("nameWithOwner", ""),
        head_owner=(answer["headRepositoryOwner"] or {}).get("login", ""),
        from_fork=answer["isCrossRepository"],
        maintainer_can_modify=answer["maintainerCanModify"],
        recent=tuple(
            (node["commit"]["oid"], node["commit"]["message"]) for node in answer["recent"]["nodes"]
        ),
        comments=tuple(
            OwnComment(node["databaseId"], node["body"])
            for node in lists["comments"]
            if node["viewerDidAuthor"]
        ),
        reviews=tuple(
            OwnReview(node["id"], node["body"], node["isMinimized"])
            for node in lists["reviews"]
            if node["viewerDidAuthor"]
        ),
        threads=tuple(
            _thread(node)
            for node in lists["reviewThreads"]
            if node["comments"]["nodes"] and node["comments"]["nodes"][0]["viewerDidAuthor"]
        ),
        check_runs=tuple(
            OwnCheckRun(run["databaseId"], run["externalId"] or "", _time(run["completedAt"]))
            for suite in commit["checkSuites"]["nodes"]
            for run in suite["checkRuns"]["nodes"]
        )
        if commit["oid"] == answer["headRefOid"]
        else (),
    )


def changed_file(row: Mapping[str, Any]) -> ChangedFile:
    """Read a row of `GET pulls/{n}/files`."""
    return ChangedFile(
        path=row["filename"],
        previous=row.get("previous_filename") or "",
        status=row["status"],
        blob=row["sha"] or "",
        patch=row.get("patch"),
        changes=int(row["changes"]),
    )


def _thread(node: Mapping[str, Any]) -> OwnThread:
    first, *replies = node["comments"]["nodes"]
    return OwnThread(
        id=first["id"],
        review=(first["pullRequestReview"] or {}).get("id", ""),
        path=node["path"],
        body=first["body"],
        resolved=node["isResolved"],
        # Somebody whose account is gone was a person, as far as anybody knows.
        answered=any((each["author"] or {}).get("__typename") != "Bot" for each in replies),
        minimized=first["isMinimized"],
    )


def _time(value: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(value) if value else None
