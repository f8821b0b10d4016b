"""A diff is right when `patch` and `git apply` make the fixed file of it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codemods.desk.unified_diff import unified_diff

TOOLS = (["patch", "-p0", "--quiet"], ["git", "apply", "-p0"])
CASES = {
    "plain": (b"a\nb\nc\n", b"a\nB\nc\n"),
    "CRLF": (b"a\r\nb\r\nc\r\n", b"a\r\nB\r\nc\r\n"),
    "mixed ends": (b"a\r\nb\nc\r\n", b"a\r\nb\nC\r\nd\n"),
    "no final newline": (b"a\nb", b"a\nB"),
    "no final newline before": (b"a\nb", b"a\nb\n"),
    "no final newline after": (b"a\nb\n", b"a\nb"),
    "CRLF without a final one": (b"a\r\nb", b"a\r\nB"),
    "other separators": (
        b"a\x0cb\x0bc\x1cd\xc2\x85e\rf\ng\n",
        b"a\x0cB\x0bc\x1cd\xc2\x85e\rf\nG\n",
    ),
    "byte order mark, no UTF-8": (b"\xef\xbb\xbfa\n\xff\n", b"\xef\xbb\xbfb\n\xff\n"),
    "far apart": (
        b"\n".join(b"%d" % n for n in range(50)),
        b"x\n" + b"\n".join(b"%d" % n for n in range(1, 49)) + b"\ny",
    ),
}


def applied(folder: Path, tool: list[str], name: str, before: bytes, diff: bytes) -> bytes:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(before)
    subprocess.run(tool, cwd=folder, input=diff, check=True)
    return path.read_bytes()


@pytest.mark.parametrize("tool", TOOLS, ids=["patch", "git"])
@pytest.mark.parametrize("case", CASES)
def test_the_diff_applies(tmp_path: Path, tool: list[str], case: str) -> None:
    before, after = CASES[case]
    diff = unified_diff("infra/stack.py", before, after)
    assert applied(tmp_path, tool, "infra/stack.py", before, diff) == after


@pytest.mark.parametrize("tool", TOOLS, ids=["patch", "git"])
@pytest.mark.parametrize(
    "name", ["my stack.py", "größe.py", 'a"b.py', "a\tb.py", "a\\b.py", "a\nb.py", "\udcff.py"]
)
def test_a_strange_name_is_found(tmp_path: Path, tool: list[str], name: str) -> None:
    diff = unified_diff(name, b"a\n", b"b\n")
    assert applied(tmp_path, tool, name, b"a\n", diff) == b"b\n"


line = st.sampled_from([b"a\n", b"b\r\n", b"c\r", b"\n", b"", b"\x0cd\n", b"\\ e\n", b"--- f\n"])
content = st.lists(line, max_size=12).map(b"".join)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=content, after=content)
def test_any_change_applies(tmp_path: Path, before: bytes, after: bytes) -> None:
    if before != after and before and after:
        diff = unified_diff("stack.py", before, after)
        assert applied(tmp_path, TOOLS[1], "stack.py", before, diff) == after
