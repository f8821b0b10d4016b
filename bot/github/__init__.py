"""The only door to GitHub: app authentication, narrowed tokens, batched reads, single writes."""

from __future__ import annotations

from bot.github.app import MANIFEST_PERMISSIONS, PERMISSIONS, READING_CODE, GitHub
from bot.github.branches import Branch
from bot.github.errors import PERMISSIONS_MISSING, GitHubError, RateLimited, Refused, Unavailable
from bot.github.hook import Hook, HookAttempt
from bot.github.installations import Installations, OpenPullRequest, Place
from bot.github.proposals import Proposal
from bot.github.pull_request import (
    ChangedFile,
    OwnCheckRun,
    OwnComment,
    OwnReview,
    OwnThread,
    PullRequest,
)
from bot.github.repository import CHANGED_FILES_AT_MOST, Repository

__all__ = [
    "CHANGED_FILES_AT_MOST",
    "MANIFEST_PERMISSIONS",
    "PERMISSIONS",
    "PERMISSIONS_MISSING",
    "READING_CODE",
    "Branch",
    "ChangedFile",
    "GitHub",
    "GitHubError",
    "Hook",
    "HookAttempt",
    "Installations",
    "OpenPullRequest",
    "OwnCheckRun",
    "OwnComment",
    "OwnReview",
    "OwnThread",
    "Place",
    "Proposal",
    "PullRequest",
    "RateLimited",
    "Refused",
    "Repository",
    "Unavailable",
]
