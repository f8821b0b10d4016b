"""The bot's operations against the stand-in for GitHub, without a queue and without processes."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.events import EVENTS, jobs_for
from bot.github import MANIFEST_PERMISSIONS, GitHub
from bot.operations import Context, Outcome, perform
from bot.organizations import Organizations
from bot.work import Job
from sandbox import Sandbox, serve
from sandbox.git import Identity
from tests.bot.analysis.here import Here
from tests.bot.github import contract

BUSY = "http://127.0.0.1:9"  # nobody listens there: the tests read the deliveries themselves


def vpc(gateways: int = 1, *, name: str = "Vpc", lines: int = 0) -> str:
    """A stack whose VPC has so many gateways for three zones, after so many lines of comment."""
    return (
        "from aws_cdk import Stack, aws_ec2 as ec2\n"
        + "# .\n" * lines
        + "\n\nclass Network(Stack):\n"
        "    def __init__(self, scope, construct_id):\n"
        "        super().__init__(scope, construct_id)\n"
        f'        ec2.Vpc(self, "{name}", max_azs=3, nat_gateways={gateways})\n'
    )


class World:
    """A repository with an App installed; `run()` does what webhooks ask for.

    `dies_before` names the step before which the bot's process ends. `policy` is the text of the
    organization's policy; the bot has looked for one already, as it does now and then.
    """

    def __init__(
        self, sandbox: Sandbox, files: Mapping[str, str | bytes], policy: str = ""
    ) -> None:
        self.sandbox = sandbox
        for login in ("maria", "oliver", "reader", "stranger"):
            sandbox.add_user(login)
        self.repository = sandbox.add_repository(
            "acme/payments",
            files=files,
            collaborators={"maria": "write", "oliver": "admin", "reader": "read"},
        )
        registration = sandbox.register_app(
            slug="cdk-medic",
            webhook_url=BUSY,
            webhook_secret="hush",
            permissions=MANIFEST_PERMISSIONS,
            events=sorted(EVENTS),
        )
        repositories = [self.repository]
        if policy:
            repositories.append(
                sandbox.add_repository("acme/.github", files={".cdk-medic.toml": policy})
            )
        self.installation = sandbox.install(registration, *repositories)
        self.github = GitHub(
            registration.app.id,
            registration.private_key,
            sandbox.api_url,
            write_pace_seconds=0,
        )
        self.organizations = Organizations(self.github.reader, Here())
        self.dies_before = ""
        self._seen = len(sandbox.deliveries)
        self.organizations.policy(self.installation.id, "acme/payments")
        self._before = len(sandbox.requests)

    @property
    def context(self) -> Context:
        return Context(
            github=self.github.repository,
            organizations=self.organizations,
            analyser=Here(),
            step=self._step,
            now=lambda: dt.datetime.now(dt.UTC),
        )

    def open(self, files: Mapping[str, str | bytes | None], **options: Any) -> Any:
        """Open a pull request by maria; None removes a file."""
        options = {"author": "maria", "title": "Change", "branch": "feature", **options}
        return self.repository.open_pull_request(files=files, **options)

    def add_bot(self, name: str) -> None:
        """Have another App, whose bot is "NAME[bot]"."""
        self.sandbox.register_app(
            slug=name, webhook_url=BUSY, webhook_secret="hush", permissions={}, events=[]
        )

    def set_mode(self, path: str, mode: str) -> None:
        """Give a file of the default branch another mode, such as 100755."""
        git = self.repository.git
        head = git.resolve("main")
        (entry,) = [each for each in git.tree(head, recursive=True) if each.path == path]
        somebody = Identity("Oliver", "oliver@example.org")
        commit = git.write_commit(
            git.write_tree(head, [(mode, path, entry.sha)]),
            [head],
            "Change a mode",
            author=somebody,
            committer=somebody,
            at=dt.datetime.now(dt.UTC),
        )
        git.update_ref("refs/heads/main", commit, head)

    def welcome(self) -> list[Outcome]:
        """Do what the installation asks for."""
        self.hear_all()
        return self.run()

    def hear_all(self) -> None:
        """Take notice of all events again, of the installation too, which most tests ignore."""
        self._seen = 0

    def pulls(self, state: str = "open") -> dict[str, Any]:
        """The pull requests in a state, by their branch."""
        numbers = list(self.repository.record.pulls)
        handles = [self.sandbox.pull_request(self.repository.full_name, each) for each in numbers]
        return {each.record.head_ref: each for each in handles if each.record.state == state}

    def branches(self) -> list[str]:
        """The branches of the repository."""
        git = self.repository.git
        return [name.removeprefix("refs/heads/") for name in git.refs("refs/heads/")]

    def jobs(self) -> list[Job]:
        """What the webhooks since the last call ask for."""
        new = self.sandbox.deliveries[self._seen :]
        self._seen += len(new)
        return [job for each in new for job in jobs_for(each.event, json.loads(each.body))]

    def run(self) -> list[Outcome]:
        """Do everything that is asked for, and what follows from it."""
        outcomes: list[Outcome] = []
        while jobs := self.jobs():
            outcomes += [perform(job, self.context) for job in jobs]
        return outcomes

    def requests(self) -> list[str]:
        """Every API request but the look for a policy, as "METHOD /route"."""
        rows = self.sandbox.requests[self._before :]
        return [f"{each.method} {each.route}" for each in rows]

    def _step(self, name: str, write: Callable[..., Any], *args: Any) -> Any:
        if name == self.dies_before:
            raise SystemExit(name)
        return json.loads(json.dumps(write(*args)))


@contextmanager
def world(
    directory: Path, files: Mapping[str, str | bytes] | None = None, policy: str = ""
) -> Iterator[World]:
    """Serve a stand-in on a free port while the block runs, and check what it was asked."""
    with Sandbox(directory) as sandbox, serve(sandbox):
        yield World(sandbox, files or {"README.md": "Payments\n"}, policy)
        contract.check(sandbox)


def answer(pull: Any) -> str:
    """The last thing said, without its marker."""
    return re.sub(r"\n\n<!-- .* -->$", "", str(pull.comments[-1].body))
