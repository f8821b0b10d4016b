"""Generated files are those that git's own matching would give the attribute to."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codemods.settings.gitattributes import LINES_AT_MOST, generated

PATHS = ["a.py", "gen/a.py", "gen/deep/a.py", "src/gen/b.py", "src/b_pb2.py", "gen.py"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("*_pb2.py linguist-generated", ["src/b_pb2.py"]),
        ("*_pb2.py text linguist-generated=true", ["src/b_pb2.py"]),
        ("*_pb2.py linguist-generated=false", []),
        ("*_pb2.py -linguist-generated", []),
        ("*_pb2.py linguist-vendored", []),
        ("gen linguist-generated", []),
        ("gen/ linguist-generated", []),
        ("gen/* linguist-generated", ["gen/a.py"]),
        ("/gen/** linguist-generated", ["gen/a.py", "gen/deep/a.py"]),
        ("gen/**/a.py linguist-generated", ["gen/a.py", "gen/deep/a.py"]),
        ("**/gen/*.py linguist-generated", ["gen/a.py", "src/gen/b.py"]),
        ('"gen/a.py" linguist-generated', ["gen/a.py"]),
        ("*.py linguist-generated\nsrc/** -linguist-generated", [PATHS[0], *PATHS[1:3], "gen.py"]),
        ("*.py linguist-generated\n*.py !linguist-generated", []),
        ("# *.py linguist-generated\n[attr]x linguist-generated\n\n   \n!a linguist-generated", []),
        ("\udcff linguist-generated", []),
    ],
)
def test_the_last_line_that_matches_a_path_counts(text: str, found: list[str]) -> None:
    assert list(generated(text.encode(errors="surrogateescape"), PATHS)) == found


def test_of_very_many_lines_the_first_count() -> None:
    text = "a.py linguist-generated\n" * LINES_AT_MOST + "b.py linguist-generated\n"
    assert generated(text.encode(), ["a.py", "b.py"]) == ("a.py",)


def test_a_pattern_made_to_be_slow_is_not() -> None:
    pattern = "/".join(["**", "*a*a*a*a*a*b"] * 40)
    path = "/".join(["a" * 50] * 100)
    assert generated(f"{pattern} linguist-generated".encode(), [path]) == ()


PARTS = st.lists(st.sampled_from(["**", "*", "gen", "src", "a.py", "*.py", "?", "b*"]), min_size=1)
LINES = st.tuples(
    st.sampled_from(["", "/", "**/"]),
    PARTS.map("/".join),
    st.sampled_from(["linguist-generated", "-linguist-generated", "linguist-generated=true"]),
).map(lambda line: f"{line[0]}{line[1]} {line[2]}")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    return folder


@given(lines=st.lists(LINES, max_size=3))
@settings(max_examples=60, deadline=None)
def test_git_itself_says_the_same(repository: Path, lines: list[str]) -> None:
    text = "\n".join(lines)
    (repository / ".gitattributes").write_text(text)
    told = subprocess.run(
        ["git", "check-attr", "linguist-generated", "--", *PATHS],
        cwd=repository,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    expected = [line.split(":")[0] for line in told.splitlines() if line.endswith((" set", "true"))]
    assert list(generated(text.encode(), PATHS)) == expected
