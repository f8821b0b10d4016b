"""What a configuration file may say, and how it is told what it may not."""

from __future__ import annotations

import re
import tomllib

import pytest

from codemods.rule import Level
from codemods.settings import organization
from codemods.settings.configuration import Configuration, FixPullRequests, parse
from codemods.settings.environments import Environments
from codemods.settings.keys import KEYS
from codemods.settings.usage import UsageError
from tests.codemods.conftest import ROOT, SAFE, UNSAFE, Desk

BUCKET, ENGINE = "bucket-name-without-account", "unpinned-engine-version"
NAT, RESERVED = "shared-nat-gateway", "fixed-reserved-concurrency"


def parsed(text: str, path: str = ".cdk-medic.toml") -> Configuration:
    found = parse(text.encode(), path)
    assert found is not None
    return found


def complaint(text: str, path: str = ".cdk-medic.toml") -> str:
    with pytest.raises(UsageError) as raised:
        parse(text.encode(), path)
    return str(raised.value)


def test_every_key_is_read() -> None:
    text = f"""
        select = ["{NAT}"]
        ignore = ["{RESERVED}"]
        exclude = ["lab/"]
        safe = ["{BUCKET}"]
        unsafe = ["{NAT}", "{ENGINE}"]
        mode = "report"
        fail-on = "never"
        [pull-request]
        fail-on = "high"
        drafts = true
        bots = true
        [fix-pull-requests]
        group = "all"
        labels = ["infra", "cdk"]
        limit = 5
        unsafe = ["{NAT}"]
        [environments]
        production = ["stack:*Prod"]
        non-production = ["lab/", "id:dev-*"]
        [rules.{NAT}]
        azs = 2
    """
    assert parsed(text) == Configuration(
        path=".cdk-medic.toml",
        select=frozenset({NAT}),
        ignore=frozenset({RESERVED}),
        exclude=("lab/",),
        safe=frozenset({BUCKET}),
        unsafe=frozenset({NAT, ENGINE}),
        mode="report",
        fail_on=None,
        pull_request_fail_on=Level.HIGH,
        drafts=True,
        bots=True,
        fix_pull_requests=FixPullRequests("all", ("infra", "cdk"), 5, frozenset({NAT})),
        environments=Environments(("stack:*Prod",), ("lab/", "id:dev-*")),
        options={NAT: {"azs": 2}},
    )


def test_a_pyproject_has_a_table_for_it_or_says_nothing() -> None:
    text = '[project]\nname = "x"\n[tool.cdk-medic]\nfail-on = "high"\n'
    assert parsed(text, "pyproject.toml").fail_on is Level.HIGH
    assert parse(b'[project]\nname = "cdk-medic-user"\n', "pyproject.toml") is None
    assert parse(b"[tool.ruff]\n", "a/pyproject.toml") is None


