"""A file is replaced whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from codemods.desk.writing import NotWrittenError, replace_file

CRLF = b"\xef\xbb\xbfa = 1\r\n\tb\x0c = 2\r\nc = 3"


def test_every_byte_and_the_mode_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "stack.py"
    path.write_bytes(CRLF)
    path.chmod(0o750)
    replace_file(str(path), CRLF, CRLF.replace(b"1", b"10"))
    assert path.read_bytes() == CRLF.replace(b"1", b"10")
    assert path.stat().st_mode & 0o7777 == 0o750
    assert list(tmp_path.iterdir()) == [path]


def test_the_target_of_a_link_is_written(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "stack.py"
    target.write_bytes(b"a")
    link = tmp_path / "stack.py"
    link.symlink_to("real/stack.py")
    replace_file(str(link), b"a", b"b")
    assert link.is_symlink()
    assert target.read_bytes() == b"b"


def test_a_read_only_file_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "stack.py"
    path.write_bytes(b"a")
    path.chmod(0o444)
    with pytest.raises(NotWrittenError, match=r"^the file is read-only$"):
        replace_file(str(path), b"a", b"b")
    assert path.read_bytes() == b"a"


def test_a_file_that_somebody_saved_meanwhile_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "stack.py"
    path.write_bytes(b"newer")
    with pytest.raises(NotWrittenError, match=r"^the file was changed while it was being fixed$"):
        replace_file(str(path), b"a", b"b")
    assert path.read_bytes() == b"newer"


@pytest.mark.parametrize("step", ["fsync", "replace", "fchmod"])
def test_a_disk_that_refuses_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "stack.py"
    path.write_bytes(b"a")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, refuse)
    with pytest.raises(NotWrittenError, match=r"cannot be written: no space left on device$"):
        replace_file(str(path), b"a", b"b")
    assert path.read_bytes() == b"a"
    assert list(tmp_path.iterdir()) == [path]


def test_a_directory_that_is_gone_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotWrittenError, match=r"cannot be written: no such file or directory"):
        replace_file(str(tmp_path / "gone" / "stack.py"), b"a", b"b")
