"""Bare git repositories, driven through the git command in an environment of their own."""

import os
import subprocess
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from sandbox.diff import FileDiff, file_diffs
from sandbox.objects import LOG_FORMAT, Commit, Identity, TreeEntry, parse_log

__all__ = ["Commit", "Git", "GitError", "Identity", "TreeEntry"]

T = TypeVar("T")


class GitError(Exception):
    """Git refused; the message is what it said."""


class Git:
    """A bare repository in a directory.

    Every method raises `GitError` where git refuses, such as for an unknown revision.
    """

    def __init__(self, directory: Path) -> None:
        """Use the bare repository at `directory`."""
        self.directory = directory
        self._known: dict[tuple[str, str, str], Any] = {}

    @classmethod
    def create(cls, directory: Path, default_branch: str) -> "Git":
        """Make an empty repository."""
        git = cls(directory)
        directory.mkdir(parents=True)
        git.run("init", "--quiet", "--bare", "--template=", f"--initial-branch={default_branch}")
        git.run("config", "core.logAllRefUpdates", "false")
        return git

    def run(self, *arguments: str, stdin: bytes = b"", **environment: str) -> bytes:
        """Run a git command and return what it printed."""
        if any("\0" in argument for argument in arguments):
            raise GitError("No name in git has a NUL.")
        clean = {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "HOME": str(self.directory),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_DIR": str(self.directory),
        }
        done = subprocess.run(
            ["git", "-c", "core.hooksPath=" + os.devnull, "-c", "gc.auto=0", *arguments],
            input=stdin,
            capture_output=True,
            env=clean | environment,
            cwd=self.directory,
            check=False,
        )
        if done.returncode:
            raise GitError(done.stderr.decode(errors="replace").strip() or f"git {arguments[0]}")
        return done.stdout

    def line(self, *arguments: str, stdin: bytes = b"", **environment: str) -> str:
        """Run a git command that prints one line, and return it."""
        return self.run(*arguments, stdin=stdin, **environment).decode().strip()

    def resolve(self, revision: str, kind: str = "commit") -> str:
        """Return the SHA of a branch, tag or SHA, which must be of that kind."""
        if revision.startswith("-"):
            raise GitError(f"{revision!r} is no revision.")
        return self.line("rev-parse", "--verify", "--quiet", f"{revision}^{{{kind}}}")

    def object(self, expression: str) -> tuple[str, str, bytes]:
        """Return the SHA, the type ("blob") and the content of `SHA`, `main` or `main:app.py`."""
        printed = self.run("cat-file", "--batch", stdin=expression.encode() + b"\n")
        header, _, content = printed.partition(b"\n")
        words = header.decode(errors="replace").split(" ")
        if len(words) != 3 or "\n" in expression:
            raise GitError(f"There is no {expression!r}.")
        return words[0], words[1], content[:-1]

    def blob(self, sha: str) -> bytes:
        """Return the content of a blob."""
        return self.run("cat-file", "blob", sha)

    def read(self, revision: str, path: str) -> bytes:
        """Return the content of a file at a revision."""
        return self.blob(self.entry(revision, path).sha)

    def entry(self, revision: str, path: str) -> TreeEntry:
        """Return the tree entry of a path at a revision."""
        for entry in self._ls_tree(revision, [], [f":(literal){path}"]):
            if entry.path == path:
                return entry
        raise GitError(f"There is no {path!r} at {revision}.")

    def tree(self, revision: str, path: str = "", *, recursive: bool = False) -> list[TreeEntry]:
        """List a directory, or with `recursive` everything below it, trees included."""
        treeish = self.entry(revision, path).sha if path else revision
        return self._ls_tree(treeish, ["-r", "-t"] if recursive else [], [])

    def _ls_tree(self, revision: str, options: list[str], paths: list[str]) -> list[TreeEntry]:
        tree = self.resolve(revision, "tree")
        printed = self.run("ls-tree", "-z", "--long", "--full-tree", *options, tree, "--", *paths)
        entries = []
        for row in printed.decode(errors="surrogateescape").split("\0")[:-1]:
            meta, _, path = row.partition("\t")
            mode, kind, sha, size = meta.split()
            entries.append(TreeEntry(path, mode, kind, sha, None if size == "-" else int(size)))
        return entries

    def write_blob(self, content: bytes) -> str:
        """Store a blob and return its SHA."""
        return self.line("hash-object", "-w", "--stdin", stdin=content)

    def write_blobs(self, contents: Iterable[str | bytes]) -> list[str]:
        """Store many blobs with one command and return their SHAs."""
        with TemporaryDirectory(prefix="blobs-") as folder:
            paths = []
            for number, content in enumerate(contents):
                path = Path(folder) / str(number)
                path.write_bytes(content.encode() if isinstance(content, str) else content)
                paths.append(f"{path}\n")
            stdin = "".join(paths).encode()
            return self.line(
                "hash-object", "-w", "--no-filters", "--stdin-paths", stdin=stdin
            ).split()

    def write_tree(self, base: str | None, entries: Iterable[tuple[str, str, str | None]]) -> str:
        """Store a tree: `base` with (mode, path, SHA) put in, or taken out where SHA is None."""
        rows = [
            f"{mode if sha else '0'} {sha or '0' * 40}\t{path}\0" for mode, path, sha in entries
        ]
        with TemporaryDirectory(prefix="index-") as folder:
            index = str(Path(folder) / "index")
            self.run("read-tree", base or "--empty", GIT_INDEX_FILE=index)
            stdin = "".join(rows).encode(errors="surrogateescape")
            self.run("update-index", "-z", "--index-info", stdin=stdin, GIT_INDEX_FILE=index)
            return self.line("write-tree", GIT_INDEX_FILE=index)

    def write_files(self, base: str | None, files: Mapping[str, str | bytes | None]) -> str:
        """Store a tree: `base` with these files changed, or removed where the content is None.

        A file that is there already keeps its mode, a new one gets 100644, as GitHub does it.
        """
        modes = {e.path: e.mode for e in self.tree(base, recursive=True)} if base else {}
        written = {path: content for path, content in files.items() if content is not None}
        shas = dict(zip(written, self.write_blobs(written.values()), strict=True))
        entries = [(modes.get(path, "100644"), path, shas.get(path)) for path in files]
        return self.write_tree(base, entries)

    def write_commit(
        self,
        tree: str,
        parents: Iterable[str],
        message: str,
        *,
        author: Identity,
        committer: Identity,
        at: datetime,
    ) -> str:
        """Store a commit and return its SHA; no ref is moved."""
        parent_arguments = [a for parent in parents for a in ("-p", parent)]
        date = f"@{int(at.timestamp())} +0000"
        return self.line(
            "commit-tree",
            tree,
            *parent_arguments,
            stdin=message.encode(errors="replace"),
            GIT_AUTHOR_NAME=author.name,
            GIT_AUTHOR_EMAIL=author.email,
            GIT_AUTHOR_DATE=date,
            GIT_COMMITTER_NAME=committer.name,
            GIT_COMMITTER_EMAIL=committer.email,
            GIT_COMMITTER_DATE=date,
        )

    def commit(self, sha: str) -> Commit:
        """Return a commit's parts."""
        return self._log("--no-walk", sha)[0]

    def commits(self, base: str, head: str) -> list[Commit]:
        """Return the commits that are in `head` and not in `base`, oldest first."""
        order = "--reverse", "--topo-order"
        found = self._once("log", base, head, lambda *ends: self._log(*order, "..".join(ends)))
        return list(found)

    def _log(self, *arguments: str) -> list[Commit]:
        return parse_log(self.run("log", f"--format=tformat:{LOG_FORMAT}", *arguments, "--"))

    def refs(self, prefix: str) -> dict[str, str]:
        """Return the refs at or below a prefix such as "refs/heads", with their SHAs."""
        printed = self.line("for-each-ref", "--format=%(refname) %(objectname)", prefix)
        return dict(row.split(" ") for row in printed.splitlines())

    def ref(self, name: str) -> str | None:
        """Return the SHA of the ref of exactly this name, "refs/heads/main", or None."""
        try:
            return self.line("show-ref", "--verify", "--hash", name)
        except GitError:
            return None

    def update_ref(self, ref: str, new: str | None, old: str | None = None) -> None:
        """Move, make or (new is None) delete a ref, only if it still is at `old` where given."""
        change = ["-d", ref] if new is None else [ref, new]
        self.run("update-ref", *change, *([old] if old else []))

    def fetch(self, other: "Git", source: str, target: str) -> None:
        """Copy a ref of another repository here, with its objects, even over a rewritten one."""
        self.run("fetch", "--quiet", "--no-tags", str(other.directory), f"+{source}:{target}")

    def merge_base(self, one: str, other: str) -> str:
        """Return the best common ancestor."""
        return self._once("merge-base", one, other, lambda *both: self.line("merge-base", *both))

    def is_ancestor(self, old: str, new: str) -> bool:
        """Tell whether moving from `old` to `new` is a fast-forward."""
        try:
            return self.merge_base(old, new) == old
        except GitError:
            return False

    def merge_tree(self, one: str, other: str) -> str | None:
        """Return the tree of a merge, or None where there are conflicts."""
        return self._once("merge-tree", one, other, self._merge_tree)

    def _merge_tree(self, one: str, other: str) -> str | None:
        try:
            return self.line("merge-tree", "--write-tree", one, other).splitlines()[0]
        except GitError:
            return None

    def archive(self, sha: str, prefix: str) -> bytes:
        """Return a gzipped tar of a commit's files below `prefix`, "acme-payments-1234567/"."""
        return self.run("archive", "--format=tar.gz", f"--prefix={prefix}", sha)

    def diff(self, base: str, head: str) -> tuple[FileDiff, ...]:
        """Compare two commits or trees, with renames found and three lines of context."""
        return self._once("diff", base, head, self._diff)

    def _once(self, what: str, one: str, other: str, compute: Callable[[str, str], T]) -> T:
        """Compute what two SHAs determine only once; branches move, so theirs isn't kept."""
        if len(one) != 40 or len(other) != 40:
            return compute(one, other)
        key = (what, one, other)
        if key not in self._known:
            self._known[key] = compute(one, other)
        known: T = self._known[key]
        return known

    def _diff(self, base: str, head: str) -> tuple[FileDiff, ...]:
        options = ["--no-ext-diff", "--no-textconv", "--no-color", "--find-renames", base, head]
        return file_diffs(
            self.run("diff", "--raw", "--no-abbrev", "-z", *options),
            self.run("diff", "--patch", "--unified=3", *options),
        )
