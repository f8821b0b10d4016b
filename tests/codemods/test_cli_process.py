"""`cdk-medic` as a process: what it imports, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.codemods.conftest import CLEAN, ROOT, SAFE, Desk

HEAVY = ("libcst", "rich", "asyncio", "pathspec", "tomllib", "hashlib", "json")


def imported(*arguments: str) -> set[str]:
    """The modules in memory after a command."""
    code = (
        "import sys\nfrom codemods.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    # the measurement of coverage brings modules of its own
    unmeasured = {name: it for name, it in os.environ.items() if not name.startswith("COVERAGE_")}
    ran = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**unmeasured, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ran.stderr.split())


def test_the_version_needs_no_rule() -> None:
    modules = imported("--version")
    assert "codemods.cli" in modules
    assert not modules & {"ast", "typing", "dataclasses", "codemods.rule", *HEAVY}


def test_a_check_that_finds_nothing_imports_nothing_heavy(desk: Desk) -> None:
    desk.write({"stack.py": CLEAN})
    modules = imported("check", str(desk.folder))
    assert "codemods.rules.shared_nat_gateway" in modules
    assert not modules & set(HEAVY)


def test_a_closed_pipe_is_no_traceback(desk: Desk) -> None:
    desk.write({f"stack{number}.py": SAFE for number in range(200)})
    command = f"{sys.executable} -m codemods.cli check | head -1; echo ${{PIPESTATUS[0]}}"
    ran = subprocess.run(
        ["bash", "-c", command],
        cwd=desk.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stderr == ""
    assert ran.stdout.splitlines()[-1] == "141"


def test_an_interrupt_is_quiet(desk: Desk) -> None:
    os.mkfifo(desk.folder / "slow.py")
    command = (
        # a shell has its background jobs ignore the signal, and their children with them
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "import codemods.desk.run as desk; desk.python_files = lambda *_, **__: ['slow.py'];"
        "from codemods.cli import main; raise SystemExit(main(['check']))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", command],
        cwd=desk.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    pipe = opened(desk.folder / "slow.py")
    process.send_signal(signal.SIGINT)
    os.close(pipe)  # a signal that comes just before the read does not end it
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, b"")


def opened(pipe: Path) -> int:
    """The writing end of a named pipe, as soon as somebody reads from it."""
    for _ in range(3_000):
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:  # nobody reads yet
            time.sleep(0.01)
    raise AssertionError("nobody reads from the pipe")
