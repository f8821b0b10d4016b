"""Apps, where they are installed, their tokens, and what went to and fro."""

from dataclasses import dataclass, field
from datetime import datetime

from sandbox.state.repositories import Repository, User


@dataclass(eq=False)
class App:
    """A registered GitHub App.

    `permissions` maps a name such as "contents" to "read" or "write"; `public_key` is the PEM
    against which its JSON web tokens are verified; `bot` is the user that its writes show.
    """

    id: int
    slug: str
    name: str
    owner: User
    bot: User
    public_key: str
    webhook_url: str
    webhook_secret: str
    permissions: dict[str, str]
    events: tuple[str, ...]
    created_at: datetime


@dataclass(frozen=True)
class Registration:
    """What GitHub shows once, when an App is registered; the private key is kept nowhere else."""

    app: App
    private_key: str

    @property
    def app_id(self) -> int:
        """The App's id, the issuer of its JSON web tokens."""
        return self.app.id


@dataclass(eq=False)
class Installation:
    """An App in an account, on some of its repositories.

    `permissions` are those that the account accepted: they stay behind when the App asks for
    more later.
    """

    id: int
    app: App
    account: User
    repositories: list[Repository]
    permissions: dict[str, str]
    created_at: datetime
    suspended_at: datetime | None = None
    suspended_by: User | None = None
    deleted: bool = False


@dataclass(frozen=True, eq=False)
class Token:
    """An installation's access token; `repository_ids` None means all of its repositories."""

    value: str
    installation: Installation
    repository_ids: frozenset[int] | None
    permissions: dict[str, str]
    expires_at: datetime


@dataclass(eq=False)
class Delivery:
    """One attempt to deliver a webhook; a redelivery is another one with the same `guid`.

    `duration` is in seconds; `status_code` 0 means that there was no answer.
    """

    id: int
    guid: str
    app: App
    event: str
    action: str | None
    installation_id: int | None
    repository_id: int | None
    body: bytes
    request_headers: dict[str, str]
    delivered_at: datetime
    redelivery: bool = False
    duration: float = 0.0
    status: str = "pending"
    status_code: int = 0
    response_headers: dict[str, str] = field(default_factory=dict)
    response_body: str = ""


@dataclass(frozen=True)
class RecordedRequest:
    """A request that the API answered.

    `route` is the path as GitHub's OpenAPI description writes it ("/repos/{owner}/{repo}"),
    empty where nothing matched; `installation_id` is None unless an installation token was used.
    `body` is what was sent.
    """

    method: str
    path: str
    query: str
    route: str
    app: str | None
    installation_id: int | None
    status: int
    at: datetime
    body: bytes = b""
