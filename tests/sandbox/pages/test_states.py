import re

import pytest
from starlette.testclient import TestClient

from sandbox.actions.labels import add_labels
from tests.sandbox.pages.scene import Scene


def act(visitor: TestClient, scene: Scene, login: str) -> None:
    data = {"login": login, "tab": "conversation"}
    visitor.post(f"{scene.address}/acting", data=data)


def buttons(visitor: TestClient, scene: Scene) -> list[str]:
    text = visitor.get(scene.address).text
    return re.findall(r'name="change" value="(\w+)"', text)


def press(visitor: TestClient, scene: Scene, change: str) -> int:
    answer = visitor.post(f"{scene.address}/state", data={"change": change})
    return int(answer.status_code)


def test_a_writer_merges_and_deletes_the_branch(bare: Scene, visitor: TestClient) -> None:
    act(visitor, bare, "omar")
    assert buttons(visitor, bare) == ["merge", "close"]
    answer = visitor.post(f"{bare.address}/state", data={"change": "merge"})
    assert "The pull request is merged." in answer.text
    assert "This pull request is merged." in answer.text
    record = bare.pull.record
    assert record.merged_by is not None
    assert record.merged_by.login == "omar"
    git = record.repository.git
    assert git.resolve("main") == record.merge_commit_sha
    assert buttons(visitor, bare) == ["delete"]
    assert press(visitor, bare, "delete") == 200
    assert git.ref(f"refs/heads/{record.head_ref}") is None
    assert buttons(visitor, bare) == []


def test_it_is_closed_and_opened_again(bare: Scene, visitor: TestClient) -> None:
    act(visitor, bare, "omar")
    assert press(visitor, bare, "close") == 200
    assert "closed this" in visitor.get(bare.address).text
    assert buttons(visitor, bare) == ["reopen", "delete"]
    assert press(visitor, bare, "reopen") == 200
    assert bare.pull.record.state == "open"


def test_a_draft_is_made_ready_before_it_is_merged(bare: Scene, visitor: TestClient) -> None:
    bare.pull.convert_to_draft(by="maria")
    act(visitor, bare, "omar")
    assert buttons(visitor, bare) == ["ready", "close"]
    assert press(visitor, bare, "merge") == 403
    assert press(visitor, bare, "ready") == 200
    assert press(visitor, bare, "merge") == 200


@pytest.mark.parametrize("change", ["merge", "close", "delete", "format-the-disk"])
def test_a_reader_has_no_buttons(bare: Scene, visitor: TestClient, change: str) -> None:
    act(visitor, bare, "stranger")
    assert buttons(visitor, bare) == []
    assert press(visitor, bare, change) == 403
    assert bare.pull.record.state == "open"


def test_another_site_merges_nothing(bare: Scene, visitor: TestClient) -> None:
    act(visitor, bare, "omar")
    answer = visitor.post(
        f"{bare.address}/state",
        data={"change": "merge"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403
    assert bare.pull.record.state == "open"


def test_labels_are_shown_on_the_page_and_in_the_list(bare: Scene, visitor: TestClient) -> None:
    add_labels(bare.github.service, bare.pull.record, ["cdk-medic", "<b>"])
    for address in (bare.address, f"/{bare.pull.record.repository.full_name}"):
        text = visitor.get(address).text
        assert '<span class="tag">cdk-medic</span>' in text
        assert '<span class="tag">&lt;b&gt;</span>' in text
