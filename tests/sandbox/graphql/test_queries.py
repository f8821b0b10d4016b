from typing import Any

from sandbox import Draft
from tests.sandbox.world import World


def ask(world: World, query: str, *, token: str = "", **variables: Any) -> dict[str, Any]:
    answer = world.http.post(
        f"{world.github.url}/api/graphql",
        json={"query": query, "variables": variables},
        headers={"Authorization": f"Bearer {token or world.token()}"},
    )
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def repository(fields: str) -> str:
    return f'query {{ repository(owner: "acme", name: "payments") {{ {fields} }} }}'


def pull(fields: str) -> str:
    return repository(f"pullRequest(number: 1) {{ {fields} }}")


def test_many_blobs_are_read_by_alias_in_one_request(world: World) -> None:
    git = world.repository.git
    oid = git.entry("feature", "app.py").sha
    before = len(world.github.requests)
    blob = "... on Blob { oid text byteSize isTruncated isBinary }"
    fields = f"""
        f0: object(oid: "{oid}") {{ __typename {blob} }}
        f1: object(expression: "main:src/deep.py") {{ {blob} }}
        f2: object(oid: "{"0" * 40}") {{ {blob} }}
    """
    token = world.token()
    found = ask(world, repository(fields), token=token)["data"]["repository"]
    assert found["f0"]["text"].splitlines()[19] == "line twenty"
    assert (found["f0"]["__typename"], found["f0"]["oid"]) == ("Blob", oid)
    assert found["f1"] == {
        "oid": git.entry("main", "src/deep.py").sha,
        "text": "x = 1\n",
        "byteSize": 6,
        "isTruncated": False,
        "isBinary": False,
    }
    assert found["f2"] is None
    assert [it.route for it in world.github.requests[before:]][1:] == ["/graphql"]


def test_long_text_is_cut_and_binary_has_none(world: World) -> None:
    world.pull.push({"long.py": "é" * 300_000, "data.bin": b"\0\1\2"})
    fields = """
        long: object(expression: "feature:long.py") { ...blob }
        data: object(expression: "feature:data.bin") { ...blob }
    """
    fragment = "fragment blob on Blob { text byteSize isTruncated isBinary }"
    found = ask(world, f"{repository(fields)} {fragment}")["data"]["repository"]
    assert (found["long"]["isTruncated"], found["long"]["byteSize"]) == (True, 600_000)
    assert found["long"]["text"] == "é" * 256_000
    assert found["data"] == {"text": None, "byteSize": 3, "isTruncated": False, "isBinary": True}


def test_a_pull_request_is_told_with_what_was_said(world: World) -> None:
    world.pull.comment("maria", "hello")
    review = world.pull.review("ada", "Hm", on=[Draft("app.py", "Why?", line=20)])
    world.pull.reply(world.pull.review_comments[0].id, "Because", by="maria")
    world.pull.resolve(world.pull.review_comments[0].id, by="maria")
    fields = """
        headRefOid baseRefOid state isDraft locked isCrossRepository
        headRepository { nameWithOwner }
        comments(first: 100) { nodes { body author { login } viewerDidAuthor isMinimized } }
        reviews(first: 1) { totalCount nodes { fullDatabaseId state comments(first: 9) {
            nodes { body } } } pageInfo { hasNextPage endCursor } }
        reviewThreads(first: 9) { nodes { isResolved isOutdated resolvedBy { login }
            comments(first: 9) { nodes { body } } } }
        commits(last: 1) { nodes { commit { oid message author { name } } } }
    """
    found = ask(world, pull(fields))["data"]["repository"]["pullRequest"]
    assert found["headRefOid"] == world.pull.head_sha
    assert (found["state"], found["isDraft"], found["locked"]) == ("OPEN", False, False)
    (comment,) = found["comments"]["nodes"]
    assert (comment["body"], comment["author"]["login"]) == ("hello", "maria")
    assert found["reviews"]["totalCount"] == 2
    assert found["reviews"]["nodes"][0]["fullDatabaseId"] == str(review.id)
    assert found["reviews"]["pageInfo"]["hasNextPage"]
    (thread,) = found["reviewThreads"]["nodes"]
    assert (thread["isResolved"], thread["resolvedBy"]) == (True, {"login": "maria"})
    assert [it["body"] for it in thread["comments"]["nodes"]] == ["Why?", "Because"]
    assert found["commits"]["nodes"][0]["commit"]["oid"] == world.pull.head_sha


