import pytest

from sandbox.pages.references import References
from sandbox.pages.sanitize import Linked
from tests.sandbox.pages.scene import Scene


@pytest.fixture(scope="module")
def link(shared: Scene) -> Linked:
    return References(shared.github.state).of(shared.pull.record.repository)


def test_people_are_marked_whoever_writes_their_name(link: Linked) -> None:
    assert link("(@maria, @Omar)") == (
        '(<span class="mention">@maria</span>, <span class="mention">@Omar</span>)'
    )
    for text in ("@nobody", "a@maria", "@maria-", "@@maria", "/@maria"):
        assert link(text) == text


def test_commits_are_links_that_show_seven_digits(shared: Scene, link: Linked) -> None:
    sha = shared.pull.head_sha
    expected = f'<a class="sha" href="/acme/payments/commit/{sha}">{sha[:7]}</a>'
    assert link(sha) == link(sha[:10]) == expected
    for text in ("0" * 40, sha[:6], f"x{sha}", "deadbeef"):
        assert link(text) == text


def test_pull_requests_are_links(link: Linked) -> None:
    assert link("see #1.") == 'see <a href="/acme/payments/pull/1">#1</a>.'
    for text in ("#2", "a#1", "&#34;", "&#1;"):
        assert link(text) == text
