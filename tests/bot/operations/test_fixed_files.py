"""Which files a fix may write to."""

from __future__ import annotations

from pathlib import Path

from tests.bot.operations.world import World, answer, vpc, world


def test_workflows_are_never_touched(here: World) -> None:
    pull = here.open({".github/stack.py": vpc(), ".GitHub/b.py": vpc(), "a.py": vpc()})
    here.run()
    pull.comment("maria", "/fix")
    here.run()
    assert pull.read("a.py") == vpc(3).encode()
    assert pull.read(".github/stack.py") == vpc().encode()
    assert pull.read(".GitHub/b.py") == vpc().encode()


def test_a_file_that_the_pull_request_does_not_change_is_not_touched(tmp_path: Path) -> None:
    with world(tmp_path, {"old.py": vpc()}) as here:
        pull = here.open({"new.py": vpc()})
        here.run()
        pull.comment("maria", "/fix")
        here.run()
        assert pull.read("old.py") == vpc().encode()
        assert pull.read("new.py") == vpc(3).encode()


def test_an_executable_file_is_left_to_its_suggestion(tmp_path: Path) -> None:
    with world(tmp_path, {"app.py": "import os\n"}) as here:
        here.set_mode("app.py", "100755")
        pull = here.open({"app.py": vpc(), "other.py": vpc()})
        here.run()
        pull.comment("maria", "/fix")
        here.run()
        assert pull.read("app.py") == vpc().encode()
        assert pull.read("other.py") == vpc(3).encode()
        assert "`app.py` would lose the executable bit" in answer(pull)


def test_a_link_is_never_written_through(tmp_path: Path) -> None:
    with world(tmp_path, {"link.py": "nowhere.py", "a.py": "import os\n"}) as here:
        here.set_mode("link.py", "120000")
        pull = here.open({"link.py": vpc(), "a.py": vpc()})
        here.run()
        pull.comment("maria", "/fix")
        here.run()
        assert pull.read("link.py") == vpc().encode()
        assert pull.read("a.py") == vpc(3).encode()