def test_lists_are_paged_by_cursors(world: World) -> None:
    for number in range(5):
        world.pull.comment("maria", str(number))
    query = """query($after: String) { repository(owner: "acme", name: "payments") {
        pullRequest(number: 1) { comments(first: 2, after: $after) {
            nodes { body } pageInfo { hasNextPage endCursor } } } } }"""
    bodies, after, more = [], None, True
    while more:
        data = ask(world, query, after=after)["data"]
        page = data["repository"]["pullRequest"]["comments"]
        bodies += [it["body"] for it in page["nodes"]]
        more, after = page["pageInfo"]["hasNextPage"], page["pageInfo"]["endCursor"]
    assert bodies == ["0", "1", "2", "3", "4"]


def test_a_list_needs_a_length_of_at_most_a_hundred(world: World) -> None:
    (missing,) = ask(world, pull("comments { totalCount }"))["errors"]
    assert missing["type"] == "MISSING_PAGINATION_BOUNDARIES"
    (large,) = ask(world, pull("comments(first: 101) { totalCount }"))["errors"]
    assert large["type"] == "EXCESSIVE_PAGINATION"


def test_check_suites_are_filtered_by_app(world: World) -> None:
    path = "/repos/acme/payments/check-runs"
    world.request("POST", path, {"name": "a", "head_sha": world.pull.head_sha})
    query = """query($app: Int!) { repository(owner: "acme", name: "payments") {
        pullRequest(number: 1) { commits(last: 1) { nodes { commit {
            checkSuites(first: 10, filterBy: {appId: $app}) { nodes {
                checkRuns(first: 50) { nodes { name databaseId status } } } } } } } } } }"""
    names = []
    for app in (world.registration.app_id, 1):
        data = ask(world, query, app=app)["data"]["repository"]["pullRequest"]
        suites = data["commits"]["nodes"][0]["commit"]["checkSuites"]["nodes"]
        names.append([run["name"] for it in suites for run in it["checkRuns"]["nodes"]])
    assert names == [["a"], []]


def test_what_is_not_there_is_an_error_beside_the_data(world: World) -> None:
    answer = ask(world, 'query { repository(owner: "acme", name: "no") { id } }')
    assert answer["data"] == {"repository": None}
    (error,) = answer["errors"]
    assert (error["type"], error["path"]) == ("NOT_FOUND", ["repository"])
    assert error["message"] == "Could not resolve to a Repository with the name 'acme/no'."
    answer = ask(world, repository("pullRequest(number: 9) { id }"))
    assert answer["errors"][0]["type"] == "NOT_FOUND"


def test_a_permission_that_is_missing_takes_out_the_field_only(world: World) -> None:
    token = world.token(permissions={"pull_requests": "read"})
    fields = 'name object(expression: "main") { oid } pullRequest(number: 1) { title }'
    answer = ask(world, repository(fields), token=token)
    assert answer["data"]["repository"] == {
        "name": "payments",
        "object": None,
        "pullRequest": {"title": "Change line 20"},
    }
    assert answer["errors"][0]["type"] == "FORBIDDEN"


def test_a_query_that_the_schema_does_not_know_is_refused(world: World) -> None:
    answer = ask(world, repository("stars"))
    assert "data" not in answer
    assert "Cannot query field 'stars'" in answer["errors"][0]["message"]
