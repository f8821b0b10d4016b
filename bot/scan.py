"""Every CDK file of a commit, out of one archive, judged as what is deployed already."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.analysis.analyser import Analyser
from bot.analysis.source import Source
from bot.analysis.terms import Configured, Terms
from bot.github import Refused, Repository
from bot.github.trees import FILE_BYTES_AT_MOST, Tree
from bot.pins import Pin, Witnesses, is_test
from codemods import Analysis, Base, Policy, may_concern
from codemods.settings.cdk_version import is_telling

FILES_AT_MOST = 3000
"""CDK files that one scan analyses."""

_FILES_AT_ONCE = 100
"""Each batch has limits of its own, so that one poison file spoils no more than a batch."""

_READ_ONE_BY_ONE_AT_MOST = 500
"""Files that an archive leaves out and that are read by their blobs instead."""

_TELLING_AT_MOST = 100
"""Lock files, requirements and the like that are asked for the aws-cdk-lib in use."""

_CDK = re.compile(rb"aws[-_.]cdk[-_.]lib", re.IGNORECASE)

DEPLOYED = Base(unread=True)
"""What the default branch has is taken to be deployed, every construct of it."""

_PARTLY_LISTED = "GitHub does not list all files of so large a repository; the rest was not read."
_TOO_LARGE = "It is larger than 512 KB."
_TOO_MANY = f"A scan analyses {FILES_AT_MOST} files at most."
_LEFT_OUT = "The archive of the repository leaves it out or alters it, as it does many others."


@dataclass(frozen=True, slots=True)
class ScannedFile:
    """A file with CDK code, its bytes, and what was found; every finding has its edits."""

    path: str
    content: bytes
    analysis: Analysis


@dataclass(frozen=True, slots=True)
class Scan:
    """What a commit holds.

    `skipped` pairs the files that could not be analysed with a sentence that says why. `pins` has,
    by the fingerprint of a finding, the lines that expect what its fix changes. `notes` are
    sentences about the scan itself. The policy in `configured` knows the lowest aws-cdk-lib that
    the repository uses, so that no fix says what one of its apps hasn't got.
    """

    commit: str
    files: tuple[ScannedFile, ...]
    skipped: tuple[tuple[str, str], ...]
    configured: Configured
    pins: Mapping[str, tuple[Pin, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def scan(
    repository: Repository,
    commit: str,
    analyser: Analyser,
    configure: Callable[[Sequence[str]], Configured],
) -> Scan:
    """Read a commit and analyse it.

    It takes a request for the tree and one for the archive, and a further one for each fifty files
    that the archive leaves out or alters (`export-ignore`, `export-subst`).

    Args:
        repository: where the commit is.
        commit: its SHA.
        analyser: answers about untrusted files.
        configure: says what the commit's configuration means for these paths.

    Raises:
        Refused: the commit is gone.
    """
    tree = repository.tree(commit)
    python = [path for path, entry in tree.items() if path.endswith(".py") and entry.is_file]
    configured = configure(python)
    left_alone = configured.left_alone
    kept = _Kept(Witnesses(tree))
    skipped = [
        (path, _TOO_LARGE) for path in python if tree[path].size > FILE_BYTES_AT_MOST
    ] + _read_all(repository, commit, tree, kept)
    version = analyser.cdk_version(kept.telling[:_TELLING_AT_MOST])
    policy = replace(configured.policy or Policy(), cdk_version=version)
    sources = [each for each in kept.sources if each.path not in left_alone]
    skipped += [(source.path, _TOO_MANY) for source in sources[FILES_AT_MOST:]]
    files = []
    for source, analysis in _analysed(sources[:FILES_AT_MOST], policy, analyser):
        if analysis.problem:
            skipped.append((source.path, analysis.problem))
        else:
            files.append(ScannedFile(source.path, source.content, analysis))
    pins = {
        finding.fingerprint: pins
        for file in files
        for finding in file.analysis.findings
        if (pins := kept.witnesses.pins(finding, file.content))
    }
    return Scan(
        commit,
        tuple(files),
        tuple((path, reason) for path, reason in skipped if path not in left_alone),
        replace(configured, policy=policy),
        pins,
        () if tree.whole else (_PARTLY_LISTED,),
    )


@dataclass
class _Kept:
    """What is kept of a commit's files: CDK code, tests, what tells the aws-cdk-lib in use."""

    witnesses: Witnesses
    telling: list[Source] = field(default_factory=list)
    _code: dict[str, bytes] = field(default_factory=dict)

    @staticmethod
    def wants(path: str) -> bool:
        """Whether a file is worth reading."""
        return path.endswith(".py") or is_test(path) or is_telling(path)

    def see(self, path: str, content: bytes) -> None:
        """Take in a file."""
        self.witnesses.see(path, content)
        if path.endswith(".py") and may_concern(content):
            self._code[path] = content
        elif is_telling(path) and _CDK.search(content):
            self.telling.append(Source(path, content))

    @property
    def sources(self) -> list[Source]:
        """The files with CDK code, in the order of their paths."""
        return [Source(path, self._code[path]) for path in sorted(self._code)]


def _read_all(
    repository: Repository, commit: str, tree: Tree, kept: _Kept
) -> list[tuple[str, str]]:
    """Read what is wanted of a commit; return the Python files that could not be, with reasons."""
    missing = {
        path: entry.sha
        for path, entry in tree.items()
        if entry.is_file and entry.size <= FILE_BYTES_AT_MOST and kept.wants(path)
    }
    for path, content in _read(repository, commit, missing):
        del missing[path]
        kept.see(path, content)
    singly = dict(list(missing.items())[:_READ_ONE_BY_ONE_AT_MOST])
    contents = repository.contents(list(dict.fromkeys(singly.values())))
    for path, blob in singly.items():
        if (data := contents[blob]) is not None:
            kept.see(path, data)
    late = [path for path in missing if path not in singly]
    return [(path, _LEFT_OUT) for path in late if path.endswith(".py")]


def _read(
    repository: Repository, commit: str, wanted: Mapping[str, str]
) -> Iterator[tuple[str, bytes]]:
    if not wanted:
        return
    with contextlib.suppress(Refused):  # the tree came: it is the archive that can't be had
        yield from repository.archive(commit, dict(wanted))


def _analysed(
    sources: Sequence[Source], policy: Policy, analyser: Analyser
) -> Iterator[tuple[Source, Analysis]]:
    terms = Terms(policy, DEPLOYED)
    for start in range(0, len(sources), _FILES_AT_ONCE):
        batch = sources[start : start + _FILES_AT_ONCE]
        yield from zip(batch, analyser.analyse(batch, terms, edits=True), strict=True)
