"""Every CDK file of a commit, out of one archive, judged as what is deployed already."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.analysis.analyser import Analyser
from bot.analysis.source import Source
from bot.analysis.terms import Configured, Terms
from bot.github import Refused, Repository
from bot.github.trees import FILE_BYTES_AT_MOST, Tree
from bot.pins import Pin, Witnesses, is_test
from codemods import Analysis, Base, Policy, may_concern

FILES_AT_MOST = 3000
"""CDK files that one scan analyses."""

_FILES_AT_ONCE = 100
"""Each batch has limits of its own, so that one poison file spoils no more than a batch."""

_READ_ONE_BY_ONE_AT_MOST = 500
"""Files that an archive leaves out and that are read by their blobs instead."""

_DEPLOYED = Base(unread=True)
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
    sentences about the scan itself.
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
    excluded = configured.left_alone
    chosen = [path for path in python if path not in excluded]
    skipped = [(path, _TOO_LARGE) for path in chosen if tree[path].size > FILE_BYTES_AT_MOST]
    witnesses = Witnesses(tree)
    sources, unread = _sources(repository, commit, tree, witnesses)
    sources = [source for source in sources if source.path not in excluded]
    skipped += unread
    skipped += [(source.path, _TOO_MANY) for source in sources[FILES_AT_MOST:]]
    policy = configured.policy or Policy()
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
        if (pins := witnesses.pins(finding, file.content))
    }
    notes = () if tree.whole else (_PARTLY_LISTED,)
    return Scan(commit, tuple(files), tuple(skipped), configured, pins, notes)


def _sources(
    repository: Repository, commit: str, tree: Tree, witnesses: Witnesses
) -> tuple[list[Source], list[tuple[str, str]]]:
    """The files with CDK code in the order of their paths, and those that could not be read."""
    missing = {
        path: entry.sha
        for path, entry in tree.items()
        if entry.is_file
        and entry.size <= FILE_BYTES_AT_MOST
        and (path.endswith(".py") or is_test(path))
    }
    found: dict[str, bytes] = {}

    def see(path: str, content: bytes) -> None:
        witnesses.see(path, content)
        if path.endswith(".py") and may_concern(content):
            found[path] = content

    for path, content in _read(repository, commit, missing):
        del missing[path]
        see(path, content)
    late = list(missing)[_READ_ONE_BY_ONE_AT_MOST:]
    unread = [(path, _LEFT_OUT) for path in late if path.endswith(".py")]
    singly = dict(list(missing.items())[:_READ_ONE_BY_ONE_AT_MOST])
    contents = repository.contents(list(dict.fromkeys(singly.values())))
    for path, blob in singly.items():
        if (data := contents[blob]) is not None:
            see(path, data)
    return [Source(path, found[path]) for path in sorted(found)], unread


def _read(
    repository: Repository, commit: str, wanted: Mapping[str, str]
) -> Iterator[tuple[str, bytes]]:
    if not wanted:
        return
    try:
        yield from repository.archive(commit, dict(wanted))
    except Refused as refusal:
        if refusal.status not in {302, 413}:
            raise  # else it is the archive that can't be had, not the commit


def _analysed(
    sources: Sequence[Source], policy: Policy, analyser: Analyser
) -> Iterator[tuple[Source, Analysis]]:
    terms = Terms(policy, _DEPLOYED)
    for start in range(0, len(sources), _FILES_AT_ONCE):
        batch = sources[start : start + _FILES_AT_ONCE]
        yield from zip(batch, analyser.analyse(batch, terms, edits=True), strict=True)
