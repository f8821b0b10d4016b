"""The house rules that a machine can check."""

import ast
import email
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = ("codemods", "bot", "webhooks", "sandbox")
MIRRORED = (*FLOORS, "tools", "benchmarks")
TESTS_OF_NO_MODULE = {
    "examples": "they are about an example app",
    "end_to_end": "they are about the whole",
    "scenarios": "they are about the whole, seen by people on a pull request",
    "browser": "they are about the whole, seen from a browser",
    "matrix": "they are about the rules, seen from CloudFormation",
    "synthesis": "the bench has its own tests beside it",
}

TABLES = "tests/codemods/rules/test_"  # a rule's tests are one table of the shapes of real code
LONG_FILES: dict[str, str] = {}  # path → why it is over 300 lines
LONG_FUNCTIONS = {  # path:name → why it is over 60 lines
    "examples/payment_stack/payment_stack/payment_stack.py:create_compute": (
        "the example is written as such stacks are written"
    ),
}

# hosts that a lock file or a configuration would leak, and paths of one machine; in pieces, so that
# this file passes its own test
FOREIGN = re.compile(
    r"pypi\.o" + r"rg|pythonhosted\.o" + r"rg|npmjs\.(com|o" + r"rg)|yarnpkg\.c" + r"om"
    r"|(?<![\w.-])/(root|work|home/[a-z]+|tmp/wt)" + "/"
)


def committed(*suffixes: str) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    names = [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    return [name for name in names if not suffixes or name.endswith(suffixes)]


def text(name: str) -> str | None:
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None  # a picture


def functions(name: str) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(text(name) or "")):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{name}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def test_a_file_has_at_most_300_lines_or_a_reason() -> None:
    lengths = {name: len((text(name) or "").splitlines()) for name in committed(".py")}
    long = {name for name, lines in lengths.items() if lines > 300}
    assert {name for name in long if not name.startswith(TABLES)} == LONG_FILES.keys()


def test_a_function_has_at_most_60_lines_or_a_reason() -> None:
    files = committed(".py")
    long = {name for file in files for name, lines in functions(file) if lines > 60}
    assert long == LONG_FUNCTIONS.keys()


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {Path(name).parent for name in committed(".py") if name.startswith("tests/")}
    assert [str(it) for it in folders if not (ROOT / it / "__init__.py").is_file()] == []


def test_tests_mirror_the_tree() -> None:
    strays = []
    for name in committed(".py"):
        path = Path(name)
        if not re.fullmatch(r"tests/.+/test_\w+\.py", name) or path.parts[1] in TESTS_OF_NO_MODULE:
            continue
        module = Path(*path.parts[1:-1], path.stem.removeprefix("test_"))
        # a module, a package, or a second file of tests about the folder's own behaviour
        subjects = (f"{module}.py", f"{module}/__init__.py", f"{module.parent}/__init__.py")
        assert module.parts[0] in MIRRORED, f"{name} is about nothing in the tree"
        if not any((ROOT / subject).is_file() for subject in subjects):
            strays.append(name)
    assert strays == []


def test_every_rule_has_a_file_of_tests() -> None:
    folder = "codemods/rules/"
    rules = [Path(name).stem for name in committed(".py") if name.startswith(folder)]
    expected = {f"tests/{folder}test_{rule}.py" for rule in rules if not rule.startswith("_")}
    assert expected <= set(committed(".py"))
    assert expected


def test_nothing_is_left_to_do() -> None:
    words = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX"]) + r")\b")
    assert [name for name in committed() if words.search(text(name) or "")] == []


def test_no_file_names_a_package_registry_or_somebodys_machine() -> None:
    found = {name: it[0] for name in committed() if (it := FOREIGN.search(text(name) or ""))}
    assert found == {}


def test_every_link_between_the_documents_leads_somewhere() -> None:
    broken = [
        (name, target)
        for name in committed(".md")
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text(name) or "")
        if "://" not in target and not (ROOT / name).parent.joinpath(target).exists()
    ]
    assert broken == []


@pytest.mark.parametrize("lock", ["core", "bot", "dev", "build", "real-code"])
def test_every_locked_package_is_pinned_with_hashes(lock: str) -> None:
    content = (ROOT / f"requirements/{lock}.lock").read_text().replace("\\\n", "")
    for line in content.splitlines():
        assert re.match(r"[a-zA-Z0-9._-]+(\[[\w,-]+\])?==\S+( ; [^\\]+?)? +--hash=sha256:", line)


def test_the_locks_agree_and_hold_every_direct_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    pins = {}
    for lock in ("core", "bot", "dev", "build", "real-code"):
        content = (ROOT / f"requirements/{lock}.lock").read_text()
        pins[lock] = set(re.findall(r"^(\S+)==(\S+)", content, re.MULTILINE))
    assert pins["core"] <= pins["bot"] <= pins["dev"]
    assert pins["build"] <= pins["dev"]
    direct = {
        "core": project["project"]["dependencies"],
        "bot": project["project"]["optional-dependencies"]["bot"],
        "build": project["dependency-groups"]["build"],
        "real-code": project["dependency-groups"]["real-code"],
        "dev": [it for it in project["dependency-groups"]["dev"] if isinstance(it, str)],
    }
    for lock, wanted in direct.items():
        names = {re.split(r"[^\w.-]", it)[0].lower().replace("_", "-") for it in wanted}
        assert names <= {name for name, _ in pins[lock]}


def test_make_says_in_one_line_that_python_is_too_old(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    old = tmp_path / "python3.9"
    old.write_text("#!/bin/sh\necho False\n")
    old.chmod(0o755)
    command = ["make", f"PYTHON={old}", "run"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert len(ran.stderr.splitlines()) == 1
    assert "needs Python 3.11 or newer" in ran.stderr
    assert not (tmp_path / ".venv").exists()


def test_the_arrows_between_the_floors_run_down() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("cdk_medic-*.whl"))


def test_the_desk_tool_brings_nothing_heavy(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = email.message_from_bytes(archive.read(name))
    requires = metadata.get_all("Requires-Dist") or []
    plain = {re.split(r"[^\w-]", it)[0] for it in requires if "extra ==" not in it}
    assert plain == {"libcst", "pathspec", "rich", "shtab"}


def test_the_wheel_holds_the_floors_their_data_and_the_example_and_nothing_else(
    wheel: Path,
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    example = {
        name.replace("examples/", "sandbox/", 1)
        for name in committed()
        if name.startswith("examples/payment_stack/")
    }
    floors = {name for name in committed() if name.startswith(tuple(f"{it}/" for it in FLOORS))}
    assert {name for name in names if ".dist-info/" not in name} == floors | example
    assert "codemods/cdk/data/engine_versions.json" in names
    assert any(name.endswith("/licenses/LICENSE") for name in names)


@pytest.mark.slow
def test_the_desk_tool_works_where_only_its_own_lock_is_installed(
    wheel: Path, tmp_path: Path
) -> None:
    def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    run(sys.executable, "-m", "venv", "venv")
    pip = (tmp_path / "venv/bin/python", "-m", "pip", "install", "-q")
    assert run(*pip, "--require-hashes", "-r", ROOT / "requirements/core.lock").returncode == 0
    assert run(*pip, "--no-deps", wheel).returncode == 0
    found = run(tmp_path / "venv/bin/cdk-medic", "check", ROOT / "examples/payment_stack")
    assert found.stderr == ""
    assert found.returncode == 1
    assert "shared-nat-gateway" in found.stdout
