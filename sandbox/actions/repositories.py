"""Repositories get another name or owner, and disappear."""

from sandbox.service import Service
from sandbox.state import Repository, User


def move(service: Service, record: Repository, owner: User, name: str) -> None:
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
        if owner is not record.owner:
            _take_out(service, record)
        record.owner, record.name = owner, name


def delete(service: Service, record: Repository) -> None:
    """Delete a repository; pull requests from it stay."""
    with service.state.lock:
        _take_out(service, record)
        del service.state.repositories[record.id]


def _take_out(service: Service, record: Repository) -> None:
    for installation in service.state.installations.values():
        if record in installation.repositories:
            installation.repositories.remove(record)
