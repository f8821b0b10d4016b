"""One signed commit on a branch that is still where it was: GraphQL's `createCommitOnBranch`."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from bot.github.errors import Unavailable
from bot.github.pull_request import PullRequest

MUTATION = """mutation($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}"""


def variables(
    pull: PullRequest, headline: str, body: str, files: Mapping[str, bytes]
) -> dict[str, Any]:
    """What the mutation needs, see `Repository.commit`."""
    additions = [
        {"path": path, "contents": base64.b64encode(content).decode()}
        for path, content in files.items()
    ]
    return {
        "input": {
            "branch": {
                "repositoryNameWithOwner": pull.head_repository,
                "branchName": pull.head_branch,
            },
            "expectedHeadOid": pull.head,
            "message": {"headline": headline, "body": body},
            "fileChanges": {"additions": additions},
        }
    }


def sha(data: Mapping[str, Any]) -> str:
    """The SHA of the commit that the mutation made.

    Raises:
        Unavailable: it doesn't say.
    """
    try:
        return str(data["createCommitOnBranch"]["commit"]["oid"])
    except (KeyError, TypeError) as error:
        raise Unavailable("GitHub did not name the commit that it made.") from error
