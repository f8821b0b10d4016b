from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot import scan as module
from bot.analysis.analyser import Analyser
from bot.analysis.processes import AnalysisProcesses
from bot.analysis.terms import Configured
from bot.github import Refused, Repository
from bot.github import archive as archives
from bot.pins import Pin
from bot.scan import Scan, scan
from codemods import Policy, Safety
from tests.bot.analysis.test_processes import HOSTILE
from tests.bot.operations.world import World, vpc, world

BUCKET = """from aws_cdk import Stack, aws_s3 as s3


class Storage(Stack):
    def __init__(self, scope, construct_id):
        super().__init__(scope, construct_id)
        s3.Bucket(self, "Audit", bucket_name="payment-audit-logs")
"""


def everything(_: Sequence[str]) -> Configured:
    return Configured(Policy())


@contextmanager
def opened(here: World) -> Iterator[Repository]:
    record = here.repository.record
    with here.github.repository(here.installation.id, record.id, record.full_name) as client:
        yield client


def scanned(
    here: World,
    configure: Callable[[Sequence[str]], Configured] = everything,
    analyser: Analyser | None = None,
) -> Scan:
    with opened(here) as repository:
        head = here.repository.git.resolve("main")
        return scan(repository, head, analyser or here.context.analyser, configure)


@contextmanager
def holding(directory: Path, files: Mapping[str, str | bytes]) -> Iterator[World]:
    with world(directory, files) as made:
        yield made


def test_a_repository_is_scanned_in_two_requests(tmp_path: Path) -> None:
    files = {f"app/plain_{n}.py": f"x = {n}\n" for n in range(120)}
    files |= {f"infra/stack_{n}.py": vpc(name=f"Vpc{n}") for n in range(7)}
    with holding(tmp_path, files) as here:
        found = scanned(here)
        assert here.requests()[-2:] == [
            "GET /repos/{owner}/{repo}/git/trees/{tree_sha}",
            "GET /repos/{owner}/{repo}/tarball/{ref}",
        ]
        assert len(here.requests()) == 3  # and the token
    assert [file.path for file in found.files] == [f"infra/stack_{n}.py" for n in range(7)]
    assert (found.skipped, found.notes) == ((), ())
    for file in found.files:
        (finding,) = file.analysis.findings
        assert file.content == files[file.path].encode()
        assert finding.fix is not None
        assert finding.fix.edits


def test_what_the_branch_has_is_taken_to_be_deployed(tmp_path: Path) -> None:
    with holding(tmp_path, {"storage.py": BUCKET}) as here:
        (file,) = scanned(here).files
    (finding,) = file.analysis.findings
    assert finding.fix is not None
    assert finding.fix.safety is Safety.UNSAFE


def test_the_configuration_chooses_files_and_rules(tmp_path: Path) -> None:
    asked: list[Sequence[str]] = []

    def configure(paths: Sequence[str]) -> Configured:
        asked.append(paths)
        policy = Policy(ignore=frozenset({"shared-nat-gateway"}))
        return Configured(policy, excluded=["generated/network.py"])

    files = {"generated/network.py": vpc(), "network.py": vpc(), "storage.py": BUCKET}
    with holding(tmp_path, files) as here:
        found = scanned(here, configure)
    assert asked == [["generated/network.py", "network.py", "storage.py"]]
    assert {file.path: len(file.analysis.findings) for file in found.files} == {
        "network.py": 0,
        "storage.py": 1,
    }
    assert found.configured.excluded == ["generated/network.py"]


def test_what_an_archive_leaves_out_or_alters_is_read_all_the_same(tmp_path: Path) -> None:
    marked = "# $Format:%H$\n" + vpc()
    attributes = "left_out.py export-ignore\nmarked.py export-subst\n"
    files = {"left_out.py": vpc(), "marked.py": marked, ".gitattributes": attributes}
    with holding(tmp_path, files) as here:
        found = scanned(here)
        assert here.requests()[-1] == "POST /graphql"
        assert len(here.requests()) == 4
    assert {file.path: file.content for file in found.files} == {
        "left_out.py": vpc().encode(),
        "marked.py": marked.encode(),
    }


def test_an_archive_that_is_too_large_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "INFLATED_BYTES_AT_MOST", 1000)
    with holding(tmp_path, {"network.py": vpc(), "storage.py": BUCKET}) as here:
        found = scanned(here)
    assert [file.path for file in found.files] == ["network.py", "storage.py"]


def test_files_that_cannot_be_read_one_by_one_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_READ_ONE_BY_ONE_AT_MOST", 1)
    attributes = "*.py export-ignore\n"
    files = {"a.py": vpc(), "b.py": vpc(), ".gitattributes": attributes}
    with holding(tmp_path, files) as here:
        found = scanned(here)
    assert [file.path for file in found.files] == ["a.py"]
    assert [path for path, _ in found.skipped] == ["b.py"]


