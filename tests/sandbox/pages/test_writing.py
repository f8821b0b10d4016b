import pytest
from starlette.testclient import TestClient

from sandbox.pages.boxes import version
from tests.sandbox.pages.scene import PATH, Scene

SUGGESTED = b"nat_gateways=3,  # one for each availability zone"


def suggest(scene: Scene, visitor: TestClient, index: int = 0) -> int:
    number = scene.pull.review_comments[0].id
    data = {"index": index, "tab": "files"}
    status: int = visitor.post(f"{scene.address}/suggestions/{number}", data=data).status_code
    return status


def press(scene: Scene, visitor: TestClient, identifier: str = "fix-safe") -> int:
    run = scene.pull.check_runs[0].id
    data = {"identifier": identifier}
    status: int = visitor.post(f"{scene.address}/checks/{run}", data=data).status_code
    return status


def test_a_comment_is_written_by_the_chosen_person(scene: Scene, visitor: TestClient) -> None:
    visitor.post(f"{scene.address}/acting", data={"login": "stranger", "tab": "conversation"})
    answer = visitor.post(f"{scene.address}/comments", data={"body": "/fix\r\nplease"})
    written = scene.pull.comments[-1]
    assert (written.author.login, written.body) == ("stranger", "/fix\nplease")
    assert answer.status_code == 200
    assert answer.url.path == scene.address


def test_the_choice_of_a_person_leads_back_to_the_page(shared: Scene, guest: TestClient) -> None:
    answer = guest.post(f"{shared.address}/acting", data={"login": "omar", "tab": "checks"})
    assert answer.url.path == f"{shared.address}/checks"
    assert '<option value="omar" selected>omar (maintain)</option>' in answer.text


def test_nobody_acts_as_somebody_unknown(scene: Scene, visitor: TestClient) -> None:
    visitor.cookies.set("acting", "nobody")
    visitor.post(f"{scene.address}/comments", data={"body": "Hello"})
    assert scene.pull.comments[-1].author.login == "maria"
    data = {"login": "nobody", "tab": "files"}
    assert visitor.post(f"{scene.address}/acting", data=data).status_code == 404


def test_nobody_acts_as_a_bot(scene: Scene, visitor: TestClient) -> None:
    visitor.cookies.set("acting", "cdk-medic[bot]")
    visitor.post(f"{scene.address}/comments", data={"body": "Hello"})
    assert scene.pull.comments[-1].author.login == "maria"


def test_an_empty_comment_is_refused(scene: Scene, visitor: TestClient) -> None:
    count = len(scene.pull.comments)
    answer = visitor.post(f"{scene.address}/comments", data={"body": " \r\n "})
    assert answer.status_code == 422
    assert "body can&#39;t be blank" in answer.text
    assert len(scene.pull.comments) == count


def test_a_suggestion_becomes_a_commit(scene: Scene, visitor: TestClient) -> None:
    head = scene.pull.head_sha
    assert suggest(scene, visitor) == 200
    assert SUGGESTED in scene.pull.read(PATH)
    assert scene.pull.head_sha != head
    html = visitor.get(scene.address).text
    assert "Resolved by maria" in html


@pytest.mark.parametrize(("login", "index", "status"), [("stranger", 0, 403), ("maria", 7, 404)])
def test_a_suggestion_that_is_not_offered_is_refused(
    scene: Scene, visitor: TestClient, login: str, index: int, status: int
) -> None:
    head = scene.pull.head_sha
    visitor.cookies.set("acting", login)
    assert suggest(scene, visitor, index) == status
    assert scene.pull.head_sha == head


def test_a_pressed_button_reaches_the_app(scene: Scene, visitor: TestClient) -> None:
    scene.app.webhook_url = "http://127.0.0.1:9/"
    assert press(scene, visitor) == 200
    delivery = scene.github.deliveries[-1]
    assert (delivery.event, delivery.action) == ("check_run", "requested_action")
    assert b'"requested_action":{"identifier":"fix-safe"}' in delivery.body
    assert b'"login":"maria"' in delivery.body


