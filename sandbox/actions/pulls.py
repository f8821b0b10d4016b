"""Pull requests are opened, closed, edited and merged."""

from sandbox import events
from sandbox.actions.branches import bring_head, move_branch, pulls_of
from sandbox.errors import Refused, invalid
from sandbox.git import GitError, Identity
from sandbox.service import Service
from sandbox.state import PullRequest, Repository, User

GITHUB = Identity("GitHub", "noreply@github.com")


def open_pull(
    service: Service,
    repository: Repository,
    *,
    by: User,
    head: tuple[Repository, str],
    base: str,
    title: str,
    body: str = "",
    draft: bool = False,
    maintainer_can_modify: bool = False,
) -> PullRequest:
    """Open a pull request from a repository and branch into a branch.

    Raises:
        Refused: 422 where a branch is missing, nothing differs, or there is one already.
    """
    state = service.state
    with state.lock:
        head_repository, head_ref = head
        for where, ref, field in ((repository, base, "base"), (head_repository, head_ref, "head")):
            if not where.git.ref(f"refs/heads/{ref}"):
                raise invalid("PullRequest", field, "invalid")
        known = pulls_of(service, head_repository, head_ref)
        if any((p.repository, p.base_ref) == (repository, base) for p in known):
            label = f"{head_repository.owner.login}:{head_ref}"
            reason = f"A pull request already exists for {label}."
            raise invalid("PullRequest", "head", "custom", reason)
        now = state.now()
        pull = PullRequest(
            id=state.next_id(),
            issue_id=state.next_id(),
            number=len(repository.pulls) + 1,
            repository=repository,
            head_repository=head_repository,
            head_ref=head_ref,
            base_ref=base,
            head_sha="",
            base_sha=repository.git.resolve(f"refs/heads/{base}"),
            title=title,
            body=body,
            author=by,
            created_at=now,
            updated_at=now,
            draft=draft,
            maintainer_can_modify=maintainer_can_modify and head_repository is not repository,
        )
        pull.head_sha = bring_head(pull)
        if not repository.git.commits(pull.base_sha, pull.head_sha):
            raise invalid("PullRequest", "head", "custom", f"No commits between {base} and head")
        repository.pulls[pull.number] = pull
        events.pull_request(service, pull, "opened", by)
        return pull


def delete_branch(service: Service, repository: Repository, branch: str, *, by: User) -> None:
    """Delete a branch; the pull requests from it and into it are closed, as GitHub does it."""
    ref = f"refs/heads/{branch}"
    with service.state.lock:
        before = repository.git.ref(ref)
        if not before:
            raise Refused(422, "Reference does not exist")
        repository.git.update_ref(ref, None)
        events.push(service, repository, ref, (before, events.ZERO), by)
        into = [pull for pull in repository.pulls.values() if pull.base_ref == branch]
        for pull in [*pulls_of(service, repository, branch), *into]:
            close(service, pull, by=by)


def close(service: Service, pull: PullRequest, *, by: User) -> None:
    """Close it without merging."""
    with service.state.lock:
        if pull.state == "closed":
            return
        pull.state, pull.closed_by = "closed", by
        pull.closed_at = pull.updated_at = service.state.now()
        events.pull_request(service, pull, "closed", by)


def reopen(service: Service, pull: PullRequest, *, by: User) -> None:
    """Open it again, at the branch's present head.

    Raises:
        Refused: 422 where it was merged or the branch is gone.
    """
    with service.state.lock:
        if pull.state == "open":
            return
        if pull.merged_at:
            raise invalid("PullRequest", "state", "invalid", "It was merged.")
        try:
            pull.head_sha = bring_head(pull)
        except GitError:
            raise invalid("PullRequest", "state", "invalid", "The branch is gone.") from None
        pull.state, pull.closed_at, pull.closed_by = "open", None, None
        pull.updated_at = service.state.now()
        events.pull_request(service, pull, "reopened", by)


