"""How long after the webhook a review is posted, and how many requests to GitHub that takes.

    python -m benchmarks.review_latency [--rounds 5]

A pull request adds 50 CDK files with 100 findings. The sandbox and `cdk-medic-bot serve` run on
this machine, the bot as a process of its own. Time runs from the opening of the pull request, which
sends the webhook, until the sandbox has the review, and until it has the completed check run and
the summary too; with and without the waits that spare GitHub in production. It ends with 1 where a
bar is missed.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.codebase import cdk_file
from benchmarks.snippets import bucket, nat
from bot.events import EVENTS
from bot.github.app import PERMISSIONS
from sandbox import PullRequestHandle, RepositoryHandle, Sandbox, serve

ROOT = Path(__file__).parent.parent
FILES = 50
SECRET = "a secret that only this benchmark knows"
PATIENCE_SECONDS = 120
BARS = {"seconds": 2.0, "requests": 9}  # without the waits; 100 annotations take two requests
WAITS = {"no waits": {"DEBOUNCE_SECONDS": "0", "WRITE_PACE_SECONDS": "0"}, "defaults": {}}


@dataclass(frozen=True)
class Run:
    """One review: seconds until it was there, until all was done, requests, and what it said."""

    review: float
    done: float
    requests: int
    suggestions: int
    annotations: int


def wait_for(look: Callable[[], bool], what: str) -> None:
    """Look often until it is so."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not look():
        if time.monotonic() > deadline:
            sys.exit(f"There was no {what} within {PATIENCE_SECONDS} seconds.")
        time.sleep(0.002)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def healthy(port: int) -> bool:
    """Whether the bot answers."""
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).close()
    except OSError:
        return False
    return True


def quiet(github: Sandbox) -> None:
    """Wait until a bot that was just installed has looked around, and asks no more."""
    seen = -1
    while seen != len(github.requests):
        seen = len(github.requests)
        time.sleep(3)


@contextlib.contextmanager
def bot(github: Sandbox, data: Path, waits: dict[str, str]) -> Iterator[RepositoryHandle]:
    """A running bot, and a repository that it is installed on."""
    port = free_port()
    registration = github.register_app(
        slug="cdk-medic",
        webhook_url=f"http://127.0.0.1:{port}/webhook",
        webhook_secret=SECRET,
        permissions=PERMISSIONS,
        events=EVENTS,
    )
    settings = {
        "APP_ID": str(registration.app_id),
        "PRIVATE_KEY": registration.private_key,
        "WEBHOOK_SECRET": SECRET,
        "GITHUB_API_URL": github.api_url,
        "PORT": str(port),
        "DATA_DIR": str(data),
        **waits,
    }
    environment = {**os.environ, **{f"CDK_MEDIC_{key}": value for key, value in settings.items()}}
    command = [sys.executable, "-m", "webhooks.cli", "serve"]
    log = data.with_suffix(".log")
    with log.open("wb") as stream:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=stream)
    try:
        wait_for(lambda: process.poll() is not None or healthy(port), "healthy bot")
        if process.poll() is not None:
            sys.exit(f"The bot did not start: {log.read_text()}")
        github.add_user("maria")
        repository = github.add_repository(
            "acme/payments", files={"README.md": "# Payments\n"}, collaborators={"maria": "write"}
        )
        github.install(registration, repository)
        quiet(github)
        yield repository
    finally:
        process.terminate()
        process.wait()


def review(github: Sandbox, repository: RepositoryHandle, number: int) -> Run:
    """Open a pull request and see it reviewed."""
    random = Random(number)
    files: dict[str, str | bytes | None] = {
        f"infra_{number}/stack_{index}.py": cdk_file(random, 2200, [nat, bucket])
        for index in range(FILES)
    }
    branch, title = f"stacks-{number}", f"Add stacks {number}"
    repository.push(files, by="maria", branch=branch, message=title)
    before = len(github.requests)
    began = time.monotonic()  # opening takes the sandbox a little while, which counts as well
    notes = {f"infra_{number}/NOTES.md": title}
    pull = repository.open_pull_request(author="maria", title=title, branch=branch, files=notes)
    wait_for(lambda: bool(pull.reviews), "review")
    reviewed = time.monotonic()
    wait_for(lambda: finished(pull), "completed check run with a summary")
    done = time.monotonic()
    time.sleep(1)  # whatever the bot asks afterwards counts as well
    return Run(
        review=reviewed - began,
        done=done - began,
        requests=len(github.requests) - before,
        suggestions=len(pull.review_comments),
        annotations=sum(len(run.annotations) for run in pull.check_runs),
    )


def finished(pull: PullRequestHandle) -> bool:
    """Whether the bot has nothing left to say."""
    return bool(pull.comments) and any(run.status == "completed" for run in pull.check_runs)


def main() -> None:
    """Measure, print a table, and judge it."""
    parser = argparse.ArgumentParser(description="Measure webhook to review on the sandbox.")
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    missed = False
    print(f"{FILES} CDK files with {2 * FILES} findings, all new in the pull request")
    print("| | review posted, s | all done, s | requests | suggestions | annotations |")
    print("|---|---|---|---|---|---|")
    for name, waits in WAITS.items():
        with (
            tempfile.TemporaryDirectory() as place,
            Sandbox(Path(place) / "github") as github,
            serve(github),
            bot(github, Path(place) / "bot", waits) as repository,
        ):
            runs = [review(github, repository, number) for number in range(rounds)]
        seconds = statistics.median(run.review for run in runs)
        done = statistics.median(run.done for run in runs)
        requests = max(run.requests for run in runs)
        said = runs[0]
        print(
            f"| {name} | {seconds:.2f} | {done:.2f} | {requests} "
            f"| {said.suggestions} | {said.annotations} |"
        )
        missed |= requests > BARS["requests"] or (bool(waits) and seconds > BARS["seconds"])
    sys.exit(missed)


if __name__ == "__main__":
    main()
