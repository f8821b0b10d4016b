"""Who looks, how errors are told, and how lists are cut into pages."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from graphql import GraphQLError

from sandbox.auth import Actor
from sandbox.errors import Refused
from sandbox.rest.routing import check_access
from sandbox.service import Service
from sandbox.state import Repository, State

Node = dict[str, Any]
Item = TypeVar("Item")
PAGE_LIMIT = 100
_KINDS = {401: "FORBIDDEN", 403: "FORBIDDEN", 404: "NOT_FOUND", 409: "STALE_DATA"}


class GraphQLRefused(Exception):  # noqa: N818 -- GitHub refused; nothing is broken
    """An error of a field; `kind` is what GitHub's errors have as their type ("NOT_FOUND")."""

    def __init__(self, kind: str, message: str) -> None:
        """Keep both."""
        super().__init__(message)
        self.kind = kind


def formatted(error: GraphQLError) -> dict[str, Any]:
    """Write an error as GitHub does, with the type outside of the extensions."""
    shape: dict[str, Any] = {}
    cause = error.original_error
    if isinstance(cause, GraphQLRefused):
        shape["type"] = cause.kind
    elif isinstance(cause, Refused):
        shape["type"] = _KINDS.get(cause.status, "UNPROCESSABLE")
    if error.path:
        shape["path"] = error.path
    locations = error.locations or []
    shape["locations"] = [{"line": it.line, "column": it.column} for it in locations]
    message = cause.message if isinstance(cause, Refused) else error.message
    return shape | {"message": message}


@dataclass(frozen=True)
class View:
    """The stand-in as one token sees it."""

    service: Service
    actor: Actor

    @property
    def state(self) -> State:
        """The stand-in's records."""
        return self.service.state

    def repository(self, owner: str, name: str) -> Repository:
        """Return a repository that the token may know of."""
        full_name = f"{owner}/{name}"
        try:
            found = self._named(full_name)
            check_access(self.actor, found, ("metadata:read",))
        except (LookupError, Refused):
            reason = f"Could not resolve to a Repository with the name '{full_name}'."
            raise GraphQLRefused("NOT_FOUND", reason) from None
        return found

    def _named(self, full_name: str) -> Repository:
        """The repository of a name, or the one that had it: GraphQL follows renames."""
        try:
            return self.state.repository(full_name)
        except LookupError:
            found = self.state.moved.get(full_name.lower())
            if not found or found.id not in self.state.repositories:
                raise
            return found

    def guarded(
        self, repository: Repository, needs: str, read: Callable[..., Any]
    ) -> Callable[..., Any]:
        """Return a field that is read only with a permission."""

        def field(_: Any, **arguments: Any) -> Any:
            check_access(self.actor, repository, tuple(needs.split("|")))
            return read(**arguments)

        return field


def _cursor(index: int) -> str:
    return base64.b64encode(f"cursor:{index}".encode()).decode()


def _index(cursor: str) -> int:
    try:
        return int(base64.b64decode(cursor).decode().removeprefix("cursor:"))
    except ValueError:
        reason = f"`{cursor}` does not appear to be a valid cursor."
        raise GraphQLRefused("INVALID_CURSOR_ARGUMENTS", reason) from None


def connection(
    name: str,
    items: Callable[[Mapping[str, Any]], Sequence[Item]],
    node: Callable[[Item], Node],
) -> Callable[..., Node]:
    """Return a field that is a connection; `items` gets its filters, `first` or `last` must be."""

    def field(_: Any, **arguments: Any) -> Node:
        first, last = arguments.get("first"), arguments.get("last")
        if first is None and last is None:
            reason = (
                "You must provide a `first` or `last` value to properly paginate the "
                f"`{name}` connection."
            )
            raise GraphQLRefused("MISSING_PAGINATION_BOUNDARIES", reason)
        for which, number in (("first", first), ("last", last)):
            if number is not None and not 0 <= number <= PAGE_LIMIT:
                reason = (
                    f"Requesting {number} records on the `{name}` connection exceeds the "
                    f"`{which}` limit of {PAGE_LIMIT} records."
                )
                raise GraphQLRefused("EXCESSIVE_PAGINATION", reason)
        found = list(items(arguments))
        after, before = arguments.get("after"), arguments.get("before")
        start = _index(after) + 1 if after else 0
        end = _index(before) if before else len(found)
        if first is not None:
            end = min(end, start + first)
        if last is not None:
            start = max(start, end - last)
        shown = found[start:end]
        return {
            "totalCount": len(found),
            "nodes": [node(it) for it in shown],
            "pageInfo": {
                "hasNextPage": end < len(found),
                "hasPreviousPage": start > 0,
                "startCursor": _cursor(start) if shown else None,
                "endCursor": _cursor(end - 1) if shown else None,
            },
        }

    return field
