"""A change of a file as a unified diff that `patch -p0` and `git apply -p0` take."""

from __future__ import annotations

import difflib
import io
import os

_ESCAPES = {0x09: b"\\t", 0x0A: b"\\n", 0x0D: b"\\r", 0x22: b'\\"', 0x5C: b"\\\\"}


def unified_diff(path: str, before: bytes, after: bytes) -> bytes:
    """The diff, byte for byte: a line ends where LF is, and CR belongs to the line."""
    name = _header(os.fsencode(path))
    lines = difflib.diff_bytes(
        difflib.unified_diff, io.BytesIO(before).readlines(), io.BytesIO(after).readlines()
    )
    _, _, *hunks = lines  # the headers, which know nothing of quoting
    complete = (
        line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"
        for line in hunks
    )
    return b"".join([b"--- ", name, b"\n+++ ", name, b"\n", *complete])


def _header(name: bytes) -> bytes:
    """A name as git and GNU patch read it: quoted as in C, or with a tab where it has a blank."""
    if all(byte >= 0x20 and byte not in b'"\\' and byte < 0x7F for byte in name):
        return name + b"\t" if b" " in name else name
    escaped = (
        _ESCAPES.get(byte) or (bytes([byte]) if 0x20 <= byte < 0x7F else b"\\%03o" % byte)
        for byte in name
    )
    return b'"%s"' % b"".join(escaped)
