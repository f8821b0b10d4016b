"""The command line: what it takes, what it answers, and how it ends."""

from __future__ import annotations

import io
import json
import sys

import pytest

from codemods import __version__
from codemods.cli import main
from tests.codemods.conftest import CLEAN, REPORTED, SAFE, UNSAFE, Desk


def test_a_clean_file_exits_with_0(desk: Desk) -> None:
    desk.write({"stack.py": CLEAN})
    ran = desk.run("check")
    assert (ran.code, ran.out, ran.err) == (0, "No findings in 1 file.\n", "")


def test_a_finding_exits_with_1_even_if_it_can_only_be_reported(desk: Desk) -> None:
    desk.write({"stack.py": REPORTED})
    ran = desk.run("check", "stack.py")
    assert ran.code == 1
    assert ran.out.startswith("critical shared-nat-gateway: 1 NAT gateway serves 3")
    assert "= no fix: A `nat_gateway_provider` decides" in ran.out


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ((), 1),
        (("--fail-on", "medium"), 1),
        (("--fail-on", "high"), 0),
        (("--fail-on", "never"), 0),
        (("--exit-zero",), 0),
        (("--fail-on", "never", "--select", "fixed-reserved-concurrency"), 1),
        (("--select", "fixed-reserved-concurrency", "--exit-zero"), 0),
        (("--ignore", "fixed-reserved-concurrency"), 0),
    ],
)
def test_the_exit_code_follows_the_level_unless_the_rule_is_named(
    desk: Desk, options: tuple[str, ...], code: int
) -> None:
    desk.write({"stack.py": UNSAFE})
    assert desk.run("check", *options).code == code


def test_a_file_that_does_not_parse_is_named_and_the_others_go_on(desk: Desk) -> None:
    desk.write({"a.py": "import aws_cdk\nVpc(nat_gateways=1,\n", "b.py": SAFE})
    ran = desk.run("check", "--exit-zero")
    assert ran.code == 2
    assert ran.err == "a.py: error: line 2: '(' was never closed\n"
    assert "--> b.py:3:47" in ran.out


@pytest.mark.parametrize("command", ["check", "fix"])
def test_a_broken_file_that_is_pointed_at_is_named_whatever_is_in_it(
    desk: Desk, command: str
) -> None:
    desk.write({"a.py": "import aws_cdk\nclass Stack(\n"})
    ran = desk.run(command, "./a.py")
    assert ran.code == 2
    assert ran.err == "a.py: error: line 2: '(' was never closed\n"
    assert desk.run(command).code == 0


def test_a_file_that_cannot_be_read_is_named_with_the_reason(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write({"a.py": SAFE, "b.py": CLEAN})
    (desk.folder / "a.py").unlink()
    (desk.folder / "a.py").symlink_to("nowhere")
    monkeypatch.setattr("codemods.desk.run.python_files", lambda *_, **__: ["a.py", "b.py"])
    ran = desk.run("check")
    assert ran.code == 2
    assert ran.err == "a.py: error: the file cannot be read: no such file or directory\n"
    assert ran.out == "No findings in 2 files.\n"


def test_code_nested_too_deeply_is_a_problem_and_no_traceback(desk: Desk) -> None:
    deep = "import aws_cdk\nVpc = nat_gateways = " + "(" * 150 + "-" * 100_000 + "1" + ")" * 150
    desk.write({"deep.py": deep, "stack.py": SAFE})
    ran = desk.start("check")
    assert ran.returncode == 2
    assert ran.stderr.decode().startswith("deep.py: error: ")
    assert b"Traceback" not in ran.stderr
    assert b"stack.py:3:47" in ran.stdout


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_an_unknown_rule_is_an_error_that_names_the_nearest(desk: Desk, option: str) -> None:
    ran = desk.run("check", option, "shared-nat-gateways")
    assert ran.code == 2
    assert ran.err == (
        f"cdk-medic: error: {option}: there is no rule 'shared-nat-gateways'; "
        "did you mean shared-nat-gateway?\n"
    )


def test_a_path_that_does_not_exist_is_an_error_that_names_it(desk: Desk) -> None:
    ran = desk.run("check", "stcks")
    assert (ran.code, ran.err) == (2, "cdk-medic: error: stcks does not exist\n")


def test_a_wrong_option_exits_with_2() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["check", "--fail-on", "grave"])
    assert ended.value.code == 2


