"""A PostgreSQL of the tests' own: Debian's package, on a free port, in a temporary directory."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

import psycopg
import pytest

_PATIENCE = 60.0
_USER = "postgres"


def _programs() -> Path | None:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    found = shutil.which("postgres")
    if installed:
        return installed[-1].parent
    return Path(found).resolve().parent if found else None


def missing() -> str:
    """Why there can be no cluster here; empty where there can."""
    if _programs() is None:
        return "There is no PostgreSQL here: install it (apt-get install postgresql)."
    return ""


class Cluster:
    """A running server, which can be restarted, and which makes databases."""

    def __init__(self) -> None:
        """Make the files; the server runs with the block."""
        programs = _programs()
        assert programs
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="cdk-medic-postgres-"))
        # The server refuses to run as root.
        self._user = _USER if os.getuid() == 0 else None
        if self._user:
            shutil.chown(self._folder, self._user)
        self._run("initdb", "--no-sync", "-A", "trust", "-U", _USER, "-D", str(self._data))
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        shutil.rmtree(self._folder)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = ["-c", "max_connections=200", "-c", "fsync=off"]
        places = ["-D", str(self._data), "-k", str(self._folder), "-p", str(self._port)]
        with (self._folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [self._programs / "postgres", *places, *options],
                user=self._user,
                cwd=self._folder,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                psycopg.connect(self._url("postgres")).close()
            except psycopg.Error:
                assert time.monotonic() < deadline, (self._folder / "log").read_text()
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """End the server and every session with it, as a failover does."""
        self._server.send_signal(signal.SIGINT)
        self._server.wait(_PATIENCE)

    def database(self) -> str:
        """The address of a new database."""
        name = f"t{uuid4().hex}"
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self._url(name)

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _url(self, database: str) -> str:
        return f"postgresql://{_USER}@127.0.0.1:{self._port}/{database}"

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, *arguments],
            user=self._user,
            cwd=self._folder,
            check=True,
            capture_output=True,
        )


def skip_where_missing() -> None:
    """Skip the test, and say why, where there can be no cluster."""
    if reason := missing():
        pytest.skip(reason)
