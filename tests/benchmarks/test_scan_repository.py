"""The script that scans a whole repository, on a small one."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_scan_is_measured_and_takes_two_requests() -> None:
    command = ["-m", "benchmarks.scan_repository", "--files", "60", "--rounds", "2"]
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout.startswith("60 Python files, ")
    assert "requests 2, " in done.stdout
