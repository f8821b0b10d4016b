"""What holds for every file, whatever it says and however it is written.

The quick run looks at the same files every time, so that a change is judged by itself; the long
one (`make test-slow`) looks at others each time, and prints what reproduces a failure.
"""

from __future__ import annotations

import ast
import contextlib
import io
import subprocess
import tempfile
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from codemods import Analysis, Finding, Policy, analyse, apply_edits, fix
from codemods.cli import main
from codemods.registry import rules
from tests.codemods.generated.files import CONSTANTS, File, files

_PATH = "stack.py"
_MARK = b"\xef\xbb\xbf"
_RULES = frozenset(rules())
_POLICIES = (
    Policy(select=_RULES),
    Policy(
        select=_RULES,
        options={
            "missing-explicit-deny": {"implicit-roles": True},
            "bucket-name-without-account": {"fix": "drop-name"},
        },
    ),
    Policy(
        select=_RULES,
        line_length=60,
        options={
            "bucket-name-without-account": {"append": ["account", "region"]},
            "unpinned-engine-version": {"targets": {"15": "15.4", "8.0": "8.0.39"}},
        },
    ),
)


def always(quick: int) -> Callable[[Callable[..., None]], Callable[[int], None]]:
    """Make a property of files and policies a test: `quick` examples, or forty times as many."""

    def decorate(holds: Callable[..., None]) -> Callable[[int], None]:
        sizes = [quick, pytest.param(40 * quick, marks=pytest.mark.slow)]

        @pytest.mark.parametrize("examples", sizes)
        def test(examples: int) -> None:
            size = settings(
                max_examples=examples,
                derandomize=examples == quick,
                database=None,
                deadline=None,
                print_blob=True,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
            )
            size(given(files(), st.sampled_from(_POLICIES))(holds))()

        test.__name__ = holds.__name__
        return test

    return decorate


def fixed(source: bytes, policy: Policy) -> bytes:
    return fix(source, _PATH, policy, unsafe=True).source


def one_by_one(source: bytes, policy: Policy, order: list[str]) -> bytes:
    for rule in order:
        source = fixed(source, replace(policy, select=frozenset({rule})))
    return source


def analysed(source: bytes, policy: Policy) -> Analysis:
    analysis = analyse(source, _PATH, policy, edits=True)
    assert not analysis.problem
    return analysis


@always(30)
def test_a_fixed_file_parses(file: File, policy: Policy) -> None:
    ast.parse(fixed(file.source, policy))


@always(30)
def test_one_run_fixes_all_that_can_be_fixed(file: File, policy: Policy) -> None:
    found = fix(file.source, _PATH, policy, unsafe=True)
    assert [it for it in found.analysis.findings if it.fix] == []
    assert fixed(found.source, policy) == found.source


@always(30)
def test_every_fix_can_be_applied_alone(file: File, policy: Policy) -> None:
    for finding in analysed(file.source, policy).findings:
        assert "would no longer parse" not in finding.refusal
        assert "overlap" not in finding.refusal
        assert "cannot be determined" not in finding.refusal
        if finding.fix:
            assert finding.fix.edits
            ast.parse(apply_edits(file.source, finding.fix.edits))


@always(30)
def test_comments_stay_and_keep_their_order(file: File, policy: Policy) -> None:
    assert kept(fixed(file.source, policy)) == kept(file.source)


@always(30)
def test_lines_without_a_finding_stay(file: File, policy: Policy) -> None:
    findings = analysed(file.source, policy).findings
    after = iter(fixed(file.source, policy).removeprefix(_MARK).split(b"\n"))
    for line in untouched(file.source, findings):
        assert line in after, f"{line!r} is gone, or has changed its place"


@always(25)
def test_layout_changes_neither_what_is_found_nor_what_a_fix_means(
    file: File, policy: Policy
) -> None:
    written = analysed(file.source, policy).findings
    laid_out = analysed(file.plain, policy).findings
    assert [(it.rule, it.fingerprint) for it in written] == [
        (it.rule, it.fingerprint) for it in laid_out
    ]
    assume(not any("cannot be rewritten" in it.refusal for it in written))
    assert [it.fix and it.fix.safety for it in written] == [
        it.fix and it.fix.safety for it in laid_out
    ]
    assert meaning(fixed(file.source, policy)) == meaning(fixed(file.plain, policy))


