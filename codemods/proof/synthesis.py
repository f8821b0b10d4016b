"""Runs an app as the CDK's command-line tool would, and reads what it wrote."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence

from codemods.proof import templates
from codemods.proof.app import App
from codemods.proof.templates import Assembly, AssemblyError

_LINES = 15  # of what the app said last


class SynthesisError(Exception):
    """The app did not synthesize.

    Attributes:
        said: the last lines of what it printed.
    """

    def __init__(self, sentence: str, said: Sequence[str] = ()) -> None:
        """Say why, and what the app said."""
        super().__init__(sentence)
        self.said = tuple(said)


def synthesize(app: App, directory: str, seconds: float) -> Assembly:
    """Run an app whose files are in another directory than its own.

    Assets are not bundled, so no container engine is needed: the templates name assets, and do not
    hold them.

    Args:
        app: how it is run.
        directory: the copy of the app's directory to run it in.
        seconds: how long it may take.

    Raises:
        SynthesisError: it failed, took too long, or wrote no cloud assembly.
    """
    out = tempfile.mkdtemp(prefix="cdk-medic-out-")
    try:
        _run(app, directory, out, seconds)
        return templates.read(out)
    except AssemblyError as error:
        raise SynthesisError(str(error)) from error
    finally:
        shutil.rmtree(out, ignore_errors=True)


def _run(app: App, directory: str, out: str, seconds: float) -> None:
    command = f"{app.command} --output {out}" if app.by_cli else app.command
    with subprocess.Popen(  # noqa: S602 (the user's own command, by a shell as the CDK runs it)
        command,
        shell=True,
        cwd=directory,
        env=os.environ | _environment(app, out),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            _kill(process.pid)
            raise SynthesisError(f"It took longer than {seconds:g} seconds.") from None
        except BaseException:
            _kill(process.pid)
            raise
    if process.returncode:
        last = said.decode(errors="replace").rstrip().splitlines()[-_LINES:]
        raise SynthesisError(f"It ended with {process.returncode}.", last)


def _environment(app: App, out: str) -> dict[str, str]:
    """What the CDK's tool gives an app: where to write to, and the context."""
    if app.by_cli:
        return {"PYTHONDONTWRITEBYTECODE": "1"}
    context = {"aws:cdk:bundling-stacks": [], "aws:cdk:enable-path-metadata": True}
    return {
        "CDK_OUTDIR": out,
        "CDK_CONTEXT_JSON": json.dumps({**app.context, **context}),
        # A file that is fixed keeps its size and second sometimes; old bytecode must not speak.
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _kill(group: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)
