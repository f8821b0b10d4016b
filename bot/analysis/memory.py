"""Answers about files, kept so that no file is analysed twice, least of all one that kills."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict

from bot.analysis.source import Source

MOST_BYTES = 32 << 20


class Memory:
    """The latest answers, up to so many bytes. Safe to use from any thread.

    It lasts as long as the process, and so as long as one version of the codemods does.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        """Begin with nothing."""
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._lines: OrderedDict[bytes, bytes] = OrderedDict()
        self._bytes = 0

    def get(self, key: bytes) -> bytes | None:
        """The answer that was kept, None where there is none or it had to go."""
        with self._lock:
            line = self._lines.get(key)
            if line is not None:
                self._lines.move_to_end(key)
            return line

    def keep(self, key: bytes, line: bytes) -> None:
        """Keep an answer; the ones that were not asked for longest go where there is no room."""
        with self._lock:
            self._bytes += len(line) - len(self._lines.pop(key, b""))
            self._lines[key] = line
            while self._bytes > self._most_bytes:
                _, gone = self._lines.popitem(last=False)
                self._bytes -= len(gone)


class Question:
    """The line that a batch of files begins with, and what names its answers in a `Memory`."""

    def __init__(self, line: bytes) -> None:
        """Prepare for any number of files."""
        self.line = line
        self._hash = hashlib.blake2b(line, digest_size=32)

    def key(self, source: Source) -> bytes:
        """What names the answer about one file: the question, its path and its bytes."""
        digest = self._hash.copy()
        path = source.path.encode(errors="surrogateescape")
        digest.update(b"%d\0" % len(path) + path)
        digest.update(source.content)
        return digest.digest()
