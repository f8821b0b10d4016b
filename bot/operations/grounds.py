"""What the files of a pull request are judged by: the base branch's configuration, and the base.

Nothing of the head has a say in it: whoever writes a pull request must not decide what is wrong
there. What cannot be read counts as deployed, and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.analysis.terms import Configured, Surroundings
from bot.github import CHANGED_FILES_AT_MOST, ChangedFile, PullRequest, Refused, Repository
from bot.operations import owners
from bot.operations.context import Context, Source
from bot.work import Job
from codemods import Analysis, Base, Policy
from codemods.settings.configuration import OWN_FILE, SHARED_FILE

FILES_AT_MOST = 300

_ATTRIBUTES = ".gitattributes"

_TELLING = ("uv.lock", "poetry.lock", "Pipfile.lock", "requirements.txt")
"""Files at the root that tell the aws-cdk-lib in use, as pyproject.toml may."""

_UNREAD = (
    "Not every version from before this pull request could be read, so all constructs count as "
    "deployed."
)


@dataclass(frozen=True, slots=True)
class History:
    """What the changed files were before.

    `base` is everything that they had, of which removed files are a part too. `earlier` has, by the
    path at the head, what an earlier version said; files that are new have none, and neither have
    those that could not be read.
    """

    base: Base = field(default_factory=Base)
    earlier: Mapping[str, Analysis] = field(default_factory=dict)

    @property
    def notes(self) -> tuple[str, ...]:
        """What people should know about it."""
        return (_UNREAD,) if self.base.unread else ()


def configuration_files(branch: str) -> list[str]:
    """The files, as `Repository.contents` takes them, by which a base branch has a say."""
    names = (OWN_FILE, SHARED_FILE, _ATTRIBUTES, *_TELLING)
    return [_at(branch, name) for name in names] if branch else []


def configuration(
    job: Job,
    branch: str,
    contents: Mapping[str, bytes | None],
    paths: Sequence[str],
    context: Context,
) -> Configured:
    """What holds for these paths.

    Args:
        job: names the repository, whose owner may have a policy.
        branch: the base branch.
        contents: of its `configuration_files`.
        paths: of the changed files.
        context: see `bot.operations`.
    """
    attributes = contents.get(_at(branch, _ATTRIBUTES)) or b""
    around = Surroundings(job.repository, owners.policy(job, context), paths, attributes)
    problem = ""
    found = Configured()
    for name in (OWN_FILE, SHARED_FILE):
        content = contents.get(_at(branch, name))
        if content is None or (name == SHARED_FILE and b"cdk-medic" not in content):
            continue
        found = context.analyser.configure(Source(name, content), around)
        problem = found.problem
        if found.policy is not None or problem:
            break
    if found.policy is None and (around.policy.path or attributes):
        found = owners.alone(around, context)
    telling = [
        Source(name, content)
        for name in (*_TELLING, SHARED_FILE)
        if (content := contents.get(_at(branch, name)))
    ]
    version = context.analyser.cdk_version(telling)
    policy = replace(found.policy or Policy(), today=context.now().date(), cdk_version=version)
    return replace(found, policy=policy, problem=problem)


def earlier_paths(rows: Sequence[ChangedFile]) -> list[tuple[str, str]]:
    """Each Python file that the base has of the changed ones: its path there, and at the head."""
    pairs = [
        (row.previous or row.path, row.path)
        for row in rows
        if row.status not in {"added", "copied"}
    ]
    return [(before, after) for before, after in pairs if before.endswith(".py")]


def history(
    repository: Repository,
    pull: PullRequest,
    rows: Sequence[ChangedFile],
    policy: Policy,
    context: Context,
) -> History:
    """Read what the changed files were where the pull request left its base.

    It takes one request for where that is and one for each fifty files; none where all are new.
    """
    pairs = earlier_paths(rows)
    if len(rows) >= CHANGED_FILES_AT_MOST or len(pairs) > FILES_AT_MOST:
        return History(Base(unread=True))
    if not pairs:
        return History()
    try:
        start = repository.merge_base(pull.base, pull.head)
        contents = repository.contents(files=[f"{start}:{before}" for before, _ in pairs])
    except Refused:
        return History(Base(unread=True))
    found = [(after, contents[f"{start}:{before}"]) for before, after in pairs]
    sources = [Source(after, content) for after, content in found if content is not None]
    versions = context.analyser.look_back(sources, policy)
    incomplete = Base(unread=len(sources) < len(pairs))
    return History(
        Base.union([incomplete, *(version.base for version in versions)]),
        {
            version.analysis.path: version.analysis
            for version in versions
            if not version.analysis.problem
        },
    )


def _at(branch: str, name: str) -> str:
    return f"refs/heads/{branch}:{name}"
