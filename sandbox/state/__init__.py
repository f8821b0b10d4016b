"""What the stand-in knows besides git: people, repositories, pull requests and what was said.

Everything is a plain dataclass, held by one `State` and guarded by its one lock. Whatever
`sandbox.rest`, `sandbox.graphql`, `sandbox.pages` or a test shows is read from here; whatever
changes it is a function of `sandbox.actions`, which also sends the webhooks.
"""

from sandbox.state.apps import App, Delivery, Installation, RecordedRequest, Registration, Token
from sandbox.state.checks import Annotation, CheckAction, CheckRun
from sandbox.state.discussion import IssueComment, Reaction, Review, ReviewComment
from sandbox.state.repositories import Label, PullRequest, Push, Repository, User
from sandbox.state.store import State

__all__ = [
    "Annotation",
    "App",
    "CheckAction",
    "CheckRun",
    "Delivery",
    "Installation",
    "IssueComment",
    "Label",
    "PullRequest",
    "Push",
    "Reaction",
    "RecordedRequest",
    "Registration",
    "Repository",
    "Review",
    "ReviewComment",
    "State",
    "Token",
    "User",
]
