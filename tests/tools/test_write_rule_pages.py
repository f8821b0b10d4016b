"""The generated pages of the rules."""

from codemods.registry import rules
from tools.write_rule_pages import FOLDER, pages


def test_the_committed_pages_are_current() -> None:
    committed = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
    assert committed == pages(), "run `make docs` and commit what it writes"


def test_every_rule_has_a_page_that_the_list_links_to() -> None:
    written = pages()
    for name in rules():
        assert written[f"{name}.md"].count(f"# {name}") == 1
        assert f"({name}.md)" in written["README.md"]


def test_examples_are_fenced_as_python() -> None:
    for name, rule in rules().items():
        for heading in ("Before", "After"):
            example = f"## {heading}\n\n```python\n{rule.section(heading)}\n```\n"
            assert example in pages()[f"{name}.md"]
