"""A tar archive as a stream: regular files come out, whatever else is in it is passed over.

The standard library's reader keeps every header of the archive, and takes a pax header of any size
into memory. This one reads what `git archive` writes, holds one wanted file at a time, and writes
nothing anywhere: links, devices and sparse files are names that nobody asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

_BLOCK = 512
_PIECE = 1 << 16
_PAX_AT_MOST = 1 << 16
_REGULAR = frozenset({b"0", b"\0"})

Read = Callable[[int], bytes]
"""So many bytes, and fewer only at the end."""


class DamagedError(Exception):
    """The bytes are no tar archive, or end too early."""


def files(read: Read, wanted: Callable[[str, int], bool]) -> Iterator[tuple[str, bytes]]:
    """The regular files of an archive that somebody wants, in their order.

    Args:
        read: reads on.
        wanted: is told a path and a size in bytes. The path is as the archive has it, without any
            promise that it is a good one.

    Raises:
        DamagedError: nothing more can be read.
    """
    name_in_pax = ""
    while (header := _exactly(read, _BLOCK)).strip(b"\0"):
        size, kind = _size(header), header[156:157]
        path, name_in_pax = name_in_pax or _name(header), ""
        if kind in _REGULAR and wanted(path, size):
            content = _exactly(read, size)
            _skip(read, -size % _BLOCK)
            yield path, content
        elif kind == b"x" and size <= _PAX_AT_MOST:
            name_in_pax = _path_of(_exactly(read, size))
            _skip(read, -size % _BLOCK)
        else:
            _skip(read, size + -size % _BLOCK)


def _name(header: bytes) -> str:
    name, prefix = header[:100].split(b"\0")[0], b""
    if header[257:263] == b"ustar\0":
        prefix = header[345:500].split(b"\0")[0]
    return _text(prefix + b"/" + name if prefix else name)


def _size(header: bytes) -> int:
    field = header[124:136]
    if field[0] & 0x80:  # too large for octal digits, and for anything that is wanted
        return int.from_bytes(field[1:], "big")
    try:
        return int(field.strip(b"\0 ") or b"0", 8)
    except ValueError as error:
        raise DamagedError("A header has no size.") from error


def _path_of(pax: bytes) -> str:
    """The `path` among records such as `30 path=a/long/name.py` with their lengths before them."""
    path = ""
    while pax:
        digits, _, _ = pax.partition(b" ")
        if not digits.isdigit() or not 0 < int(digits[:9]) <= len(pax):
            return ""
        record, pax = pax[: int(digits)], pax[int(digits) :]
        key, _, value = record[len(digits) + 1 : -1].partition(b"=")
        path = _text(value) if key == b"path" else path
    return path


def _text(name: bytes) -> str:
    return name.decode(errors="surrogateescape")


def _exactly(read: Read, size: int) -> bytes:
    content = read(size)
    if len(content) < size:
        raise DamagedError("It ends too early.")
    return content


def _skip(read: Read, size: int) -> None:
    while size > 0:
        size -= len(_exactly(read, min(size, _PIECE)))
