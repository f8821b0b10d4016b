import pytest

from sandbox import Draft, PullRequestHandle, Refused, RepositoryHandle, Sandbox
from tests.sandbox.world import LINES


def test_a_pull_request_shows_its_commits_and_files(pull: PullRequestHandle) -> None:
    assert [commit.message for commit in pull.commits] == ["Change line 20"]
    assert [row.path for row in pull.files] == ["app.py"]
    assert pull.read("app.py").splitlines()[19] == b"line twenty"


def test_a_push_moves_the_head_and_keeps_what_was_there(pull: PullRequestHandle) -> None:
    sha = pull.push({"new.py": "x = 1\n"})
    assert pull.head_sha == sha
    assert {row.path for row in pull.files} == {"app.py", "new.py"}
    assert not pull.record.pushes[-1].forced


def test_a_force_push_drops_what_was_there(pull: PullRequestHandle) -> None:
    pull.force_push({"new.py": "x = 1\n"})
    assert [row.path for row in pull.files] == ["new.py"]
    assert pull.record.pushes[-1].forced


def test_a_pull_request_from_a_fork_has_its_commits_in_the_base_repository(
    repository: RepositoryHandle,
) -> None:
    pull = repository.open_pull_request(
        author="stranger", title="Hello", branch="hi", files={"hi.py": "1\n"}, from_fork=True
    )
    assert pull.record.head_repository.full_name == "stranger/payments"
    assert pull.read("hi.py") == b"1\n"
    sha = pull.push({"hi.py": "2\n"})
    assert pull.record.repository.git.read(sha, "hi.py") == b"2\n"


def test_a_comment_follows_its_line_through_a_push_above_it(pull: PullRequestHandle) -> None:
    pull.review("maria", "", on=[Draft("app.py", "Look.", line=20)])
    pull.push({"app.py": ("new first line\n" + LINES).replace("line 20\n", "line twenty\n")})
    (comment,) = pull.review_comments
    assert (comment.line, comment.commit_id, comment.outdated) == (21, pull.head_sha, False)
    assert comment.original_line == 20


def test_a_comment_is_outdated_once_its_line_changes(pull: PullRequestHandle) -> None:
    pull.review("maria", "", on=[Draft("app.py", "Look.", line=20, start_line=19)])
    pull.push({"app.py": LINES.replace("line 20\n", "line 2 x 10\n")})
    (comment,) = pull.review_comments
    assert (comment.line, comment.start_line, comment.position) == (None, None, None)
    assert comment.outdated


def test_a_comment_is_outdated_once_its_line_leaves_the_diff(pull: PullRequestHandle) -> None:
    pull.review("maria", "", on=[Draft("app.py", "Look.", line=22)])
    pull.push({"app.py": LINES, "other.py": "1\n"})
    assert pull.review_comments[0].outdated


def test_one_comment_off_the_diff_loses_the_whole_review(pull: PullRequestHandle) -> None:
    good, bad = Draft("app.py", "Look.", line=20), Draft("app.py", "Look.", line=2)
    with pytest.raises(Refused, match="Line could not be resolved"):
        pull.review("maria", "All of it", on=[good, bad])
    assert pull.reviews == []
    assert pull.review_comments == []


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (Draft("README.md", "x", line=1), "Path could not be resolved"),
        (Draft("app.py", "x", line=20, start_line=20), "must precede"),
        (Draft("app.py", "x", line=20, start_line=21), "must precede"),
        (Draft("app.py", "x", line=20, start_line=2), "same hunk"),
        (Draft("app.py", "x", line=99), "Line could not be resolved"),
        (Draft("app.py", "x" * 65_537, line=20), "too long"),
        (Draft("app.py", " ", line=20), "blank"),
    ],
)
def test_a_comment_must_stand_on_lines_of_one_hunk(
    pull: PullRequestHandle, draft: Draft, words: str
) -> None:
    with pytest.raises(Refused, match=words) as refused:
        pull.review("maria", "", on=[draft])
    assert refused.value.status == 422


def test_closing_merging_and_reopening_change_the_state(
    pull: PullRequestHandle, repository: RepositoryHandle
) -> None:
    pull.close(by="maria")
    assert pull.record.state == "closed"
    pull.reopen(by="maria")
    assert pull.record.state == "open"
    sha = pull.merge(by="maria")
    assert repository.git.resolve("main") == sha
    assert b"line twenty" in repository.read("app.py")
    with pytest.raises(Refused):
        pull.reopen(by="maria")


def test_a_locked_conversation_is_for_writers(pull: PullRequestHandle) -> None:
    pull.lock(by="maria")
    with pytest.raises(Refused, match="issue is locked"):
        pull.comment("stranger", "Hello")
    pull.comment("maria", "Hello")
    assert [comment.author.login for comment in pull.comments] == ["maria"]


def test_a_name_that_is_not_there_is_said_plainly(github: Sandbox) -> None:
    with pytest.raises(LookupError, match="no user 'nobody'"):
        github.add_repository("acme/x", files={"a": "b"}, collaborators={"nobody": "read"})
    with pytest.raises(ValueError, match="'owner' is no role"):
        github.add_repository("acme/x", files={"a": "b"}, collaborators={"maria": "owner"})
