from __future__ import annotations

import time

from bot.reach import Reach


def made(files: dict[str, str], others: tuple[str, ...] = ()) -> Reach:
    reach = Reach([*files, *others])
    for path, content in files.items():
        reach.see(path, content.encode())
    return reach


def test_a_file_reaches_what_it_imports_however_it_is_written() -> None:
    reach = made(
        {
            "test_a.py": (
                "import infra.vpc\nfrom infra.db import Database\nfrom infra import (\n"
                "    queue,  # the queue\n    topic as t,\n)\nfrom .near import x\n"
                "def f():\n    from infra.late import y\n"
            ),
            "infra/vpc.py": "",
            "infra/db.py": "",
            "infra/queue.py": "",
            "infra/topic.py": "",
            "infra/late.py": "",
            "near.py": "",
            "infra/other.py": "# import infra.nothing\n",
        }
    )
    near = {"vpc", "db", "queue", "topic", "late"}
    assert reach.of("test_a.py") == {"test_a.py", "near.py"} | {f"infra/{n}.py" for n in near}


def test_it_reaches_what_those_import_and_ends_where_they_import_each_other() -> None:
    reach = made(
        {"test_a.py": "from a import A", "a.py": "from b import B", "b.py": "import a, test_a"}
    )
    assert reach.of("test_a.py") == {"test_a.py", "a.py", "b.py"}


def test_a_package_is_reached_by_its_name() -> None:
    reach = made({"test_a.py": "from network import Vpc", "network/__init__.py": ""})
    assert "network/__init__.py" in reach.of("test_a.py")


def test_projects_are_told_apart_by_their_cdk_json() -> None:
    files = {
        f"{app}/{path}": content
        for app in ("one", "two")
        for path, content in {"tests/test_stack.py": "import stack", "stack.py": ""}.items()
    }
    reach = made(files | {"tests/test_all.py": "import stack"}, ("one/cdk.json", "two/cdk.json"))
    assert reach.of("one/tests/test_stack.py") == {"one/tests/test_stack.py", "one/stack.py"}
    assert reach.of("tests/test_all.py") == {"tests/test_all.py", "one/stack.py", "two/stack.py"}
    assert reach.project("one/tests/test_stack.py") == "one"
    assert reach.project("tests/test_all.py") == ""


def test_hostile_text_takes_no_time() -> None:
    for text in ("from " * 100_000, "import (" * 60_000, "import " + "a," * 250_000, " " * 500_000):
        start = time.process_time()
        made({"a.py": text}).of("a.py")
        assert time.process_time() - start < 2
