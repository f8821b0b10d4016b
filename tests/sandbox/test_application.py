from urllib.parse import quote

from sandbox.rest import routes
from sandbox.rest.routing import APP
from tests.sandbox.world import World


def test_pages_and_the_api_are_one_application(world: World) -> None:
    page = world.http.get(f"{world.github.url}/acme/payments/pull/1")
    assert page.status_code == 200
    assert "Change line 20" in page.text
    assert world.http.get(f"{world.github.url}/nobody/nothing").status_code == 404


def test_an_unknown_address_of_the_api_answers_as_github_does(world: World) -> None:
    answer = world.request("GET", "/no/such/thing")
    assert answer.status_code == 404
    assert set(answer.json()) == {"message", "documentation_url", "status"}
    assert world.github.requests[-1].route == ""


def test_no_path_brings_a_route_down(world: World) -> None:
    token, app = world.token(), world.jwt()
    for hostile in ("..", "\0", "--help", "é 🚀", "HEAD:a", "9" * 30):
        filled = quote(hostile, safe="")
        for route in routes():
            names = route.path.replace("{owner}/{repo}", "").split("{")[1:]
            if route.method != "GET" or not names:
                continue
            values = dict.fromkeys((name.partition("}")[0] for name in names), filled)
            path = route.path.format(owner="acme", repo="payments", **values)
            answer = world.send("GET", path, app if route.needs == (APP,) else token)
            assert answer.status_code in {200, 302, 404, 422}, f"{path}: {answer.text}"


def test_a_path_that_is_no_unicode_is_still_listed(world: World) -> None:
    git = world.repository.git
    blob = git.write_blob(b"x")
    tree = git.write_tree(world.pull.head_sha, [("100644", "caf\udce9.py", blob)])
    head = git.commit(world.pull.head_sha)
    sha = git.write_commit(
        tree,
        [head.sha],
        "Add",
        author=head.author,
        committer=head.author,
        at=head.authored_at,
    )
    world.pull.reset(sha)
    rows = world.request("GET", "/repos/acme/payments/pulls/1/files").json()
    assert [row["filename"] for row in rows] == ["app.py", "caf?.py"]


def test_a_branch_that_is_deleted_closes_what_leads_into_it(world: World) -> None:
    world.repository.push({"x": "1"}, by="maria", branch="release")
    into = world.repository.open_pull_request(
        author="maria", title="Into", branch="work", files={"y": "1"}, base="release"
    )
    assert world.request("DELETE", "/repos/acme/payments/git/refs/heads/release").status_code == 204
    assert into.record.state == "closed"
    assert world.pull.record.state == "open"
