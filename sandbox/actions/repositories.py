"""Repositories get another name or owner, are archived, and disappear."""

from typing import Any

from sandbox import events
from sandbox.actions.apps import change_repositories
from sandbox.service import Service
from sandbox.shapes.accounts import user
from sandbox.state import Repository, User


def move(service: Service, record: Repository, owner: User, name: str, *, by: User) -> None:
    """Rename a repository, or transfer it; the old name leads to it until another one takes it.

    An installation of the old owner's account loses a repository that goes to somebody else.

    Raises:
        ValueError: The name is taken.
    """
    state = service.state
    with state.lock:
        new = f"{owner.login}/{name}".lower()
        if any(new == it.full_name.lower() for it in state.repositories.values()):
            raise ValueError(f"There is a repository {owner.login}/{name} already.")
        state.moved[record.full_name.lower()] = record
        before_name, before = record.name, record.owner
        record.owner, record.name = owner, name
        changes: dict[str, Any] = {"repository": {"name": {"from": before_name}}}
        if name != before_name:
            events.repository(service, record, "renamed", by, changes=changes)
        if owner is not before:
            changes = {"owner": {"from": {"user": user(state, before)}}}
            events.repository(service, record, "transferred", by, changes=changes)
            _take_out(service, record, by)


def set_archived(service: Service, record: Repository, archived: bool, *, by: User) -> None:
    """Make a repository read-only, or end that."""
    with service.state.lock:
        if record.archived == archived:
            return
        record.archived = archived
        events.repository(service, record, "archived" if archived else "unarchived", by)


def delete(service: Service, record: Repository, *, by: User) -> None:
    """Delete a repository; pull requests from it stay."""
    with service.state.lock:
        events.repository(service, record, "deleted", by)
        _take_out(service, record, by)
        del service.state.repositories[record.id]


def _take_out(service: Service, record: Repository, by: User) -> None:
    for installation in service.state.installations.values():
        if not installation.deleted:
            change_repositories(service, installation, by=by, removed=[record])