def test_a_large_file_a_broken_one_and_one_too_many_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FILES_AT_MOST", 2)
    files = {
        "a_broken.py": "from aws_cdk import aws_ec2\naws_ec2.Vpc(nat_gateways=1\n",
        "b_good.py": vpc(),
        "c_one_more.py": vpc(),
        "d_large.py": vpc() + "#" * 512_000,
        "e_other.py": "#" * 100,
    }
    with holding(tmp_path, files) as here:
        found = scanned(here)
    assert [file.path for file in found.files] == ["b_good.py"]
    reasons = dict(found.skipped)
    assert sorted(reasons) == ["a_broken.py", "c_one_more.py", "d_large.py"]
    assert "512 KB" in reasons["d_large.py"]
    assert "at most" in reasons["c_one_more.py"]


def test_hostile_files_cost_only_themselves(tmp_path: Path) -> None:
    shapes = ["430 unclosed brackets", "1,300 parentheses", "a match of 66 bytes", "a null byte"]
    files: dict[str, str | bytes] = {f"bad_{n}.py": HOSTILE[name] for n, name in enumerate(shapes)}
    files |= {f"good_{n}.py": vpc() for n in range(3)}
    with holding(tmp_path, files) as here, AnalysisProcesses() as processes:
        found = scanned(here, analyser=processes)
    assert [file.path for file in found.files] == [f"good_{n}.py" for n in range(3)]
    assert [path for path, _ in found.skipped] == [f"bad_{n}.py" for n in range(4)]
    assert all(reason for _, reason in found.skipped)


def test_many_files_are_analysed_in_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FILES_AT_ONCE", 2)
    with holding(tmp_path, {f"{n}.py": vpc() for n in range(5)}) as here:
        found = scanned(here)
    assert len(found.files) == 5


def test_links_are_no_files(tmp_path: Path) -> None:
    with holding(tmp_path, {"network.py": vpc(), "link.py": "network.py"}) as here:
        here.set_mode("link.py", "120000")
        found = scanned(here)
    assert [file.path for file in found.files] == ["network.py"]
    assert found.skipped == ()


def test_a_commit_that_is_gone_is_a_refusal(tmp_path: Path) -> None:
    with (
        holding(tmp_path, {"a.py": "x = 1\n"}) as here,
        opened(here) as repository,
        pytest.raises(Refused),
    ):
        scan(repository, "1" * 40, here.context.analyser, everything)


def test_a_repository_without_python_is_one_request(tmp_path: Path) -> None:
    with holding(tmp_path, {"README.md": "Payments\n"}) as here:
        found = scanned(here)
        assert len(here.requests()) == 2
    assert found.files == ()


def test_the_tests_that_pin_a_value_are_named_even_where_they_are_excluded(tmp_path: Path) -> None:
    files = {
        "infra/network.py": vpc(),
        "tests/test_network.py": (
            "from infra.network import Network\n"
            'template.resource_count_is("AWS::EC2::NatGateway", 1)\n'
        ),
    }

    def configure(_: Sequence[str]) -> Configured:
        return Configured(Policy(), excluded=["tests/test_network.py"])

    with holding(tmp_path, files) as here:
        found = scanned(here, configure)
    ((finding,),) = [file.analysis.findings for file in found.files]
    line = 'template.resource_count_is("AWS::EC2::NatGateway", 1)'
    assert found.pins == {finding.fingerprint: (Pin("tests/test_network.py", 2, line),)}


ENGINE = """from aws_cdk import aws_rds as rds

version = rds.PostgresEngineVersion.VER_15
rds.DatabaseInstanceEngine.postgres(version=version)
"""


def test_no_fix_says_what_the_aws_cdk_lib_in_use_has_not_got(tmp_path: Path) -> None:
    files = {
        "infra/database.py": ENGINE,
        "requirements.txt": "aws-cdk-lib==2.170.0\n",
        "old/requirements.txt": "aws-cdk-lib==2.60.0\n",
        "docs/requirements.txt": "sphinx==7.0\n",
    }
    with holding(tmp_path, files) as here:
        found = scanned(here)
        assert here.requests()[-1] == "GET /repos/{owner}/{repo}/tarball/{ref}"
    assert found.configured.policy is not None
    assert found.configured.policy.cdk_version == "2.60.0"
    ((finding,),) = [file.analysis.findings for file in found.files]
    assert finding.fix is not None
    (edit,) = finding.fix.edits
    assert edit.replacement.startswith('of("15.')  # there is no such constant in 2.60