def test_the_own_file_takes_the_table_of_a_pyproject_too() -> None:
    assert parsed('[tool.cdk-medic]\nfail-on = "low"\n').fail_on is Level.LOW


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\ningore = []\n", ":2: unknown key 'ingore'; did you mean ignore?"),
        ("x = 1", ":1: unknown key 'x'; known are select, ignore, exclude, safe, unsafe"),
        ("\n\nselect = 'all'", ":3: select must be a list of strings"),
        ("exclude = [1]", ":1: exclude must be a list of strings"),
        ('ignore = [\n "shared-nat"]', ":1: ignore names 'shared-nat', which is no rule; did you"),
        ("\nfail-on = 'grave'", ":2: fail-on is 'grave'; it must be one of critical, high"),
        ("fail-on = 3", ":1: fail-on is 3; it must be one of"),
        ("mode = 'auto'", ":1: mode is 'auto'; it must be one of report, suggest, commit, pull-r"),
        (f"safe = ['{NAT}']\nunsafe = ['{NAT}']", f":2: {NAT} is both safe and unsafe"),
        ("safe = ['nat']", ":1: safe names 'nat', which is no rule"),
        ("[pull-request]\nfail_on = 'low'", ":2: unknown key 'fail_on'; did you mean fail-on?"),
        ("[pull-request]\nfail-on = 'bad'", ":2: pull-request.fail-on is 'bad'; it must be one of"),
        ("\nlocked = ['ignore']", ":2: locked is for the policy of an organization alone"),
        ("[pull-request]\ndrafts = 1", ":2: pull-request.drafts must be true or false"),
        ("[fix-pull-requests]\ngroup = 'a'", ":2: fix-pull-requests.group is 'a'; it must be one"),
        ("[fix-pull-requests]\nlabels = ['']", ":2: fix-pull-requests.labels must be names of at"),
        ("[fix-pull-requests]\nlimit = 0", ":2: fix-pull-requests.limit must be 1 or more"),
        ("[fix-pull-requests]\nunsafe = ['x']", ":2: fix-pull-requests.unsafe names 'x', which"),
        ("pull-request = 'never'", ":1: pull-request must be a table"),
        ("[environments]\ndev = []", ":2: unknown key 'dev'; known are production, non-production"),
        ("[environments]\nproduction = 'x'", ":2: environments.production must be a list of str"),
        (
            "[environments]\n\nproduction = ['class:X']",
            ":3: the pattern 'class:X' begins with class:, which is neither stack: nor id:",
        ),
        ("environments.production = ['id:']", ":1: the pattern 'id:' names nothing"),
        ("environments.production = ['!']", ":1: the pattern '!' is none for a path"),
        ("exclude = ['a', '!']", ":1: exclude names '!', which is no pattern"),
        (f"[rules]\n{NAT}.azs = 0", f":2: {NAT}.azs must be 1 or more"),
        ("rules = 3", ":1: rules must be a table"),
        ("[rules]\nshared-nat = {}", ":2: unknown key 'shared-nat'; did you mean shared-nat-g"),
        (f"\n[rules.{NAT}]\nazs = 2\naz = 3", ":4: unknown key 'az'; did you mean azs?"),
        (f"[rules]\n{NAT}.azs = 'two'", f":2: {NAT}.azs must be a whole number"),
        (f"[rules]\n{NAT} = {{azs = true}}", f":2: {NAT}.azs must be a whole number"),
        ("[rules]\n\n" + BUCKET + ".fix = 'drop'", f':3: {BUCKET}.fix must be "append" or'),
        (f"[rules]\n{BUCKET}.append = ['region']", f':2: {BUCKET}.append must be ["account"] or'),
        (f"[rules]\n{BUCKET}.append = [{{}}]", f":2: rules.{BUCKET}.append must be a list of"),
        (
            f"[rules]\n{ENGINE}.targets = {{15 = 15.4}}",
            f":2: {ENGINE}.targets must be full versions",
        ),
        (f"[rules]\n{NAT} = 2", f":2: rules.{NAT} must be a table"),
        ("select = [", ": this is no TOML: Invalid value (at end of document)"),
        ("\nfail-on = high", ": this is no TOML: Invalid value (at line 2, column 11)"),
    ],
)
def test_what_cannot_be_meant_is_an_error_with_file_line_and_key(text: str, message: str) -> None:
    assert complaint(text).startswith(f".cdk-medic.toml{message}")


def test_a_hostile_file_is_an_error_too() -> None:
    assert "no TOML" in complaint("\udcff".encode("utf-8", "surrogatepass").decode("latin-1"))
    with pytest.raises(UsageError, match="no TOML"):
        parse(b"\xff", ".cdk-medic.toml")
    assert "too deeply" in complaint("a = " + "[" * 100_000)


def test_the_nearest_file_counts_and_its_own_place_before_pyproject(desk: Desk) -> None:
    desk.write(
        {
            "pyproject.toml": f'[tool.cdk-medic]\nignore = ["{NAT}"]\n',
            "a.py": SAFE,
            "both/pyproject.toml": f'[tool.cdk-medic]\nignore = ["{NAT}"]\n',
            "both/.cdk-medic.toml": "",
            "both/b.py": SAFE,
            "other/pyproject.toml": "[tool.ruff]\n",
            "other/c.py": SAFE,
        }
    )
    ran = desk.run("check")
    assert "--> both/b.py" in ran.out
    assert ran.out.endswith("1 finding in 1 file: 1 fixable.\n")


def test_a_repository_does_not_see_the_configuration_above_it(desk: Desk) -> None:
    desk.write({".cdk-medic.toml": "nonsense = 1\n", "app/.git/HEAD": "", "app/a.py": SAFE})
    assert desk.run("check", "app").code == 1
    ran = desk.run("check")
    assert ran.code == 2
    assert ran.err.startswith("cdk-medic: error: .cdk-medic.toml:1: unknown key 'nonsense'")


def test_a_named_file_replaces_every_other(desk: Desk) -> None:
    desk.write(
        {
            ".cdk-medic.toml": "nonsense = 1\n",
            "ci.toml": f'ignore = ["{NAT}"]\nexclude = ["lab"]\n',
            "a.py": SAFE,
            "lab/b.py": "Vpc(aws_cdk",
        }
    )
    ran = desk.run("check", "--config", "ci.toml")
    assert (ran.code, ran.out) == (0, "No findings in 1 file.\n")
    ran = desk.run("check", "--config", "gone.toml")
    assert ran.code == 2
    assert "gone.toml: the configuration cannot be read: no such file" in ran.err


