"""GitHub's REST API: every route that the stand-in knows."""

from sandbox.rest import apps, checks, contents, git, issues, pulls, repositories, reviews, users
from sandbox.rest.routing import Route


def routes() -> list[Route]:
    """Return all routes, in the order in which they are tried."""
    modules = (apps, users, checks, repositories, contents, git, reviews, pulls, issues)
    return [route for module in modules for route in module.routes.all]