def test_without_a_command_it_says_which_there_are(desk: Desk) -> None:
    ran = desk.run()
    assert (ran.code, ran.out) == (2, "")
    assert "explain" in ran.err


def test_where_there_is_no_python_it_says_so(desk: Desk) -> None:
    ran = desk.run("check")
    assert ran.code == 0
    assert ran.err == "cdk-medic: no Python files were found\n"


def test_fix_writes_safe_fixes_and_says_what_unsafe_ones_would_do(desk: Desk) -> None:
    desk.write({"network.py": SAFE, "functions.py": UNSAFE})
    ran = desk.run("fix")
    assert ran.code == 1
    assert desk.read("network.py") == CLEAN
    assert desk.read("functions.py") == UNSAFE
    first, *_, last = ran.out.splitlines()
    assert first.startswith("fixed network.py:3 shared-nat-gateway: Use one NAT gateway")
    assert last == "Fixed 1 finding in 1 file; 1 left, 1 of them fixable with --unsafe-fixes."


def test_fix_with_unsafe_fixes_leaves_nothing(desk: Desk) -> None:
    desk.write({"network.py": SAFE, "functions.py": UNSAFE})
    ran = desk.run("fix", "--unsafe-fixes")
    assert ran.code == 0
    assert ran.out.splitlines()[-1] == "Fixed 2 findings in 2 files; none is left."
    assert "try_get_context" in desk.read("functions.py")


def test_fix_touches_no_file_that_needs_no_fix(desk: Desk) -> None:
    desk.write({"stack.py": CLEAN})
    before = (desk.folder / "stack.py").stat()
    assert desk.run("fix").out == "Nothing to fix.\n"
    after = (desk.folder / "stack.py").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_fix_names_a_file_that_it_cannot_write_and_fixes_the_others(desk: Desk) -> None:
    desk.write({"a.py": SAFE, "b.py": SAFE})
    (desk.folder / "a.py").chmod(0o444)
    ran = desk.run("fix")
    assert ran.code == 2
    assert ran.err == "a.py: error: the file is read-only\n"
    assert (desk.read("a.py"), desk.read("b.py")) == (SAFE, CLEAN)
    assert ran.out.splitlines()[-1].startswith("Fixed 1 finding in 1 file; 1 left")


def test_a_diff_goes_to_stdout_alone_and_writes_nothing(desk: Desk) -> None:
    desk.write({"stacks/network.py": SAFE, "functions.py": UNSAFE})
    ran = desk.run("fix", "--diff")
    assert ran.code == 1
    assert ran.out.startswith("--- stacks/network.py\n+++ stacks/network.py\n@@ ")
    assert ran.err.startswith("Would fix 1 finding in 1 file; 1 left")
    assert desk.read("stacks/network.py") == SAFE


def test_the_json_is_one_array_with_places_in_lines_and_bytes(desk: Desk) -> None:
    text = SAFE.replace('"Vpc"', '"Vpç€😀"')
    desk.write({"stack.py": b"\xef\xbb\xbf" + text.encode()})
    ran = desk.run("check", "--format", "json")
    assert ran.code == 1
    (finding,) = json.loads(ran.out)
    assert finding["rule"] == "shared-nat-gateway"
    assert finding["level"] == "critical"
    assert (finding["line"], finding["column"]) == (3, 49)
    assert finding["end"] == {"line": 3, "column": 50}
    assert finding["fix"]["monthly_cost_usd"] == 73.0
    (edit,) = finding["fix"]["edits"]
    data = (desk.folder / "stack.py").read_bytes()
    assert data[edit["start"]["byte"] : edit["end"]["byte"]] == b"1"
    assert (edit["start"]["line"], edit["start"]["column"]) == (3, 49)
    assert edit["replacement"] == "3"


