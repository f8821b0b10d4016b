"""A stand-in for GitHub over real git repositories, to try the product and to test against.

    github = Sandbox(directory)
    with serve(github) as url: ...

It answers REST below /api/v3 and GraphQL at /api/graphql as a GitHub Enterprise Server does,
sends signed webhooks, and shows pull requests in the browser.
"""

from sandbox.actions.reviews import Draft
from sandbox.errors import Refused
from sandbox.github import Sandbox
from sandbox.handles import PullRequestHandle, RepositoryHandle
from sandbox.server import serve

__all__ = ["Draft", "PullRequestHandle", "Refused", "RepositoryHandle", "Sandbox", "serve"]