def test_the_command_line_goes_first(desk: Desk) -> None:
    desk.write(
        {
            ".cdk-medic.toml": f'ignore = ["{NAT}"]\nfail-on = "never"\n',
            "a.py": SAFE,
            "b.py": UNSAFE,
        }
    )
    assert desk.run("check").code == 0
    assert desk.run("check", "--fail-on", "low").code == 1
    ran = desk.run("check", "--select", NAT)
    assert (ran.code, ran.out.splitlines()[-1]) == (1, "1 finding in 1 file: 1 fixable.")
    assert desk.run("check", "--ignore", RESERVED).out == "No findings in 2 files.\n"


def test_an_option_reaches_its_rule(desk: Desk) -> None:
    desk.write(
        {".cdk-medic.toml": f"[rules.{NAT}]\nazs = 2\n", "a.py": SAFE.replace("max_azs=3, ", "")}
    )
    desk.run("fix")
    assert "nat_gateways=2" in desk.read("a.py")


def test_safe_and_unsafe_reach_the_fixes(desk: Desk) -> None:
    text = f'safe = ["{RESERVED}"]\nunsafe = ["{NAT}"]\n'
    desk.write({".cdk-medic.toml": text, "a.py": SAFE, "b.py": UNSAFE})
    desk.run("fix")
    assert desk.read("a.py") == SAFE
    assert "try_get_context" in desk.read("b.py")


def test_a_named_file_is_excluded_only_on_request(desk: Desk) -> None:
    desk.write({".cdk-medic.toml": 'exclude = ["lab/"]\n', "lab/a.py": SAFE, "b.py": SAFE})
    assert "2 files: 2 fixable" in desk.run("check", "lab/a.py", "b.py").out
    forced = desk.run("check", "--force-exclude", "lab/a.py", "b.py")
    assert "1 file: 1 fixable" in forced.out


def test_environments_are_relative_to_the_file_that_names_them(desk: Desk) -> None:
    text = '[environments]\nnon-production = ["/lab"]\n'
    desk.write({"infra/.cdk-medic.toml": text, "infra/lab/a.py": SAFE, "infra/b.py": SAFE})
    ran = desk.run("check")
    assert ran.out.count("critical shared-nat-gateway") == 1
    assert "low shared-nat-gateway" in ran.out
    assert "safe fix, on request" in ran.out
    ran = desk.run("check", "infra/lab")
    assert ran.code == 0
    assert ran.out.endswith(f": none fixable, 1 on request (--select {NAT}).\n")
    desk.run("fix")
    assert desk.read("infra/lab/a.py") == SAFE
    assert desk.read("infra/b.py") != SAFE
    desk.run("fix", "--select", NAT)
    assert desk.read("infra/lab/a.py") != SAFE


PAGE = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
DOCUMENTED = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def test_the_documented_configuration_has_every_key() -> None:
    block = DOCUMENTED[0]
    assert set(tomllib.loads(block)["tool"]["cdk-medic"]) == set(KEYS)
    found = parsed(block, "pyproject.toml")
    assert found.fail_on is Level.HIGH
    assert found.exclude == ("lab/", "generated_*.py")
    assert found.options == {NAT: {"azs": 2}}


@pytest.mark.parametrize("block", DOCUMENTED)
def test_every_documented_block_is_a_configuration_or_a_policy(block: str) -> None:
    if "locked" in block:
        assert organization.parse(block.encode(), "policy.toml").locked
    else:
        assert parsed(block).directory == "."


def test_every_key_that_can_be_locked_is_documented() -> None:
    names = {re.sub(r"^rules\..*", "rules.NAME", key) for key in organization.lockable()}
    table = PAGE.partition("| locked |")[2].partition("\n\n")[0]
    named = set(re.findall(r"`([\w.-]+)`", table))
    plain = names - {"pull-request", "environments", "rules", "pull-request.bots"}
    assert {name for name in plain if not name.startswith("fix-pull-requests.")} <= named


def test_every_option_is_documented(desk: Desk) -> None:
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    for command in ("check", "fix"):
        options = set(re.findall(r"--[a-z-]+", desk.start(command, "--help").stdout.decode()))
        assert {option for option in options - {"--help"} if option not in page} == set()


def test_every_form_of_a_report_is_documented(desk: Desk) -> None:
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    forms = re.search(r"--format {([\w,]+)}", desk.start("check", "--help").stdout.decode())
    assert forms
    for form in set(forms[1].split(",")) - {"text"}:
        assert f"`check --format {form}`" in page


def test_patterns_say_nothing_about_what_lies_outside_of_their_directory() -> None:
    found = Configuration(path="app/pyproject.toml", exclude=("*.py",))
    assert found.admits("stack.py", is_directory=False)
    assert not found.admits("app/stack.py", is_directory=False)
