"""The published schema says of a configuration what reading it says."""

from __future__ import annotations

import tomllib

import jsonschema
import pytest

from codemods.registry import rules
from codemods.settings import organization
from codemods.settings.configuration import parse
from codemods.settings.configuration_schema import document, organization_schema, schema
from codemods.settings.keys import KEYS
from codemods.settings.usage import UsageError
from tools.write_configuration_schema import FILES

VALID = (
    "",
    "select = ['shared-nat-gateway']\nignore = []\nexclude = ['lab/', '*_old.py']",
    "safe = ['bucket-name-without-account']\nunsafe = ['shared-nat-gateway']",
    *(f"mode = '{mode}'" for mode in ("report", "suggest", "commit", "pull-request")),
    *(f"fail-on = '{level}'" for level in ("critical", "high", "medium", "low", "never")),
    "pull-request = {}\n[environments]\n[rules]",
    "[pull-request]\nfail-on = 'high'\ndrafts = true\nbots = true",
    "[fix-pull-requests]\ngroup = 'all'\nlabels = []\nlimit = 1\nunsafe = ['shared-nat-gateway']",
    "[environments]\nproduction = ['stack:*Prod', 'id:prod-*', 'apps/prod/**']",
    "[environments]\nnon-production = ['lab', 'a b:c', 'C1:x']",
    "[rules.shared-nat-gateway]\nazs = 2",
    "[rules.bucket-name-without-account]\nfix = 'drop-name'\nappend = ['region', 'account']",
    "[rules.fixed-reserved-concurrency]\ncontext-key = 'reserve'",
    "[rules.missing-explicit-deny]\nactions = ['iam:*']\nimplicit-roles = true",
    "[rules.unpinned-engine-version.targets]\n15 = '15.4'\nmysql-8 = '8.0.36'\n16 = 'VER_16_3'",
)
INVALID = (
    "x = 1",
    "select = 'all'",
    "select = ['shared-nat']",
    "exclude = [1]",
    "safe = ['*']",
    "unsafe = true",
    "mode = 'auto'",
    "fail-on = 'grave'",
    "pull-request = 'never'",
    "[pull-request]\nmode = 'report'",
    "[pull-request]\nfail-on = 3",
    "[pull-request]\ndrafts = 'yes'",
    "[pull-request]\nbots = 1",
    "[fix-pull-requests]\ngroup = 'file'",
    "[fix-pull-requests]\nlabels = 'a'",
    "[fix-pull-requests]\nlabels = ['']",
    "[fix-pull-requests]\nlimit = 0",
    "[fix-pull-requests]\nunsafe = true",
    "[environments]\ndevelopment = []",
    "[environments]\nproduction = 'prod'",
    "[environments]\nproduction = ['']",
    "[environments]\nproduction = ['stack:']",
    "[environments]\nproduction = ['class:X']",
    "rules = []",
    "[rules.shared-nat]\nazs = 2",
    "[rules.shared-nat-gateway]\naz = 2",
    "[rules.shared-nat-gateway]\nazs = 0",
    "[rules.shared-nat-gateway]\nazs = '2'",
    "[rules.shared-nat-gateway]\nazs = true",
    "[rules.bucket-name-without-account]\nfix = 'drop'",
    "[rules.bucket-name-without-account]\nappend = ['region']",
    "[rules.fixed-reserved-concurrency]\ncontext-key = 1",
    "[rules.missing-explicit-deny]\nactions = 'iam:*'",
    "[rules.missing-explicit-deny]\nactions = [1]",
    "[rules.unpinned-engine-version.targets]\n15 = 15.4",
    "[rules.unpinned-engine-version.targets]\n15 = '15'",
    "[rules.implicit-iam-grant]\nx = 1",
)


def agrees(text: str) -> bool:
    """Whether the schema takes what a file says."""
    validator = jsonschema.Draft7Validator(schema())
    return bool(validator.is_valid(tomllib.loads(text)))


def test_the_committed_files_are_current() -> None:
    for file, found in FILES.items():
        current = file.read_text(encoding="utf-8") == document(found())
        assert current, "run `make docs` and commit the files"


def test_they_are_schemas() -> None:
    for found in FILES.values():
        jsonschema.Draft7Validator.check_schema(found())


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("locked = ['ignore', 'rules.missing-explicit-deny', 'rules']\nmode = 'report'", True),
        ("[repositories]\nallow = ['*']\ndeny = []\n[rings]\nreport = ['*']\nfix = ['a-*']", True),
        ("locked = ['ingore']", False),
        ("repositories = {denied = []}", False),
        ("repositories.deny = ['acme/payments']", False),
        ("rings.fast = []", False),
        ("rings.fix = ['']", False),
        ("x = 1", False),
    ],
)
def test_the_policys_schema_says_what_reading_a_policy_says(text: str, valid: bool) -> None:
    validator = jsonschema.Draft7Validator(organization_schema())
    assert validator.is_valid(tomllib.loads(text)) is valid
    if valid:
        organization.parse(text.encode(), "policy.toml")
    else:
        with pytest.raises(UsageError):
            organization.parse(text.encode(), "policy.toml")


@pytest.mark.parametrize("text", VALID)
def test_what_can_be_read_is_valid(text: str) -> None:
    assert parse(text.encode(), ".cdk-medic.toml") is not None
    assert agrees(text)


@pytest.mark.parametrize("text", INVALID)
def test_what_cannot_be_read_is_invalid(text: str) -> None:
    with pytest.raises(UsageError):
        parse(text.encode(), ".cdk-medic.toml")
    assert not agrees(text)


def test_every_key_and_every_option_is_in_it() -> None:
    described = schema()["properties"]
    assert tuple(described) == KEYS
    for name, rule in rules().items():
        options = described["rules"]["properties"].get(name, {"properties": {}})["properties"]
        assert options.keys() == rule.defaults.keys()
        assert rule.shapes.keys() <= options.keys()
        defaults = {key: option["default"] for key, option in options.items()}
        assert defaults == dict(rule.defaults)
