"""Who asks: an App by its JSON web token, an installation by its access token, or nobody."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import jwt

from sandbox.errors import Refused
from sandbox.fields import check_types
from sandbox.state import App, Installation, Repository, State, Token

TOKEN_LIFE = timedelta(hours=1)
JWT_LIFE = 600  # seconds between now and `exp` at most
_LEVELS = ("read", "write", "admin")


@dataclass(frozen=True)
class Actor:
    """Who sent a request; an App acts as itself (no token) or as one of its installations."""

    app: App | None = None
    token: Token | None = None

    @property
    def name(self) -> str:
        """The name under which requests are counted, as GitHub's messages write it."""
        if self.token:
            return f"installation ID {self.token.installation.id}"
        return f"app ID {self.app.id}" if self.app else "127.0.0.1"

    def covers(self, repository: Repository) -> bool:
        """Tell whether the token was made for this repository."""
        if not self.token or repository not in self.token.installation.repositories:
            return False
        ids = self.token.repository_ids
        return ids is None or repository.id in ids

    def has(self, permission: str) -> bool:
        """Tell whether the token carries a permission such as "checks:write"."""
        name, _, level = permission.partition(":")
        held = self.token.permissions.get(name) if self.token else None
        return held is not None and _LEVELS.index(held) >= _LEVELS.index(level)


def identify(state: State, authorization: str | None) -> Actor:
    """Return who an Authorization header stands for.

    Raises:
        Refused: 401 where it stands for nobody, 403 for a suspended installation.
    """
    if not authorization:
        return Actor()
    _, _, value = authorization.strip().partition(" ")
    if value.count(".") == 2:
        return Actor(app=_app_of(state, value))
    token = state.tokens.get(value)
    if not token or token.expires_at <= state.now() or token.installation.deleted:
        raise Refused(401, "Bad credentials")
    if token.installation.suspended_at:
        raise Refused(403, "This installation has been suspended")
    return Actor(app=token.installation.app, token=token)


def _app_of(state: State, value: str) -> App:
    undecodable = Refused(401, "A JSON web token could not be decoded")
    try:
        claims = jwt.decode(value, options={"verify_signature": False})
        app = state.apps.get(int(claims["iss"]))
    except (jwt.InvalidTokenError, KeyError, TypeError, ValueError):
        raise undecodable from None
    if not app:
        raise Refused(404, "Integration not found")
    try:
        claims = jwt.decode(
            value,
            app.public_key,
            algorithms=["RS256"],
            # _check_times() does both, by the stand-in's own clock and in GitHub's words.
            options={"verify_exp": False, "verify_iat": False},
        )
    except jwt.InvalidTokenError:
        raise undecodable from None
    _check_times(claims, int(state.now().timestamp()))
    return app


def _check_times(claims: dict[str, Any], now: int) -> None:
    issued, expires = claims.get("iat"), claims.get("exp")
    if not isinstance(issued, int) or issued > now:
        raise Refused(
            401,
            "'Issued at' claim ('iat') must be an Integer representing the time that the "
            "assertion was issued",
        )
    if not isinstance(expires, int) or expires <= now:
        raise Refused(
            401,
            "'Expiration time' claim ('exp') must be a numeric value representing the future "
            "time at which the assertion expires",
        )
    if expires - now > JWT_LIFE:
        raise Refused(401, "'Expiration time' claim ('exp') is too far in the future")


def make_token(state: State, installation: Installation, wanted: dict[str, Any]) -> Token:
    """Make an installation token; `wanted` may narrow its repositories and permissions.

    Raises:
        Refused: 403 for a suspended installation, 422 for more than the installation has.
    """
    check_types(wanted, permissions=dict, repository_ids=list, repositories=list)
    if installation.suspended_at:
        raise Refused(403, "This installation has been suspended")
    ids = _repository_ids(installation, wanted)
    permissions = dict(installation.permissions)
    if wanted.get("permissions"):
        permissions = {"metadata": "read"} | wanted["permissions"]
        for name, level in permissions.items():
            held = installation.permissions.get(name)
            if level not in _LEVELS or not held or _LEVELS.index(held) < _LEVELS.index(level):
                reason = "The permissions requested are not granted to this installation."
                raise Refused(422, reason)
    token = Token(
        value="ghs_" + secrets.token_urlsafe(27).replace("-", "a").replace("_", "b"),
        installation=installation,
        repository_ids=ids,
        permissions=permissions,
        expires_at=state.now() + TOKEN_LIFE,
    )
    state.tokens[token.value] = token
    return token


def _repository_ids(installation: Installation, wanted: dict[str, Any]) -> frozenset[int] | None:
    if not wanted.get("repository_ids") and not wanted.get("repositories"):
        return None
    by_name = {r.name: r.id for r in installation.repositories}
    names = wanted.get("repositories") or []
    ids = [*(wanted.get("repository_ids") or []), *(by_name.get(str(name), 0) for name in names)]
    if not all(number in by_name.values() for number in ids):
        raise Refused(
            422,
            "There is at least one repository that does not exist or is not accessible to the "
            "parent installation.",
        )
    return frozenset(ids)
