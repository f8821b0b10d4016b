"""One repository, seen through a token that can touch nothing else."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self
from urllib.parse import quote

from bot.github import archive, commits, trees
from bot.github import pull_request as reading
from bot.github.branches import Branch, Branches
from bot.github.errors import Refused, Unavailable
from bot.github.proposals import Proposals
from bot.github.pull_request import ChangedFile, PullRequest
from bot.github.trees import FILE_BYTES_AT_MOST, Tree, blob_sha
from bot.github.wire import Wire

CHANGED_FILES_AT_MOST = 3000
"""GitHub lists no more of a pull request's."""

_BLOBS_A_REQUEST = 50
_ROWS_A_PAGE = 100


class Repository:
    """The reads and single writes that the bot needs.

    Every method raises `RateLimited`, `Unavailable` or `Refused`, see `bot.github.errors`. A method
    is one request where nothing else is said.
    """

    def __init__(
        self, wire: Wire, name: str, repository_id: int, app_id: int, *, may_commit: bool = True
    ) -> None:
        """Speak of the repository "owner/name", through `wire`, as the App `app_id`.

        `repository_id` is its number, by which another one of the same name is noticed.
        `may_commit` is False where the App was refused that permission when it last asked.
        """
        self.may_commit = may_commit
        self._wire = wire
        self._owner, _, self._name = name.partition("/")
        self._path = f"/repos/{quote(self._owner, safe='')}/{quote(self._name, safe='')}"
        self._id = repository_id
        self._app_id = app_id
        self.branches = Branches(wire, name, self.tree)
        self.proposals = Proposals(wire, name)

    def changed_files(self, number: int) -> list[ChangedFile]:
        """The files that a pull request changes; a request for each hundred."""
        files: list[ChangedFile] = []
        for page in range(1, CHANGED_FILES_AT_MOST // _ROWS_A_PAGE + 1):
            rows = self._wire.get(
                f"{self._path}/pulls/{number}/files",
                {"per_page": str(_ROWS_A_PAGE), "page": str(page)},
            )
            try:
                files += [reading.changed_file(row) for row in rows]
            except (KeyError, TypeError, ValueError) as error:
                raise Unavailable("GitHub listed the changed files in an unknown shape.") from error
            if len(rows) < _ROWS_A_PAGE:
                break
        return files

    def pull_request(
        self, number: int, blobs: Sequence[str] = (), files: Sequence[str] = ()
    ) -> tuple[PullRequest, dict[str, bytes | None]]:
        """A pull request, what the bot wrote there before, and the content of blobs and files.

        Args:
            number: of the pull request.
            blobs: SHAs, each once.
            files: a few files as "REVISION:path", each once.

        Returns:
            The pull request, and each blob's or file's bytes, or None where it is missing or larger
            than `FILE_BYTES_AT_MOST`. One request for the first fifty blobs and all files, another
            for each fifty more, for each hundred comments, fifty reviews or fifty threads more, and
            for each content that GraphQL cannot render faithfully.
        """
        first = blobs[:_BLOBS_A_REQUEST]
        variables = self._variables(first, files) | {"number": number, "app": self._app_id}
        query = reading.query(len(first), len(files))
        repository = self._with_pull_request(self._wire.query(query, variables))
        try:
            pull = self._whole_pull_request(number, repository)
            contents = self._contents(first, files, repository)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise Unavailable("GitHub described the pull request in an unknown shape.") from error
        return pull, contents | self.contents(blobs[_BLOBS_A_REQUEST:])

    def contents(
        self, blobs: Sequence[str] = (), files: Sequence[str] = ()
    ) -> dict[str, bytes | None]:
        """The content of blobs and files, as `pull_request` gives it; a request for each fifty."""
        contents: dict[str, bytes | None] = {}
        for start in range(0, len(blobs) + len(files), _BLOBS_A_REQUEST):
            end = start + _BLOBS_A_REQUEST
            some = blobs[start:end]
            named = files[max(0, start - len(blobs)) : max(0, end - len(blobs))]
            query = reading.content_query(len(some), len(named))
            data = self._wire.query(query, self._variables(some, named))
            try:
                contents |= self._contents(some, named, self._same(data))
            except (KeyError, TypeError, ValueError) as error:
                raise Unavailable("GitHub described blobs in an unknown shape.") from error
        return contents

    def merge_base(self, base: str, head: str) -> str:
        """The commit where `head` left `base`, with which GitHub compares a pull request."""
        answer = self._wire.get(f"{self._path}/compare/{base}...{head}", {"per_page": "1"})
        try:
            return str(answer["merge_base_commit"]["sha"])
        except (KeyError, TypeError) as error:
            raise Unavailable("GitHub compared two commits in an unknown shape.") from error

    def permission(self, login: str) -> str:
        """What a person may do here: admin, write, read or none (`maintain` counts as write)."""
        try:
            answer = self._wire.get(
                f"{self._path}/collaborators/{quote(login, safe='')}/permission"
            )
        except Refused as refusal:
            if refusal.status == 404:
                return "none"
            raise
        return str(answer.get("permission", "none")) if isinstance(answer, dict) else "none"

    def default_branch(self) -> Branch:
        """The default branch and its head."""
        return self.branches.default()

    def tree(self, commit: str) -> Tree:
        """All paths of a commit; those that GitHub leaves out of a huge tree are missing."""
        path = f"{self._path}/git/trees/{commit}"
        return trees.read(self._wire.get(path, {"recursive": "1"}))

    def archive(self, commit: str, wanted: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
        """Files of a commit, path and content, from one archive: a request and its redirect.

        `wanted` has the SHA of each path's blob; see `bot.github.archive.files` for what is left
        out, and for what it raises while it is read.
        """
        return archive.files(self._wire.download(f"{self._path}/tarball/{commit}"), wanted)

    def has_check_run(self, commit: str, name: str, external_id: str) -> bool:
        """Whether the newest check run of this App and this name on a commit is that one."""
        answer = self._wire.get(
            f"{self._path}/commits/{commit}/check-runs",
            {"check_name": name, "app_id": str(self._app_id)},
        )
        try:
            return any(run["external_id"] == external_id for run in answer["check_runs"])
        except (KeyError, TypeError) as error:
            raise Unavailable("GitHub listed the check runs in an unknown shape.") from error

    def create_check_run(self, body: Mapping[str, Any]) -> int:
        """Create a check run and return its number."""
        return _id(self._wire.write("POST", f"{self._path}/check-runs", body))

    def update_check_run(self, check_run: int, body: Mapping[str, Any]) -> int:
        """Change a check run; annotations are added to those that it has."""
        return _id(self._wire.write("PATCH", f"{self._path}/check-runs/{check_run}", body))

    def annotations_of(self, check_run: int) -> int:
        """How many annotations a check run has."""
        answer = self._wire.get(f"{self._path}/check-runs/{check_run}")
        try:
            return int(answer["output"]["annotations_count"])
        except (KeyError, TypeError, ValueError) as error:
            raise Unavailable("GitHub described the check run in an unknown shape.") from error

    def create_review(self, number: int, body: Mapping[str, Any]) -> int:
        """Review a pull request and return the review's number."""
        return _id(self._wire.write("POST", f"{self._path}/pulls/{number}/reviews", body))

    def create_comment(self, number: int, body: str) -> int:
        """Write into the conversation and return the comment's number."""
        path = f"{self._path}/issues/{number}/comments"
        return _id(self._wire.write("POST", path, {"body": body}))

    def edit_comment(self, comment: int, body: str) -> int:
        """Change a comment of the bot."""
        path = f"{self._path}/issues/comments/{comment}"
        return _id(self._wire.write("PATCH", path, {"body": body}))

    def minimize(self, subjects: Sequence[str]) -> None:
        """Fold comments or reviews of the bot away as outdated; `subjects` are GraphQL's ids."""
        if subjects:
            variables = {f"i{index}": subject for index, subject in enumerate(subjects)}
            self._wire.mutate(reading.minimize_query(len(subjects)), variables)

    def react(self, comment: int, content: str) -> int:
        """React to a comment: `eyes`, `rocket` or `confused`; the same twice is one."""
        path = f"{self._path}/issues/comments/{comment}/reactions"
        return _id(self._wire.write("POST", path, {"content": content}))

    def commit(
        self,
        pull: PullRequest,
        *,
        headline: str,
        body: str,
        files: Mapping[str, bytes],
    ) -> str:
        """Add one signed commit to a pull request's branch, if it is still at `pull.head`.

        Args:
            pull: names the branch and the SHA that must be its head; the branch of a fork is in
                another repository.
            headline: first line of the message.
            body: the rest of it.
            files: path to new content. GitHub writes regular files, never executable ones.

        Returns:
            The SHA of the new commit.

        Raises:
            Refused: with the kind `STALE_DATA` where the head has moved.
        """
        wanted = commits.variables(pull, headline, body, files)
        return commits.sha(self._wire.mutate(commits.MUTATION, wanted))

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self._wire.close()

    def _whole_pull_request(self, number: int, repository: Mapping[str, Any]) -> PullRequest:
        answer = repository["pullRequest"]
        nodes: dict[str, list[Any]] = {}
        for key in reading.LISTS:
            page = answer[key]
            nodes[key] = list(page["nodes"])
            while page["pageInfo"]["hasNextPage"]:
                variables = self._variables() | {
                    "number": number,
                    "cursor": page["pageInfo"]["endCursor"],
                }
                more = self._wire.query(reading.page_query(key), variables)
                page = self._with_pull_request(more)["pullRequest"][key]
                nodes[key] += page["nodes"]
        return reading.read(answer, nodes)

    def _same(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """The repository of an answer, if it is still the one of this name."""
        repository = data.get("repository")
        if not repository:
            raise Refused(404, "The repository is gone.")
        if repository.get("databaseId") != self._id and self._wire.is_stale():
            raise Unavailable("The name of the repository belongs to another one by now.")
        return dict(repository)

    def _with_pull_request(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        repository = self._same(data)
        if not repository.get("pullRequest"):
            raise Refused(404, "The pull request is gone.")
        return repository

    def _variables(self, blobs: Sequence[str] = (), files: Sequence[str] = ()) -> dict[str, Any]:
        named = {f"b{index}": blob for index, blob in enumerate(blobs)}
        named |= {f"f{index}": file for index, file in enumerate(files)}
        return {"owner": self._owner, "name": self._name, **named}

    def _contents(
        self, blobs: Sequence[str], files: Sequence[str], repository: Mapping[str, Any]
    ) -> dict[str, bytes | None]:
        named = {blob: f"b{index}" for index, blob in enumerate(blobs)}
        named |= {file: f"f{index}" for index, file in enumerate(files)}
        return {name: self._content(repository[key]) for name, key in named.items()}

    def _content(self, node: Mapping[str, Any] | None) -> bytes | None:
        if not node or node.get("byteSize", FILE_BYTES_AT_MOST + 1) > FILE_BYTES_AT_MOST:
            return None
        blob = node["oid"]
        content = (node["text"] or "").encode()
        if blob_sha(content) == blob:
            return content
        answer = self._wire.get(f"{self._path}/git/blobs/{blob}")
        return base64.b64decode(answer["content"])


def _id(answer: Any) -> int:
    try:
        return int(answer["id"])
    except (KeyError, TypeError, ValueError) as error:
        raise Unavailable("GitHub's answer to a write has an unknown shape.") from error
