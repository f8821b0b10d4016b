from __future__ import annotations

import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest

from bot.analysis.prescan import reason_to_skip


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b"x = 1\ny = " + b"(" * 41, "line 2: brackets are nested more than 40 deep"),
        (b"x = [{(" * 14, "line 1: brackets are nested more than 40 deep"),
        (b"match x:\n  case [[[[[a]]]]]: pass", "line 2: brackets are nested more than 4 deep"),
        (b"del (((((a)))))", "line 1: brackets are nested more than 4 deep"),
        (b"'''\n\n'''\nx = " + b"1 + " * 301 + b"1", "line 4: one statement has more than 300"),
        (b"x = a" + b" and a" * 301, "line 1: one statement has more than 300 operators"),
        (b"x = " + b"not " * 301 + b"a", "line 1: one statement has more than 300 operators"),
        (b"#" * (512 * 1024 + 1), "the file is larger than 512 KiB"),
    ],
)
def test_a_shape_that_endangers_the_parser_is_explained(source: bytes, reason: str) -> None:
    assert reason_to_skip(source).startswith(reason)


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"x = " + b"(" * 40 + b")" * 40,
        b"x = '" + b"(" * 1000 + b"'\n",
        b'"""' + b"(" * 1000 + b'"""\n',
        b"# " + b"(" * 1000 + b"\n",
        b"x = '\\'((((((((((((((((((((((((((((((((((((((((((((((('\n",
        b"x = 1 + 1\n" * 1000,
        b"x = [\n" + b"  {'a': 1, 'b': 2},\n" * 1000 + b"]\n",
        b"del a[b[c[d]]]\nx = ((((((1))))))\n",
        b"case = ((((1))))\n",
    ],
)
def test_an_ordinary_shape_is_let_through(source: bytes) -> None:
    assert reason_to_skip(source) == ""


def test_hardly_any_file_of_the_standard_library_is_refused() -> None:
    root = Path(sysconfig.get_paths()["stdlib"])
    files = [path for path in root.glob("*.py") if path.stat().st_size <= 512 * 1024]
    assert len(files) > 100
    refused = [path.name for path in files if reason_to_skip(path.read_bytes())]
    assert len(refused) <= len(files) // 100


@pytest.mark.parametrize(
    "piece", [b'"', b"'", b"\\", b'"""', b"'''", b"#", b"\n", b"(", b"a ", b"\r"]
)
def test_the_look_itself_takes_little_time(piece: bytes) -> None:
    source = (piece * (512 * 1024))[: 512 * 1024]
    started = time.process_time()
    reason_to_skip(source)
    assert time.process_time() - started < 2


def test_nothing_heavy_is_imported_for_it() -> None:
    code = "import sys, bot.analysis.prescan; sys.exit('libcst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
