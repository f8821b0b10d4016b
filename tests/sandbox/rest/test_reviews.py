from github.PullRequest import PullRequest, ReviewComment

from tests.sandbox.world import LINES, World

REVIEWS = "/repos/acme/payments/pulls/1/reviews"


def pull_of(world: World) -> PullRequest:
    return world.client.get_repo("acme/payments").get_pull(1)


def test_a_review_is_one_batch_of_comments(world: World) -> None:
    pull = pull_of(world)
    on = [
        ReviewComment(path="app.py", line=20, body="one"),
        ReviewComment(path="app.py", line=21, start_line=19, side="RIGHT", body="two"),
    ]
    review = pull.create_review(body="All", event="COMMENT", comments=on)
    assert (review.state, review.commit_id) == ("COMMENTED", world.pull.head_sha)
    comments = list(pull.get_single_review_comments(review.id))
    assert [(c.body, c.line, c.start_line) for c in comments] == [
        ("one", 20, None),
        ("two", 21, 19),
    ]
    assert comments[0].diff_hunk.endswith("\n-line 20\n+line twenty")
    assert [it.id for it in pull.get_reviews()] == [review.id]


def test_a_comment_off_the_diff_refuses_the_review_in_the_words_of_github(world: World) -> None:
    comments = [
        {"path": "app.py", "line": 20, "body": "good"},
        {"path": "app.py", "line": 1, "body": "bad"},
    ]
    body = {"event": "COMMENT", "body": "x", "comments": comments}
    answer = world.request("POST", REVIEWS, body)
    assert answer.status_code == 422
    assert answer.json()["message"] == "Unprocessable Entity"
    assert answer.json()["errors"] == ["Line could not be resolved"]
    assert world.pull.reviews == []


def test_the_old_side_of_the_diff_can_be_commented(world: World) -> None:
    comments = [{"path": "app.py", "line": 20, "side": "LEFT", "body": "why?"}]
    answer = world.request("POST", REVIEWS, {"event": "COMMENT", "comments": comments})
    assert answer.status_code == 200
    assert world.pull.review_comments[0].diff_hunk.endswith("\n-line 20")


def test_a_review_of_an_unknown_commit_is_refused(world: World) -> None:
    for commit in ("0" * 40, world.repository.git.resolve("main")):
        body = {"event": "COMMENT", "body": "x", "commit_id": commit}
        assert world.request("POST", REVIEWS, body).status_code == 422


def test_a_review_of_an_older_commit_is_outdated_from_the_start(world: World) -> None:
    old = world.pull.head_sha
    world.pull.push({"app.py": LINES.replace("line 20\n", "line 2 x 10\n")})
    comments = [{"path": "app.py", "line": 20, "body": "old"}]
    body = {"event": "COMMENT", "commit_id": old, "comments": comments}
    assert world.request("POST", REVIEWS, body).status_code == 200
    (comment,) = world.request("GET", "/repos/acme/payments/pulls/1/comments").json()
    assert (comment["line"], comment["position"]) == (None, None)
    assert (comment["original_line"], comment["original_commit_id"]) == (20, old)


def test_a_review_with_nothing_to_say_is_refused(world: World) -> None:
    assert world.request("POST", REVIEWS, {"event": "COMMENT"}).status_code == 422


def test_a_thread_is_answered_and_edited(world: World) -> None:
    pull = pull_of(world)
    commit = world.client.get_repo("acme/payments").get_commit(world.pull.head_sha)
    first = pull.create_review_comment("one", commit, "app.py", line=20, side="RIGHT")
    answer = pull.create_review_comment_reply(first.id, "two")
    assert answer.in_reply_to_id == first.id
    first.edit("uno")
    first.create_reaction("heart")
    assert [c.body for c in pull.get_review_comments()] == ["uno", "two"]
    assert [r.content for r in first.get_reactions()] == ["heart"]
