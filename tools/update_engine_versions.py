"""Writes codemods/cdk/data/engine_versions.json: which engine versions an aws-cdk-lib knows.

    make engine-versions

A wheel of aws-cdk-lib carries its jsii assembly, the machine-readable description of its whole
API, deprecations included. This reads the newest wheel and one of every tenth minor version before
it, through pip from whatever index pip is configured for; versions that the table has are not
downloaded again. Versions named as arguments are added to these.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parent.parent / "codemods" / "cdk" / "data" / "engine_versions.json"
CLASSES = {
    "postgres": "PostgresEngineVersion",
    "mysql": "MysqlEngineVersion",
    "mariadb": "MariaDbEngineVersion",
    "oracle": "OracleEngineVersion",
}
EVERY = 10

# the engines' members, each "live" or "deprecated", as one aws-cdk-lib has them
States = dict[str, dict[str, str]]
# the same over time: engine, member, version from which a state holds, state
Table = dict[str, dict[str, dict[str, str]]]


def numbers(name: str) -> tuple[int, ...]:
    """The numbers in a version or member name, to sort by: `"VER_15_4"` → `(15, 4)`."""
    return tuple(int(number) for number in re.findall(r"\d+", name))


def published() -> list[str]:
    """All versions of aws-cdk-lib that the index offers, oldest first."""
    answer = _pip("index", "versions", "aws-cdk-lib")
    listed = re.search(r"^Available versions: (.*)$", answer, re.MULTILINE)
    if listed is None:
        sys.exit("pip does not say which versions of aws-cdk-lib there are.")
    return sorted(listed[1].split(", "), key=numbers)


def samples(versions: list[str]) -> list[str]:
    """The newest version, and the first release of every tenth minor version before it."""
    firsts: dict[tuple[int, int], str] = {}
    for version in versions:
        major, minor, *_ = numbers(version)
        if minor % EVERY == 0:
            firsts.setdefault((major, minor), version)
    return [*firsts.values(), versions[-1]]


def states(wheel: Path) -> States:
    """What the aws-cdk-lib in a wheel says about the members of each engine's version class."""
    types = _assembly(wheel)["types"]
    found: States = {}
    for engine, name in CLASSES.items():
        members = types[f"aws-cdk-lib.aws_rds.{name}"]["properties"]
        found[engine] = {
            member["name"]: "deprecated" if "deprecated" in member.get("docs", {}) else "live"
            for member in members
            if member.get("static")
        }
    return found


def expand(table: Table, versions: list[str]) -> dict[str, States]:
    """The states at each version that the table was made from; the inverse of `compress`."""
    everything: dict[str, States] = {version: {} for version in versions}
    for engine, members in table.items():
        for version in versions:
            current = everything[version].setdefault(engine, {})
            for member, changes in members.items():
                past = [then for then in changes if numbers(then) <= numbers(version)]
                if past and (state := changes[max(past, key=numbers)]) != "absent":
                    current[member] = state
    return everything


def compress(everything: dict[str, States]) -> Table:
    """Each member with the versions at which its state changed.

    A member that a later version lacks becomes "absent" there.
    """
    table: Table = {}
    for engine in CLASSES:
        names = {member for at in everything.values() for member in at[engine]}
        in_order = sorted(names, key=lambda name: (numbers(name), name))
        table[engine] = {member: {} for member in in_order}
        for member, changes in table[engine].items():
            before = "absent"
            for version in sorted(everything, key=numbers):
                state = everything[version][engine].get(member, "absent")
                if state != before:
                    changes[version] = before = state
    return table


def rendered(everything: dict[str, States]) -> str:
    """The data file's text, one member a line, so that an update is a readable diff."""
    engines = []
    for engine, members in compress(everything).items():
        lines = [f"    {json.dumps(name)}: {json.dumps(at)}" for name, at in members.items()]
        engines.append(f"  {json.dumps(engine)}: {{\n" + ",\n".join(lines) + "\n  }")
    read = json.dumps(sorted(everything, key=numbers))
    return '{\n  "read": ' + read + ",\n" + ",\n".join(engines) + "\n}\n"


def _assembly(wheel: Path) -> dict[str, Any]:
    with zipfile.ZipFile(wheel) as archive:
        bundle = next(name for name in archive.namelist() if name.endswith(".jsii.tgz"))
        with archive.open(bundle) as stream, tarfile.open(fileobj=stream, mode="r|gz") as package:
            for member in package:
                content = package.extractfile(member)
                # older packages have the assembly itself, newer ones a compressed file beside it
                if content is None or not re.fullmatch(r"package/\.jsii(\.gz)?", member.name):
                    continue
                text = content.read()
                assembly: dict[str, Any] = json.loads(
                    gzip.decompress(text) if text[:2] == b"\x1f\x8b" else text
                )
                if "types" in assembly:
                    return assembly
    sys.exit(f"{wheel.name} carries no jsii assembly.")


def _pip(*arguments: str) -> str:
    command = [sys.executable, "-m", "pip", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main() -> None:
    """Bring the table up to date."""
    parser = argparse.ArgumentParser(description="Update the table of engine versions.")
    parser.add_argument("version", nargs="*", help="further versions of aws-cdk-lib to read")
    wanted = [*samples(published()), *parser.parse_args().version]
    table = json.loads(TABLE.read_text()) if TABLE.exists() else {"read": []}
    everything = expand(table, table.pop("read"))
    for version in sorted(set(wanted) - set(everything), key=numbers):
        print(f"reading aws-cdk-lib {version}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            pin = f"aws-cdk-lib=={version}"
            _pip("download", "-q", "--no-deps", "--only-binary=:all:", "-d", folder, pin)
            everything[version] = states(next(Path(folder).glob("*.whl")))
    TABLE.write_text(rendered(everything))


if __name__ == "__main__":
    main()
