"""The stand-in itself: everything that tests and the preview begin with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sandbox.actions import apps, people, repositories
from sandbox.faults import Faults
from sandbox.handles import PullRequestHandle, RepositoryHandle
from sandbox.service import Service
from sandbox.state import (
    Delivery,
    Installation,
    RecordedRequest,
    Registration,
    State,
    User,
)
from sandbox.webhooks import Webhooks

if TYPE_CHECKING:
    from types import TracebackType

    from starlette.types import ASGIApp


class Sandbox:
    """A stand-in for GitHub whose repositories are real ones, below a directory.

    Use it as a context manager, or `close()` it, to end the thread that delivers webhooks.
    """

    def __init__(
        self,
        directory: Path | str,
        *,
        url: str = "http://127.0.0.1:8000",
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        """Begin empty.

        Args:
            directory: Where the bare repositories will be; made if it isn't there.
            url: Where the stand-in will be reached; `serve()` sets it itself.
            clock: Tells the time, by default the real one.
        """
        self.state = State(Path(directory).absolute(), url.rstrip("/"), clock)
        self.webhooks = Webhooks(self.state)
        self.service = Service(self.state, self.webhooks)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop delivering webhooks."""
        self.close()

    def close(self) -> None:
        """Stop delivering webhooks."""
        self.webhooks.close()

    @property
    def url(self) -> str:
        """Where the stand-in is reached, without a final slash."""
        return self.state.url

    @url.setter
    def url(self, url: str) -> None:
        self.state.url = url.rstrip("/")

    @property
    def api_url(self) -> str:
        """The REST API's address, what a client calls its base URL."""
        return f"{self.url}/api/v3"

    @property
    def requests(self) -> list[RecordedRequest]:
        """Every API request that was answered, oldest first."""
        return list(self.state.requests)

    @property
    def deliveries(self) -> list[Delivery]:
        """Every attempt to deliver a webhook, oldest first."""
        return list(self.state.deliveries)

    def asgi(self) -> ASGIApp:
        """Return the ASGI application: the API below /api, pages at the root."""
        from sandbox.application import application  # noqa: PLC0415 -- state alone needs no web

        return application(self)

    def begin_at(self, pull: PullRequestHandle) -> None:
        """Let the root page lead to a pull request, whatever else there is."""
        self.state.begins_at = pull.url

    def settle(self, timeout: float = 30.0) -> None:
        """Wait until every webhook was delivered.

        Raises:
            TimeoutError: After `timeout` seconds some were not.
        """
        if not self.webhooks.settle(timeout):
            raise TimeoutError(f"Webhooks were still undelivered after {timeout} s.")

    def add_user(self, login: str, *, name: str | None = None) -> User:
        """Add a person."""
        return people.add_user(self.state, login, name=name)

    def add_organization(self, login: str) -> User:
        """Add an organization."""
        return people.add_user(self.state, login, kind="Organization")

    def add_repository(
        self,
        full_name: str,
        *,
        files: Mapping[str, str | bytes],
        collaborators: Mapping[str, str] | None = None,
        private: bool = False,
        default_branch: str = "main",
    ) -> RepositoryHandle:
        """Add a repository with a first commit; an unknown owner becomes an organization.

        `collaborators` maps logins to "read", "triage", "write", "maintain" or "admin".
        """
        owner, _, name = full_name.partition("/")
        with self.state.lock:
            if owner.lower() not in self.state.users:
                self.add_organization(owner)
            record = people.add_repository(
                self.service,
                self.state.user(owner),
                name,
                files=files,
                collaborators=collaborators or {},
                private=private,
                default_branch=default_branch,
            )
        return RepositoryHandle(self.service, record)

    def repository(self, full_name: str) -> RepositoryHandle:
        """Return the repository "owner/name"; LookupError if there is none."""
        return RepositoryHandle(self.service, self.state.repository(full_name))

    def move(self, repository: RepositoryHandle, full_name: str) -> None:
        """Rename a repository, or transfer it to another account, which must be there."""
        owner, _, name = full_name.partition("/")
        record = repository.record
        repositories.move(self.service, record, self.state.user(owner), name, by=record.owner)

    def delete(self, full_name: str) -> None:
        """Delete a repository."""
        record = self.state.repository(full_name)
        repositories.delete(self.service, record, by=record.owner)

    def archive(self, repository: RepositoryHandle, *, archived: bool = True) -> None:
        """Make a repository read-only, or end that."""
        record = repository.record
        repositories.set_archived(self.service, record, archived, by=record.owner)

    @property
    def faults(self) -> Faults:
        """What will go wrong with requests."""
        return self.state.faults

    def pull_request(self, full_name: str, number: int) -> PullRequestHandle:
        """Return a pull request; LookupError if there is none."""
        return PullRequestHandle(self.service, self.state.repository(full_name).pulls[number])

    def register_app(
        self,
        *,
        slug: str,
        webhook_url: str,
        webhook_secret: str,
        permissions: Mapping[str, str],
        events: Iterable[str],
        owner: str = "app-owner",
    ) -> Registration:
        """Register an App, ping its address, and return its id and private key."""
        with self.state.lock:
            if owner.lower() not in self.state.users:
                self.add_user(owner)
        return apps.register_app(
            self.service,
            slug=slug,
            webhook_url=webhook_url,
            webhook_secret=webhook_secret,
            permissions=permissions,
            events_wanted=events,
            owner=self.state.user(owner),
        )

    def install(self, registration: Registration, *repositories: RepositoryHandle) -> Installation:
        """Install an App on repositories of one account; delivers `installation`.

        Raises:
            ValueError: The repositories are none, or of several accounts.
        """
        owners = {handle.record.owner.login for handle in repositories}
        if len(owners) != 1:
            raise ValueError("An installation is on repositories of one account.")
        account = repositories[0].record.owner
        return apps.install(
            self.service,
            registration.app,
            account,
            [handle.record for handle in repositories],
            by=account,
        )

    def suspend(self, installation: Installation, *, suspended: bool = True) -> None:
        """Suspend an installation, or end its suspension."""
        apps.suspend(self.service, installation, suspended, by=installation.account)

    def uninstall(self, installation: Installation) -> None:
        """Delete an installation."""
        apps.uninstall(self.service, installation, by=installation.account)

    def change_repositories(
        self,
        installation: Installation,
        *,
        added: Iterable[RepositoryHandle] = (),
        removed: Iterable[RepositoryHandle] = (),
    ) -> None:
        """Put repositories into an installation, or take them out."""
        apps.change_repositories(
            self.service,
            installation,
            by=installation.account,
            added=[handle.record for handle in added],
            removed=[handle.record for handle in removed],
        )