def set_draft(service: Service, pull: PullRequest, draft: bool, *, by: User) -> None:
    """Mark it as a draft or as ready for review."""
    with service.state.lock:
        if pull.draft == draft:
            return
        pull.draft = draft
        pull.updated_at = service.state.now()
        action = "converted_to_draft" if draft else "ready_for_review"
        events.pull_request(service, pull, action, by)


def set_locked(service: Service, pull: PullRequest, locked: bool, *, by: User) -> None:
    """Lock or unlock the conversation."""
    with service.state.lock:
        if pull.locked == locked:
            return
        pull.locked = locked
        pull.updated_at = service.state.now()
        events.pull_request(service, pull, "locked" if locked else "unlocked", by)


def edit(
    service: Service,
    pull: PullRequest,
    *,
    by: User,
    title: str | None = None,
    body: str | None = None,
    base: str | None = None,
) -> None:
    """Change the title, the body or the base branch; None leaves one as it is."""
    with service.state.lock:
        changes: dict[str, object] = {}
        if title is not None and title != pull.title:
            changes["title"] = {"from": pull.title}
            pull.title = title
        if body is not None and body != pull.body:
            changes["body"] = {"from": pull.body}
            pull.body = body
        if base is not None and base != pull.base_ref:
            ref = f"refs/heads/{base}"
            sha = pull.repository.git.ref(ref)
            if not sha:
                raise invalid("PullRequest", "base", "invalid")
            changes["base"] = {"ref": {"from": pull.base_ref}, "sha": {"from": pull.base_sha}}
            pull.base_ref, pull.base_sha = base, sha
        if changes:
            pull.updated_at = service.state.now()
            events.pull_request(service, pull, "edited", by, changes=changes)


def queue(service: Service, pull: PullRequest, *, by: User) -> str:
    """Put it into a merge queue of its own, and return the SHA whose checks are asked for.

    Raises:
        Refused: 405 where it is closed, a draft, or there are conflicts.
    """
    with service.state.lock:
        repository = pull.repository
        sha, base = _merged(service, pull, by)
        branch = f"gh-readonly-queue/{pull.base_ref}/pr-{pull.number}-{base}"
        move_branch(service, repository, branch, sha, by=by)
        refs = (f"refs/heads/{pull.base_ref}", f"refs/heads/{branch}")
        events.checks_requested(service, repository, refs, (base, sha), by)
        return sha


def merge(service: Service, pull: PullRequest, *, by: User) -> str:
    """Merge it with a merge commit, and return that commit's SHA.

    Raises:
        Refused: 405 where it is closed, a draft, or there are conflicts.
    """
    with service.state.lock:
        sha, base = _merged(service, pull, by)
        pull.state, pull.closed_by = "closed", by
        pull.merge_commit_sha, pull.merged_by = sha, by
        pull.merged_at = pull.closed_at = pull.updated_at = service.state.now()
        move_branch(service, pull.repository, pull.base_ref, sha, by=by, expected=base)
        events.pull_request(service, pull, "closed", by)
        return sha


def _merged(service: Service, pull: PullRequest, by: User) -> tuple[str, str]:
    """Write the merge commit; return its SHA and that of the base branch."""
    repository, state = pull.repository, service.state
    base = repository.git.resolve(f"refs/heads/{pull.base_ref}")
    if pull.draft:
        raise Refused(405, "Pull Request is still a draft")
    tree = repository.git.merge_tree(base, pull.head_sha) if pull.state == "open" else None
    if not tree:
        raise Refused(405, "Pull Request is not mergeable")
    label = f"{pull.head_repository.owner.login}/{pull.head_ref}"
    sha = repository.git.write_commit(
        tree,
        [base, pull.head_sha],
        f"Merge pull request #{pull.number} from {label}\n\n{pull.title}",
        author=Identity(by.name or by.login, by.email),
        committer=GITHUB,
        at=state.now(),
    )
    state.verified.add(sha)
    return sha, base
