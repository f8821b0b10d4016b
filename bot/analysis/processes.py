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
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from bot.analysis import zygote
from bot.analysis.allowance import Allowance
from bot.analysis.analyser import BROKEN, Analyser, Reply
from bot.analysis.memory import Memory, Question
from bot.analysis.source import Source

_log = logging.getLogger(__name__)

FILE_SECONDS = 20.0
"""Wall time after which the child that still works on one file is killed."""

_MOST_ANSWER_BYTES = 16 << 20

_CRASHED = "it made the parser crash, so it was left alone"

_POISON = Question(b"")
"""Under it the files are remembered that cost a child its life: no question is worth another."""

T = TypeVar("T")


class AnalysisProcesses(Analyser):
    """A zygote and the children that it forks. Safe to use from any thread.

    A file that crashes or exhausts its child costs only itself, and is not tried again: the answer
    about it says so, and is remembered as all others are.
    """

    def __init__(self) -> None:
        """Start the zygote; it is ready as soon as it has imported the codemods."""
        self.deaths = 0
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._memory = Memory()
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

    def ask(
        self, question: Reply, sources: Sequence[Source], read: Callable[[Source, Reply], T]
    ) -> list[T]:
        """See `Analyser`; each call has an allowance of its own."""
        return self.ask_within(Allowance(), question, sources, read)

    def for_one_pull_request(self) -> Analyser:
        """An analyser whose questions share one allowance; for one job, in one thread."""
        return _Limited(self, Allowance())

    def ask_within(
        self,
        allowance: Allowance,
        question: Reply,
        sources: Sequence[Source],
        read: Callable[[Source, Reply], T],
    ) -> list[T]:
        """As `ask`; the files are answered about by one child, or its successors."""
        asked = Question(json.dumps(question, sort_keys=True).encode() + b"\n")
        with self._slots:
            batch = _Batch(self, self._memory, asked, allowance)
            try:
                return [batch.run(source, read) for source in sources]
            finally:
                batch.close()

    def close(self) -> None:
        """End the zygote and every child."""
        self._control.close()
        self._process.wait()

    def note_death(self) -> None:
        """Count a child that died, or had to be killed, over a file."""
        with self._lock:
            self.deaths += 1

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


class _Limited(Analyser):
    def __init__(self, processes: AnalysisProcesses, allowance: Allowance) -> None:
        self._processes = processes
        self._allowance = allowance

    def ask(
        self, question: Reply, sources: Sequence[Source], read: Callable[[Source, Reply], T]
    ) -> list[T]:
        return self._processes.ask_within(self._allowance, question, sources, read)


class _Batch:
    """The files of one call, and the child that serves them."""

    def __init__(
        self,
        processes: AnalysisProcesses,
        memory: Memory,
        question: Question,
        allowance: Allowance,
    ) -> None:
        self._processes = processes
        self._memory = memory
        self._question = question
        self._allowance = allowance
        self._child: _Child | None = None
        self._files = 0

    def run(self, source: Source, read: Callable[[Source, Reply], T]) -> T:
        key = self._question.key(source)
        line = self._memory.get(key) or self._memory.get(_POISON.key(source))
        if line is None:
            used = self._child.cpu_seconds if self._child else 0.0
            problem = self._allowance.refusal(self._files, used)
            if problem:
                return read(source, {"problem": problem})
            line = self._ask(source)
            self._memory.keep(key, line)
        try:
            return read(source, json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            self.close()
            return read(source, {"problem": BROKEN})

    def _ask(self, source: Source) -> bytes:
        self._files += 1
        if self._child is None:
            self._child = _Child(self._processes)
        started = time.monotonic()
        try:
            line = self._child.ask(self._question.line, source)
        except OSError as error:  # the end of the stream, or a time-out
            return self._lost(source, error, time.monotonic() - started)
        try:
            self._child.cpu_seconds = float(json.loads(line)["cpu_seconds"])
        except (ValueError, KeyError, TypeError, RecursionError):
            self.close()
            return _problem(BROKEN)
        return line

    def close(self) -> None:
        if self._child:
            self._allowance.cpu_seconds += self._child.cpu_seconds
            self._child.close()
            self._child = None

    def _lost(self, source: Source, error: OSError, seconds: float) -> bytes:
        self._processes.note_death()
        self.close()
        self._allowance.deaths += 1
        self._allowance.cpu_seconds += seconds
        # Near the limit of processor time it was that which ended the child.
        slow = isinstance(error, TimeoutError) or seconds > zygote.FILE_CPU_SECONDS - 1
        problem = f"its analysis was stopped after {seconds:.0f} seconds" if slow else _CRASHED
        _log.warning("The analysis of %r failed: %s.", source.path, problem)
        line = _problem(problem)
        self._memory.keep(_POISON.key(source), line)
        return line


def _problem(sentence: str) -> bytes:
    return json.dumps({"problem": sentence}).encode()


class _Child:
    def __init__(self, processes: AnalysisProcesses) -> None:
        self._processes = processes
        self._number, self._stream = processes.fork()
        self._knows_the_question = False
        self.cpu_seconds = 0.0

    def ask(self, question: bytes, source: Source) -> bytes:
        """The child's line about a file; the first one tells it the question.

        Raises:
            TimeoutError: it took more than `FILE_SECONDS`.
            OSError: it died, or said more than a result can be.
        """
        deadline = time.monotonic() + FILE_SECONDS
        answer = bytearray()
        content = base64.b64encode(source.content).decode()
        file = json.dumps({"path": source.path, "source": content}).encode() + b"\n"
        self._stream.settimeout(FILE_SECONDS)
        self._stream.sendall(file if self._knows_the_question else question + file)
        self._knows_the_question = True
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
