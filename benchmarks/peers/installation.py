"""The peers in an environment of their own, from a hashed lock file."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from benchmarks.processes import ROOT, Command

LOCK = Path(__file__).parent / "requirements.lock"
HOME = ROOT / "var" / "peers"


def installed(home: Path = HOME) -> Path:
    """The folder with the peers' commands; they are installed where they are not there yet.

    Args:
        home: the virtual environment; it is made anew whenever the lock file has changed.

    Raises:
        subprocess.CalledProcessError: where they cannot be installed; pip has said why.
    """
    stamp, python = home / "installed", home / "bin" / "python"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if not stamp.is_file() or stamp.read_text() != wanted:
        print(f"Installing the peers into {home} …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
        uv: Command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", python]
        pip: Command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        locked: Command = ["--require-hashes", "-r", LOCK]
        if subprocess.run([*uv, *locked], check=False).returncode:  # the index is pip's alone
            subprocess.run([*pip, *locked], check=True)
        stamp.write_text(wanted)
    return python.parent
