import pytest

from sandbox import Draft, PullRequestHandle, Refused, RepositoryHandle
from sandbox.actions.suggestions import apply, suggestions
from tests.sandbox.world import LINES


def suggest(pull: PullRequestHandle, body: str, line: int = 20, start: int | None = None) -> int:
    pull.review("ada", "", on=[Draft("app.py", body, line=line, start_line=start)])
    return pull.review_comments[-1].id


def test_a_suggestion_becomes_a_commit_of_the_person_with_a_co_author(
    pull: PullRequestHandle,
) -> None:
    comment = suggest(pull, "Better:\n```suggestion\nline 2 x 10\nline 20.5\n```\n", 20, 19)
    sha = pull.commit_suggestion(comment, by="maria")
    assert pull.head_sha == sha
    expected = LINES.replace("line 19\nline 20\n", "line 2 x 10\nline 20.5\n")
    assert pull.read("app.py").decode() == expected
    commit = pull.commits[-1]
    ada = pull.review_comments[0].author
    assert commit.message == f"Update app.py\n\nCo-authored-by: ada <{ada.email}>"
    assert (commit.author.name, commit.committer.name) == ("maria", "GitHub")


def test_a_committed_suggestion_is_resolved_and_outdated(pull: PullRequestHandle) -> None:
    comment = suggest(pull, "```suggestion\nx\n```")
    pull.commit_suggestion(comment, by="maria")
    (record,) = pull.review_comments
    assert record.resolved_by is not None
    assert record.outdated
    with pytest.raises(Refused, match="outdated"):
        pull.commit_suggestion(comment, by="maria")


def test_a_suggestion_needs_write_access_and_an_open_pull_request(
    pull: PullRequestHandle,
) -> None:
    comment = suggest(pull, "```suggestion\nx\n```")
    with pytest.raises(Refused, match="no write access") as refused:
        pull.commit_suggestion(comment, by="ada")
    assert refused.value.status == 403
    pull.close(by="maria")
    with pytest.raises(Refused, match="closed"):
        pull.commit_suggestion(comment, by="maria")


def test_a_suggestion_on_a_fork_is_committed_to_the_fork(repository: RepositoryHandle) -> None:
    pull = repository.open_pull_request(
        author="stranger", title="Hi", branch="hi", files={"app.py": "a\n"}, from_fork=True
    )
    comment = suggest(pull, "```suggestion\nb\n```", 1)
    with pytest.raises(Refused):
        pull.commit_suggestion(comment, by="maria")
    pull.commit_suggestion(comment, by="stranger")
    assert pull.read("app.py") == b"b\n"
    assert pull.record.head_repository.git.read("hi", "app.py") == b"b\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("```suggestion\na\n```", ["a\n"]),
        ("````suggestion\n```\na\n```\n````", ["```\na\n```\n"]),
        ("~~~suggestion\na\n~~~", ["a\n"]),
        ("```suggestion\n```", [""]),
        ("```suggestion\n\n```", ["\n"]),
        ("```suggestion\r\na\r\n```", ["a\n"]),
        ("    ```suggestion\n    a\n    ```", []),
        ("```python\n```suggestion\n```", []),
        ("```suggestion\na\n```\nor\n```suggestion\nb\n```", ["a\n", "b\n"]),
    ],
)
def test_a_suggestion_is_what_markdown_calls_a_fence(body: str, expected: list[str]) -> None:
    assert suggestions(body) == expected


@pytest.mark.parametrize(
    ("source", "lines", "suggestion", "expected"),
    [
        (b"a\nb\nc\n", (2, 2), "B\n", b"a\nB\nc\n"),
        (b"a\nb\nc\n", (1, 2), "", b"c\n"),
        (b"a\r\nb\r\n", (2, 2), "B\nC\n", b"a\r\nB\r\nC\r\n"),
        (b"a\nb", (2, 2), "B\n", b"a\nB"),
        (b"a\rb\nc\n", (2, 2), "C\n", b"a\rb\nC\n"),
    ],
)
def test_replaced_lines_keep_the_newlines_of_the_file(
    source: bytes, lines: tuple[int, int], suggestion: str, expected: bytes
) -> None:
    assert apply(source, lines, suggestion) == expected