@always(30)
def test_imports_change_nothing_of_what_is_found(file: File, policy: Policy) -> None:
    assert [(it.rule, it.fingerprint) for it in analysed(file.plain, policy).findings] == [
        (it.rule, it.fingerprint) for it in analysed(file.canonical, policy).findings
    ]


@always(25)
def test_line_ends_and_a_byte_order_mark_are_kept(file: File, policy: Policy) -> None:
    source = file.source.removeprefix(_MARK).replace(b"\r\n", b"\n")
    after = fixed(source, policy)
    assert fixed(source.replace(b"\n", b"\r\n"), policy) == after.replace(b"\n", b"\r\n")
    assert fixed(_MARK + source, policy) == _MARK + after


@always(12)
def test_rules_commute(file: File, policy: Policy) -> None:
    """To the byte where lines may be long; else what one fix writes can make another wrap."""
    after = fixed(file.source, policy)
    for order in (sorted(_RULES), sorted(_RULES, reverse=True)):
        assert meaning(one_by_one(file.source, policy, order)) == meaning(after)
    roomy = replace(policy, line_length=10_000)
    after = fixed(file.source, roomy)
    for order in (sorted(_RULES), sorted(_RULES, reverse=True)):
        assert one_by_one(file.source, roomy, order) == after


@always(30)
def test_fingerprints_are_unique_and_survive_moved_lines(file: File, policy: Policy) -> None:
    before = [it.fingerprint for it in analysed(file.source, policy).findings]
    assert len(set(before)) == len(before)
    moved = above_each_statement(file.source, b"\n# moved\n\n")
    assert [it.fingerprint for it in analysed(moved, policy).findings] == before


@always(10)
def test_patch_makes_of_the_diff_what_fix_makes_of_the_file(file: File, policy: Policy) -> None:
    _ = policy
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path(".git").mkdir()
        path = Path(_PATH)
        path.write_bytes(file.source)
        diff = printed("fix", "--unsafe-fixes", "--diff", _PATH)
        assert path.read_bytes() == file.source
        patch = ["patch", "--batch", "--posix", "--binary", "-p0", "-o", "patched.py"]
        if diff:
            subprocess.run(patch, input=diff, check=True, capture_output=True)
        printed("fix", "--unsafe-fixes", _PATH)
        patched = Path("patched.py").read_bytes() if diff else file.source
        assert patched == path.read_bytes()


def printed(*arguments: str) -> bytes:
    """What the command prints."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        main(arguments)
        out.flush()
    return out.buffer.getvalue()


def kept(source: bytes) -> list[str]:
    """The comments that no fix may touch."""
    readline = io.BytesIO(source).readline
    return [
        token.string.rstrip("\r")
        for token in tokenize.tokenize(readline)
        if token.type == tokenize.COMMENT and token.string.startswith("# kept")
    ]


def statements(tree: ast.Module) -> Iterator[ast.stmt]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.stmt))


def untouched(source: bytes, findings: tuple[Finding, ...]) -> list[bytes]:
    """The lines of statements that have none of these findings, nor what fixes of them need.

    Without a fix a finding counts too: it may get one when another name is gone.
    """
    text = source.removeprefix(_MARK)
    touched: set[int] = set()
    for statement in statements(ast.parse(text)):
        lines = range(statement.lineno, (statement.end_lineno or 0) + 1)
        if hasattr(statement, "body"):
            continue
        code = ast.unparse(statement)
        if isinstance(statement, ast.Import | ast.ImportFrom) or code.startswith(CONSTANTS):
            touched.update(lines)
        if any(finding.start.line in lines for finding in findings):
            touched.update(lines)
    return [line for number, line in enumerate(text.split(b"\n"), start=1) if number not in touched]


def meaning(source: bytes) -> str:
    """A file without its layout, and without its docstring."""
    tree = ast.parse(source)
    if ast.get_docstring(tree) is not None:
        del tree.body[0]
    return ast.unparse(tree)


def above_each_statement(source: bytes, added: bytes) -> bytes:
    """A file with lines above each statement of the module itself."""
    mark = _MARK if source.startswith(_MARK) else b""
    lines = source.removeprefix(_MARK).split(b"\n")
    starts = {min(it.lineno, *decorators(it)) for it in ast.parse(source).body}
    return mark + b"\n".join(
        (added if number in starts else b"") + line for number, line in enumerate(lines, start=1)
    )


def decorators(statement: ast.stmt) -> list[int]:
    return [it.lineno for it in getattr(statement, "decorator_list", [])] or [statement.lineno]
