"""Refusals, in the shapes of GitHub's error answers."""

from typing import Any

DOCUMENTATION = "https://docs.github.com/rest"
LOCKING = "https://docs.github.com/articles/locking-conversations/"


class Refused(Exception):  # noqa: N818 -- GitHub refused; nothing is broken
    """An answer of GitHub that is no success; `body` is its JSON."""

    def __init__(
        self,
        status: int,
        message: str,
        errors: list[Any] | None = None,
        documentation_url: str = DOCUMENTATION,
    ) -> None:
        """Keep the HTTP status, GitHub's message, and its list of errors where there is one."""
        details = f" {errors}" if errors else ""
        super().__init__(f"{status} {message}{details}")
        self.status = status
        self.message = message
        self.errors = errors
        self.body: dict[str, Any] = {"message": message}
        if errors is not None:
            self.body["errors"] = errors
        self.body |= {"documentation_url": documentation_url, "status": str(status)}


def not_found() -> Refused:
    """Return what GitHub says of things that aren't there or mustn't be seen."""
    return Refused(404, "Not Found")


def archived() -> Refused:
    """Return what GitHub says to whoever would change an archived repository."""
    return Refused(403, "Repository was archived so is read-only.")


def no_permission() -> Refused:
    """Return what GitHub says to an App whose token lacks the permission."""
    return Refused(403, "Resource not accessible by integration")


def invalid(resource: str, field: str, code: str, message: str = "") -> Refused:
    """Return a 422 about one field, in the form that most resources use."""
    error = {"resource": resource, "code": code, "field": field}
    if message:
        error["message"] = message
    return Refused(422, "Validation Failed", [error])


def malformed(reason: str) -> Refused:
    """Return a 422 of the check that GitHub makes against its request schema."""
    return Refused(422, f"Invalid request.\n\n{reason}")


def unprocessable(*reasons: str) -> Refused:
    """Return a 422 in the form that reviews use: a list of sentences."""
    return Refused(422, "Unprocessable Entity", list(reasons))
