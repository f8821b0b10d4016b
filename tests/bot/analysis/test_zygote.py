from __future__ import annotations

import signal
import subprocess
import sys

import pytest

_LIMITED = """
import resource
from bot.analysis import zygote
zygote.FILE_CPU_SECONDS = 1
zygote._limit()
zygote._grant_cpu_time()
{code}
"""


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("while True: pass", -signal.SIGXCPU),
        ("bytearray(2 << 30)", "MemoryError"),
        ("open('/tmp/cdk-medic-test', 'wb').write(b'x' * 100_000)", "OSError"),
        ("files = [open('/dev/null') for _ in range(64)]", "Too many open files"),
        ("print(resource.getrlimit(resource.RLIMIT_CORE)); exit(7)", 7),
    ],
)
def test_a_child_cannot_exceed_its_limits(code: str, outcome: int | str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _LIMITED.format(code=code)],
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    if isinstance(outcome, int):
        assert ended.returncode == outcome
    else:
        assert outcome in ended.stderr
