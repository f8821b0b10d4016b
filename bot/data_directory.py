"""The directory that holds the inbox and the job database, owned by one process at a time."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path

from bot.startup import StartupError


class DataDirectoryError(StartupError):
    """The directory can't be used."""


@contextlib.contextmanager
def owned_data_directory(path: Path) -> Iterator[Path]:
    """Create the directory where needed, and keep every other process out of it.

    Two live processes on one job database would run the same job twice at once. The lock is the
    kernel's, so that it ends with the process, however that ends.

    Raises:
        DataDirectoryError: it can't be written, or another process has it.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (path / "lock").open("ab")
    except OSError as error:
        raise DataDirectoryError(
            f"The data directory {path} can't be written ({error.strerror}); set "
            "CDK_MEDIC_DATA_DIR to one that can."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise DataDirectoryError(
                f"The data directory {path} is in use by another cdk-medic-bot; stop that one, or "
                "set CDK_MEDIC_DATA_DIR to another directory."
            ) from error
        yield path
