import pytest
from github import GithubException, InputGitTreeElement

from tests.sandbox.world import World


def test_a_branch_is_built_from_blobs_trees_and_commits(world: World) -> None:
    repository = world.client.get_repo("acme/payments")
    main = repository.get_branch("main")
    blob = repository.create_git_blob("aGk=", "base64")
    element = InputGitTreeElement("bin/run", "100755", "blob", sha=blob.sha)
    base = repository.get_git_tree(main.commit.commit.tree.sha)
    tree = repository.create_git_tree([element], base)
    commit = repository.create_git_commit("Add", tree, [repository.get_git_commit(main.commit.sha)])
    assert commit.verification.verified
    assert commit.author.name == "cdk-medic[bot]"
    repository.create_git_ref("refs/heads/fix", commit.sha)
    assert world.repository.read("bin/run", "fix") == b"hi"
    assert world.repository.git.entry("fix", "bin/run").mode == "100755"
    assert {e.path for e in repository.get_git_tree("fix", recursive=True).tree} == {
        "README.md",
        "app.py",
        "bin",
        "bin/run",
        "src",
        "src/deep.py",
    }


def test_a_ref_moves_forward_only_unless_forced(world: World) -> None:
    repository = world.client.get_repo("acme/payments")
    ref = repository.get_git_ref("heads/feature")
    old = world.repository.git.resolve("main")
    with pytest.raises(GithubException, match="not a fast forward"):
        ref.edit(old)
    ref.edit(old, force=True)
    assert world.pull.record.pushes[-1].forced
    ref.delete()
    assert world.pull.record.state == "closed"


def test_a_file_is_written_only_over_what_the_client_saw(world: World) -> None:
    repository = world.client.get_repo("acme/payments")
    made = repository.create_file("new.txt", "Add", "one")
    with pytest.raises(GithubException) as refused:
        repository.update_file("new.txt", "Change", "two", "0" * 40)
    assert refused.value.status == 409
    repository.update_file("new.txt", "Change", "two", made["content"].sha)
    assert world.repository.read("new.txt") == b"two"
    assert [it.path for it in repository.get_contents("src")] == ["src/deep.py"]  # type: ignore[union-attr]


def test_workflow_files_need_a_permission_of_their_own(world: World) -> None:
    repository = world.client.get_repo("acme/payments")
    with pytest.raises(GithubException, match="without `workflows` permission"):
        repository.create_file(".github/workflows/ci.yml", "Add", "x")


def test_an_archive_is_a_redirect_to_an_address_without_a_token(world: World) -> None:
    import io
    import tarfile

    import httpx

    sha = world.pull.head_sha
    answer = world.request("GET", f"/repos/acme/payments/tarball/{sha}")
    assert answer.status_code == 302
    data = httpx.get(answer.headers["location"]).content
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        assert f"acme-payments-{sha[:7]}/src/deep.py" in archive.getnames()


def test_commits_are_compared(world: World) -> None:
    world.repository.push({"other": "x"}, by="maria")
    comparison = world.client.get_repo("acme/payments").compare("main", "feature")
    assert (comparison.status, comparison.ahead_by, comparison.behind_by) == ("diverged", 1, 1)
    assert [it.filename for it in comparison.files] == ["app.py"]
