"""The process that has the codemods imported and forks a child for each batch of files.

It is started with an empty environment and holds no secret, so neither does a child. It reads
nothing but fixed-size orders of its parent: `F` with a socket forks a child that serves this
socket, `K` kills one. When the parent is gone, it kills what it forked and ends.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import resource
import selectors
import signal
import socket
import sys
from typing import NoReturn

ORDER_BYTES = 9
MEMORY_BYTES = 1 << 30
FILE_CPU_SECONDS = 10
BATCH_CPU_SECONDS = 60

_CLONE_NEW_USER = 0x10000000
_CLONE_NEW_NETWORK = 0x40000000


def order(letter: str, number: int) -> bytes:
    """The bytes of an order about child `number`."""
    return f"{letter}{number:08x}".encode()


def main() -> None:
    """Serve the control socket whose descriptor is the only argument, until it is closed."""
    control = socket.socket(fileno=int(sys.argv[1]))
    _leave_the_network()
    from bot.analysis import worker  # noqa: PLC0415 (after the network is gone)

    worker.warm_up()
    gc.freeze()
    _Zygote(control).serve()


class _Zygote:
    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._children: dict[int, int] = {}

    def serve(self) -> None:
        read_end, write_end = os.pipe()
        os.set_blocking(write_end, False)
        signal.set_wakeup_fd(write_end)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        selector = selectors.DefaultSelector()
        selector.register(self._control, selectors.EVENT_READ)
        selector.register(read_end, selectors.EVENT_READ)
        open_ = True
        while open_:
            for key, _ in selector.select():
                if key.fileobj is self._control:
                    open_ = self._obey()
                else:
                    os.read(read_end, 4096)
                    self._reap()
        for pid in self._children.values():
            os.kill(pid, signal.SIGKILL)

    def _obey(self) -> bool:
        message, descriptors, _, _ = socket.recv_fds(self._control, ORDER_BYTES, 1)
        if len(message) < ORDER_BYTES:
            return False
        letter, number = message[:1], int(message[1:], 16)
        if letter == b"F":
            with socket.socket(fileno=descriptors[0]) as stream:
                self._children[number] = self._fork(stream)
        elif number in self._children:
            # It was not reaped, so the number of the process can't belong to another one.
            os.kill(self._children[number], signal.SIGKILL)
        return True

    def _fork(self, stream: socket.socket) -> int:
        pid = os.fork()
        if pid == 0:
            _be_a_child(stream)
        return pid

    def _reap(self) -> None:
        for number, pid in list(self._children.items()):
            with contextlib.suppress(ChildProcessError):
                if os.waitpid(pid, os.WNOHANG) == (0, 0):
                    continue
            del self._children[number]


def _be_a_child(stream: socket.socket) -> NoReturn:
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _keep_only(stream)
        _limit()
        from bot.analysis import worker  # noqa: PLC0415 (imported before the fork)

        worker.serve(stream, before_each=_grant_cpu_time)
        status = 0
    finally:
        os._exit(status)


def _keep_only(stream: socket.socket) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.closerange(3, stream.fileno())
    os.closerange(stream.fileno() + 1, 1024)


def _limit() -> None:
    for which, limit in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_NOFILE, 16),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError):  # macOS refuses RLIMIT_AS
            resource.setrlimit(which, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CPU, (FILE_CPU_SECONDS, BATCH_CPU_SECONDS))


def _grant_cpu_time() -> None:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(usage.ru_utime + usage.ru_stime) + FILE_CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (min(soft, BATCH_CPU_SECONDS), BATCH_CPU_SECONDS))


def _leave_the_network() -> None:
    # Where the platform has no namespaces, or forbids them, the child has a network that it
    # doesn't use; everything else still holds.
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).unshare(_CLONE_NEW_USER | _CLONE_NEW_NETWORK)


if __name__ == "__main__":
    main()
