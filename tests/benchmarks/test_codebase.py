"""The generated code base that speed is measured on."""

import ast
from pathlib import Path

import pytest

from benchmarks.codebase import generate
from codemods import analyse


@pytest.fixture(scope="module")
def codebase(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return written(tmp_path_factory.mktemp("codebase"))


def written(folder: Path, files: int = 1000) -> dict[str, bytes]:
    generate(folder, files)
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.py")}


def test_it_is_as_large_as_the_bars_ask_for(codebase: dict[str, bytes]) -> None:
    assert len(codebase) == 1000
    assert sum(map(len, codebase.values())) >= 2_100_000
    assert sum(b"aws_cdk" in content for content in codebase.values()) >= 700


def test_every_file_of_it_is_python(codebase: dict[str, bytes]) -> None:
    for content in codebase.values():
        ast.parse(content)


def test_it_has_findings_of_every_rule_in_enough_files(codebase: dict[str, bytes]) -> None:
    analyses = [analyse(content, path) for path, content in codebase.items()]
    findings = [finding for analysis in analyses for finding in analysis.findings]
    assert len(findings) >= 94
    assert sum(bool(analysis.findings) for analysis in analyses) >= 72
    assert {finding.rule for finding in findings} == {
        "shared-nat-gateway",
        "missing-explicit-deny",
        "bucket-name-without-account",
        "unpinned-engine-version",
        "fixed-reserved-concurrency",
        "implicit-iam-grant",
    }


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    assert written(tmp_path / "a", 20) == written(tmp_path / "b", 20)
