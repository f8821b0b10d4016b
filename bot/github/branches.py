"""Commits made by the Git data API, and branches that move from where they were seen only."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bot.github import trees
from bot.github.errors import Refused, Unavailable
from bot.github.trees import Tree
from bot.github.wire import Wire

DEFAULT_BRANCH = """query($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) {
    id
    defaultBranchRef { name target { oid } }
  }
}"""

UPDATE_REFS = """mutation($input: UpdateRefsInput!) {
  updateRefs(input: $input) { clientMutationId }
}"""

_NOWHERE = "0" * 40


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch and the commit that it is at."""

    name: str
    head: str


class Branches:
    """The branches of one repository. Every method raises what `Repository`'s do."""

    def __init__(self, wire: Wire, name: str, tree: Callable[[str], Tree]) -> None:
        """Speak of the repository "owner/name"; `tree` reads the paths of a commit."""
        self._wire = wire
        self._owner, _, self._name = name.partition("/")
        self._git = f"/repos/{quote(self._owner, safe='')}/{quote(self._name, safe='')}/git"
        self._tree = tree
        self._id = ""

    def default(self) -> Branch:
        """The default branch.

        Raises:
            Refused: the repository is gone, or has no commit.
        """
        variables = {"owner": self._owner, "name": self._name}
        found = self._wire.query(DEFAULT_BRANCH, variables)["repository"]
        if not found or not found["defaultBranchRef"]:
            raise Refused(404, "The repository is gone, or has no commit yet.")
        try:
            self._id = str(found["id"])
            ref = found["defaultBranchRef"]
            return Branch(str(ref["name"]), str(ref["target"]["oid"]))
        except (KeyError, TypeError) as error:
            raise Unavailable("GitHub described the default branch in an unknown shape.") from error

    def head(self, name: str) -> str:
        """The commit that a branch is at, "" where there is no such branch."""
        try:
            answer = self._wire.get(f"{self._git}/ref/heads/{quote(name)}")
        except Refused as refusal:
            if refusal.status in {404, 409}:  # 409: nothing was ever pushed
                return ""
            raise
        try:
            return str(answer["object"]["sha"])
        except (KeyError, TypeError) as error:
            raise Unavailable("GitHub described a branch in an unknown shape.") from error

    def commit(self, parent: str, files: Mapping[str, bytes], headline: str, body: str) -> str:
        """Store a commit that no branch has yet, which GitHub signs as the App's.

        It takes two requests to read the parent's tree, one for the new tree, one for the commit,
        and one for each file that JSON cannot hold as it is.

        Args:
            parent: SHA of the commit to build on.
            files: path to new content. A file keeps its mode, a new one is not executable.
            headline: first line of the message.
            body: the rest of it.

        Returns:
            The SHA of the commit.

        Raises:
            Refused: GitHub says no, or one of the paths must not be written
                (`bot.github.trees.reason_against`).
        """
        base = self._tree_of(parent)
        modes = trees.modes(self._tree(base), files)
        rows = [self._row(path, modes[path], content) for path, content in files.items()]
        tree = self._store("trees", {"base_tree": base, "tree": rows})
        message = f"{headline}\n\n{body}".strip()
        return self._store("commits", {"message": message, "tree": tree, "parents": [parent]})

    def create(self, name: str, sha: str) -> None:
        """Let a new branch begin at a commit; one that is there already is fine.

        Raises:
            Refused: with the kind `STALE_DATA` where there is one that is at another commit.
        """
        body = {"ref": f"refs/heads/{name}", "sha": sha}
        try:
            self._wire.write("POST", f"{self._git}/refs", body)
        except Refused as refusal:
            self._check_arrived(name, _NOWHERE, sha, refusal)

    def move(self, name: str, before: str, after: str) -> None:
        """Move a branch from one commit to any other; one that is there already is fine.

        Raises:
            Refused: with the kind `STALE_DATA` where it was at neither of them.
        """
        update = {"name": f"refs/heads/{name}", "beforeOid": before, "afterOid": after}
        wanted = {"repositoryId": self._node(), "refUpdates": [update | {"force": True}]}
        try:
            self._wire.mutate(UPDATE_REFS, {"input": wanted})
        except Refused as refusal:
            self._check_arrived(name, before, after, refusal)

    def delete(self, name: str, before: str) -> None:
        """Delete a branch that is still at `before`; one that is gone already is fine.

        Raises:
            Refused: with the kind `STALE_DATA` where it is at another commit.
        """
        self.move(name, before, _NOWHERE)

    def _check_arrived(self, name: str, before: str, after: str, refusal: Refused) -> None:
        """Judge a refusal by where the branch is: GitHub's words for it are not documented."""
        now = self.head(name) or _NOWHERE
        if now == after:
            return
        if now != before:
            message = f"The branch {name} has moved: {refusal.message}"
            raise Refused(refusal.status, message, "STALE_DATA") from refusal
        raise refusal

    def _node(self) -> str:
        if not self._id:
            self.default()
        return self._id

    def _tree_of(self, commit: str) -> str:
        answer = self._wire.get(f"{self._git}/commits/{commit}")
        try:
            return str(answer["tree"]["sha"])
        except (KeyError, TypeError) as error:
            raise Unavailable("GitHub described a commit in an unknown shape.") from error

    def _row(self, path: str, mode: str, content: bytes) -> dict[str, str]:
        row = {"path": path, "mode": mode, "type": "blob"}
        try:
            text = content.decode()
        except UnicodeDecodeError:
            text = "\0"
        if "\0" not in text:
            return row | {"content": text}
        encoded = base64.b64encode(content).decode()
        return row | {"sha": self._store("blobs", {"content": encoded, "encoding": "base64"})}

    def _store(self, kind: str, body: Mapping[str, Any]) -> str:
        answer = self._wire.write("POST", f"{self._git}/{kind}", body)
        try:
            return str(answer["sha"])
        except (KeyError, TypeError) as error:
            raise Unavailable(f"GitHub's answer to new {kind} has an unknown shape.") from error
