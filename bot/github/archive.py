"""The files of a commit out of one archive, each of them the very blob that the tree names."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping

from bot.github import tar
from bot.github.errors import Refused, Unavailable
from bot.github.trees import FILE_BYTES_AT_MOST, blob_sha

DOWNLOADED_BYTES_AT_MOST = 256 << 20
INFLATED_BYTES_AT_MOST = 1 << 30
_INFLATED_AT_ONCE = 1 << 16


def files(pieces: Iterator[bytes], wanted: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """The wanted files of a gzipped tar archive as GitHub makes it, in a single folder.

    Nothing is written to disk, and nothing but one wanted file is held. Attributes such as
    `export-subst` alter files in archives and `export-ignore` leaves them out: only those come
    that are unaltered.

    Args:
        pieces: the archive's bytes.
        wanted: path in the repository to the SHA of the blob. Larger ones than
            `FILE_BYTES_AT_MOST` do not come.

    Raises:
        Refused: the archive is larger than the bot reads.
        Unavailable: it is damaged, or ended too early.
    """
    inflated = _Inflated(pieces)

    def is_wanted(name: str, size: int) -> bool:
        return size <= FILE_BYTES_AT_MOST and _in_the_repository(name) in wanted

    try:
        for name, content in tar.files(inflated.read, is_wanted):
            path = _in_the_repository(name)
            if blob_sha(content) == wanted[path]:
                yield path, content
    except (tar.DamagedError, zlib.error) as error:
        raise Unavailable(f"GitHub's archive is damaged: {error}") from error


def _in_the_repository(name: str) -> str:
    return name.partition("/")[2]


class _Inflated:
    """The bytes that gzip packed, a little at a time, and no more of them than is bearable."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._gzip = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._packed = b""
        self._ready = bytearray()
        self._downloaded = 0
        self._inflated = 0

    def read(self, size: int) -> bytes:
        while len(self._ready) < size and self._more():
            pass
        taken = bytes(self._ready[:size])
        del self._ready[:size]
        return taken

    def _more(self) -> bool:
        """Inflate a little more; False where there is no more."""
        if self._gzip.eof:
            return False
        packed = self._packed or next(self._pieces, b"")
        self._downloaded += 0 if self._packed else len(packed)
        fresh = self._gzip.decompress(packed, _INFLATED_AT_ONCE)
        self._packed = self._gzip.unconsumed_tail
        self._ready += fresh
        self._inflated += len(fresh)
        if self._downloaded > DOWNLOADED_BYTES_AT_MOST or self._inflated > INFLATED_BYTES_AT_MOST:
            raise Refused(413, "The repository is too large to be read from one archive.")
        return bool(packed or fresh)
