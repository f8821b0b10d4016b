"""What a scan of a whole repository takes: requests, seconds, memory.

    python -m benchmarks.scan_repository [FOLDER] [--files 1000] [--rounds 5]

The stand-in for GitHub is a process of its own, so that the memory is the bot's. Without a folder
it is the generated code base that is scanned, see `benchmarks.codebase`.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import statistics
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.codebase import generate
from bot.analysis.processes import AnalysisProcesses
from bot.analysis.terms import Configured
from bot.github import GitHub
from bot.scan import Scan, scan
from sandbox import Sandbox, serve

_REQUESTS_AT_MOST = 2
_SECONDS_AT_MOST = 10.0


@dataclass(frozen=True)
class Place:
    """Where the repository is, and as whom to read it."""

    api_url: str
    app_id: int
    private_key: str
    installation: int
    repository: int
    head: str


@dataclass(frozen=True)
class Round:
    """One scan: what it found, and its seconds."""

    found: Scan
    seconds: float


def read(folder: Path) -> dict[str, bytes]:
    """Every file below a folder but git's own, by its path there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def host(files: Mapping[str, bytes], line: Connection) -> None:
    """Serve a repository until told to end; the answer to "requests" is how many there were."""
    with tempfile.TemporaryDirectory() as folder, Sandbox(folder) as sandbox, serve(sandbox):
        repository = sandbox.add_repository("acme/payments", files=files)
        app = sandbox.register_app(
            slug="cdk-medic",
            webhook_url="",
            webhook_secret="hush",
            permissions={"checks": "write", "contents": "write", "issues": "write"}
            | {"pull_requests": "write"},
            events=(),
        )
        line.send(
            Place(
                sandbox.api_url,
                app.app_id,
                app.private_key,
                sandbox.install(app, repository).id,
                repository.id,
                repository.git.resolve("main"),
            )
        )
        while line.recv() == "requests":
            routes = [each.route for each in sandbox.requests]
            line.send(len([route for route in routes if "access_tokens" not in route]))


def measure(place: Place) -> Round:
    """Scan once, by analysis processes that know nothing yet."""
    github = GitHub(place.app_id, place.private_key, place.api_url, write_pace_seconds=0)
    with ExitStack() as stack:
        processes = stack.enter_context(AnalysisProcesses())
        client = github.repository(place.installation, place.repository, "acme/payments")
        repository = stack.enter_context(client)
        start = time.perf_counter()
        found = scan(repository, place.head, processes, lambda _: Configured())
        return Round(found, time.perf_counter() - start)


def main() -> int:
    """Measure, print, and return 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as generated:
        if given.folder is None:
            generate(Path(generated), given.files)
        files = read(given.folder or Path(generated))
    apart = multiprocessing.get_context("spawn")
    ours, theirs = apart.Pipe()
    server = apart.Process(target=host, args=(files, theirs), daemon=True)
    python = [path for path in files if path.endswith(".py")]
    server.start()
    place = ours.recv()
    del files
    before = _peak_mb(resource.RUSAGE_SELF)
    rounds = [measure(place) for _ in range(given.rounds)]
    ours.send("requests")
    requests = ours.recv() / given.rounds
    ours.send("end")
    server.join()
    return _report(rounds, requests, len(python), before)


def _report(rounds: list[Round], requests: float, python: int, before: float) -> int:
    found = rounds[0].found
    seconds = statistics.median(each.seconds for each in rounds)
    findings = sum(len(file.analysis.findings) for file in found.files)
    print(f"{python} Python files, {len(found.files)} analysed, {len(found.skipped)} skipped,")
    print(f"{findings} findings, {sum(map(len, found.pins.values()))} pins")
    print(f"requests {requests:g}, seconds {seconds:.2f}")
    peak, child = _peak_mb(resource.RUSAGE_SELF), _peak_mb(resource.RUSAGE_CHILDREN)
    print(f"memory of the bot {before:.0f} MB before, {peak:.0f} MB at most")
    print(f"memory of the largest analysis process {child:.0f} MB")
    return int(requests > _REQUESTS_AT_MOST or seconds > _SECONDS_AT_MOST)


def _peak_mb(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / 1024


if __name__ == "__main__":
    raise SystemExit(main())
