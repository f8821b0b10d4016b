from __future__ import annotations

import itertools

import pytest

from bot.github import PullRequest
from bot.permission import refusal_of

ROLES = ["admin", "maintain", "write", "triage", "read", "none", "", "owner"]
WRITERS = {"admin", "maintain", "write"}


def pull(*, author: str, from_fork: bool, head_owner: str) -> PullRequest:
    return PullRequest(
        number=1,
        open=True,
        locked=False,
        draft=False,
        by_bot=False,
        own=False,
        author=author,
        base="1" * 40,
        base_branch="main",
        head="0" * 40,
        head_branch="feature",
        head_repository=f"{head_owner}/payments",
        head_owner=head_owner,
        from_fork=from_fork,
        maintainer_can_modify=False,
        recent=(),
        comments=(),
        reviews=(),
        threads=(),
        check_runs=(),
    )


@pytest.mark.parametrize(
    ("role", "author", "from_fork", "head_owner"),
    list(itertools.product(ROLES, ["maria", "eve"], [True, False], ["maria", "eve", "acme", ""])),
)
def test_write_access_or_the_authors_own_fork_and_nothing_else(
    role: str, author: str, from_fork: bool, head_owner: str
) -> None:
    refusal = refusal_of(
        "maria", role, pull(author=author, from_fork=from_fork, head_owner=head_owner)
    )
    own_fork = from_fork and author == "maria" and head_owner == "maria"
    assert (refusal == "") == (role in WRITERS or own_fork)


def test_a_nameless_asker_owns_no_nameless_fork() -> None:
    assert refusal_of("", "none", pull(author="", from_fork=True, head_owner="")) != ""
