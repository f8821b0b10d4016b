"""How a REST route is written: a function of a `Call`, its path, and what it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode

from sandbox.auth import Actor
from sandbox.errors import Refused, archived, malformed, no_permission, not_found
from sandbox.service import Service
from sandbox.state import App, PullRequest, Repository, State, User

Item = TypeVar("Item")
APP = "app"  # what a route needs that is for an App's JSON web token
ANYBODY = "anybody"


@dataclass(frozen=True)
class Answer:
    """What is sent back; `body` is JSON-ready, or bytes as they are, or None for nothing."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Call:
    """A request: who asks, the path's parameters, the query, and the JSON body."""

    service: Service
    actor: Actor
    needs: tuple[str, ...]
    path: str
    parameters: Mapping[str, str]
    query: Mapping[str, str]
    accept: str
    body: dict[str, Any]
    method: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def state(self) -> State:
        """The stand-in's records."""
        return self.service.state

    @property
    def app(self) -> App:
        """The App that asks."""
        if not self.actor.app:
            raise Refused(401, "Requires authentication")
        return self.actor.app

    @property
    def user(self) -> User:
        """The user as whom the App acts: its bot."""
        return self.app.bot

    def number(self, name: str) -> int:
        """Return a numeric parameter of the path; 404 if it is no number."""
        try:
            return int(self.parameters[name])
        except ValueError:
            raise not_found() from None

    def repository(self) -> Repository:
        """Return the repository of the path, if this token may do here what the route does."""
        found = self._by_id() if "repository_id" in self.parameters else self._by_name()
        check_access(self.actor, found, self.needs)
        return found

    def _by_id(self) -> Repository:
        found = self.state.repositories.get(self.number("repository_id"))
        if not found:
            raise not_found()
        return found

    def _by_name(self) -> Repository:
        name = f"{self.parameters['owner']}/{self.parameters['repo']}"
        try:
            return self.state.repository(name)
        except LookupError:
            raise self._moved(name) or not_found() from None

    def _moved(self, name: str) -> Refused | None:
        """The redirect to the number of a repository that has had this name."""
        found = self.state.moved.get(name.lower())
        if not found or found.id not in self.state.repositories:
            return None
        rest = self.path.removeprefix(f"/repos/{name}")
        query = f"?{urlencode(self.query)}" if self.query else ""
        self.headers["Location"] = f"{self.state.url}/api/v3/repositories/{found.id}{rest}{query}"
        return Refused(301 if self.method == "GET" else 307, "Moved Permanently")

    def pull(self, name: str = "pull_number") -> PullRequest:
        """Return the pull request of the path."""
        pull = self.repository().pulls.get(self.number(name))
        if not pull:
            raise not_found()
        return pull

    def text(self, name: str, default: str | None = None) -> str:
        """Return a string of the body; without a default it must be there."""
        value = self.body.get(name, default)
        if value is None:
            raise malformed(f'"{name}" wasn\'t supplied.')
        if not isinstance(value, str):
            raise malformed(f"For 'properties/{name}', {value!r} is not a string.")
        return value

    def page(self, items: Sequence[Item]) -> list[Item]:
        """Return the page that the query asks for and set the Link header."""
        size = min(max(self._integer("per_page", 30), 1), 100)
        page = max(self._integer("page", 1), 1)
        last = max(-(-len(items) // size), 1)
        links: dict[str, int] = {}
        if page < last:
            links |= {"next": page + 1, "last": last}
        if page > 1:
            links |= {"prev": page - 1, "first": 1}
        if links:
            self.headers["Link"] = ", ".join(
                f'<{self.address(page=str(number))}>; rel="{name}"'
                for name, number in links.items()
            )
        return list(items[(page - 1) * size : page * size])

    def address(self, **query: str) -> str:
        """Return this request's address with some of its query changed."""
        return f"{self.state.url}/api/v3{self.path}?{urlencode({**self.query, **query})}"

    def _integer(self, name: str, default: int) -> int:
        try:
            return int(self.query.get(name, default))
        except ValueError:
            return default


def check_access(actor: Actor, repository: Repository, needs: tuple[str, ...]) -> None:
    """Let a token do what needs one of these permissions, as GitHub would.

    Raises:
        Refused: 401 without a token, 404 for what it must not know of, 403 for what it can't do.
    """
    if actor.covers(repository):
        if not any(actor.has(permission) for permission in needs):
            raise no_permission()
        if repository.archived and not any(permission.endswith(":read") for permission in needs):
            raise archived()
    elif repository.private:
        raise not_found()
    elif not all(permission.endswith(":read") for permission in needs):
        raise no_permission() if actor.app else Refused(401, "Requires authentication")


Handler = Callable[[Call], Any]


@dataclass(frozen=True)
class Route:
    """A route; `path` is written as in GitHub's OpenAPI description."""

    method: str
    path: str
    needs: tuple[str, ...]
    handle: Handler

    def answer(self, call: Call) -> Answer:
        """Answer a request, if it is for whoever asks."""
        if self.needs == (APP,) and (call.actor.token or not call.actor.app):
            raise Refused(401, "A JSON web token could not be decoded")
        answer = self.handle(call)
        return answer if isinstance(answer, Answer) else Answer(200, answer)


class Routes:
    """The routes of one module, in the order in which they are tried."""

    def __init__(self) -> None:
        """Begin with none."""
        self.all: list[Route] = []

    def add(self, method: str, path: str, *needs: str) -> Callable[[Handler], Handler]:
        """Decorate a function that answers a route.

        `needs` are the permissions of which one is enough ("checks:write"), or `APP` or
        `ANYBODY`.
        """

        def register(handle: Handler) -> Handler:
            self.all.append(Route(method, path, needs, handle))
            return handle

        return register
