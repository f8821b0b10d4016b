"""Apps are registered, installed, suspended and uninstalled."""

from collections.abc import Iterable, Mapping

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox import events
from sandbox.actions.people import add_user
from sandbox.service import Service
from sandbox.state import App, Installation, Registration, Repository, User


def register_app(
    service: Service,
    *,
    slug: str,
    webhook_url: str,
    webhook_secret: str,
    permissions: Mapping[str, str],
    events_wanted: Iterable[str],
    owner: User,
) -> Registration:
    """Register an App, make its key pair and its bot user, and ping its address."""
    state = service.state
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    with state.lock:
        app = App(
            id=state.next_id(),
            slug=slug,
            name=slug,
            owner=owner,
            bot=add_user(state, f"{slug}[bot]", kind="Bot"),
            public_key=public.decode(),
            webhook_url=webhook_url,
            webhook_secret=webhook_secret,
            permissions={"metadata": "read"} | dict(permissions),
            events=tuple(events_wanted),
            created_at=state.now(),
        )
        state.apps[app.id] = app
        events.ping(service, app)
    return Registration(app, private.decode())


def install(
    service: Service, app: App, account: User, chosen: Iterable[Repository], *, by: User
) -> Installation:
    """Install an App on some repositories of an account, with all that it asks for."""
    state = service.state
    with state.lock:
        record = Installation(
            id=state.next_id(),
            app=app,
            account=account,
            repositories=list(chosen),
            permissions=dict(app.permissions),
            created_at=state.now(),
        )
        state.installations[record.id] = record
        events.installation(service, record, "created", by)
        return record


def change_repositories(
    service: Service,
    record: Installation,
    *,
    by: User,
    added: Iterable[Repository] = (),
    removed: Iterable[Repository] = (),
) -> None:
    """Put repositories into an installation, or take them out."""
    with service.state.lock:
        new = [r for r in added if r not in record.repositories]
        gone = [r for r in removed if r in record.repositories]
        record.repositories = [r for r in record.repositories if r not in gone] + new
        if new:
            events.installation_repositories(service, record, by, added=new, removed=[])
        if gone:
            events.installation_repositories(service, record, by, added=[], removed=gone)


def suspend(service: Service, record: Installation, suspended: bool, *, by: User) -> None:
    """Suspend an installation or end its suspension."""
    with service.state.lock:
        record.suspended_at = service.state.now() if suspended else None
        record.suspended_by = by if suspended else None
        events.installation(service, record, "suspend" if suspended else "unsuspend", by)


def uninstall(service: Service, record: Installation, *, by: User) -> None:
    """Delete an installation; its tokens end with it."""
    with service.state.lock:
        record.deleted = True
        events.installation(service, record, "deleted", by)
