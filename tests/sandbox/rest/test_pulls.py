import pytest
from github import GithubException

from tests.sandbox.world import LINES, World

PULL = "/repos/acme/payments/pulls/1"


def test_a_real_client_reads_the_pull_request(world: World) -> None:
    pull = world.client.get_repo("acme/payments").get_pull(1)
    assert (pull.title, pull.user.login, pull.head.sha) == (
        "Change line 20",
        "maria",
        world.pull.head_sha,
    )
    assert (pull.mergeable, pull.commits, pull.changed_files) == (True, 1, 1)
    (row,) = pull.get_files()
    assert "-line 20\n+line twenty" in row.patch


def test_files_come_in_pages_of_a_hundred_with_links(world: World) -> None:
    world.pull.push({f"many/{n:03}.py": f"{n}\n" for n in range(230)})
    answer = world.request("GET", f"{PULL}/files?per_page=100&page=2")
    assert len(answer.json()) == 100
    assert set(answer.links) == {"next", "last", "prev", "first"}
    assert answer.links["last"]["url"].endswith("page=3")
    assert len(world.request("GET", f"{PULL}/files?per_page=1000").json()) == 100
    assert len(list(world.client.get_repo("acme/payments").get_pull(1).get_files())) == 231


def test_no_more_than_three_thousand_files_are_listed(world: World) -> None:
    world.pull.push({f"many/{n:04}": f"{n}\n" for n in range(3050)})
    assert len(world.request("GET", f"{PULL}/files?per_page=100&page=30").json()) == 100
    assert world.request("GET", f"{PULL}/files?per_page=100&page=31").json() == []
    assert world.request("GET", PULL).json()["changed_files"] == 3051


def test_conflicts_are_seen(world: World) -> None:
    world.repository.push({"app.py": LINES.replace("line 20\n", "line XX\n")}, by="maria")
    world.pull.push({"other": "x"})
    pull = world.request("GET", PULL).json()
    assert (pull["mergeable"], pull["mergeable_state"]) == (False, "dirty")


def test_a_pull_request_is_opened_and_closed_by_an_app(world: World) -> None:
    repository = world.client.get_repo("acme/payments")
    world.repository.push({"new.py": "1\n"}, by="maria", branch="other")
    pull = repository.create_pull(base="main", head="other", title="New", body="Text")
    assert (pull.number, pull.user.login, pull.user.type) == (2, "cdk-medic[bot]", "Bot")
    with pytest.raises(GithubException, match="already exists"):
        repository.create_pull(base="main", head="other", title="New")
    pull.edit(state="closed")
    assert [it.number for it in repository.get_pulls()] == [1]
    assert [it.number for it in repository.get_pulls(state="all")] == [2, 1]


def test_an_unknown_number_is_not_found(world: World) -> None:
    for path in ("/repos/acme/payments/pulls/9", "/repos/acme/payments/pulls/x", "/nothing"):
        answer = world.request("GET", path)
        assert (answer.status_code, answer.json()["message"]) == (404, "Not Found")
