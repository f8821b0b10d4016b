"""Names in a comment that lead somewhere: people, commits and pull requests."""

import re
from functools import lru_cache

from sandbox.git import Git, GitError
from sandbox.pages.sanitize import Linked
from sandbox.state import Repository, State

_NAMES = re.compile(
    r"(?<![\w/@`.&#-])(?:"
    r"@(?P<login>[A-Za-z0-9][A-Za-z0-9-]{0,38})"
    r"|#(?P<number>[0-9]{1,9})"
    r"|(?P<sha>[0-9a-f]{7,40})"
    r")(?![\w-])"
)


class References:
    """Looks names up in a repository, as GitHub does when it shows a comment."""

    def __init__(self, state: State) -> None:
        """Look people and pull requests up in the state."""
        self._state = state
        self._commit = lru_cache(maxsize=512)(_commit)

    def of(self, repository: Repository) -> Linked:
        """Return what links the names in text of this repository's comments."""

        def link(match: re.Match[str]) -> str:
            if match["login"]:
                known = match["login"].lower() in self._state.users
                return f'<span class="mention">{match[0]}</span>' if known else match[0]
            page = f"/{repository.full_name}"
            if match["number"]:
                known = int(match["number"]) in repository.pulls
                return (
                    f'<a href="{page}/pull/{match["number"]}">{match[0]}</a>' if known else match[0]
                )
            # A commit that isn't there may come with the next push.
            sha = self._commit(repository.git, match["sha"], repository.pushed_at.isoformat())
            return f'<a class="sha" href="{page}/commit/{sha}">{sha[:7]}</a>' if sha else match[0]

        return lambda text: _NAMES.sub(link, text)


def _commit(git: Git, name: str, _pushed_at: str) -> str:
    """Return the whole SHA that a name stands for, "" where it is none."""
    try:
        return git.resolve(name)
    except GitError:
        return ""