def test_a_button_is_not_pressed_by_others(scene: Scene, visitor: TestClient) -> None:
    scene.app.webhook_url = "http://127.0.0.1:9/"
    visitor.cookies.set("acting", "stranger")
    assert press(scene, visitor) == 403
    assert press(scene, visitor, "no-such") == 403
    visitor.cookies.set("acting", "maria")
    assert press(scene, visitor, "no-such") == 422
    assert "requested_action" not in {it.action for it in scene.github.deliveries}


FOREIGN: list[dict[str, str]] = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "", "Origin": "http://testserver"},
    {"Origin": "http://evil.example"},
    {"Origin": "http://testserver.evil.example"},
    {"Origin": "null"},
    {"Origin": "http://["},
    {},
]


def test_forms_of_other_sites_do_nothing(scene: Scene) -> None:
    before = scene.pull.head_sha, len(scene.pull.comments)
    for headers in FOREIGN:
        visitor = TestClient(scene.asgi, headers=headers)
        answer = visitor.post(f"{scene.address}/comments", data={"body": "/fix"})
        assert answer.status_code == 403, headers
        assert "nothing was done" in answer.text
        assert suggest(scene, visitor) == 403
        assert press(scene, visitor) == 403
        visitor.post(f"{scene.address}/acting", data={"login": "omar", "tab": "files"})
        assert "acting" not in visitor.cookies
    assert (scene.pull.head_sha, len(scene.pull.comments)) == before


def test_an_older_browser_says_its_origin(scene: Scene) -> None:
    visitor = TestClient(scene.asgi, headers={"Origin": "http://testserver"})
    answer = visitor.post(f"{scene.address}/comments", data={"body": "Hello"})
    assert answer.status_code == 200


@pytest.mark.parametrize("tab", ["//evil.example", "", "conversation/../.."])
def test_forms_lead_nowhere_else(shared: Scene, guest: TestClient, tab: str) -> None:
    answer = guest.post(f"{shared.address}/acting", data={"login": "omar", "tab": tab})
    assert answer.status_code == 404
    assert not answer.history


def tick(scene: Scene, visitor: TestClient, **fields: str) -> int:
    """Press the second box of the last comment."""
    comment = scene.pull.comments[-1]
    data = {"index": "1", "version": version(comment), **fields}
    address = f"{scene.address}/comments/{comment.id}/boxes"
    status: int = visitor.post(address, data=data).status_code
    return status


def test_a_ticked_box_edits_the_comment(scene: Scene, visitor: TestClient) -> None:
    scene.pull.comment("stranger", "Two things:\n\n- [x] one\n- [ ] two [ ]\n")
    assert tick(scene, visitor) == 200
    assert scene.pull.comments[-1].body == "Two things:\n\n- [x] one\n- [x] two [ ]\n"
    assert tick(scene, visitor) == 200
    assert scene.pull.comments[-1].body == "Two things:\n\n- [x] one\n- [ ] two [ ]\n"


def test_a_box_of_a_comment_that_has_changed_is_refused(scene: Scene, visitor: TestClient) -> None:
    scene.pull.comment("maria", "- [ ] one\n- [ ] two")
    assert tick(scene, visitor, version="other") == 422
    assert tick(scene, visitor, index="2") == 404
    assert scene.pull.comments[-1].body == "- [ ] one\n- [ ] two"


def test_a_stranger_ticks_no_box_of_others(scene: Scene, visitor: TestClient) -> None:
    scene.pull.comment("maria", "- [ ] one\n- [ ] two")
    assert 'class="tick"' in visitor.get(scene.address).text
    visitor.cookies.set("acting", "stranger")
    assert 'class="tick"' not in visitor.get(scene.address).text
    assert tick(scene, visitor) == 403
    assert scene.pull.comments[-1].body == "- [ ] one\n- [ ] two"
