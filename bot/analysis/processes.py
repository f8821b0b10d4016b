"""The bot's side of the analysis: a batch of files out, one result a file back, in any case."""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from bot.analysis import zygote
from bot.analysis.wire import read_reply
from codemods import Analysis, Fixed

if TYPE_CHECKING:
    from bot.operations import Source  # at run time it would bring GitHub's client along

_log = logging.getLogger(__name__)

FILE_SECONDS = 20.0
"""Wall time after which the child that still works on one file is killed."""

MOST_FILES = 300
MOST_CPU_SECONDS = 60.0
MOST_DEATHS = 3
_MOST_ANSWER_BYTES = 16 << 20

_SPENT = f"not analysed: this batch has used up its {MOST_CPU_SECONDS:.0f} seconds of analysis"
_DEADLY = f"not analysed: {MOST_DEATHS} other files made the analysis crash"
_TOO_MANY = f"not analysed: only {MOST_FILES} files are analysed at a time"
_CRASHED = "it made the parser crash, so it was left alone"
_BROKEN = "its analysis gave no usable answer"


class AnalysisProcesses:
    """A zygote and the children that it forks. Safe to use from any thread.

    `analyse` and `fix` are what operations are given (`bot.operations.Context`). A file that
    crashes or exhausts its child costs only itself: its `Analysis.problem` says so.
    """

    def __init__(self) -> None:
        """Start the zygote; it is ready as soon as it has imported the codemods."""
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(max(2, os.cpu_count() or 1))
        self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def analyse(self, sources: Sequence[Source], *, edits: bool = False) -> list[Analysis]:
        """One analysis a source, in their order; `edits` asks for the edits of each fix."""
        answers = self._batch(sources, {"verb": "analyse", "edits": edits})
        return [fixed.analysis for fixed in answers]

    def fix(self, sources: Sequence[Source], *, rules: frozenset[str], unsafe: bool) -> list[Fixed]:
        """One fixed file a source, in their order; empty `rules` means every rule."""
        request = {"verb": "fix", "rules": sorted(rules), "unsafe": unsafe}
        return self._batch(sources, request)

    def close(self) -> None:
        """End the zygote and every child."""
        self._control.close()
        self._process.wait()

    def kill(self, number: int) -> None:
        """Kill the child `number`, if it is still there."""
        with self._lock, contextlib.suppress(OSError):  # where the zygote is gone, so is the child
            self._control.sendall(zygote.order("K", number))

    def _start(self) -> None:
        self._control, theirs = socket.socketpair()
        root = Path(__file__).resolve().parents[2]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
                [sys.executable, "-P", "-m", "bot.analysis.zygote", str(theirs.fileno())],
                env={"PYTHONPATH": str(root), "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # a terminal's Ctrl-C is for the bot, which then closes it
            )

    def _batch(self, sources: Sequence[Source], request: Mapping[str, Any]) -> list[Fixed]:
        with self._slots:
            batch = _Batch(self, request)
            try:
                return [batch.run(source) for source in sources]
            finally:
                batch.close()

    def fork(self) -> tuple[int, socket.socket]:
        """A new child's number and the stream on which it takes requests."""
        ours, theirs = socket.socketpair()
        number = next(self._numbers)
        with theirs, self._lock:
            if self._process.poll() is not None:
                _log.warning("The analysis process is gone; starting another one.")
                self._control.close()
                self._start()
            socket.send_fds(self._control, [zygote.order("F", number)], [theirs.fileno()])
        return number, ours


class _Batch:
    """The files of one call: how much they have used up, and the child that serves them."""

    def __init__(self, processes: AnalysisProcesses, request: Mapping[str, Any]) -> None:
        self._processes = processes
        self._request = request
        self._child: _Child | None = None
        self._files = 0
        self._deaths = 0
        self._earlier_cpu_seconds = 0.0

    def run(self, source: Source) -> Fixed:
        problem = self._exhausted()
        if problem:
            return _not_analysed(source, problem)
        self._files += 1
        if self._child is None:
            self._child = _Child(self._processes)
        request = {
            **self._request,
            "path": source.path,
            "source": base64.b64encode(source.content).decode(),
        }
        started = time.monotonic()
        try:
            line = self._child.ask(request)
        except OSError as error:  # the end of the stream, or a time-out
            return self._lost(source, error, time.monotonic() - started)
        try:
            reply = json.loads(line)
            self._child.cpu_seconds = float(reply["cpu_seconds"])
            return read_reply(reply, source.content)
        except (ValueError, KeyError, TypeError):
            self.close()
            return _not_analysed(source, _BROKEN)

    def close(self) -> None:
        if self._child:
            self._earlier_cpu_seconds += self._child.cpu_seconds
            self._child.close()
            self._child = None

    def _exhausted(self) -> str:
        if self._files >= MOST_FILES:
            return _TOO_MANY
        if self._deaths >= MOST_DEATHS:
            return _DEADLY
        now = self._child.cpu_seconds if self._child else 0.0
        return _SPENT if self._earlier_cpu_seconds + now >= MOST_CPU_SECONDS else ""

    def _lost(self, source: Source, error: OSError, seconds: float) -> Fixed:
        self._deaths += 1
        self.close()
        self._earlier_cpu_seconds += seconds
        # Near the limit of processor time it was that which ended the child.
        slow = isinstance(error, TimeoutError) or seconds > zygote.FILE_CPU_SECONDS - 1
        problem = f"its analysis was stopped after {seconds:.0f} seconds" if slow else _CRASHED
        _log.warning("The analysis of %r failed: %s.", source.path, problem)
        return _not_analysed(source, problem)


def _not_analysed(source: Source, problem: str) -> Fixed:
    return Fixed(source.content, (), Analysis(source.path, problem=problem))


class _Child:
    def __init__(self, processes: AnalysisProcesses) -> None:
        self._processes = processes
        self._number, self._stream = processes.fork()
        self.cpu_seconds = 0.0

    def ask(self, request: Mapping[str, Any]) -> bytes:
        """The child's line.

        Raises:
            TimeoutError: it took more than `FILE_SECONDS`.
            OSError: it died, or said more than a result can be.
        """
        deadline = time.monotonic() + FILE_SECONDS
        answer = bytearray()
        self._stream.settimeout(FILE_SECONDS)
        self._stream.sendall(json.dumps(request).encode() + b"\n")
        while not answer.endswith(b"\n"):
            self._stream.settimeout(max(0.001, deadline - time.monotonic()))
            piece = self._stream.recv(1 << 16)
            if not piece or len(answer) > _MOST_ANSWER_BYTES:
                raise ConnectionResetError
            answer += piece
        return bytes(answer)

    def close(self) -> None:
        self._processes.kill(self._number)
        self._stream.close()
