"""A pull request as one GraphQL request tells it, and what the bot wrote there before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.github.errors import Refused

COMMENTS = """
comments(first: 100, after: $comments) {
  pageInfo { hasNextPage endCursor }
  nodes { id databaseId viewerDidAuthor body }
}"""

REVIEWS = """
reviews(first: 50, after: $reviews) {
  pageInfo { hasNextPage endCursor }
  nodes {
    viewerDidAuthor
    body
    comments(first: 50) { nodes { body } }
  }
}"""

_STATE = """
id number state isDraft isCrossRepository
author { login }
headRefName headRefOid baseRefOid
headRepository { nameWithOwner isFork }
headRepositoryOwner { login }
commits(last: 1) {
  nodes {
    commit {
      oid message
      parents(first: 2) { nodes { oid } }
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
    """A review of the bot, with the bodies of the comments it began."""

    body: str
    comments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnCheckRun:
    """A check run of this App on the head; `completed_at` is None while it runs."""

    id: int
    external_id: str
    completed_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request now. `head_repository` is "" where somebody deleted the fork."""

    number: int
    open: bool
    draft: bool
    author: str
    head: str
    head_branch: str
    head_repository: str
    head_owner: str
    from_fork: bool
    head_message: str
    head_parents: tuple[str, ...]
    comments: tuple[OwnComment, ...]
    reviews: tuple[OwnReview, ...]
    check_runs: tuple[OwnCheckRun, ...]


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A row of `GET pulls/{n}/files`.

    `patch` is None where GitHub leaves it out; `changes` counts changed lines, 0 for a mere rename.
    """

    path: str
    status: str
    blob: str
    patch: str | None
    changes: int


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """A path of a commit: git's mode such as `100644`, and the object's SHA."""

    mode: str
    sha: str


def query(blobs: int, *, comments: bool = True, reviews: bool = True) -> str:
    """The query for a pull request together with so many blobs, `$b0` … and up.

    `comments` and `reviews` say whether these are asked for, from their cursors on.
    """
    variables = ["$owner: String!", "$name: String!", "$number: Int!", "$app: Int!"]
    variables += ["$comments: String"] * comments + ["$reviews: String"] * reviews
    variables += [f"$b{index}: GitObjectID!" for index in range(blobs)]
    fields = _STATE + COMMENTS * comments + REVIEWS * reviews
    return f"""query({", ".join(variables)}) {{
  repository(owner: $owner, name: $name) {{
    pullRequest(number: $number) {{{fields}
    }}
    {blob_fields(blobs)}
  }}
}}"""


def blob_query(blobs: int) -> str:
    """The query for so many blobs alone."""
    variables = ["$owner: String!", "$name: String!"]
    variables += [f"$b{index}: GitObjectID!" for index in range(blobs)]
    return f"""query({", ".join(variables)}) {{
  repository(owner: $owner, name: $name) {{
    {blob_fields(blobs)}
  }}
}}"""


def blob_fields(blobs: int) -> str:
    """One aliased field a blob."""
    return "\n    ".join(
        f"b{index}: object(oid: $b{index}) {{ ... on Blob {{ text isTruncated byteSize }} }}"
        for index in range(blobs)
    )


def read(
    answer: Mapping[str, Any],
    comments: Sequence[Mapping[str, Any]],
    reviews: Sequence[Mapping[str, Any]],
) -> PullRequest:
    """Put together what `query` brought.

    Args:
        answer: the `pullRequest` of the answer.
        comments: all comment nodes, of every page.
        reviews: all review nodes, of every page.
    """
    commit = answer["commits"]["nodes"][0]["commit"]
    head_repository = answer["headRepository"] or {}
    return PullRequest(
        number=answer["number"],
        open=answer["state"] == "OPEN",
        draft=answer["isDraft"],
        author=(answer["author"] or {}).get("login", ""),
        head=answer["headRefOid"],
        head_branch=answer["headRefName"],
        head_repository=head_repository.get("nameWithOwner", ""),
        head_owner=(answer["headRepositoryOwner"] or {}).get("login", ""),
        from_fork=answer["isCrossRepository"],
        head_message=commit["message"],
        head_parents=tuple(parent["oid"] for parent in commit["parents"]["nodes"]),
        comments=tuple(
            OwnComment(node["databaseId"], node["body"])
            for node in comments
            if node["viewerDidAuthor"]
        ),
        reviews=tuple(
            OwnReview(node["body"], tuple(each["body"] for each in node["comments"]["nodes"]))
            for node in reviews
            if node["viewerDidAuthor"]
        ),
        check_runs=tuple(
            OwnCheckRun(run["databaseId"], run["externalId"] or "", _time(run["completedAt"]))
            for suite in commit["checkSuites"]["nodes"]
            for run in suite["checkRuns"]["nodes"]
        )
        if commit["oid"] == answer["headRefOid"]
        else (),
    )


def found(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The repository of an answer, which holds a pull request.

    Raises:
        Refused: either is gone.
    """
    repository = data.get("repository")
    if not repository or not repository.get("pullRequest"):
        raise Refused(404, "The pull request is gone.")
    return dict(repository)


def changed_file(row: Mapping[str, Any]) -> ChangedFile:
    """Read a row of `GET pulls/{n}/files`."""
    return ChangedFile(
        path=row["filename"],
        status=row["status"],
        blob=row["sha"] or "",
        patch=row.get("patch"),
        changes=int(row["changes"]),
    )


def _time(value: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(value) if value else None
