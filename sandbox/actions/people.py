"""People and repositories come into being."""

import re
from collections.abc import Mapping

from sandbox.git import Git, Identity
from sandbox.service import Service
from sandbox.state import Repository, State, User
from sandbox.state.repositories import ROLES


def add_user(state: State, login: str, *, kind: str = "User", name: str | None = None) -> User:
    """Add an account; `kind` is "User", "Organization" or "Bot".

    Raises:
        ValueError: The login is taken, or none.
    """
    with state.lock:
        if login.lower() in state.users:
            raise ValueError(f"There is a user {login!r} already.")
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]*(\[bot\])?", login):
            raise ValueError(f"{login!r} is no login.")
        record = User(state.next_id(), login, kind, state.now(), name)
        state.users[login.lower()] = record
        return record


def add_repository(
    service: Service,
    owner: User,
    name: str,
    *,
    files: Mapping[str, str | bytes],
    collaborators: Mapping[str, str],
    private: bool = False,
    default_branch: str = "main",
) -> Repository:
    """Add a repository whose default branch has one commit with these files.

    Raises:
        ValueError: A role is unknown, or the name is taken.
        LookupError: A collaborator is nobody.
    """
    state = service.state
    with state.lock:
        for login, role in collaborators.items():
            state.user(login)
            if role not in ROLES[1:]:
                raise ValueError(f"{role!r} is no role; choose from {', '.join(ROLES[1:])}.")
        record = _new(state, owner, name, default_branch)
        record.private = private
        record.collaborators = {state.user(k).login: v for k, v in collaborators.items()}
        author = Identity(owner.name or owner.login, owner.email)
        sha = record.git.write_commit(
            record.git.write_files(None, files),
            [],
            "Initial commit",
            author=author,
            committer=author,
            at=state.now(),
        )
        record.git.update_ref(f"refs/heads/{default_branch}", sha)
        return record


def fork(service: Service, parent: Repository, owner: User) -> Repository:
    """Return the owner's fork of a repository, made if there is none; branches come along."""
    state = service.state
    with state.lock:
        for known in state.repositories.values():
            if known.parent is parent and known.owner is owner:
                return known
        record = _new(state, owner, parent.name, parent.default_branch)
        record.parent, record.private = parent, parent.private
        record.git.fetch(parent.git, "refs/heads/*", "refs/heads/*")
        return record


def _new(state: State, owner: User, name: str, default_branch: str) -> Repository:
    taken = {r.full_name.lower() for r in state.repositories.values()}
    if f"{owner.login}/{name}".lower() in taken:
        raise ValueError(f"There is a repository {owner.login}/{name} already.")
    now, number = state.now(), state.next_id()
    git = Git.create(state.directory / f"{number}.git", default_branch)
    record = Repository(number, owner, name, git, now, now, default_branch=default_branch)
    state.repositories[number] = record
    return record
