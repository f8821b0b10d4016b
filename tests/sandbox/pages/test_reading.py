import re
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from sandbox.actions.comments import comment, minimize
from sandbox.actions.pulls import close, merge, reopen, set_draft
from sandbox.actions.reviews import Draft, create_review
from tests.sandbox.pages.scene import AFTER, BUCKET, PATH, Scene, line_of

TABS = ("", "/files", "/checks", "/commits")


class Parsed(HTMLParser):
    """What of a page could act: its scripts, and whatever the pages' own templates never write."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.scripts = 0
        self.suspicious: list[tuple[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        for name, value in attrs:
            foreign = (tag, name) == ("script", "src") and not (value or "").startswith("/-/")
            if foreign or name.startswith("on") or name == "style":
                self.suspicious.append((tag, value))


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_only_open_pull_request_is_the_front_page(guest: TestClient) -> None:
    answer = guest.get("/")
    assert answer.url.path == "/acme/payments/pull/1"


def test_without_one_open_pull_request_the_front_page_is_a_list(
    bare: Scene, visitor: TestClient
) -> None:
    bare.github.repository("acme/payments").open_pull_request(
        author="stranger", title="Another", branch="another", files={"x": "1"}, from_fork=True
    )
    html = visitor.get("/").text
    assert 'href="/acme/payments/pull/1"' in html
    assert 'href="/acme/payments/pull/2"' in html


def test_every_tab_shows_before_and_after_the_review(
    bare: Scene, visitor: TestClient, guest: TestClient
) -> None:
    for tab in TABS:
        for browser in (visitor, guest):
            answer = browser.get(bare.address + tab)
            assert answer.status_code == 200
            assert "Give settlement a network of its own" in answer.text


def test_the_conversation_is_in_order(scene: Scene, visitor: TestClient) -> None:
    scene.pull.comment("maria", "A question afterwards")
    scene.pull.push({"x.txt": "x"}, by="maria", message="A commit afterwards")
    seen = text(visitor.get(scene.address).text)
    places = [
        seen.index(it)
        for it in (
            "keeps what auditors ask for",
            "pushed 1 commit",
            "Three findings, each with a fix",
            "cdk-medic found three things",
            "A question afterwards",
            "A commit afterwards",
        )
    ]
    assert places == sorted(places)


def test_a_suggestion_is_shown_as_a_difference(shared: Scene, guest: TestClient) -> None:
    seen = text(guest.get(shared.address).text)
    assert "removed: nat_gateways = 1 ," in seen
    assert "added: nat_gateways = 3 ," in seen


def test_review_comments_stand_under_their_lines(shared: Scene, guest: TestClient) -> None:
    html = guest.get(f"{shared.address}/files").text
    line = line_of("bucket_name")
    before, _, after = html.partition(f'data-n="{line}"')
    assert "bucket names are global" not in before
    assert after.index("bucket names are global") < after.index(f'data-n="{line + 1}"')


def test_annotations_stand_under_their_lines_or_are_listed(
    shared: Scene, guest: TestClient
) -> None:
    html = guest.get(f"{shared.address}/files").text
    line = line_of("nat_gateways")
    after = html.partition(f'data-n="{line}"')[2]
    assert after.index("What shared-nat-gateway is about") < after.index(f'data-n="{line + 1}"')
    assert "What elsewhere is about" in html.partition("Unchanged files with annotations")[2]


def test_a_check_run_shows_its_text_annotations_and_buttons(
    shared: Scene, guest: TestClient
) -> None:
    html = guest.get(f"{shared.address}/checks").text
    assert "<strong>Two</strong> fixes are safe" in html
    assert html.count('class="annotation ') == 3
    assert 'value="fix-safe"' in html
    assert 'value="fix-all"' in html


def test_buttons_are_offered_to_people_with_write_access_only(
    shared: Scene, guest: TestClient
) -> None:
    guest.cookies.set("acting", "stranger")
    assert 'value="fix-safe"' not in guest.get(f"{shared.address}/checks").text
    html = guest.get(shared.address).text
    assert "<button>Commit suggestion</button>" not in html
    assert "stranger has no write access to acme/payments." in html


def test_minimized_comments_are_folded_with_the_reason(scene: Scene, visitor: TestClient) -> None:
    minimize(scene.github.service, scene.pull.record.comments[0], "OUTDATED")
    html = visitor.get(scene.address).text
    assert '<details class="bubble minimized">' in html
    assert "This comment was marked as outdated." in html


def test_threads_whose_lines_changed_are_folded_as_outdated(
    scene: Scene, visitor: TestClient
) -> None:
    scene.pull.push({PATH: AFTER.replace("nat_gateways=1", "nat_gateways=2")}, by="maria")
    html = visitor.get(scene.address).text
    assert html.count('<span class="tag outdated">Outdated</span>') == 1
    assert html.count('<details class="thread" ') == 2


def test_a_minimized_thread_is_folded_with_the_reason(scene: Scene, visitor: TestClient) -> None:
    minimize(scene.github.service, scene.pull.review_comments[0], "OFF_TOPIC")
    assert '<span class="tag off-topic">Off-topic</span>' in visitor.get(scene.address).text


def test_the_state_is_told_and_whether_it_can_be_merged(bare: Scene, visitor: TestClient) -> None:
    service, pull = bare.github.service, bare.pull.record
    maria = bare.github.state.user("maria")

    def seen() -> str:
        return text(visitor.get(bare.address).text)

    assert "Open maria wants to merge 1 commit" in seen()
    assert "This branch has no conflicts with the base branch." in seen()
    set_draft(service, pull, True, by=maria)
    assert "This pull request is still a draft." in seen()
    set_draft(service, pull, False, by=maria)
    bare.github.repository("acme/payments").push({PATH: "something else"}, by="omar")
    assert "This branch has conflicts that must be resolved." in seen()
    close(service, pull, by=maria)
    assert "This pull request is closed with unmerged commits." in seen()
    reopen(service, pull, by=maria)
    bare.pull.force_push({"one.txt": "1"}, by="maria")
    merge(service, pull, by=bare.github.state.user("omar"))
    assert "omar merged commit" in seen()
    assert "This pull request is merged." in seen()


def test_a_force_push_is_named(scene: Scene, visitor: TestClient) -> None:
    scene.pull.force_push({PATH: AFTER.replace("max_azs=3", "max_azs=2")}, by="maria")
    assert "force-pushed from" in visitor.get(scene.address).text


def test_reactions_are_counted(shared: Scene, guest: TestClient) -> None:
    assert '<li title="omar">' in guest.get(shared.address).text


def test_commits_show_who_made_them_and_whether_that_is_proven(
    scene: Scene, visitor: TestClient
) -> None:
    scene.pull.commit_suggestion(scene.pull.review_comments[0].id, by="maria")
    html = visitor.get(f"{scene.address}/commits").text
    assert html.count("Verified") == 1
    assert "maria and cdk-medic committed" in text(html).replace(" </span>", "")
    page = visitor.get(f"/acme/payments/commit/{scene.pull.head_sha}").text
    assert "Update payment_stack/payment_stack.py" in page
    assert "one for each availability zone" in page


def test_the_first_commit_has_a_page(shared: Scene, guest: TestClient) -> None:
    sha = shared.pull.record.repository.git.resolve("main")
    assert "# Payments" in guest.get(f"/acme/payments/commit/{sha}").text.replace(
        '<span class="gh">', ""
    )


def test_a_file_has_a_page_with_numbered_lines(shared: Scene, guest: TestClient) -> None:
    html = guest.get(f"/acme/payments/blob/{shared.pull.head_sha}/{PATH}").text
    assert f'id="L{len(AFTER.splitlines())}"' in html


def test_the_address_of_a_check_run_leads_to_it(shared: Scene, guest: TestClient) -> None:
    run = shared.pull.check_runs[0]
    answer = guest.get(f"/acme/payments/runs/{run.id}", follow_redirects=False)
    assert answer.headers["location"] == f"{shared.address}/checks#run-{run.id}"


def test_the_same_page_is_not_sent_twice(scene: Scene, visitor: TestClient) -> None:
    tag = visitor.get(scene.address).headers["etag"]
    assert visitor.get(scene.address, headers={"If-None-Match": tag}).status_code == 304
    comment(scene.github.service, scene.pull.record, "New", by=scene.app.bot)
    assert visitor.get(scene.address, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/acme/payments/pull/9",
        "/acme/payments/pull/x",
        "/acme/nothing/pull/1",
        "/acme/payments/commit/0000000",
        "/acme/payments/commit/--help",
        "/acme/payments/blob/main/nothing.py",
        "/acme/payments/runs/1",
        "/avatars/u/999999",
        "/-/nothing.css",
        "/-/..%2fsite.py",
    ],
)
def test_what_is_not_there_is_said_to_be_missing(guest: TestClient, path: str) -> None:
    answer = guest.get(path)
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("tab", TABS)
def test_nothing_runs_that_is_not_a_file_of_ours(
    shared: Scene, guest: TestClient, tab: str
) -> None:
    answer = guest.get(shared.address + tab)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    parsed = Parsed(answer.text)
    assert parsed.scripts == 1
    assert not parsed.suspicious


ATTACK = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'>"


def test_whatever_a_repository_contains_is_shown_and_not_run(
    bare: Scene, visitor: TestClient
) -> None:
    name = f"a{ATTACK}/{{{{7*7}}}}\n\udcff.py"
    bare.pull.push({name: f"x = 1  # {ATTACK}\n"}, by="maria", message=ATTACK)
    bare.pull.record.title = ATTACK
    bare.pull.record.body = ATTACK
    bare.pull.comment("stranger", ATTACK)
    create_review(
        bare.github.service,
        bare.pull.record,
        by=bare.app.bot,
        body=ATTACK,
        comments=(Draft(name, f"```suggestion\n{ATTACK}\n```\n{BUCKET}", 1),),
    )
    for path in (*TABS, f"/../../commit/{bare.pull.head_sha}"):
        answer = visitor.get(f"{bare.address}{path}")
        assert answer.status_code == 200
        parsed = Parsed(answer.text)
        assert parsed.scripts == 1
        assert not parsed.suspicious
    html = visitor.get(f"{bare.address}/files").text
    assert "{{7*7}}" in html
    assert "\N{REPLACEMENT CHARACTER}.py" in html
