"""What a child makes of configuration files: their patterns are hostile as well."""

from __future__ import annotations

from bot.analysis.terms import Configured, PolicyFile, Surroundings
from codemods import Policy
from codemods.settings import organization
from codemods.settings.configuration import OWN_FILE, parse_settings
from codemods.settings.gitattributes import generated
from codemods.settings.layers import lay_over
from codemods.settings.organization import Organization
from codemods.settings.usage import UsageError

MOST_BYTES = 64 * 1024


def warm_up() -> None:
    """Import and use everything once."""
    content = b"exclude = ['warm_up.py']\n[rules.shared-nat-gateway]\n"
    policy = PolicyFile("policy.toml", b"locked = ['ignore']\n")
    around = Surroundings("warm/up", policy, ["warm_up.py"], b"*.js linguist-generated\n")
    configured(content, OWN_FILE, around)


def configured(source: bytes, path: str, around: Surroundings) -> Configured:
    """What holds in a repository by its configuration file; see `Configured`.

    Raises:
        UsageError: where the file says what cannot be meant.
    """
    owners, name = _organization(around.policy), around.repository.partition("/")[2]
    _limit(source, path)
    # In the policy's own repository the file is the policy, which holds there as everywhere.
    is_policy = name == organization.REPOSITORY and path == organization.FILE
    settings = {} if is_policy else parse_settings(source, path)
    if settings is None:
        return Configured()
    layered = lay_over(owners, settings, path, name)
    found = layered.configuration
    policy = Policy(
        select=found.select,
        ignore=found.ignore,
        safe=found.safe,
        unsafe=found.unsafe,
        options=found.options,
        environments=found.environments,
    )
    return Configured(
        policy,
        tuple(each for each in around.paths if not found.admits(each, is_directory=False)),
        generated=generated(around.attributes, around.paths),
        denied=not owners.admits(name),
        cap=layered.cap,
        held_back=layered.held_back,
        locked_rules=layered.locked_rules,
        overruled=layered.overruled,
        mode=found.mode,
        fail_on=found.pull_request_fail_on,
        drafts=found.drafts,
        bots=found.bots,
        fix_pull_requests=found.fix_pull_requests,
    )


def policy(source: bytes, path: str) -> Organization:
    """The policy in a file.

    Raises:
        UsageError: where the file says what cannot be meant.
    """
    _limit(source, path)
    return organization.parse(source, path)


def _organization(file: PolicyFile) -> Organization:
    if file.problem:
        return organization.unreadable(file.path)
    return policy(file.content, file.path) if file.path else Organization()


def _limit(source: bytes, path: str) -> None:
    if len(source) > MOST_BYTES:
        raise UsageError(f"{path}: this is larger than {MOST_BYTES // 1024} KiB")