def test_the_json_of_nothing_is_an_empty_array(desk: Desk) -> None:
    desk.write({"stack.py": CLEAN})
    assert json.loads(desk.run("check", "--format", "json").out) == []


def test_an_unused_ignore_is_a_note_and_no_error(desk: Desk) -> None:
    ignored = SAFE.replace("1)", "1)  # cdk-medic: ignore[shared-nat-gateway] -- a lab")
    desk.write({"used.py": ignored, "unused.py": ignored.replace("gateways=1", "gateways=3")})
    ran = desk.run("check")
    assert ran.code == 0
    note = "unused.py:3: note: the ignore of shared-nat-gateway silences nothing\n"
    assert ran.err == note


def test_the_same_finding_has_one_fingerprint_from_wherever_it_is_checked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write({"infra/stack.py": SAFE})
    (above,) = json.loads(desk.run("check", "--format", "json").out)
    monkeypatch.chdir(desk.folder / "infra")
    (inside,) = json.loads(desk.run("check", "--format", "json", "stack.py").out)
    assert (above["path"], inside["path"]) == ("infra/stack.py", "stack.py")
    assert above["fingerprint"] == inside["fingerprint"]


def test_a_name_that_is_not_utf8_is_reported_as_bytes(desk: Desk) -> None:
    (desk.folder / "st\udcffck.py").write_text(SAFE)
    ran = desk.start("check")
    assert ran.returncode == 1
    assert b"--> st\\xffck.py:3:47" in ran.stdout
    assert desk.start("fix").returncode == 0


def test_rules_are_listed_with_their_levels(desk: Desk) -> None:
    lines = desk.run("rules").out.splitlines()
    assert lines[0].startswith("critical shared-nat-gateway")
    listed = json.loads(desk.run("rules", "--format", "json").out)
    assert listed[0]["name"] == "shared-nat-gateway"
    assert listed[0]["options"] == {"azs": 3}


def test_a_rule_is_explained_from_its_own_text(desk: Desk) -> None:
    ran = desk.run("explain", "shared-nat-gateway")
    assert ran.code == 0
    for part in ("Why\n", "Before\n", "After\n", "Fix safety\n  Safe: ", "azs = 3", "https://"):
        assert part in ran.out


def test_an_unknown_rule_is_not_explained(desk: Desk) -> None:
    ran = desk.run("explain", "nat-gateway")
    assert ran.code == 2
    assert "did you mean shared-nat-gateway?" in ran.err


def test_the_version_is_printed(desk: Desk) -> None:
    ran = desk.start("--version")
    assert ran.stdout.decode() == f"cdk-medic {__version__}\n"


def test_the_json_of_a_refusal_has_no_fix(desk: Desk) -> None:
    desk.write({"stack.py": REPORTED})
    (entry,) = json.loads(desk.run("check", "--format", "json").out)
    assert entry["fix"] is None
    assert entry["refusal"].startswith("A `nat_gateway_provider` decides")


def test_standard_input_is_a_file_of_the_name_that_an_editor_gives(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write({".cdk-medic.toml": 'exclude = ["lab/"]\n'})
    typed = io.TextIOWrapper(io.BytesIO(SAFE.encode()))
    monkeypatch.setattr(sys, "stdin", typed)
    ran = desk.run("check", "-", "--stdin-filename", "infra/new.py")
    assert ran.code == 1
    assert "--> infra/new.py:3:47" in ran.out
    ran = desk.run("check", "-", "--stdin-filename", "lab/new.py", "--force-exclude")
    assert (ran.code, ran.out) == (0, "No findings in 0 files.\n")


def test_standard_input_that_does_not_parse_is_named(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"import aws_cdk\nVpc(")))
    ran = desk.run("check", "-")
    assert (ran.code, ran.err) == (2, "stdin.py: error: line 2: '(' was never closed\n")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "tcsh"])
def test_a_shell_completes_commands_and_options(desk: Desk, shell: str) -> None:
    ran = desk.run("completion", shell)
    assert ran.code == 0
    for word in ("verify", "exceptions", "unsafe-fixes", "sarif"):
        assert word in ran.out
