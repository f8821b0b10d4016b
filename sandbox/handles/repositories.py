"""Hold on to a repository and do things to it, from Python."""

from sandbox.actions import people, pulls, pushes
from sandbox.actions.pushes import Files
from sandbox.git import Git
from sandbox.handles.pulls import PullRequestHandle
from sandbox.service import Service
from sandbox.state import (
    Repository,
)


class RepositoryHandle:
    """A repository, as tests and the preview use it; `record` is what the stand-in keeps."""

    def __init__(self, service: Service, record: Repository) -> None:
        """Hold on to a repository."""
        self._service = service
        self.record = record

    @property
    def id(self) -> int:
        """The repository's id."""
        return self.record.id

    @property
    def full_name(self) -> str:
        """The owner's login and the name, "acme/payments"."""
        return self.record.full_name

    @property
    def git(self) -> Git:
        """The real repository."""
        return self.record.git

    def read(self, path: str, ref: str = "") -> bytes:
        """Return a file, by default of the default branch."""
        return self.git.read(ref or self.record.default_branch, path)

    def set_role(self, login: str, role: str) -> None:
        """Make a user a collaborator ("read" to "admin"), or none with "none"."""
        with self._service.state.lock:
            user = self._service.state.user(login)
            self.record.collaborators.pop(user.login, None)
            if role != "none":
                self.record.collaborators[user.login] = role

    def push(
        self,
        files: Files,
        *,
        by: str,
        branch: str = "",
        message: str = "Change",
        onto: str = "",
    ) -> str:
        """Commit files on a branch, None removing one, and return the commit's SHA.

        A branch that isn't there begins at the default branch. `onto` names the commit to build
        on instead of the branch's head, which makes the push a forced one.
        """
        return pushes.push(
            self._service,
            self.record,
            branch or self.record.default_branch,
            files,
            by=self._service.state.user(by),
            message=message,
            onto=onto,
        )

    def open_pull_request(
        self,
        *,
        author: str,
        title: str,
        branch: str,
        files: Files,
        body: str = "",
        base: str = "",
        draft: bool = False,
        from_fork: bool = False,
        maintainer_can_modify: bool = False,
    ) -> PullRequestHandle:
        """Commit files on a branch and open a pull request from it.

        With `from_fork` the branch is in the author's fork of the repository.
        """
        service = self._service
        user = service.state.user(author)
        with service.state.lock:
            head = self.record
            if from_fork:
                head = people.fork(service, self.record, user)
            pushes.push(service, head, branch, files, by=user, message=title)
            pull = pulls.open_pull(
                service,
                self.record,
                by=user,
                head=(head, branch),
                base=base or self.record.default_branch,
                title=title,
                body=body,
                draft=draft,
                maintainer_can_modify=maintainer_can_modify,
            )
            return PullRequestHandle(service, pull)
