"""Who is who: the person at the browser, the people behind a commit, and their pictures."""

import re
from colorsys import hls_to_rgb
from dataclasses import dataclass

from markupsafe import escape

from sandbox.git import Commit, Identity
from sandbox.state import Repository, State, User

_TRAILER = re.compile(r"^co-authored-by:\s*(.+?)\s*<([^<>\s]+)>\s*$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Person:
    """Somebody that a commit names; `user` is None where no account has the address."""

    name: str
    user: User | None


def choices(state: State, repository: Repository) -> list[User]:
    """Return the people whom the browser can act as, those with write access first.

    Whoever is there only because an App must belong to somebody is left out.
    """
    owners = {app.owner.login for app in state.apps.values()}
    writers, others = [], []
    for user in state.users.values():
        if user.type == "User" and repository.allows(user, "write"):
            writers.append(user)
        elif user.type == "User" and user.login not in owners:
            others.append(user)
    return writers + others


def chosen(state: State, repository: Repository, login: str) -> User | None:
    """Return the person of that name, or else the first choice; None where nobody is there."""
    people = choices(state, repository)
    return next((user for user in people if user.login == login), people[0] if people else None)


def authors(state: State, commit: Commit) -> list[Person]:
    """Return a commit's author and co-authors, each once."""
    trailers = _TRAILER.findall(commit.message)
    found = [commit.author, *(Identity(name, email) for name, email in trailers)]
    return list(dict.fromkeys(_person(state, it) for it in found))


def _person(state: State, identity: Identity) -> Person:
    for user in state.users.values():
        if user.email == identity.email:
            return Person(user.login, user)
    return Person(identity.name, None)


def headline(message: str) -> str:
    """Return a commit message's first line."""
    return message.partition("\n")[0]


def details(message: str) -> str:
    """Return a commit message's further lines, without the trailers that are shown as people."""
    return _TRAILER.sub("", message.partition("\n")[2]).strip()


def avatar(name: str, *, square: bool = False) -> str:
    """Draw a picture (SVG) from a name: its initial on a colour of its own.

    Bots are `square`, as on GitHub.
    """
    hue = sum(ord(c) * (i + 7) for i, c in enumerate(name)) % 360
    red, green, blue = (round(255 * part) for part in hls_to_rgb(hue / 360, 0.36, 0.42))
    letters = escape((name[:1] or "?").upper())
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">'
        f'<rect width="40" height="40" rx="{8 if square else 20}" '
        f'fill="#{red:02x}{green:02x}{blue:02x}"/>'
        '<text x="20" y="27" text-anchor="middle" font-family="system-ui, sans-serif" '
        f'font-size="20" font-weight="600" fill="#fff">{letters}</text></svg>'
    )
