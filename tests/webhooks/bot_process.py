"""`cdk-medic-bot` as a real process, as an operator starts it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from functools import cache
from types import TracebackType
from typing import Self

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

PATIENCE = 60.0
"""Seconds after which a test gives up; a start takes two or three."""


@cache
def private_key() -> str:
    """An RSA key in PEM form, as GitHub lets one download."""
    return (
        rsa.generate_private_key(65537, 2048)
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        .decode()
    )


class BotProcess:
    """A running `cdk-medic-bot COMMAND`, whose address it told; killed at the end of the block."""

    def __init__(self, command: str, settings: Mapping[str, object]) -> None:
        """Start it with `CDK_MEDIC_` settings, and wait until it has said where it is."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("CDK_MEDIC_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "webhooks.cli", command],
            env=inherited | {f"CDK_MEDIC_{name}": str(value) for name, value in settings.items()},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._lines: list[str] = []
        self._address = ""
        self._told = threading.Event()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.kill()
        self.wait()

    @property
    def output(self) -> str:
        """What it has written so far, both streams."""
        return "".join(self._lines)

    @property
    def url(self) -> str:
        """The first address that it wrote; the pull request's, for a preview."""
        assert self._told.wait(PATIENCE), self.output
        assert self._address, self.output
        return self._address

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and return the exit status."""
        self.process.send_signal(how)
        return self.wait()

    def wait(self) -> int:
        """Wait for its end and return the exit status."""
        status = self.process.wait(PATIENCE)
        self._reader.join()
        return status

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as lines:
            for line in lines:
                self._lines.append(line)
                found = re.search(r"http://\S+", line)
                if found and not self._told.is_set():
                    self._address = found[0]
                    self._told.set()
        self._told.set()
