"""The script that reads aws-cdk-lib's packages into the table."""

import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from tools.update_engine_versions import (
    CLASSES,
    States,
    compress,
    expand,
    rendered,
    samples,
    states,
)


def table_of(**postgres: str) -> States:
    return {engine: dict(postgres) if engine == "postgres" else {} for engine in CLASSES}


def wheel_with(path: Path, files: dict[str, bytes]) -> Path:
    bundle = io.BytesIO()
    with tarfile.open(fileobj=bundle, mode="w:gz") as package:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            package.addfile(entry, io.BytesIO(content))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("aws_cdk/_jsii/aws-cdk-lib@9.9.9.jsii.tgz", bundle.getvalue())
    return path


def assembly() -> bytes:
    member = [
        {"name": "VER_15", "static": True, "docs": {"summary": "15"}},
        {"name": "VER_15_4", "static": True, "docs": {"deprecated": "no longer supported"}},
        {"name": "postgresFullVersion", "docs": {}},
    ]
    types = {f"aws-cdk-lib.aws_rds.{name}": {"properties": member} for name in CLASSES.values()}
    return json.dumps({"types": types}).encode()


@pytest.mark.parametrize("compressed", [False, True])
def test_members_and_their_deprecation_are_read_from_a_wheel(
    tmp_path: Path, *, compressed: bool
) -> None:
    redirect = b'{"schema": "jsii/file-redirect", "filename": ".jsii.gz"}'
    files = {"package/index.js": b"", "package/.jsii": assembly()}
    if compressed:
        files |= {"package/.jsii": redirect, "package/.jsii.gz": gzip.compress(assembly())}
    read = states(wheel_with(tmp_path / "a.whl", files))
    assert read["postgres"] == {"VER_15": "live", "VER_15_4": "deprecated"}


def test_a_wheel_without_an_assembly_ends_the_script_with_a_sentence(tmp_path: Path) -> None:
    wheel = wheel_with(tmp_path / "a.whl", {"package/index.js": b""})
    with pytest.raises(SystemExit, match=r"a\.whl carries no jsii assembly\."):
        states(wheel)


def test_the_table_can_be_expanded_to_what_it_was_made_from() -> None:
    everything = {
        "2.9.0": table_of(VER_15_2="live"),
        "2.10.0": table_of(VER_15_2="deprecated", VER_15_4="live"),
        "2.11.0": table_of(VER_15_4="live", VER_15_10="live"),
        "2.12.0": table_of(VER_15_2="live", VER_15_4="live", VER_15_10="live"),
    }
    table = json.loads(rendered(everything))
    versions = table.pop("read")
    assert versions == list(everything)
    assert expand(table, versions) == everything
    assert list(table["postgres"]) == ["VER_15_2", "VER_15_4", "VER_15_10"]
    assert compress(everything)["postgres"]["VER_15_2"] == {
        "2.9.0": "live",
        "2.10.0": "deprecated",
        "2.11.0": "absent",
        "2.12.0": "live",
    }


def test_the_newest_release_and_each_tenth_minor_are_sampled() -> None:
    versions = ["2.9.1", "2.10.0", "2.10.1", "2.11.0", "2.20.0", "2.27.1"]
    assert samples(versions) == ["2.10.0", "2.20.0", "2.27.1"]
