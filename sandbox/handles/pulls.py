"""Hold on to a pull request and do things to it, from Python."""

from collections.abc import Iterable

from sandbox.actions import (
    branches,
    checks,
    comments,
    pulls,
    pushes,
    reviews,
    suggestions,
)
from sandbox.actions.pushes import Files
from sandbox.actions.reviews import Draft
from sandbox.diff import FileDiff
from sandbox.git import Commit
from sandbox.service import Service
from sandbox.shapes.basics import pull_page
from sandbox.state import (
    CheckRun,
    IssueComment,
    PullRequest,
    Review,
    ReviewComment,
    User,
)


class PullRequestHandle:
    """A pull request, as tests and the preview use it; `record` is what the stand-in keeps."""

    def __init__(self, service: Service, record: PullRequest) -> None:
        """Hold on to a pull request."""
        self._service = service
        self.record = record

    def _user(self, login: str) -> User:
        return self._service.state.user(login)

    @property
    def number(self) -> int:
        """The number in the repository."""
        return self.record.number

    @property
    def head_sha(self) -> str:
        """The commit that the pull request shows."""
        return self.record.head_sha

    @property
    def url(self) -> str:
        """The address of its page."""
        return pull_page(self._service.state, self.record)

    @property
    def comments(self) -> list[IssueComment]:
        """The comments of the conversation, oldest first."""
        return list(self.record.comments)

    @property
    def reviews(self) -> list[Review]:
        """The reviews, oldest first."""
        return list(self.record.reviews)

    @property
    def review_comments(self) -> list[ReviewComment]:
        """The comments on lines of the diff, oldest first."""
        return list(self.record.review_comments)

    @property
    def check_runs(self) -> list[CheckRun]:
        """The check runs on the present head, oldest first."""
        runs = self.record.repository.check_runs
        return [run for run in runs if run.head_sha == self.record.head_sha]

    @property
    def commits(self) -> list[Commit]:
        """The commits, oldest first."""
        return self.record.repository.git.commits(self.record.base_sha, self.record.head_sha)

    @property
    def files(self) -> tuple[FileDiff, ...]:
        """The changed files."""
        git, record = self.record.repository.git, self.record
        return git.diff(git.merge_base(record.base_sha, record.head_sha), record.head_sha)

    def read(self, path: str) -> bytes:
        """Return a file as of the present head."""
        return self.record.repository.git.read(self.record.head_sha, path)

    def push(self, files: Files, *, by: str = "", message: str = "Change") -> str:
        """Commit files on the branch, as its author unless `by` says who; return the SHA."""
        return self._push(files, by, message, onto="")

    def force_push(
        self, files: Files, *, by: str = "", message: str = "Change", onto: str = ""
    ) -> str:
        """Replace the branch by one commit on `onto`, by default the base branch's commit."""
        return self._push(files, by, message, onto=onto or self.record.base_sha)

    def _push(self, files: Files, by: str, message: str, onto: str) -> str:
        record = self.record
        return pushes.push(
            self._service,
            record.head_repository,
            record.head_ref,
            files,
            by=self._user(by) if by else record.author,
            message=message,
            onto=onto,
        )

    def reset(self, sha: str, *, by: str = "") -> None:
        """Force the branch back to a commit that it had before."""
        user = self._user(by) if by else self.record.author
        record = self.record
        branches.move_branch(self._service, record.head_repository, record.head_ref, sha, by=user)

    def comment(self, by: str, body: str) -> IssueComment:
        """Comment on the conversation."""
        return comments.comment(self._service, self.record, body, by=self._user(by))

    def edit_comment(self, comment_id: int, body: str, *, by: str) -> None:
        """Change a comment of the conversation; ticking a box is such a change."""
        record = next(c for c in self.record.comments if c.id == comment_id)
        comments.edit_comment(self._service, record, body, by=self._user(by))

    def review(
        self, by: str, body: str, *, event: str = "COMMENT", on: Iterable[Draft] = ()
    ) -> Review:
        """Submit a review, with comments on lines of the diff."""
        return reviews.create_review(
            self._service,
            self.record,
            by=self._user(by),
            body=body,
            event=event,
            comments=tuple(on),
        )

    def reply(self, comment_id: int, body: str, *, by: str) -> ReviewComment:
        """Answer a review comment."""
        return reviews.reply(self._service, self._line(comment_id), body, by=self._user(by))

    def resolve(self, comment_id: int, *, by: str) -> None:
        """Resolve the thread of a review comment."""
        reviews.resolve_thread(self._service, self._line(comment_id), True, by=self._user(by))

    def commit_suggestion(self, comment_id: int, *, by: str, index: int = 0) -> str:
        """Commit the suggestion of a review comment and return the commit's SHA."""
        line = self._line(comment_id)
        user = self._user(by)
        return suggestions.commit_suggestion(self._service, line, by=user, index=index)

    def _line(self, comment_id: int) -> ReviewComment:
        return next(c for c in self.record.review_comments if c.id == comment_id)

    def press(self, identifier: str, *, by: str) -> None:
        """Press a button of the present head's latest check run that has it.

        Raises:
            Refused: 422 where no completed check run shows it, 403 without write access.
        """
        runs = [
            run
            for run in self.check_runs
            if identifier in {action.identifier for action in run.actions}
        ]
        if not runs:
            raise checks.no_button(identifier)
        checks.press(self._service, runs[-1], identifier, by=self._user(by))

    def close(self, *, by: str) -> None:
        """Close it without merging."""
        pulls.close(self._service, self.record, by=self._user(by))

    def reopen(self, *, by: str) -> None:
        """Open it again."""
        pulls.reopen(self._service, self.record, by=self._user(by))

    def merge(self, *, by: str) -> str:
        """Merge it and return the merge commit's SHA."""
        return pulls.merge(self._service, self.record, by=self._user(by))

    def queue(self, *, by: str) -> str:
        """Put it into a merge queue, and return the SHA whose checks are asked for."""
        return pulls.queue(self._service, self.record, by=self._user(by))

    def ready_for_review(self, *, by: str) -> None:
        """End its being a draft."""
        pulls.set_draft(self._service, self.record, False, by=self._user(by))

    def convert_to_draft(self, *, by: str) -> None:
        """Make it a draft."""
        pulls.set_draft(self._service, self.record, True, by=self._user(by))

    def lock(self, *, by: str) -> None:
        """Lock the conversation."""
        pulls.set_locked(self._service, self.record, True, by=self._user(by))

    def edit(self, *, by: str, title: str | None = None, body: str | None = None) -> None:
        """Change its title or text."""
        pulls.edit(self._service, self.record, by=self._user(by), title=title, body=body)
