"""A real bot process and the stand-in for GitHub, talking to each other over loopback."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.events import EVENTS
from bot.github import MANIFEST_PERMISSIONS
from sandbox import PullRequestHandle, RepositoryHandle, Sandbox, serve
from sandbox.state import Delivery
from tests.bot.github import contract
from tests.webhooks.bot_process import PATIENCE, BotProcess

SECRET = "a secret of the stage"

_GATEWAY = b'        self.vpc = ec2.Vpc(self, "Vpc", max_azs=3, nat_gateways=1)\n'

STACK = (
    b'''\
"""A network and an archive."""

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_s3 as s3
from constructs import Construct


class PaymentStack(Stack):
    def __init__(self, scope: Construct, construct_id: str, suffix: str) -> None:
        super().__init__(scope, construct_id)
        self.archive = s3.Bucket(self, "Archive", bucket_name=f"payment-audit-logs-{suffix}")
'''
    + _GATEWAY
)
"""A bucket name without the account, and a shared NAT gateway."""

DEPLOYED = STACK.replace(_GATEWAY, b"")
"""The stack before somebody added the network: what the bucket is called can't change safely."""


class Stage:
    """The stand-in with the App registered, and the bot that serves it.

    Each pull request is in a repository of its own, on which the App is installed: `maria` may
    write, `lin` writes the pull request and may write too, `sam` may only read.
    """

    def __init__(self, directory: Path, command: str = "serve", **settings: object) -> None:
        """Build the stage; the bot starts with the block, by this command."""
        self._command = command
        self._directory = directory
        self.github = Sandbox(directory / "github")
        self._settings: dict[str, object] = {
            "DEBOUNCE_SECONDS": 0,
            "WRITE_PACE_SECONDS": 0,
            "ROUND_SECONDS": 0,
        }
        self._settings |= settings
        self._serving = serve(self.github)
        self._repositories = 0
        self._processes: list[BotProcess] = []
        self.installed = 0
        """How many requests the bot had made when the last installation was dealt with."""

    def __enter__(self) -> Self:
        self._serving.__enter__()
        self._registration = self.github.register_app(
            slug="cdk-medic",
            webhook_url="",
            webhook_secret=SECRET,
            permissions=MANIFEST_PERMISSIONS,
            events=EVENTS,
        )
        for login in ("maria", "lin", "sam"):
            self.github.add_user(login)
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.bot.__exit__(kind, error, trace)
        self._serving.__exit__(kind, error, trace)
        self.github.close()
        if kind is None:
            contract.check(self.github)

    def start(self) -> None:
        """Start the bot, and tell GitHub where it is."""
        self.bot = self.another(self._command)
        self._registration.app.webhook_url = f"{self.bot.url}/webhook"

    def another(self, command: str) -> BotProcess:
        """Start a process of the same App, such as a worker beside a receiver; its own to end."""
        process = BotProcess(
            command,
            {
                "APP_ID": self._registration.app_id,
                "PRIVATE_KEY": self._registration.private_key,
                "WEBHOOK_SECRET": SECRET,
                "GITHUB_API_URL": self.github.api_url,
                "DATA_DIR": self._directory / "data",
                "PORT": 0,
            }
            | self._settings,
        )
        self._processes.append(process)
        return process

    def open(
        self, files: Mapping[str, bytes], base: Mapping[str, bytes] | None = None
    ) -> PullRequestHandle:
        """Open a pull request with these files, in a new repository that has those of `base`."""
        return self.repository(base).open_pull_request(
            author="lin", title="Change the stack", branch="stack", files=files
        )

    def repository(self, files: Mapping[str, bytes] | None = None) -> RepositoryHandle:
        """A new repository with these files, on which the App is installed."""
        self._repositories += 1
        repository = self.github.add_repository(
            f"acme/payments-{self._repositories}",
            files={"README.md": b"# Payments\n", **(files or {})},
            collaborators={"maria": "maintain", "lin": "write"},
        )
        self.github.install(self._registration, repository)
        self.settle()
        self.installed = len(self.github.requests)
        return repository

    def settle(self) -> None:
        """Wait until every delivery was taken, and the jobs of all that asked for work have ended.

        A job may commit, and a commit is another delivery, so it looks until nothing is new.
        """
        seen = -1
        while seen != len(self.github.deliveries):
            seen = len(self.github.deliveries)
            self.github.settle()
            for delivery in self.github.deliveries:
                if "queued" in delivery.response_body:
                    self.until(partial(self.is_finished, delivery))

    def is_finished(self, delivery: Delivery) -> bool:
        """Whether one of the bot's processes has logged how a delivery's job ended."""
        ends = (": done.", ": nothing to do.", ": refused.", ": superseded.", "is given up")
        return any(
            f"delivery={delivery.guid}" in line and any(end in line for end in ends)
            for process in self._processes
            for line in process.output.splitlines()
        )

    def until(self, condition: Callable[[], object], patience: float = PATIENCE) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + patience
        while not condition():
            assert time.monotonic() < deadline, self.bot.output
            time.sleep(0.02)
