"""Put a fixed file in the place of the old one, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile

from codemods.settings.usage import reason


class NotWrittenError(Exception):
    """The file stays as it was; the message is a sentence that says why."""


def replace_file(path: str, before: bytes, after: bytes) -> None:
    """Write a file anew, through a temporary file beside it and one rename.

    Mode and, where allowed, owner are kept; of a symbolic link the target is written.

    Args:
        path: the file.
        before: the bytes that it had when it was read.
        after: the bytes that it gets.

    Raises:
        NotWrittenError: where it is read-only, was changed meanwhile, or the disk refuses.
    """
    target = os.path.realpath(path)
    try:
        status = os.stat(target)
        if not status.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
            raise NotWrittenError("the file is read-only")
        with open(target, "r+b") as file:  # asks for the right to write, and looks once more
            if file.read() != before:
                raise NotWrittenError("the file was changed while it was being fixed")
        _replace(target, after, status)
    except OSError as error:
        raise NotWrittenError(f"the file cannot be written: {reason(error)}") from error


def _replace(target: str, data: bytes, status: os.stat_result) -> None:
    directory, name = os.path.split(target)
    handle, temporary = tempfile.mkstemp(prefix=f".{name}.", suffix=".tmp", dir=directory)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            with contextlib.suppress(PermissionError):
                os.fchown(handle, status.st_uid, status.st_gid)
            os.fchmod(handle, stat.S_IMODE(status.st_mode))
            os.fsync(handle)
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
