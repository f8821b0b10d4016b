from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.data_directory import DataDirectoryError, owned_data_directory

_OWNER = """
import sys, pathlib
from bot.data_directory import owned_data_directory
with owned_data_directory(pathlib.Path(sys.argv[1])):
    print("owned", flush=True)
    sys.stdin.read()
"""


def test_a_directory_is_created_for_its_owner_only(tmp_path: Path) -> None:
    with owned_data_directory(tmp_path / "a" / "b") as path:
        assert path.stat().st_mode & 0o777 == 0o700


def test_two_processes_cannot_share_a_directory_until_the_first_is_gone(tmp_path: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", _OWNER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert owner.stdin
    assert owner.stdout
    with owner.stdin, owner.stdout:
        assert owner.stdout.readline() == b"owned\n"
        with (
            pytest.raises(DataDirectoryError, match="in use by another cdk-medic-bot"),
            owned_data_directory(tmp_path),
        ):
            pass
        owner.kill()
        owner.wait()
    with owned_data_directory(tmp_path):
        pass


def test_a_path_that_is_a_file_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(DataDirectoryError, match="CDK_MEDIC_DATA_DIR"),
        owned_data_directory(tmp_path / "file"),
    ):
        pass
