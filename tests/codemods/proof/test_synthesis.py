"""A run of an app."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from codemods.proof.app import App
from codemods.proof.synthesis import SynthesisError, synthesize

WRITE = """\
mkdir -p "$CDK_OUTDIR"; cd "$CDK_OUTDIR"
echo "{}" > a.json
echo '{"artifacts": {"A": {"type": "aws:cloudformation:stack", "properties": {"templateFile": \
"a.json"}}}}' > manifest.json
"""


def test_an_app_is_told_its_context_and_where_to_write(tmp_path: Path) -> None:
    command = 'echo "$CDK_CONTEXT_JSON" > context; ' + WRITE
    app = App(str(tmp_path), command, {"stage": "prod"})
    assert synthesize(app, str(tmp_path), 20).templates == {"A": {}}
    context = (tmp_path / "context").read_text()
    assert '"stage": "prod"' in context
    assert '"aws:cdk:bundling-stacks": []' in context


def test_the_cdk_itself_is_told_where_to_write_only(tmp_path: Path) -> None:
    tool = tmp_path / "cdk"
    tool.write_text('#!/bin/sh\ntest -z "$CDK_CONTEXT_JSON" && CDK_OUTDIR=$3\n' + WRITE)
    tool.chmod(0o755)
    app = App(str(tmp_path), "./cdk synth", by_cli=True)
    assert synthesize(app, str(tmp_path), 20).templates == {"A": {}}


def test_the_last_lines_of_a_failure_are_kept(tmp_path: Path) -> None:
    app = App(str(tmp_path), "seq 100; exit 4")
    with pytest.raises(SynthesisError, match="It ended with 4") as failed:
        synthesize(app, str(tmp_path), 20)
    assert failed.value.said == tuple(str(number) for number in range(86, 101))


def test_what_an_app_started_is_ended_with_it(tmp_path: Path) -> None:
    app = App(str(tmp_path), "sleep 60 & echo $! > pid; wait")
    with pytest.raises(SynthesisError, match=r"longer than 0\.5 seconds"):
        synthesize(app, str(tmp_path), 0.5)
    assert _gone(int((tmp_path / "pid").read_text()))


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Ctrl-C as a terminal has it: what nohup starts ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_ends_the_app_as_well(tmp_path: Path) -> None:
    app = App(str(tmp_path), "sleep 60 & echo $! > pid; wait")

    def interrupt() -> None:
        while not (tmp_path / "pid").exists():
            time.sleep(0.02)
        time.sleep(0.2)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        synthesize(app, str(tmp_path), 30)
    assert _gone(int((tmp_path / "pid").read_text()))


def _gone(process: int) -> bool:
    for _ in range(200):
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    os.kill(process, signal.SIGKILL)
    return False


def test_an_app_that_writes_nothing_is_said_to(tmp_path: Path) -> None:
    with pytest.raises(SynthesisError, match="ended without writing"):
        synthesize(App(str(tmp_path), "true"), str(tmp_path), 20)
