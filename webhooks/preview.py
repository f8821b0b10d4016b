"""The bot beside a stand-in for GitHub, in one process on one port, for the time of one run.

The only module that knows both. Nothing leaves the machine, and nothing is kept.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from pydantic import SecretStr

import sandbox
from bot.analysis.processes import AnalysisProcesses
from bot.events import EVENTS
from bot.github import MANIFEST_PERMISSIONS
from bot.settings import Address, Settings
from sandbox import PullRequestHandle, Sandbox
from sandbox.state import Registration
from webhooks.service import listen, running_bot, serve

REPOSITORY = "acme/payments"
DEPLOYED = "acme/ledger"
MAINTAINER = "maria"
AUTHOR = "lin"
STRANGER = "sam"

_STACK = "payment_stack/payment_stack.py"

_README = """\
# Payments

The infrastructure of the payment platform, as a CDK app in Python.

    pip install -r requirements.txt
    cdk diff
"""

_EMPTY_APP = '''\
#!/usr/bin/env python3
"""The payment platform's CDK app."""

import aws_cdk as cdk

app = cdk.App()

app.synth()
'''

_TEST = '''\
"""What the payment stack makes."""

import aws_cdk as cdk
from aws_cdk.assertions import Template

from payment_stack.payment_stack import PaymentStack


def test_private_subnets_leave_through_one_gateway() -> None:
    stack = PaymentStack(cdk.App(), "PaymentStack", environment_suffix="test")
    Template.from_stack(stack).resource_count_is("AWS::EC2::NatGateway", 1)
'''

_BODY = """\
Network, functions, transactions table, audit bucket and ledger database of the payment platform, \
over three availability zones.
"""


def preview(address: Address, announce: Callable[[str, str], None]) -> None:
    """Serve until SIGINT or SIGTERM.

    `announce` is told two addresses: of the pull request, and of the repository to which the bot
    introduces itself.

    Raises:
        AddressInUseError: another program listens there.
    """
    with (
        AnalysisProcesses() as analysis,
        listen(address) as listening,
        tempfile.TemporaryDirectory(prefix="cdk-medic-preview-") as directory,
    ):
        host, port = listening.getsockname()[:2]
        url = f"http://{host}:{port}"
        with Sandbox(Path(directory) / "github", url=url) as github:
            registration = _register(github, url)
            settings = _settings(github, registration, Path(directory) / "bot")
            with running_bot(settings, analysis) as app:
                app.mount("/", github.asgi())
                pull = seed(github, registration)
                announce(pull.url, f"{url}/{DEPLOYED}/pulls")
                serve(app, listening, patience_seconds=1)


def _register(github: Sandbox, url: str) -> Registration:
    return github.register_app(
        slug="cdk-medic",
        webhook_url=f"{url}/webhook",
        webhook_secret=secrets.token_hex(32),
        permissions=MANIFEST_PERMISSIONS,
        events=EVENTS,
    )


def _settings(github: Sandbox, registration: Registration, data_dir: Path) -> Settings:
    # Every setting is spelled out: those of a real App in the environment must not leak in.
    return Settings(
        app_id=registration.app.id,
        private_key=SecretStr(registration.private_key),
        private_key_file=None,
        webhook_secret=SecretStr(registration.app.webhook_secret),
        database_url="",
        github_api_url=github.api_url,
        data_dir=data_dir,
        debounce_seconds=0,
        write_pace_seconds=0,
        round_seconds=0,
    )


def seed(github: Sandbox, registration: Registration) -> PullRequestHandle:
    """A repository with a pull request that adds a whole stack, and one that has the stack.

    The first page shows the pull request; in the other repository the bot introduces itself.
    """
    files = dict(_files(_example()))
    before: dict[str, str | bytes] = {
        "README.md": _README,
        "app.py": _EMPTY_APP,
        "cdk.json": files["cdk.json"],
        "requirements.txt": files["requirements.txt"],
    }
    stack = {path: files[path] for path in ("app.py", "payment_stack/__init__.py", _STACK)}
    for login in (MAINTAINER, AUTHOR, STRANGER):
        github.add_user(login)
    repository = github.add_repository(
        REPOSITORY,
        files=before,
        collaborators={MAINTAINER: "maintain", AUTHOR: "write"},
    )
    installation = github.install(registration, repository)
    pull = repository.open_pull_request(
        author=AUTHOR,
        title="Add the payment stack",
        body=_BODY,
        branch="payment-stack",
        files=stack,
    )
    deployed = github.add_repository(
        DEPLOYED,
        files={**before, **stack, "tests/test_payment_stack.py": _TEST},
        collaborators={MAINTAINER: "maintain", AUTHOR: "write"},
    )
    github.change_repositories(installation, added=[deployed])
    github.begin_at(pull)
    return pull


def _example() -> Traversable:
    """The example app: in the wheel it lies beside the stand-in, in a checkout in `examples`."""
    bundled = resources.files(sandbox) / "payment_stack"
    if bundled.is_dir():
        return bundled
    return Path(__file__).parents[1] / "examples" / "payment_stack"


def _files(folder: Traversable, prefix: str = "") -> list[tuple[str, bytes]]:
    found = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _files(entry, f"{prefix}{entry.name}/")
        else:
            found.append((prefix + entry.name, entry.read_bytes()))
    return found
