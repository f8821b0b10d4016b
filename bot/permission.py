"""Who may have the bot write to a branch. Whatever is not known is a no."""

from __future__ import annotations

from bot.github import PullRequest


def refusal_of(login: str, permission: str, pull: PullRequest) -> str:
    """Why this person may not, or "" where they may.

    Args:
        login: who asks.
        permission: GitHub's answer about them: admin, write, read or none. It folds `maintain`
            into write; being a member, a contributor or the author is not write access.
        pull: the pull request. Its author may act without write access only where the branch is in
            their own fork, which nobody else can lend them.
    """
    if permission in {"admin", "maintain", "write"}:
        return ""
    own_fork = pull.from_fork and bool(login) and login == pull.author == pull.head_owner
    if own_fork:
        return ""
    return "This needs write access to the repository."
